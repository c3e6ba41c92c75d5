"""Orders: made from a paid checkout, and listed for their buyer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import funds, ledger
from commerce.actions.receipts import lines_of
from commerce.actor import Actor
from commerce.order_views import ParcelLine
from commerce.rules import accounts
from commerce.views import OrderView, Page
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Brand,
    Checkout,
    CheckoutLine,
    GroupBuy,
    Order,
    OrderLine,
    OrderState,
    Product,
    Variant,
)
from storage.texts import LocalizedText

PAGE = 6


async def place_order(
    session: AsyncSession,
    checkout: Checkout,
    *,
    unit_minor: int | None,
    group: GroupBuy | None,
    now: datetime,
) -> str:
    """One order for the checkout's brand; `unit_minor` is a group's final price. Its code."""
    rows = await session.execute(
        select(CheckoutLine, col(Product.title), col(Variant.name), col(Brand.code))
        .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Brand, col(Brand.id) == col(CheckoutLine.brand_id))
        .where(col(CheckoutLine.checkout_id) == checkout.id)
    )
    line, title, variant, brand_code = rows.one()
    unit = line.unit_minor if unit_minor is None else unit_minor
    order = Order(
        code=new_code(),
        checkout_id=id_of(checkout),
        brand_id=line.brand_id,
        person_id=checkout.person_id,
        group_id=group.id if group else None,
        state=OrderState.PAID,
        currency=checkout.currency,
        total_minor=unit * line.quantity + checkout.shipping_minor,
        shipping_minor=checkout.shipping_minor,
        address=checkout.address or "",
        created_at=now,
    )
    session.add(order)
    await session.flush()
    session.add(
        OrderLine(
            order_id=id_of(order),
            variant_id=line.variant_id,
            deal_id=line.deal_id,
            title=_full_title(title, variant),
            quantity=line.quantity,
            unit_minor=unit,
        )
    )
    await ledger.post(
        session,
        f"order:{order.code}",
        order.currency,
        await funds.draw(session, checkout, order.total_minor)
        | {accounts.brand(brand_code): -order.total_minor},
        now=now,
    )
    return order.code


def _full_title(title: LocalizedText, variant: LocalizedText) -> LocalizedText:
    texts = {}
    for locale, words in title.by_locale:
        option = variant.in_(locale)
        texts[locale] = f"{words} · {option}" if option else words
    return LocalizedText.of(**texts)


async def orders_of(actor: Actor, page: int) -> Page[OrderView]:
    """The newest first."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Order)
            .where(col(Order.person_id) == actor.person_id)
            .order_by(col(Order.id).desc())
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        found = rows.scalars().all()
        lines = await lines_of(session, [order.id for order in found[:PAGE]])
    items = tuple(_view(order, lines[order.id]) for order in found[:PAGE])
    return Page(items, page, len(found) > PAGE)


def _view(order: Order, lines: tuple[ParcelLine, ...]) -> OrderView:
    return OrderView(
        code=order.code,
        state=order.state,
        title=lines[0].title,
        quantity=lines[0].quantity,
        more=len(lines) - 1,
        currency=order.currency,
        total_minor=order.total_minor,
    )
