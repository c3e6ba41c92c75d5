"""How much of an order's money can still go back to its buyer, and giving it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.refunding import give_back_money
from commerce.refusals import Expired, MoreThanLeft
from storage.tables import Checkout, Order, OrderEvent, RefundReason


def still_left(amount_minor: int, seen_minor: int | None) -> list[ColumnElement[bool]]:
    """The guard of every part given back. Behind it stands a CHECK."""
    gone = col(Order.refunded_minor)
    seen = [] if seen_minor is None else [gone == seen_minor]
    return [gone + amount_minor <= col(Order.total_minor), *seen]


async def require_left(
    session: AsyncSession, order: Order, amount_minor: int, *, seen_minor: int | None = None
) -> None:
    """So much is left of the order; its row is ours from here on.

    `seen_minor` is what had been given back when the owner decided: who pressed meanwhile, or
    twice, is shown the order again. Raises Expired, MoreThanLeft.
    """
    left = await session.execute(
        update(Order)
        .where(col(Order.id) == order.id, *still_left(amount_minor, seen_minor))
        .values(refunded_minor=col(Order.refunded_minor))
        .returning(col(Order.id))
    )
    missed = left.first() is None
    await session.refresh(order)
    if missed and seen_minor is not None and order.refunded_minor != seen_minor:
        raise Expired
    if missed:
        raise MoreThanLeft(order.total_minor - order.refunded_minor, order.currency)


async def give_back_for(
    session: AsyncSession,
    order: Order,
    event: OrderEvent,
    reason: RefundReason,
    amount_minor: int,
    *,
    now: datetime,
) -> None:
    """From the brand to the buyer, as the event says; one refund job for each payment."""
    event.amount_minor = amount_minor
    checkout = await session.get_one(Checkout, order.checkout_id)
    await give_back_money(
        session, checkout, reason, amount_minor, now=now, order=order, mark=str(event.id)
    )
    await session.refresh(order)
