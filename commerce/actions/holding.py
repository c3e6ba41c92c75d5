"""Holding stock (and a seat) for a person while they pay, and letting it go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, seat_line, stock
from commerce.actions.drafting import write_checkout
from commerce.actions.lookup import checkout_of
from commerce.actions.succession import after_leaving
from commerce.actor import Actor
from commerce.refusals import OverLimit, TooManyHolds
from storage import posted
from storage.columns import id_of
from storage.crash import crash_after_commit
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    Deal,
    GroupBuy,
    GroupState,
    Order,
    OrderState,
    Person,
    Seat,
    SeatState,
    Variant,
)

MOST_HOLDS = 3
HELD = (CheckoutState.OPEN, CheckoutState.BY_HAND)  # unpaid, with goods behind it


async def one_at_a_time(session: AsyncSession, actor: Actor) -> None:
    """Locks the person: what they hold and have bought is counted before more is taken.

    First of all locks. Two doors may hand over two taps of one person at the same moment.
    """
    person = select(col(Person.id)).where(col(Person.id) == actor.person_id)
    await session.execute(person.with_for_update(key_share=True))


async def hold(
    session: AsyncSession,
    actor: Actor,
    *,
    code: str,
    variant: Variant,
    brand_id: int,
    deal: Deal | None,
    seat: Seat | None,
    quantity: int,
    unit_minor: int,
    currency: str,
    shipping_minor: int,
    expires_at: datetime,
    now: datetime,
) -> Checkout:
    """Takes the stock and writes the checkout that pays for it. Raises SoldOut, TooManyHolds."""
    assert variant.id is not None
    crash_after_commit(session, "K12")
    await _require_few_holds(session, actor.person_id)
    await stock.take(session, variant.id, deal.id if deal else None, quantity)
    return await write_checkout(
        session,
        code=code,
        bot_id=actor.bot_id,
        person_id=actor.person_id,
        seat=seat,
        brand_id=brand_id,
        deal_id=deal.id if deal else None,
        variant_id=variant.id,
        quantity=quantity,
        unit_minor=unit_minor,
        currency=currency,
        shipping_minor=shipping_minor,
        expires_at=expires_at,
        now=now,
    )


async def held_already(
    session: AsyncSession,
    person_id: int,
    now: datetime,
    *,
    deal_id: int | None = None,
    variant_id: int | None = None,
) -> tuple[str, int | None] | None:
    """Code and seat of what this person is paying for of a deal, or of a variant at list price:
    a second tap leads to the same checkout."""
    which = (
        (col(CheckoutLine.deal_id) == deal_id)
        if deal_id is not None
        else (col(CheckoutLine.variant_id) == variant_id) & col(CheckoutLine.deal_id).is_(None)
    )
    rows = await session.execute(
        select(col(Checkout.code), col(Checkout.seat_id))
        .join(CheckoutLine, col(CheckoutLine.checkout_id) == col(Checkout.id))
        .where(
            col(Checkout.person_id) == person_id,
            col(Checkout.state).in_(HELD),
            col(Checkout.expires_at) > now,
            col(Checkout.invoiced).is_(False),
            which,
        )
        .limit(1)
    )
    row = rows.first()
    return (row[0], row[1]) if row else None


async def _require_few_holds(session: AsyncSession, person_id: int) -> None:
    held = await session.execute(
        select(func.count())
        .select_from(Checkout)
        .where(col(Checkout.person_id) == person_id, col(Checkout.state).in_(HELD))
    )
    if held.scalar_one() >= MOST_HOLDS:
        raise TooManyHolds(MOST_HOLDS)


async def require_under_limit(
    session: AsyncSession, deal: Deal, person_id: int, quantity: int
) -> int:
    """Raises OverLimit when held and bought units of a deal would pass its per-person cap.

    What was paid in a group that failed, or for an order that was cancelled, was given back,
    and counts no more. How many units are left below the cap.
    """
    taken = await session.execute(
        select(func.coalesce(func.sum(col(CheckoutLine.quantity)), 0))
        .join(Checkout, col(Checkout.id) == col(CheckoutLine.checkout_id))
        .join(Seat, col(Seat.id) == col(Checkout.seat_id), isouter=True)
        .join(GroupBuy, col(GroupBuy.id) == col(Seat.group_id), isouter=True)
        .join(
            Order,
            (col(Order.checkout_id) == col(Checkout.id))
            & (col(Order.brand_id) == col(CheckoutLine.brand_id)),
            isouter=True,
        )
        .where(
            col(CheckoutLine.deal_id) == deal.id,
            col(Checkout.person_id) == person_id,
            col(Checkout.state) != CheckoutState.RELEASED,
            col(GroupBuy.state).is_distinct_from(GroupState.FAILED),
            col(Order.state).is_distinct_from(OrderState.CANCELLED),
        )
    )
    left: int = deal.per_person - taken.scalar_one() - quantity
    if left < 0:
        raise OverLimit(deal.per_person)
    return left


async def release(
    session: AsyncSession, checkout: Checkout, *, now: datetime, due: datetime | None = None
) -> bool:
    """Gives back what an unpaid checkout holds, a promise too. False when it holds nothing any
    more, when it is not yet `due`, or when its promise is about to be counted.

    Locks in the order of every action: person, group, checkout, credit, seat, deal, variant.
    """
    group = None
    if checkout.seat_id is not None:
        group = await lock_group_of(session, checkout.seat_id)
    over = [col(Checkout.expires_at) <= due] if due else []
    states = HELD if due else _may_go(group, now)
    closed = await _close(session, states, col(Checkout.id) == checkout.id, *over)
    if not closed:
        return False
    await credit.give_back(session, await _credit_of(session, closed), now=now)
    goods = await held_goods(session, [id_of(checkout)])
    if group is not None and checkout.seat_id is not None:
        await free_seat(session, group, checkout.seat_id, goods[group.deal_id], now)
    for deal_id, quantities in goods.items():
        await stock.give_back(session, deal_id, quantities)
    return True


def _may_go(group: GroupBuy | None, now: datetime) -> Collection[CheckoutState]:
    """A promise counts from the deadline on, whenever the group is decided."""
    undecided = group is not None and group.state == GroupState.OPEN and now < group.ends_at
    return (*HELD, CheckoutState.PROMISED) if undecided else HELD


async def free_seat(
    session: AsyncSession, group: GroupBuy, seat_id: int, goods: Counter[int], now: datetime
) -> None:
    """Takes a seat out of a locked group. Those in line come first: what is kept for one of
    them leaves `goods`, the rest of which is the caller's to give back.
    """
    found = select(Seat).where(col(Seat.id) == seat_id).execution_options(populate_existing=True)
    seat = (await session.execute(found)).scalar_one()
    if seat.state == SeatState.RELEASED:
        return
    counted = {SeatState.PAID: "paid", SeatState.PROMISED: "promised"}.get(seat.state)
    fewer = {counted: getattr(GroupBuy, counted) - seat.quantity} if counted else {}
    seat.state = SeatState.RELEASED
    await session.flush()
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(seats_left=col(GroupBuy.seats_left) + seat.quantity, **fewer)
    )
    await session.refresh(group)
    await seat_line.gone(session, seat_id)
    await seat_line.offer_seats(session, group, goods, now)
    await after_leaving(session, group, seat_id, now)
    await posted.stale(session, "group", id_of(group))


async def release_seats(
    session: AsyncSession, group: GroupBuy, *, now: datetime, promised: bool = False
) -> Counter[int]:
    """Frees what is held, or promised too, in a locked group that is decided: all checkouts
    first, then their seats.

    The goods are the caller's to give back, together with others: how many, by variant.
    """
    states = (SeatState.HELD, SeatState.PROMISED) if promised else (SeatState.HELD,)
    seats = select(col(Seat.id)).where(col(Seat.group_id) == group.id, col(Seat.state).in_(states))
    unpaid = (*HELD, CheckoutState.PROMISED)
    freed = await _close(session, unpaid, col(Checkout.seat_id).in_(seats))
    if not freed:
        return Counter()
    await credit.give_back(session, await _credit_of(session, freed), now=now)
    released = await session.execute(
        update(Seat)
        .where(col(Seat.id).in_(list(freed.values())))
        .values(state=SeatState.RELEASED)
        .returning(col(Seat.quantity))
    )
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(
            seats_left=col(GroupBuy.seats_left) + sum(released.scalars()),
            promised=0 if promised else col(GroupBuy.promised),
        )
    )
    await session.refresh(group)
    goods = await held_goods(session, list(freed))
    return goods[group.deal_id]


async def _close(
    session: AsyncSession, states: Collection[CheckoutState], *which: ColumnElement[bool]
) -> Mapping[int, int | None]:
    """The one step from held to released: seat by checkout, of those that took it."""
    closed = await session.execute(
        update(Checkout)
        .where(col(Checkout.state).in_(states), *which)
        .values(state=CheckoutState.RELEASED)
        .returning(col(Checkout.id), col(Checkout.seat_id))
    )
    return {id_: seat_id for id_, seat_id in closed if id_ is not None}


async def _credit_of(session: AsyncSession, closed: Collection[int]) -> list[credit.Freed]:
    """What these checkouts, locked since they were closed, held of store credit."""
    which = col(Checkout.id).in_(closed) & (col(Checkout.credit_minor) > 0)
    held = await session.execute(
        select(
            col(Checkout.code),
            col(Checkout.person_id),
            col(Checkout.currency),
            col(Checkout.credit_minor),
        ).where(which)
    )
    freed = [credit.Freed(*row) for row in held]
    if freed:
        await session.execute(update(Checkout).where(which).values(credit_minor=0))
    return freed


async def held_goods(
    session: AsyncSession, checkouts: Sequence[int | None]
) -> dict[int | None, Counter[int]]:
    """By deal: how many of each variant these checkouts hold."""
    rows = await session.execute(
        select(
            col(CheckoutLine.deal_id), col(CheckoutLine.variant_id), col(CheckoutLine.quantity)
        ).where(col(CheckoutLine.checkout_id).in_(checkouts))
    )
    goods: dict[int | None, Counter[int]] = defaultdict(Counter)
    for deal_id, variant_id, quantity in rows:
        goods[deal_id][variant_id] += quantity
    return goods


async def lock_group_of(session: AsyncSession, seat_id: int) -> GroupBuy:
    """The group of a seat, locked until the end of the transaction."""
    found = await session.execute(
        select(GroupBuy)
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == seat_id)
        .with_for_update(of=GroupBuy, key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one()


async def lock_group_behind(session: AsyncSession, actor: Actor, code: str) -> GroupBuy | None:
    """The group in which this checkout pays for a seat. Before the checkout is locked."""
    checkout = await checkout_of(session, actor.person_id, code)
    return await lock_group_of(session, checkout.seat_id) if checkout.seat_id else None
