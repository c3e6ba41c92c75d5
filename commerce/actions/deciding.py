"""Deciding a group buy, once and for ever, with its orders or its refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import funds
from commerce.actions.holding import release_seats
from commerce.actions.invoicing import invoice_promises, tell_promises_over
from commerce.actions.lookup import tiers_of
from commerce.actions.orders import place_order
from commerce.actions.refunding import Back, give_back_all, give_back_money
from commerce.actions.seat_line import end_line
from commerce.actions.stock import give_back
from commerce.actions.telling import Message, tell
from commerce.rules.ladder import Tier, Verdict, final_price, verdict
from storage import posted
from storage.columns import id_of
from storage.crash import crash_after_commit, crash_point
from storage.database import Database
from storage.tables import (
    Checkout,
    Deal,
    GroupBuy,
    GroupState,
    Payment,
    PaymentState,
    RefundReason,
    Seat,
    SeatState,
)
from storage.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class Member:
    """A paid seat and the checkout that paid for it."""

    seat: Seat
    checkout: Checkout


async def decide_group(database: Database, group_id: int, *, now: datetime) -> GroupState:
    """Closes the group if its time has come; the state it is in afterwards."""
    async with database.begin() as session:
        found = await session.execute(
            select(GroupBuy).where(col(GroupBuy.id) == group_id).with_for_update(key_share=True)
        )
        group = found.scalar_one()
        await decide(session, group, now)
        return group.state


async def decide(session: AsyncSession, group: GroupBuy, now: datetime) -> None:
    """Decides a locked group, inside the transaction of whoever tipped it over."""
    if group.state != GroupState.OPEN:
        return
    tiers = await tiers_of(session, group.deal_id)
    match verdict(tiers, group.paid + group.promised, group.ends_at, now):
        case Verdict.SUCCEED:
            await succeed(session, group, tiers, now)
        case Verdict.FAIL:
            await _fail(session, group, now)
        case Verdict.WAIT:
            return


async def succeed(
    session: AsyncSession,
    group: GroupBuy,
    tiers: Sequence[Tier],
    now: datetime,
    *,
    accepted: bool = False,
) -> None:
    """Orders for who has paid, invoices for who has promised, all at one price, for ever.

    What is only held goes back; a line lives on as long as somebody has yet to pay.
    """
    shown = await prices_shown(session, id_of(group))
    final_minor = final_price(tiers, group.paid + group.promised, shown)
    if not await _close(session, group, GroupState.SUCCEEDED, now, final_minor, accepted):
        return
    goods = await release_seats(session, group, now=now)
    invoices = await invoice_promises(session, group, final_minor, now)
    await end_line(session, group, now, goes_on=invoices > 0)
    await give_back(session, group.deal_id, goods)
    title = await _title(session, group)
    messages = []
    members = await _paid(session, group)
    for number, member in enumerate(members, start=1):
        code, back = await _fulfil(session, member, final_minor, group, now)
        messages.append(
            Message(
                bot_id=member.checkout.bot_id,
                person_id=member.seat.person_id,
                notice="group_succeeded",
                facts={
                    "group": group.code,
                    "title": title.to_json(),
                    "order": code,
                    "final_minor": final_minor,
                    "back_minor": back.total_minor,
                    "credit_minor": back.credit_minor,
                    "joined_after": len(members) - number,
                    "currency": member.checkout.currency,
                },
                key=f"group-succeeded:{member.seat.id}",
            )
        )
    await tell(session, messages, now=now)
    await _redraw(session, group)


async def _fulfil(
    session: AsyncSession, member: Member, final_minor: int, group: GroupBuy, now: datetime
) -> tuple[str, Back]:
    """An order at the final price; the difference goes back. Its code, and what goes back."""
    seat, checkout = member.seat, member.checkout
    minor = (seat.price_minor - final_minor) * seat.quantity
    await funds.fulfil(session, checkout)
    back = await give_back_money(session, checkout, RefundReason.DIFFERENCE, minor, now=now)
    code = await place_order(session, checkout, unit_minor=final_minor, group=group, now=now)
    return code, back


async def _fail(session: AsyncSession, group: GroupBuy, now: datetime) -> None:
    if not await _close(session, group, GroupState.FAILED, now):
        return
    await tell_promises_over(session, group, now)
    goods = await release_seats(session, group, now=now, promised=True)
    await end_line(session, group, now)
    title = await _title(session, group)
    members = await _paid(session, group)
    messages = []
    for member in members:
        back = await give_back_all(session, member.checkout, RefundReason.GROUP_FAILED, now=now)
        goods[member.seat.variant_id] += member.seat.quantity
        messages.append(
            Message(
                bot_id=member.checkout.bot_id,
                person_id=member.seat.person_id,
                notice="group_failed",
                facts={
                    "group": group.code,
                    "title": title.to_json(),
                    "amount_minor": back.total_minor,
                    "currency": member.checkout.currency,
                },
                key=f"group-failed:{member.seat.id}",
            )
        )
    await give_back(session, group.deal_id, goods)
    await tell(session, messages, now=now)
    await _redraw(session, group)


async def _redraw(session: AsyncSession, group: GroupBuy) -> None:
    await posted.stale(session, "group", id_of(group))
    await posted.stale(session, "deal", group.deal_id)


async def _close(
    session: AsyncSession,
    group: GroupBuy,
    state: GroupState,
    now: datetime,
    final_minor: int | None = None,
    accepted: bool = False,
) -> bool:
    """The one step from open to decided. False when another took it."""
    crash_point("K16")
    crash_after_commit(session, "K17")
    closed = await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id, col(GroupBuy.state) == GroupState.OPEN)
        .values(state=state, decided_at=now, final_minor=final_minor, accepted=accepted)
        .returning(col(GroupBuy.id))
    )
    done = closed.first() is not None
    await session.refresh(group)
    return done


async def _paid(session: AsyncSession, group: GroupBuy) -> Sequence[Member]:
    """In the order in which they paid."""
    paid_first = (
        select(func.min(col(Payment.id)))
        .where(
            col(Payment.checkout_id) == col(Checkout.id),
            col(Payment.state) == PaymentState.RECEIVED,
        )
        .correlate(Checkout)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Seat, Checkout)
        .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
        .where(
            col(Seat.group_id) == group.id,
            col(Seat.state) == SeatState.PAID,
            paid_first.is_not(None),
        )
        .order_by(paid_first)
    )
    return [Member(seat, checkout) for seat, checkout in rows]


async def prices_shown(session: AsyncSession, group_id: int) -> Sequence[int]:
    """What those who are in were shown when they took their seats."""
    rows = await session.execute(
        select(col(Seat.price_minor)).where(
            col(Seat.group_id) == group_id,
            col(Seat.state).in_((SeatState.PROMISED, SeatState.PAID)),
        )
    )
    return rows.scalars().all()


async def _title(session: AsyncSession, group: GroupBuy) -> LocalizedText:
    found = await session.execute(select(col(Deal.title)).where(col(Deal.id) == group.deal_id))
    return found.scalar_one()
