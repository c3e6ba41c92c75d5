"""Giving what a checkout was paid for: a seat in its group, or an order, and the receipt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, funds, seat_line
from commerce.actions.deciding import decide
from commerce.actions.holding import HELD
from commerce.actions.lookup import require_held
from commerce.actions.orders import place_order
from commerce.actions.succession import end_of_invoices
from commerce.actions.telling import Message, tell
from commerce.payment import needs_address
from commerce.refusals import GroupOver, NeedsAddress, WrongAmount
from storage import posted
from storage.columns import id_of
from storage.crash import crash_point
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    GroupBuy,
    GroupState,
    Product,
    Seat,
    SeatState,
    Variant,
)


async def mark_paid(session: AsyncSession, checkout: Checkout) -> bool:
    """The one step from held to paid. False when nothing is held for it any more."""
    paid = await session.execute(
        update(Checkout)
        .where(col(Checkout.id) == checkout.id, col(Checkout.state).in_(HELD))
        .values(state=CheckoutState.PAID)
        .returning(col(Checkout.id))
    )
    return paid.first() is not None


def require_payable(
    checkout: Checkout, currency: str, amount_minor: int, group: GroupBuy | None, now: datetime
) -> None:
    """Raises Expired, HoldOver, WrongAmount, NeedsAddress, GroupOver unless this amount is what
    is left to pay for what is held."""
    require_held(checkout, now)
    left = checkout.total_minor - checkout.credit_minor
    if (checkout.currency, left) != (currency, amount_minor):
        raise WrongAmount
    if needs_address(checkout.currency) and not checkout.address:
        raise NeedsAddress
    if group is None or (group.state == GroupState.OPEN and now < group.ends_at):
        return
    if not (group.state == GroupState.SUCCEEDED and checkout.invoiced):
        raise GroupOver(succeeded=group.state == GroupState.SUCCEEDED)


def takes_money(group: GroupBuy, checkout: Checkout) -> bool:
    """While it is open; from those who promised, once it has succeeded."""
    invoiced = checkout.invoiced and group.state == GroupState.SUCCEEDED
    return invoiced or group.state == GroupState.OPEN


async def settle(
    session: AsyncSession, checkout: Checkout, group: GroupBuy | None, now: datetime
) -> None:
    """Right after `mark_paid`, with the charge written down; `group` is locked."""
    await credit.pay(session, checkout, now=now)
    if group is not None:
        await _pay_seat(session, checkout, group)
        if group.state == GroupState.OPEN:
            await _count_in(session, checkout, group, now)
            return
    await funds.fulfil(session, checkout)
    code = await place_order(session, checkout, unit_minor=None, group=group, now=now)
    facts = await _receipt_facts(session, checkout) | {"order": code}
    await _receipt(session, "order_placed", checkout, facts, now)
    if group is not None:
        await end_of_invoices(session, group, now)
        await posted.stale(session, "group", id_of(group))


async def _pay_seat(session: AsyncSession, checkout: Checkout, group: GroupBuy) -> None:
    seat = await session.execute(
        update(Seat)
        .where(col(Seat.id) == checkout.seat_id, col(Seat.state) == SeatState.HELD)
        .values(state=SeatState.PAID)
        .returning(col(Seat.quantity))
    )
    quantity = seat.scalar_one()
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(paid=col(GroupBuy.paid) + quantity)
    )
    await session.refresh(group)
    await seat_line.served(session, checkout.seat_id)


async def _count_in(
    session: AsyncSession, checkout: Checkout, group: GroupBuy, now: datetime
) -> None:
    """Tells that the seat is paid, and looks whether it was the one that was missing."""
    facts = await _receipt_facts(session, checkout)
    taken = group.paid + group.promised
    facts |= {"group": group.code, "paid": taken, "capacity": group.capacity}
    await _receipt(session, "seat_paid", checkout, facts, now)
    await posted.stale(session, "group", id_of(group))
    await decide(session, group, now)


async def _receipt(
    session: AsyncSession, notice: str, checkout: Checkout, facts: dict[str, object], now: datetime
) -> None:
    crash_point("K15")
    key = f"receipt:{checkout.code}"
    message = Message(checkout.bot_id, checkout.person_id, notice, facts, key)
    await tell(session, [message], now=now)


async def _receipt_facts(session: AsyncSession, checkout: Checkout) -> dict[str, object]:
    found = await session.execute(
        select(col(Product.title), func.sum(col(CheckoutLine.quantity)))
        .join(Variant, col(Variant.product_id) == col(Product.id))
        .join(CheckoutLine, col(CheckoutLine.variant_id) == col(Variant.id))
        .where(col(CheckoutLine.checkout_id) == checkout.id)
        .group_by(col(Product.id), col(Product.title))
    )
    title, quantity = found.one()
    return {
        "title": title.to_json(),
        "quantity": int(quantity),
        "amount_minor": checkout.total_minor,
        "currency": checkout.currency,
    }
