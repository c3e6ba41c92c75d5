"""A brand's orders by what is to be done with them, and all of them as a table."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.branding import own_brand
from commerce.actions.receipts import lines_of
from commerce.actor import Actor
from commerce.order_views import OrderDesk, ParcelView, Shelf
from commerce.refusals import NotFound
from commerce.rules.money import decimals
from commerce.views import Page
from storage.columns import id_of
from storage.tables import Order, OrderLine, OrderState, Person

PAGE = 3  # with whole addresses, under one photo
MOST_EXPORTED = 10_000  # rows; the newest ones
SHELVES = {
    Shelf.PACK: (OrderState.PAID,),
    Shelf.SHIP: (OrderState.PACKED,),
    Shelf.ON_ITS_WAY: (OrderState.SHIPPED,),
    Shelf.RETURNS: (OrderState.RETURNING,),
    Shelf.DONE: (OrderState.RECEIVED, OrderState.CANCELLED, OrderState.RETURNED),
}
WAITED_FOR = (Shelf.PACK, Shelf.SHIP, Shelf.ON_ITS_WAY, Shelf.RETURNS)
HEAD = (
    "order",
    "state",
    "ordered_at",
    "item",
    "quantity",
    "unit_price",
    "currency",
    "order_shipping",
    "order_discount",
    "order_total",
    "order_refunded",
    "address",
    "carrier",
    "tracking",
)


async def order_desk(actor: Actor, code: str, shelf: str, page: int) -> OrderDesk:
    """Names and addresses: for the brand's own people. Raises NotFound.

    The oldest first where somebody waits for them, else the newest.
    """
    if shelf not in set(Shelf):
        raise NotFound
    lies = Shelf(shelf)
    async with actor.database.read() as session:
        brand_id = id_of(await own_brand(session, actor, code))
        found = await _parcels(session, brand_id, lies, page)
        return OrderDesk(code, lies, found, await _counts(session, brand_id))


async def _parcels(
    session: AsyncSession, brand_id: int, shelf: Shelf, page: int
) -> Page[ParcelView]:
    newest_first = shelf == Shelf.DONE
    rows = await session.execute(
        select(Order, col(Person.first_name))
        .join(Person, col(Person.id) == col(Order.person_id))
        .where(col(Order.brand_id) == brand_id, col(Order.state).in_(SHELVES[shelf]))
        .order_by(col(Order.id).desc() if newest_first else col(Order.id))
        .offset(page * PAGE)
        .limit(PAGE + 1)
    )
    found = rows.all()
    lines = await lines_of(session, [order.id for order, _ in found[:PAGE]])
    parcels = tuple(
        ParcelView(
            code=order.code,
            state=order.state,
            lines=lines.get(order.id, ()),
            total_minor=order.total_minor,
            currency=order.currency,
            buyer=buyer,
            address=order.address,
        )
        for order, buyer in found[:PAGE]
    )
    return Page(parcels, page, len(found) > PAGE)


async def _counts(session: AsyncSession, brand_id: int) -> dict[Shelf, int]:
    waited = [state for shelf in WAITED_FOR for state in SHELVES[shelf]]
    rows = await session.execute(
        select(col(Order.state), func.count())
        .where(col(Order.brand_id) == brand_id, col(Order.state).in_(waited))
        .group_by(col(Order.state))
    )
    by_state = {state: int(count) for state, count in rows}
    return {shelf: sum(by_state.get(s, 0) for s in SHELVES[shelf]) for shelf in WAITED_FOR}


async def export_orders(actor: Actor, code: str, locale: str) -> list[tuple[str | int, ...]]:
    """A row for each line of the brand's newest orders, as HEAD says. Raises NotFound."""
    async with actor.database.read() as session:
        brand_id = id_of(await own_brand(session, actor, code))
        rows = await session.execute(
            select(Order, OrderLine)
            .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
            .where(col(Order.brand_id) == brand_id)
            .order_by(col(Order.id).desc(), col(OrderLine.id))
            .limit(MOST_EXPORTED)
        )
        return [_row(order, line, locale) for order, line in rows]


def _row(order: Order, line: OrderLine, locale: str) -> tuple[str | int, ...]:
    def money(minor: int) -> str:
        return str(Decimal(minor).scaleb(-decimals(order.currency)))

    return (
        order.code,
        order.state.value,
        order.created_at.isoformat(timespec="seconds"),
        line.title.in_(locale),
        line.quantity,
        money(line.unit_minor),
        order.currency,
        money(order.shipping_minor),
        money(order.discount_minor),
        money(order.total_minor),
        money(order.refunded_minor),
        order.address,
        order.carrier,
        order.tracking,
    )
