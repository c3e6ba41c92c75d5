"""What a story left behind, without the codes and numbers that differ from run to run."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlmodel import col

from playground.world import World
from storage.database import Database
from storage.tables import (
    Deal,
    GroupBuy,
    LedgerEntry,
    Order,
    OrderLine,
    Payment,
    Person,
    Refund,
    Seat,
)
from tests.chat.shop import Shop

Rows = list[tuple[object, ...]]
FEW_WORDS = 4
CODE = re.compile(r"\b(?=\w*\d)[0-9A-Z]{4}\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows in an order of their own; `told` counts messages as (chat, first words)."""

    orders: Rows
    groups: Rows
    seats: Rows
    payments: Rows
    refunds: Rows
    ledger: dict[str, int]
    told: Counter[tuple[str, str]]


async def outcome_of(shop: Shop) -> Outcome:
    database = shop.database
    return Outcome(
        orders=await rows(database, _orders()),
        groups=await rows(database, _groups()),
        seats=await rows(database, _seats()),
        payments=await rows(database, _payments()),
        refunds=await rows(database, _refunds()),
        ledger=await ledger(database),
        told=told(shop.world),
    )


async def rows(database: Database, statement: Select[*tuple[object, ...]]) -> Rows:
    async with database.read() as session:
        found = (await session.execute(statement)).all()
    return sorted((tuple(map(_plain, row)) for row in found), key=repr)


def _plain(value: object) -> object:
    return getattr(value, "value", value)


def _orders() -> Select[*tuple[object, ...]]:
    return (
        select(
            col(Person.first_name),
            col(OrderLine.quantity),
            col(OrderLine.unit_minor),
            col(Order.total_minor),
            col(Order.state),
        )
        .join_from(Order, OrderLine, col(OrderLine.order_id) == col(Order.id))
        .join(Person, col(Person.id) == col(Order.person_id))
    )


def _groups() -> Select[*tuple[object, ...]]:
    return select(
        col(Person.first_name),
        col(Deal.kind),
        col(GroupBuy.state),
        col(GroupBuy.paid),
        col(GroupBuy.seats_left),
        col(GroupBuy.final_minor),
    ).where(col(Deal.id) == col(GroupBuy.deal_id), col(Person.id) == col(GroupBuy.host_id))


def _seats() -> Select[*tuple[object, ...]]:
    return select(
        col(Person.first_name), col(Seat.quantity), col(Seat.state), col(Seat.price_minor)
    ).where(col(Person.id) == col(Seat.person_id))


def _payments() -> Select[*tuple[object, ...]]:
    return select(
        col(Person.first_name),
        col(Payment.state),
        col(Payment.amount_minor),
        col(Payment.refunded_minor),
    ).where(col(Person.id) == col(Payment.person_id))


def _refunds() -> Select[*tuple[object, ...]]:
    return select(
        col(Person.first_name), col(Refund.reason), col(Refund.amount_minor), col(Refund.state)
    ).where(col(Payment.id) == col(Refund.payment_id), col(Person.id) == col(Payment.person_id))


async def ledger(database: Database) -> dict[str, int]:
    """Sums by kind of account; they add up to nothing."""
    statement = select(
        col(LedgerEntry.account), func.sum(col(LedgerEntry.amount_minor)).label("minor")
    ).group_by(col(LedgerEntry.account))
    async with database.read() as session:
        found = (await session.execute(statement)).all()
    sums: Counter[str] = Counter()
    for account, minor in found:
        sums[account.partition(":")[0]] += int(minor)
    return dict(sorted(sums.items()))


def told(world: World) -> Counter[tuple[str, str]]:
    """Every message the bot sent, edits aside."""
    return Counter(
        (name_of(world, one.chat), first_words(one.text) or one.method)
        for one in world.deliveries
        if not one.edit
    )


def name_of(world: World, chat: int) -> str:
    return world.people[chat].first_name if chat in world.people else world.chats[chat].title


def first_words(text: str) -> str:
    line = text.partition("\n")[0]
    return " ".join(CODE.sub("CODE", line).split()[:FEW_WORDS])
