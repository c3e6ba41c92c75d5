"""A chat shuts us out while the clock writes its message: the message must not leave."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from storage import reach
from storage.database import Database
from storage.tables import OutboxState
from tests.commerce.announced import BOT, NOON, Street
from tests.races.stops import Stop, stands


async def test_who_shuts_us_out_meanwhile_is_not_written_to(database: Database) -> None:
    street = Street(database)
    await street.deal(await street.shelf(), NOON + timedelta(hours=2))
    await street.chat()
    stop = Stop(database, "INSERT INTO announcement")
    telling = asyncio.create_task(street.announce(NOON))
    await stands(telling, stop)

    async def hear() -> None:
        async with database.begin() as session:
            await reach.mark_unreachable(session, BOT, -1_001, "kicked", now=NOON)

    hearing = asyncio.create_task(hear())
    await stands(hearing)
    stop.go.set()
    await asyncio.gather(telling, hearing)
    assert [row.state for row in await street.queued()] == [OutboxState.DEAD]
    assert await street.announce(NOON + timedelta(minutes=95)) == 0
