"""What a shopper has begun and has no order for yet: unpaid holds, paid seats in open groups."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.holding import HELD
from commerce.actor import Actor
from commerce.views import WaitingView
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    GroupBuy,
    GroupState,
    Product,
    Seat,
    Variant,
)
from storage.texts import LocalizedText

MOST = 8


async def waiting_of(actor: Actor, *, now: datetime) -> tuple[WaitingView, ...]:
    """The newest first."""
    held = col(Checkout.state).in_(HELD) & (col(Checkout.expires_at) > now)
    undecided = (col(Checkout.state) == CheckoutState.PAID) & (
        col(GroupBuy.state) == GroupState.OPEN
    )
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Checkout, col(Product.title), GroupBuy)
            .join(CheckoutLine, col(CheckoutLine.checkout_id) == col(Checkout.id))
            .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
            .join(Product, col(Product.id) == col(Variant.product_id))
            .join(Seat, col(Seat.id) == col(Checkout.seat_id), isouter=True)
            .join(GroupBuy, col(GroupBuy.id) == col(Seat.group_id), isouter=True)
            .where(col(Checkout.person_id) == actor.person_id, held | undecided)
            .order_by(col(Checkout.id).desc())
            .limit(MOST)
        )
    return tuple(_view(checkout, title, group) for checkout, title, group in rows)


def _view(checkout: Checkout, title: LocalizedText, group: GroupBuy | None) -> WaitingView:
    paid = checkout.state == CheckoutState.PAID
    return WaitingView(
        checkout_code=checkout.code,
        title=title,
        total_minor=checkout.total_minor,
        currency=checkout.currency,
        group_code=group.code if group and paid else None,
        paid=group.paid if group else 0,
        capacity=group.capacity if group else 0,
    )
