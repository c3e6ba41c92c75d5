"""Orders that are paid, and the books after each step of theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.actions import aftersale, checkout, fulfilment, groups
from commerce.actions.payments import Charge, record_payment
from commerce.actions.sweeps import close_groups
from commerce.actor import Actor
from storage.database import Database
from storage.tables import (
    Deal,
    DealKind,
    LedgerEntry,
    Order,
    OrderEvent,
    OrderState,
    Outbox,
    Person,
    Refund,
    RefundReason,
    Variant,
)
from tests.commerce.brand_people import House, a_house
from tests.commerce.people import NOW

PRICE = 1_500
STOCK = 1_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sold:
    """An order of the house's shopper. `operator` runs the shop and works for no brand."""

    house: House
    code: str

    @property
    def buyer(self) -> Actor:
        return self.house.shopper

    @property
    def operator(self) -> Actor:
        return replace(self.house.other, operator=True)


async def a_sale(database: Database, state: OrderState = OrderState.PAID) -> Sold:
    """One piece at 15.00, paid with the pretend card; the order is in `state`."""
    house = await a_house(database, DealKind.FLASH)
    code = await checkout.buy_flash(house.shopper, house.codes["deal"], now=NOW)
    await pay(house.shopper, code, PRICE)
    sold = Sold(house, await only_order(database))
    await bring(sold, state)
    return sold


async def pay(buyer: Actor, code: str, amount_minor: int) -> None:
    charge = Charge("pretend", f"charge-{code}", f"ch_{code}", code, "USD", amount_minor)
    await record_payment(buyer, charge, now=NOW)


async def only_order(database: Database) -> str:
    async with database.read() as session:
        return (await session.execute(select(col(Order.code)))).scalar_one()


async def bring(sold: Sold, state: OrderState) -> None:
    """Moves the order on until it is in `state`, by those who may."""
    owner, buyer, code = sold.house.owner, sold.buyer, sold.code
    if state == OrderState.CANCELLED:
        await aftersale.cancel_order(buyer, code, now=NOW)
        return
    steps: tuple[tuple[OrderState, Callable[[], Awaitable[None]]], ...] = (
        (OrderState.PACKED, lambda: fulfilment.pack_order(owner, code, now=NOW)),
        (OrderState.SHIPPED, lambda: fulfilment.ship_order(owner, code, "DHL", "JD01", now=NOW)),
        (OrderState.RECEIVED, lambda: fulfilment.confirm_receipt(buyer, code, now=NOW)),
        (OrderState.RETURNING, lambda: aftersale.ask_return(buyer, code, "broken", now=NOW)),
        (OrderState.RETURNED, lambda: aftersale.take_back(owner, code, PRICE, now=NOW)),
    )
    reached = OrderState.PAID
    for after, step in steps:
        if reached == state:
            return
        await step()
        reached = after


@dataclass(frozen=True, slots=True)
class Books:
    """What the shop knows of its only order."""

    state: OrderState
    refunded: int
    refunds: list[tuple[RefundReason, int]]
    events: list[str]
    told: list[tuple[str, str, str]]  # first name, notice, move
    accounts: dict[str, int]
    variant_left: int
    deal_left: int


async def books(database: Database) -> Books:
    """Read at one moment. The ledger is in balance, or this fails."""
    async with database.read() as session:
        order = (await session.execute(select(Order))).scalar_one()
        refunds = await session.execute(
            select(col(Refund.reason), col(Refund.amount_minor)).order_by(col(Refund.id))
        )
        events = await session.execute(select(col(OrderEvent.kind)).order_by(col(OrderEvent.id)))
        told = await session.execute(
            select(col(Person.first_name), Outbox)
            .join(Outbox, col(Outbox.chat_id) == col(Person.telegram_id))
            .where(col(Outbox.notice).in_(["order_moved", "sold_order_moved"]))
            .order_by(col(Outbox.id))
        )
        entries = (await session.execute(select(LedgerEntry))).scalars().all()
        sums: dict[str, int] = {}
        accounts: dict[str, int] = {}
        for entry in entries:
            kind = entry.account.partition(":")[0]
            sums[entry.transaction_key] = sums.get(entry.transaction_key, 0) + entry.amount_minor
            accounts[kind] = accounts.get(kind, 0) + entry.amount_minor
        assert set(sums.values()) <= {0}
        left = await session.execute(
            select(col(Variant.stock_left), col(Deal.stock_left))
            .join(Deal, col(Deal.product_id) == col(Variant.product_id))
            .where(col(Deal.brand_id) == order.brand_id)
        )
        variant_left, deal_left = left.one()
        return Books(
            state=order.state,
            refunded=order.refunded_minor,
            refunds=[(reason, amount) for reason, amount in refunds],
            events=list(events.scalars()),
            told=[(name, row.notice, str(row.facts["move"])) for name, row in told],
            accounts={kind: total for kind, total in accounts.items() if total},
            variant_left=variant_left,
            deal_left=deal_left,
        )


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def a_full_group(database: Database) -> tuple[House, list[str]]:
    """A group of three that succeeded; the orders of its members, the house's shopper first."""
    house = await a_house(database, DealKind.LADDER)
    async with database.begin() as session:
        await session.execute(update(Deal).values(per_person=1))
    opened = await groups.open_group(house.shopper, house.codes["deal"], now=NOW)
    joined = [
        (house.shopper, opened.checkout_code),
        *[
            (person, (await groups.join_group(person, opened.group_code, now=NOW)).checkout_code)
            for person in (house.other, house.owner)
        ],
    ]
    for person, code in joined:
        await pay(person, code, PRICE)
    await close_groups(database, now=NOW + DAY)
    async with database.read() as session:
        rows = await session.execute(select(col(Order.code)).order_by(col(Order.id)))
        return house, list(rows.scalars())
