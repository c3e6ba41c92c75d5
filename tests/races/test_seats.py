"""200 buyers on 16 connections for 10 seats: exactly 10 sold; without the guard, more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import checkout, groups, stock
from commerce.actor import Actor
from commerce.refusals import GroupFull, GroupOver, SoldOut
from storage.columns import id_of
from storage.database import Database, open_database
from storage.tables import (
    CheckoutLine,
    Deal,
    DealKind,
    GroupBuy,
    GroupState,
    Seat,
    SeatState,
    Variant,
)
from tests.commerce.people import NOW, a_deal, some_people

BUYERS, CONNECTIONS, SEATS = 200, 16, 10
LOST = (GroupFull, GroupOver, SoldOut)

Buy = Callable[[Actor], Awaitable[object]]


@pytest.fixture
async def connections(database_url: str, database: Database) -> AsyncIterator[list[Database]]:
    """Sixteen programs, each with a connection of its own."""
    async with AsyncExitStack() as stack:
        opened = []
        for _ in range(CONNECTIONS):
            one = open_database(database_url, pool_size=1)
            stack.push_async_callback(one.close)
            opened.append(one)
        yield opened


async def rush(buyers: list[Actor], connections: list[Database], buy: Buy) -> int:
    """Everybody buys at once, each connection one after the other. How many were served."""
    lines = [buyers[n::CONNECTIONS] for n in range(CONNECTIONS)]

    async def stand_in_line(database: Database, line: list[Actor]) -> int:
        served = 0
        for buyer in line:
            try:
                await buy(replace(buyer, database=database))
                served += 1
            except LOST:
                continue
        return served

    return sum(
        await asyncio.gather(
            *(stand_in_line(c, line) for c, line in zip(connections, lines, strict=True))
        )
    )


async def a_group(database: Database, host: Actor, *, stock: int = 1_000) -> GroupBuy:
    """Eleven seats, the host in one of them: ten are left."""
    deal = await a_deal(database, DealKind.TEAM, ((SEATS + 1, 1_500),), stock=stock)
    joined = await groups.open_group(host, deal.code, now=NOW)
    async with database.read() as session:
        found = await session.execute(
            select(GroupBuy).where(col(GroupBuy.code) == joined.group_code)
        )
        return found.scalar_one()


async def seats_taken(database: Database, group: GroupBuy) -> int:
    async with database.read() as session:
        found = await session.execute(
            select(func.count())
            .select_from(Seat)
            .where(col(Seat.group_id) == group.id, col(Seat.state) != SeatState.RELEASED)
        )
        return found.scalar_one() - 1


async def test_ten_seats_are_sold_ten_times(
    database: Database, connections: list[Database]
) -> None:
    host, *buyers = await some_people(database, BUYERS + 1)
    group = await a_group(database, host)
    served = await rush(buyers, connections, lambda a: groups.join_group(a, group.code, now=NOW))
    assert served == SEATS
    assert await seats_taken(database, group) == SEATS
    async with database.read() as session:
        left = await session.execute(
            select(col(GroupBuy.seats_left)).where(col(GroupBuy.id) == group.id)
        )
        sold = await session.execute(select(1_000 - col(Deal.stock_left)))
        shelf = await session.execute(select(1_000 - col(Variant.stock_left)))
    assert (left.scalar_one(), sold.scalar_one(), shelf.scalar_one()) == (0, SEATS + 1, SEATS + 1)


async def test_ten_flash_pieces_are_sold_ten_times(
    database: Database, connections: list[Database]
) -> None:
    buyers = await some_people(database, BUYERS)
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=SEATS)
    served = await rush(buyers, connections, lambda a: checkout.buy_flash(a, deal.code, now=NOW))
    assert served == SEATS
    async with database.read() as session:
        held = await session.execute(select(func.sum(col(CheckoutLine.quantity))))
        left = await session.execute(select(col(Deal.stock_left)))
    assert (held.scalar_one(), left.scalar_one()) == (SEATS, 0)


async def without_checks(database: Database, connections: list[Database], table: str) -> None:
    """Takes the last wall down as well: the CHECK constraint on what is left."""
    if database.dialect == "postgresql":
        async with database.begin() as session:
            await session.execute(
                text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{LEFT[table]}")
            )
        return
    for one in connections:
        event.listen(one.writer.sync_engine, "connect", _ignore_checks)


LEFT = {"group_buy": "seats_left", "deal": "stock_left"}


def _ignore_checks(connection: object, record: object) -> None:
    connection.execute("PRAGMA ignore_check_constraints=ON")  # type: ignore[attr-defined]


async def careless_seat(session: AsyncSession, group: GroupBuy, now: datetime) -> GroupBuy:
    """`_take_seat` without its guard."""
    taken = await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id, col(GroupBuy.state) == GroupState.OPEN)
        .values(seats_left=col(GroupBuy.seats_left) - 1)
        .returning(GroupBuy)
        .execution_options(populate_existing=True)
    )
    return taken.scalar_one()


async def careless_stock(
    session: AsyncSession, kind: type[Deal] | type[Variant], id_: int, quantity: int
) -> None:
    """`_take` without its guard."""
    await session.execute(
        update(kind).where(col(kind.id) == id_).values(stock_left=col(kind.stock_left) - quantity)
    )


async def test_without_the_guard_seats_are_oversold(
    database: Database, connections: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: this bench does notice."""
    host, *buyers = await some_people(database, BUYERS + 1)
    group = await a_group(database, host)
    monkeypatch.setattr(groups, "_take_seat", careless_seat)
    await without_checks(database, connections, "group_buy")
    served = await rush(buyers, connections, lambda a: groups.join_group(a, group.code, now=NOW))
    assert served > SEATS
    assert await seats_taken(database, group) == served


async def test_without_the_guard_stock_is_oversold(
    database: Database, connections: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    buyers = await some_people(database, BUYERS)
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=SEATS)
    monkeypatch.setattr(stock, "_take", careless_stock)
    await without_checks(database, connections, "deal")
    served = await rush(buyers, connections, lambda a: checkout.buy_flash(a, deal.code, now=NOW))
    assert served > SEATS
    assert id_of(deal)
