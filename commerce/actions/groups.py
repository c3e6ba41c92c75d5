"""Opening and joining group buys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import seat_line
from commerce.actions.holding import held_already, hold, one_at_a_time, require_under_limit
from commerce.actions.lookup import (
    currency_of,
    deal_by_code,
    first_in_stock,
    group_by_code,
    require_live,
    require_still_live,
    tiers_of,
)
from commerce.actor import Actor, begin
from commerce.refusals import (
    AlreadyPaid,
    DealNotOpen,
    GroupFull,
    GroupOver,
    NotFound,
    OverLimit,
)
from commerce.rules.ladder import capacity, price_at
from commerce.rules.windows import Phase, group_ends_at, hold_ends_at
from storage import outbox, posted
from storage.codes import new_code
from storage.columns import id_of
from storage.failures import Busy
from storage.tables import (
    Chat,
    Checkout,
    Deal,
    DealKind,
    DealState,
    GroupBuy,
    GroupState,
    OutboxClass,
    Seat,
    SeatState,
    Variant,
)


@dataclass(frozen=True, slots=True)
class Joined:
    """A seat held: the group it is in, and the checkout that pays for it."""

    group_code: str
    checkout_code: str


async def open_group(
    actor: Actor, deal_code: str, *, now: datetime, chat_id: int | None = None
) -> Joined:
    """Opens a group with the actor as host, their seat held while they pay.

    Its card is posted into the chat with that Telegram id, if any. Who is paying for a seat of
    this deal already gets that one again.
    Raises NotFound, DealNotOpen, OverLimit, SoldOut, TooManyHolds.
    """
    async with actor.database.read() as session:
        deal = await deal_by_code(session, deal_code)
        again = await _paying_for(session, actor, deal, now)
    if deal.kind == DealKind.FLASH:
        raise NotFound
    if again:
        return again
    joined = Joined(group_code=new_code(), checkout_code=new_code())
    async with begin(actor, f"checkout {joined.checkout_code}") as session:
        await one_at_a_time(session, actor)
        require_live(deal, now)
        group = await new_group(session, actor, deal, joined.group_code, now)
        await hold_seat(session, actor, deal, group, joined.checkout_code, now)
        await require_still_live(session, deal, now)
        if chat_id is not None:
            await outbox.put(session, await _card(session, actor, group, chat_id), now=now)
    return joined


async def new_group(
    session: AsyncSession, actor: Actor, deal: Deal, code: str, now: datetime, quantity: int = 1
) -> GroupBuy:
    """The actor's own, with `quantity` seats taken."""
    seats = capacity(await tiers_of(session, id_of(deal)))
    group = GroupBuy(
        code=code,
        deal_id=id_of(deal),
        host_id=actor.person_id,
        state=GroupState.OPEN,
        capacity=seats,
        seats_left=seats - quantity,
        opened_at=now,
        ends_at=group_ends_at(now, deal.group_minutes, deal.ends_at),
    )
    session.add(group)
    await session.flush()
    return group


async def _card(
    session: AsyncSession, actor: Actor, group: GroupBuy, chat_id: int
) -> outbox.Notice:
    """The group's living card, in the chat's language."""
    spoken = select(col(Chat.locale), col(Chat.timezone)).where(col(Chat.telegram_id) == chat_id)
    row = (await session.execute(spoken)).one_or_none()
    locale, timezone = row if row else (actor.locale, actor.timezone)
    return outbox.Notice(
        bot_id=actor.bot_id,
        chat_id=chat_id,
        notice="group_opened",
        facts={"group": group.code},
        kind=OutboxClass.ANSWER,
        dedupe_key=f"group-card:{group.code}:{chat_id}",
        locale=locale,
        timezone=timezone,
        card_kind="group",
        card_subject_id=id_of(group),
    )


async def _paying_for(
    session: AsyncSession, actor: Actor, deal: Deal, now: datetime
) -> Joined | None:
    held = await held_already(session, actor.person_id, now, deal_id=id_of(deal))
    if held is None or held[1] is None:
        return None
    group = await session.execute(
        select(col(GroupBuy.code))
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == held[1])
    )
    return Joined(group_code=group.scalar_one(), checkout_code=held[0])


async def join_group(actor: Actor, group_code: str, *, now: datetime) -> Joined:
    """Holds a seat for ten minutes, at the price shown now; who holds one, or has promised, gets
    the same checkout again.

    Raises NotFound, GroupOver, GroupFull, AlreadyPaid, DealNotOpen, OverLimit, SoldOut,
    TooManyHolds, and Busy when another tap of theirs has just taken one.
    """
    async with actor.database.read() as session:
        group = await group_by_code(session, group_code)
        held = await _held_by(session, id_of(group), actor.person_id)
    if held:
        return Joined(group_code, held)
    joined = Joined(group_code, new_code())
    async with begin(actor, f"checkout {joined.checkout_code}") as session:
        await one_at_a_time(session, actor)
        if await _held_by(session, id_of(group), actor.person_id):
            raise Busy  # by another tap a moment ago: the next try finds it
        group = await _take_seat(session, group, now)
        await seat_line.step_out(session, id_of(group), actor.person_id)
        found = await session.execute(select(Deal).where(col(Deal.id) == group.deal_id))
        deal = found.scalar_one()
        if deal.state == DealState.PAUSED:  # one that ended early keeps its open groups
            raise DealNotOpen(Phase.PAUSED, deal.starts_at)
        await hold_seat(session, actor, deal, group, joined.checkout_code, now)
        await posted.stale(session, "group", id_of(group))
    return joined


async def _held_by(session: AsyncSession, group_id: int, person_id: int) -> str | None:
    """The code of this person's open checkout in the group. Raises AlreadyPaid."""
    rows = await session.execute(
        select(col(Seat.state), col(Checkout.code))
        .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
        .where(
            col(Seat.group_id) == group_id,
            col(Seat.person_id) == person_id,
            col(Seat.state) != SeatState.RELEASED,
        )
    )
    row = rows.first()
    if row is None:
        return None
    if row.state == SeatState.PAID:
        raise AlreadyPaid
    return str(row.code)


async def first_with_room(
    session: AsyncSession, found: Sequence[GroupBuy], now: datetime, quantity: int
) -> GroupBuy | None:
    """The first of these groups that still has the seats, which are taken; None if none has."""
    for group in found:
        with suppress(GroupFull, GroupOver):
            return await _take_seat(session, group, now, quantity)
    return None


async def _take_seat(
    session: AsyncSession, group: GroupBuy, now: datetime, quantity: int = 1
) -> GroupBuy:
    """Fewer seats, if there are so many. Raises GroupOver or GroupFull."""
    taken = await session.execute(
        update(GroupBuy)
        .where(
            col(GroupBuy.id) == group.id,
            col(GroupBuy.state) == GroupState.OPEN,
            col(GroupBuy.ends_at) > now,
            col(GroupBuy.seats_left) >= quantity,
        )
        .values(seats_left=col(GroupBuy.seats_left) - quantity)
        .returning(GroupBuy)
        .execution_options(populate_existing=True)
    )
    row = taken.scalar_one_or_none()
    if row is not None:
        return row
    current = await session.execute(select(GroupBuy).where(col(GroupBuy.id) == group.id))
    found = current.scalar_one()
    if found.state == GroupState.OPEN and found.ends_at > now:
        raise GroupFull(found.capacity)
    raise GroupOver(succeeded=found.state == GroupState.SUCCEEDED)


async def hold_seat(
    session: AsyncSession,
    actor: Actor,
    deal: Deal,
    group: GroupBuy,
    checkout_code: str,
    now: datetime,
    *,
    variant: Variant | None = None,
    quantity: int = 1,
) -> Checkout:
    """Writes the seat, already counted, and its checkout; any variant that is there will do."""
    places = await seat_line.places_of(session, id_of(deal), actor.person_id)
    left = await require_under_limit(session, deal, actor.person_id, quantity)
    await seat_line.give_up(session, places[left:])
    variant = variant or await first_in_stock(session, deal.product_id, quantity)
    price = price_at(await tiers_of(session, id_of(deal)), group.paid + group.promised)
    currency, shipping = await currency_of(session, deal.brand_id)
    seat = Seat(
        group_id=id_of(group),
        person_id=actor.person_id,
        variant_id=id_of(variant),
        quantity=quantity,
        state=SeatState.HELD,
        price_minor=price,
        taken_at=now,
    )
    session.add(seat)
    await session.flush()
    return await hold(
        session,
        actor,
        code=checkout_code,
        variant=variant,
        brand_id=deal.brand_id,
        deal=deal,
        seat=seat,
        quantity=quantity,
        unit_minor=price,
        currency=currency,
        shipping_minor=shipping,
        expires_at=hold_ends_at(now, group.ends_at),
        now=now,
    )


async def change_seats(
    session: AsyncSession, actor: Actor, group: GroupBuy, quantity: int, more: int, now: datetime
) -> None:
    """Holds `more` seats of a locked group for who holds some, `quantity` in all; fewer, too.

    Within the deal's cap, and never the whole group: a team is more than one person.
    Raises OverLimit, GroupFull, GroupOver.
    """
    if quantity >= group.capacity:
        raise OverLimit(group.capacity - 1)
    if more > 0:
        deal = await session.get_one(Deal, group.deal_id)
        places = await seat_line.places_of(session, group.deal_id, actor.person_id)
        left = await require_under_limit(session, deal, actor.person_id, more)
        await seat_line.give_up(session, places[left:])
    await _take_seat(session, group, now, more)
    await session.execute(
        update(Seat)
        .where(
            col(Seat.group_id) == group.id,
            col(Seat.person_id) == actor.person_id,
            col(Seat.state) == SeatState.HELD,
        )
        .values(quantity=quantity)
    )
    await posted.stale(session, "group", id_of(group))


async def most_seats(session: AsyncSession, checkout: Checkout, held: int) -> int:
    """Up to how many seats its person could take; those that they hold are among them."""
    rows = await session.execute(
        select(col(Deal.per_person), col(GroupBuy.capacity), col(GroupBuy.seats_left))
        .join(GroupBuy, col(GroupBuy.deal_id) == col(Deal.id))
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == checkout.seat_id)
    )
    found = rows.one_or_none()
    if found is None:
        return 1
    per_person, capacity_, left = found
    return max(1, min(per_person, capacity_ - 1, held + left))
