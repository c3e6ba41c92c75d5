"""Leaving against the end of a group, and a freed seat against who has just left the line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import deciding, groups, leaving, lining_up
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from storage.database import Database, open_database
from storage.tables import DealKind, GroupBuy, Refund, Seat, SeatState
from tests.commerce.people import NOW, a_deal, some_people
from tests.races.stops import Stop, stands
from tests.races.test_locks import ALMOST, OVER, PRICE, STOCK, outcomes, shelf


@pytest.fixture
async def doors(database_url: str, database: Database) -> AsyncIterator[list[Database]]:
    """Two programs beside the test's own."""
    async with AsyncExitStack() as stack:
        opened = [open_database(database_url, pool_size=2) for _ in range(2)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


async def pay(who: Actor, code: str) -> None:
    charge = Charge("pretend", f"charge-{code}", code, code, "USD", PRICE)
    await record_payment(who, charge, now=NOW)


async def test_who_leaves_while_it_is_decided_goes_before_or_stays(
    database: Database, doors: list[Database]
) -> None:
    """One refund, and the goods back once."""
    [host] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    opened = await groups.open_group(host, deal.code, now=NOW)
    await pay(host, opened.checkout_code)
    async with database.read() as session:
        group_id = (await session.execute(select(col(GroupBuy.id)))).scalar_one() or 0
    stop = Stop(doors[0], "UPDATE checkout")
    going = asyncio.create_task(
        leaving.leave_group(replace(host, database=doors[0]), opened.group_code, now=ALMOST)
    )
    await stands(going, stop)
    closing = asyncio.create_task(deciding.decide_group(doors[1], group_id, now=OVER))
    await stands(closing)
    stop.go.set()
    assert await outcomes(going, closing) == [None, None]
    assert await shelf(database) == [STOCK]
    async with database.read() as session:
        refunds = (await session.execute(select(col(Refund.amount_minor)))).scalars().all()
    assert refunds == [PRICE]


async def test_who_joins_elsewhere_is_not_offered_a_seat_too(
    database: Database, doors: list[Database]
) -> None:
    """One piece a person: who takes a seat in another group leaves the line of the full one at
    the moment when a seat of it comes free."""
    first, second, other, waiting = await some_people(database, 4)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    full = await groups.open_group(first, deal.code, now=NOW)
    await groups.join_group(second, full.group_code, now=NOW)
    another = await groups.open_group(other, deal.code, now=NOW)
    assert await lining_up.wait_for_seat(waiting, full.group_code, now=NOW) == 1
    stop = Stop(doors[0], "UPDATE waiter SET", 2)  # after stepping out of the line it joins
    joining = asyncio.create_task(
        groups.join_group(replace(waiting, database=doors[0]), another.group_code, now=NOW)
    )
    await stands(joining, stop)
    going = asyncio.create_task(
        leaving.leave_group(replace(second, database=doors[1]), full.group_code, now=NOW)
    )
    await stands(going)
    stop.go.set()
    assert await outcomes(joining, going) == [None, None]
    async with database.read() as session:
        seats = await session.execute(
            select(func.count())
            .select_from(Seat)
            .where(col(Seat.person_id) == waiting.person_id, col(Seat.state) != SeatState.RELEASED)
        )
        assert seats.scalar_one() == 1
