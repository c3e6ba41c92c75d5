"""The line for a full group: by time, and a freed seat is kept for whoever is first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.drafting import write_checkout
from commerce.actions.lookup import currency_of, tiers_of
from commerce.actions.telling import Message, tell
from commerce.rules.ladder import price_at
from commerce.rules.windows import pay_ends_at
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Checkout,
    Commitment,
    Deal,
    GroupBuy,
    GroupState,
    Seat,
    SeatState,
    Waiter,
    WaiterState,
)


async def offer_seats(
    session: AsyncSession, group: GroupBuy, goods: Counter[int], now: datetime
) -> None:
    """Keeps freed goods for those in line, a piece each; what nobody waits for stays in `goods`.

    The group is locked and counts the seats as free. Before the decision the price is that of
    the moment; after it the final one, by invoice.
    """
    decided = group.state == GroupState.SUCCEEDED
    if not decided and (group.state != GroupState.OPEN or group.ends_at <= now):
        return
    waiting = await _first_in_line(session, group, min(goods.total(), group.seats_left))
    if not waiting:
        return
    deal = await session.get_one(Deal, group.deal_id)
    price = group.final_minor
    if price is None:
        price = price_at(await tiers_of(session, group.deal_id), group.paid + group.promised)
    for waiter, variant_id in zip(waiting, sorted(goods.elements()), strict=False):
        checkout = await _offer(session, group, deal, waiter, variant_id, price, now)
        await _tell_offer(session, group, deal, waiter, checkout, now)
        goods[variant_id] -= 1
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(seats_left=col(GroupBuy.seats_left) - len(waiting))
    )
    await session.refresh(group)


async def _first_in_line(session: AsyncSession, group: GroupBuy, most: int) -> Sequence[Waiter]:
    """Who is about to leave the line at this very moment holds their own row, and is passed."""
    seated = exists().where(
        col(Seat.group_id) == col(Waiter.group_id),
        col(Seat.person_id) == col(Waiter.person_id),
        col(Seat.state) != SeatState.RELEASED,
    )
    rows = await session.execute(
        select(Waiter)
        .where(col(Waiter.group_id) == group.id, col(Waiter.state) == WaiterState.WAITING, ~seated)
        .order_by(col(Waiter.id))
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return rows.scalars().all()


async def _offer(
    session: AsyncSession,
    group: GroupBuy,
    deal: Deal,
    waiter: Waiter,
    variant_id: int,
    price_minor: int,
    now: datetime,
) -> Checkout:
    decided = group.final_minor is not None
    seat = Seat(
        group_id=id_of(group),
        person_id=waiter.person_id,
        variant_id=variant_id,
        state=SeatState.HELD,
        price_minor=price_minor,
        taken_at=now,
    )
    session.add(seat)
    await session.flush()
    waiter.state, waiter.seat_id = WaiterState.OFFERED, seat.id
    currency, shipping = await currency_of(session, deal.brand_id)
    return await write_checkout(
        session,
        code=new_code(),
        bot_id=waiter.bot_id,
        person_id=waiter.person_id,
        seat=seat,
        brand_id=deal.brand_id,
        deal_id=id_of(deal),
        variant_id=variant_id,
        quantity=1,
        unit_minor=price_minor,
        currency=currency,
        shipping_minor=shipping,
        expires_at=pay_ends_at(now, deal.pay_minutes, None if decided else group.ends_at),
        now=now,
        invoiced=decided,
    )


async def _tell_offer(
    session: AsyncSession,
    group: GroupBuy,
    deal: Deal,
    waiter: Waiter,
    checkout: Checkout,
    now: datetime,
) -> None:
    facts = {
        "group": group.code,
        "title": deal.title.to_json(),
        "checkout": checkout.code,
        "amount_minor": checkout.total_minor,
        "currency": checkout.currency,
        "until": checkout.expires_at.isoformat(),
        "promise": deal.commitment == Commitment.PROMISE and not checkout.invoiced,
    }
    key = f"seat-offered:{waiter.id}"
    message = Message(waiter.bot_id, waiter.person_id, "seat_offered", facts, key)
    await tell(session, [message], now=now)


async def gone(session: AsyncSession, seat_id: int) -> None:
    """A seat that was kept for somebody in line is theirs no more."""
    await _after_offer(session, seat_id, WaiterState.GONE)


async def served(session: AsyncSession, seat_id: int | None) -> None:
    """A seat that was kept for somebody in line is theirs: promised or paid."""
    await _after_offer(session, seat_id, WaiterState.SERVED)


async def _after_offer(session: AsyncSession, seat_id: int | None, state: WaiterState) -> None:
    await session.execute(
        update(Waiter)
        .where(col(Waiter.seat_id) == seat_id, col(Waiter.state) == WaiterState.OFFERED)
        .values(state=state)
    )


async def step_out(session: AsyncSession, group_id: int, person_id: int) -> bool:
    """Leaves the line. False when they were not in it, or have been offered a seat."""
    left = await session.execute(
        update(Waiter)
        .where(
            col(Waiter.group_id) == group_id,
            col(Waiter.person_id) == person_id,
            col(Waiter.state) == WaiterState.WAITING,
        )
        .values(state=WaiterState.GONE)
        .returning(col(Waiter.id))
    )
    return left.first() is not None


async def places_of(session: AsyncSession, deal_id: int, person_id: int) -> Sequence[int | None]:
    """This person's places in the lines of a deal, the oldest first, locked.

    A place is a piece of the deal's cap that may come true at any moment: read it before what
    is held is counted, and nobody is offered a seat for it meanwhile.
    """
    rows = await session.execute(
        select(col(Waiter.id))
        .join(GroupBuy, col(GroupBuy.id) == col(Waiter.group_id))
        .where(
            col(GroupBuy.deal_id) == deal_id,
            col(Waiter.person_id) == person_id,
            col(Waiter.state) == WaiterState.WAITING,
        )
        .order_by(col(Waiter.id))
        .with_for_update(of=Waiter, key_share=True)
    )
    return rows.scalars().all()


async def give_up(session: AsyncSession, places: Sequence[int | None]) -> None:
    """Locked places: who takes a seat elsewhere waits no more where it would be one too many."""
    if places:
        await session.execute(
            update(Waiter).where(col(Waiter.id).in_(places)).values(state=WaiterState.GONE)
        )


async def end_line(
    session: AsyncSession, group: GroupBuy, now: datetime, *, goes_on: bool = False
) -> None:
    """Nobody waits any more, and who did is told once. With `goes_on` only those leave whom a
    seat was offered that ended with the decision."""
    states = [WaiterState.OFFERED] if goes_on else [WaiterState.OFFERED, WaiterState.WAITING]
    ended = await session.execute(
        update(Waiter)
        .where(col(Waiter.group_id) == group.id, col(Waiter.state).in_(states))
        .values(state=WaiterState.GONE)
        .returning(col(Waiter.id), col(Waiter.person_id), col(Waiter.bot_id))
    )
    waiters = ended.all()
    if not waiters:
        return
    deal = await session.get_one(Deal, group.deal_id)
    facts = {"deal": deal.code, "title": deal.title.to_json()}
    messages = [
        Message(bot_id, person_id, "line_over", facts, f"line-over:{waiter_id}")
        for waiter_id, person_id, bot_id in waiters
    ]
    await tell(session, messages, now=now)
