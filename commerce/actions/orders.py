"""Orders: made from a paid checkout; listed for their buyer and for their brand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import funds, ledger
from commerce.actor import Actor
from commerce.payment import CREDIT
from commerce.refusals import NotFound
from commerce.rules import accounts
from commerce.views import OrderView, Page, RefundLine
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
    Payment,
    Person,
    Product,
    Refund,
    Variant,
)
from storage.texts import LocalizedText

PAGE = 6
PACKING_PAGE = 3  # with whole addresses, under one photo


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
    async with actor.database.read() as session:
        return await _list(session, col(Order.person_id) == actor.person_id, page)


async def order_of(actor: Actor, code: str) -> OrderView:
    """An order of the actor's own. Raises NotFound, also for another person's."""
    async with actor.database.read() as session:
        found = await _list(
            session, (col(Order.person_id) == actor.person_id) & (col(Order.code) == code), 0
        )
        if not found.items:
            raise NotFound
        return found.items[0]


async def orders_for_brand(session: AsyncSession, brand_id: int, page: int) -> Page[OrderView]:
    """What a brand has to pack, newest first. Who may ask is the caller's to check."""
    return await _list(session, col(Order.brand_id) == brand_id, page, PACKING_PAGE)


async def _list(
    session: AsyncSession, which: object, page: int, size: int = PAGE
) -> Page[OrderView]:
    rows = await session.execute(
        select(Order, OrderLine, col(Brand.name), col(GroupBuy.code), col(Person.first_name))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .join(Brand, col(Brand.id) == col(Order.brand_id))
        .join(Person, col(Person.id) == col(Order.person_id))
        .join(GroupBuy, col(GroupBuy.id) == col(Order.group_id), isouter=True)
        .where(which)  # type: ignore[arg-type]
        .order_by(col(Order.id).desc())
        .offset(page * size)
        .limit(size + 1)
    )
    found = rows.all()
    refunds = await _refunds(session, [order.checkout_id for order, *_ in found])
    items = tuple(
        OrderView(
            code=order.code,
            state=order.state,
            brand_name=brand_name,
            title=line.title,
            quantity=line.quantity,
            currency=order.currency,
            unit_minor=line.unit_minor,
            shipping_minor=order.shipping_minor,
            total_minor=order.total_minor,
            address=order.address,
            created_at=order.created_at,
            group_code=group_code,
            refunds=refunds.get(order.checkout_id, ()),
            buyer=buyer,
        )
        for order, line, brand_name, group_code, buyer in found[:size]
    )
    return Page(items, page, len(found) > size)


async def _refunds(
    session: AsyncSession, checkouts: list[int]
) -> dict[int | None, tuple[RefundLine, ...]]:
    rows = await session.execute(
        select(
            col(Payment.checkout_id),
            col(Refund.amount_minor),
            col(Refund.state),
            col(Refund.provider),
        )
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(col(Payment.checkout_id).in_(checkouts))
        .order_by(col(Refund.id))
    )
    grouped: dict[int | None, tuple[RefundLine, ...]] = {}
    for checkout_id, amount, state, by in rows:
        grouped[checkout_id] = (
            *grouped.get(checkout_id, ()),
            RefundLine(amount, state, by == CREDIT),
        )
    return grouped
