"""A handler that is stopped in the middle leaves nothing behind: no lock, no half purchase."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions.checkout import buy_flash
from storage.database import Database, open_database
from storage.tables import Checkout, Deal, DealKind
from tests.commerce.people import NOW, a_deal, some_people
from tests.races.stops import Stop, stands

pytestmark = pytest.mark.clocked  # transactions stand still for moments

STEPS = ("UPDATE deal", "UPDATE variant", "INSERT INTO checkout ", "INSERT INTO checkoutline")


@pytest.mark.parametrize("step", STEPS)
async def test_purchase_cancelled_in_the_middle_never_was(
    database_url: str, database: Database, step: str
) -> None:
    stopped, other = await some_people(database, 2)
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=1)
    door = open_database(database_url, pool_size=1)
    stop = Stop(door, step)
    buying = asyncio.create_task(buy_flash(replace(stopped, database=door), deal.code, now=NOW))
    await stands(buying, stop)
    assert stop.reached.is_set()
    buying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await buying
    assert await buy_flash(other, deal.code, now=NOW)
    async with database.read() as session:
        held = (await session.execute(select(func.count()).select_from(Checkout))).scalar_one()
        left = (await session.execute(select(col(Deal.stock_left)))).scalar_one()
    assert (held, left) == (1, 0)
    assert (await door_works(door)) == 1
    await door.close()


async def door_works(door: Database) -> int:
    """Its only connection can be used again."""
    async with door.begin() as session:
        return (await session.execute(select(func.count()).select_from(Deal))).scalar_one()
