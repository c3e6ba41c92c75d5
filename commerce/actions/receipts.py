"""Reading one order: its lines, its money, its events, and what its reader may do now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.moving import bought_order, sold_order
from commerce.actor import Actor
from commerce.order_views import BackLine, EventLine, ParcelLine, Receipt
from commerce.payment import CREDIT
from commerce.refusals import Expired, ReturnOver
from commerce.rules import accounts
from commerce.rules.orders import RETURNING, Hand, Move, may_give_back, may_return, moves, origins
from storage.tables import (
    Brand,
    GroupBuy,
    LedgerEntry,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Payment,
    Person,
    Refund,
    Role,
)


async def receipt_of(actor: Actor, code: str, *, now: datetime) -> Receipt:
    """An order of the actor's own. Raises NotFound, also for another person's."""
    async with actor.database.read() as session:
        order = await bought_order(session, actor, code)
        return await read_receipt(session, order, Hand.BUYER, now)


async def sold_receipt(actor: Actor, code: str, *, now: datetime) -> Receipt:
    """An order at a brand that the actor works for. Raises NotFound."""
    async with actor.database.read() as session:
        order, role = await sold_order(session, actor, code)
        hand = Hand.OWNER if role == Role.OWNER else Hand.STAFF
        return await read_receipt(session, order, hand, now)


async def require_return(actor: Actor, code: str, *, now: datetime) -> None:
    """Before the buyer is asked why. Raises NotFound, Expired, ReturnOver."""
    async with actor.database.read() as session:
        order = await bought_order(session, actor, code)
        require_in_time(order, now)
        if Move.ASK_RETURN not in moves(
            order.state, Hand.BUYER, received_at=order.received_at, now=now
        ):
            raise Expired


def require_in_time(order: Order, now: datetime) -> None:
    if order.state == OrderState.RECEIVED and not may_return(order.received_at, now):
        raise ReturnOver(RETURNING.days)


async def require_move(actor: Actor, code: str, move: Move | None, *, now: datetime) -> Receipt:
    """Before a form of the brand's; without a move it is about a part given back.

    Raises NotFound, Expired, and NotOwner where only the owner may.
    """
    async with actor.database.read() as session:
        for_owners = move is None or not origins(move, Hand.STAFF)
        order, role = await sold_order(session, actor, code, owner=for_owners)
        hand = Hand.OWNER if role == Role.OWNER else Hand.STAFF
        receipt = await read_receipt(session, order, hand, now)
    if not (receipt.may_give_back if move is None else move in receipt.moves):
        raise Expired
    return receipt


async def read_receipt(
    session: AsyncSession, order: Order, hand: Hand | None, now: datetime
) -> Receipt:
    found = await session.execute(
        select(Brand, col(Person.first_name), col(GroupBuy.code))
        .select_from(Order)
        .join(Brand, col(Brand.id) == col(Order.brand_id))
        .join(Person, col(Person.id) == col(Order.person_id))
        .join(GroupBuy, col(GroupBuy.id) == col(Order.group_id), isouter=True)
        .where(col(Order.id) == order.id)
    )
    brand, buyer, group_code = found.one()
    allowed = moves(order.state, hand, received_at=order.received_at, now=now) if hand else ()
    return Receipt(
        code=order.code,
        state=order.state,
        brand_code=brand.code,
        brand_name=brand.name,
        buyer=buyer,
        currency=order.currency,
        lines=(await lines_of(session, [order.id])).get(order.id, ()),
        shipping_minor=order.shipping_minor,
        discount_minor=order.discount_minor,
        credit_minor=await _credit_used(session, order),
        total_minor=order.total_minor,
        refunded_minor=order.refunded_minor,
        backs=await _backs(session, order),
        address=order.address,
        carrier=order.carrier,
        tracking=order.tracking,
        created_at=order.created_at,
        events=await events_of(session, order),
        group_code=group_code,
        moves=frozenset(allowed),
        may_give_back=hand == Hand.OWNER
        and may_give_back(order.state, order.total_minor, order.refunded_minor),
    )


async def lines_of(
    session: AsyncSession, orders: Collection[int | None]
) -> dict[int | None, tuple[ParcelLine, ...]]:
    rows = await session.execute(
        select(OrderLine).where(col(OrderLine.order_id).in_(orders)).order_by(col(OrderLine.id))
    )
    grouped: dict[int | None, tuple[ParcelLine, ...]] = {}
    for row in rows.scalars():
        line = ParcelLine(row.title, row.quantity, row.unit_minor)
        grouped[row.order_id] = (*grouped.get(row.order_id, ()), line)
    return grouped


async def _credit_used(session: AsyncSession, order: Order) -> int:
    """What the order's own movement in the ledger took from store credit."""
    charges = select(col(Payment.charge_id)).where(
        col(Payment.checkout_id) == order.checkout_id, col(Payment.provider) == CREDIT
    )
    ids = (await session.execute(charges)).scalars().all()
    if not ids:
        return 0
    taken = await session.execute(
        select(func.coalesce(func.sum(col(LedgerEntry.amount_minor)), 0)).where(
            col(LedgerEntry.transaction_key) == f"order:{order.code}",
            col(LedgerEntry.account).in_([accounts.charge(id_) for id_ in ids]),
        )
    )
    return int(taken.scalar_one())


async def _backs(session: AsyncSession, order: Order) -> tuple[BackLine, ...]:
    """The order's own refunds, and those of its checkout that belong to no order."""
    rows = await session.execute(
        select(Refund)
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(
            or_(
                col(Refund.order_id) == order.id,
                (col(Payment.checkout_id) == order.checkout_id) & col(Refund.order_id).is_(None),
            )
        )
        .order_by(col(Refund.id))
    )
    return tuple(
        BackLine(r.amount_minor, r.state, r.reason, r.provider == CREDIT) for r in rows.scalars()
    )


async def events_of(session: AsyncSession, order: Order) -> tuple[EventLine, ...]:
    rows = await session.execute(
        select(OrderEvent)
        .where(col(OrderEvent.order_id) == order.id)
        .order_by(col(OrderEvent.created_at), col(OrderEvent.id))
    )
    return tuple(EventLine(e.kind, e.created_at, e.note, e.amount_minor) for e in rows.scalars())
