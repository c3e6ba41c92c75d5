"""An order's steps: one statement that fits only the state it was meant for, and its event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.telling import Message, tell
from commerce.actor import Actor
from commerce.refusals import Expired, NotFound, NotOwner
from commerce.rules.orders import Hand, Move, origins, target
from storage.columns import id_of
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Role,
    Staff,
)

GAVE_BACK = "give_back"  # the event of a part given back, which moves nothing


async def bought_order(session: AsyncSession, actor: Actor, code: str) -> Order:
    """An order of the actor's own. Raises NotFound, also for another person's."""
    found = await session.execute(
        select(Order).where(col(Order.code) == code, col(Order.person_id) == actor.person_id)
    )
    order = found.scalar_one_or_none()
    if order is None:
        raise NotFound
    return order


async def sold_order(
    session: AsyncSession, actor: Actor, code: str, *, owner: bool = False
) -> tuple[Order, Role]:
    """An order at a brand that the actor works for. Raises NotFound, NotOwner."""
    found = await session.execute(
        select(Order, col(Staff.role))
        .join(Brand, col(Brand.id) == col(Order.brand_id))
        .join(Staff, col(Staff.brand_id) == col(Order.brand_id))
        .where(
            col(Order.code) == code,
            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    order, role = row
    if owner and role != Role.OWNER:
        raise NotOwner
    return order, role


async def lock_money(session: AsyncSession, order: Order) -> None:
    """Before money goes back: two orders of one checkout share its payments. First of locks."""
    checkout = select(col(Checkout.id)).where(col(Checkout.id) == order.checkout_id)
    await session.execute(checkout.with_for_update(key_share=True))


def stands_at(move: Move, hand: Hand) -> ColumnElement[bool]:
    """The order is where this hand may still make the move: the guard of every step."""
    return col(Order.state).in_([OrderState(state) for state in origins(move, hand)])


async def move_order(
    session: AsyncSession,
    order: Order,
    move: Move,
    hand: Hand,
    *,
    actor: Actor | None,
    now: datetime,
    note: str = "",
    **fields: Any,
) -> OrderEvent:
    """Makes the step and writes its event; the order's row is ours from here on.

    Raises Expired when somebody else moved the order meanwhile.
    """
    moved = await session.execute(
        update(Order)
        .where(col(Order.id) == order.id, stands_at(move, hand))
        .values(state=OrderState(target(move)), **fields)
        .returning(col(Order.id))
    )
    if moved.first() is None:
        raise Expired
    await session.refresh(order)
    return await write_event(session, order, move.value, actor, now=now, note=note)


async def write_event(
    session: AsyncSession,
    order: Order,
    kind: str,
    actor: Actor | None,
    *,
    now: datetime,
    note: str = "",
) -> OrderEvent:
    event = OrderEvent(
        order_id=id_of(order),
        kind=kind,
        actor_id=actor.person_id if actor else None,
        note=note,
        created_at=now,
    )
    session.add(event)
    await session.flush()
    return event


async def tell_buyer(
    session: AsyncSession, order: Order, event: OrderEvent, *, now: datetime
) -> None:
    facts = await _facts(session, order, event)
    bot_id = await _bot(session, order)
    message = Message(bot_id, order.person_id, "order_moved", facts, told_key(event, "buyer"))
    await tell(session, [message], now=now)


async def tell_brand(
    session: AsyncSession, order: Order, event: OrderEvent, *, now: datetime
) -> None:
    """All of the brand's people, but for who did it."""
    staff = await session.execute(
        select(col(Staff.person_id))
        .where(
            col(Staff.brand_id) == order.brand_id,
            col(Staff.person_id).is_distinct_from(event.actor_id),
        )
        .order_by(col(Staff.person_id))
    )
    facts = await _facts(session, order, event)
    bot_id = await _bot(session, order)
    messages = [
        Message(bot_id, person_id, "sold_order_moved", facts, told_key(event, str(person_id)))
        for person_id in staff.scalars()
    ]
    await tell(session, messages, now=now)


def told_key(event: OrderEvent, whom: str) -> str:
    return f"order-event:{event.id}:{whom}"


async def _facts(session: AsyncSession, order: Order, event: OrderEvent) -> dict[str, object]:
    lines = await session.execute(
        select(col(OrderLine.title), col(OrderLine.quantity))
        .where(col(OrderLine.order_id) == order.id)
        .order_by(col(OrderLine.id))
    )
    found = lines.all()
    return {
        "order": order.code,
        "move": event.kind,
        "by_buyer": event.actor_id == order.person_id,
        "title": found[0].title.to_json(),
        "more": len(found) - 1,
        "carrier": order.carrier,
        "tracking": order.tracking,
        "note": event.note,
        "amount_minor": event.amount_minor,
        "currency": order.currency,
    }


async def _bot(session: AsyncSession, order: Order) -> int:
    found = await session.execute(
        select(col(Checkout.bot_id)).where(col(Checkout.id) == order.checkout_id)
    )
    return found.scalar_one()


async def goods_of(session: AsyncSession, order: Order) -> dict[int | None, dict[int, int]]:
    """By deal: how many pieces of each variant are in the parcel."""
    pieces = func.sum(col(OrderLine.quantity))
    rows = await session.execute(
        select(col(OrderLine.deal_id), col(OrderLine.variant_id), pieces)
        .where(col(OrderLine.order_id) == order.id)
        .group_by(col(OrderLine.deal_id), col(OrderLine.variant_id))
    )
    goods: dict[int | None, dict[int, int]] = {}
    for deal_id, variant_id, quantity in rows:
        goods.setdefault(deal_id, {})[variant_id] = int(quantity)
    return goods
