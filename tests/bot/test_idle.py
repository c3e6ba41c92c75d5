"""A program with nothing to do asks each thing once a second at most, and is woken by others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.clock import SystemClock
from bot.run import OUTBOX, House
from storage.database import Database, open_database
from storage.gate import MemoryGate
from tests.bot.scripted import ScriptedApi
from tests.chat.conftest import open_shop, settings_for

SECONDS = 6
UNCOUNTED = ("BEGIN", "SELECT pg_try_advisory", "SELECT pg_advisory")


@contextmanager
def counted(database: Database) -> Iterator[Counter[str]]:
    """Every statement that goes to the database meanwhile."""
    said: Counter[str] = Counter()

    def heard(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said[statement] += 1

    def heard_quick(statement: str) -> None:
        said[statement] += 1

    engines = {database.engine.sync_engine, database.writer.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", heard)
    database.quick.heard.append(heard_quick)
    try:
        yield said
    finally:
        database.quick.heard.remove(heard_quick)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", heard)


def too_often(said: Counter[str]) -> dict[str, int]:
    """More than once a second, and once for where the window begins."""
    return {
        words: times
        for words, times in said.items()
        if times > SECONDS + 1 and not words.startswith(UNCOUNTED)
    }


@pytest.mark.clocked
async def test_idle_program_asks_once_a_second_at_most(database: Database, stocked: None) -> None:
    async with open_shop(database):
        await asyncio.sleep(3)  # what the start left to do
        with counted(database) as said:
            await asyncio.sleep(SECONDS)
    assert said  # it was heard
    assert too_often(said) == {}


async def test_busy_loop_would_be_noticed(database: Database) -> None:
    with counted(database) as said:
        for _ in range(SECONDS + 2):
            async with database.read() as session:
                await session.execute(text("SELECT 1"))
    assert too_often(said) == {"SELECT 1": SECONDS + 2}


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_process_without_redis_wakes_another(
    database: Database, database_url: str, api: ScriptedApi
) -> None:
    other = open_database(database_url, pool_size=2)
    here, there = (
        House(settings_for(api.base), one, SystemClock(), api.client(), MemoryGate(), None)
        for one in (database, other)
    )
    bell = there.bell(OUTBOX)
    assert await bell.wait(20)  # it listens
    waiting = asyncio.create_task(bell.wait(20))
    here.wake(OUTBOX)
    assert await waiting
    await asyncio.gather(*here.ringing)
    for house in (here, there):
        await asyncio.gather(*(one.close() for one in house.bells.values()))
    await other.close()
