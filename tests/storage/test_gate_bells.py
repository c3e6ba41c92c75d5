"""Bells wake who waits, across processes with Redis, through PostgreSQL, and without either."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from storage.database import Database, open_database
from storage.postgres_bell import PostgresBell
from storage.redis import MemoryBell, RedisBell
from tests.conftest import need
from tests.services import fresh_postgres, postgres_server


async def test_ring_wakes_and_is_used_up() -> None:
    bell = MemoryBell()
    await bell.ring()
    assert await bell.wait(5)
    assert not await bell.wait(0.01)


async def test_ring_crosses_processes(redis_url: str) -> None:
    name = uuid.uuid4().hex
    here, there = RedisBell(redis_url, name), RedisBell(redis_url, name)
    assert await there.wait(5)  # it listens now
    waiting = asyncio.create_task(there.wait(10))
    await here.ring()
    assert await waiting
    await here.close()
    await there.close()


async def test_bell_without_redis_rings_at_home() -> None:
    bell = RedisBell("redis://127.0.0.1:1", "x")
    assert not await bell.wait(0.05)
    await bell.ring()
    assert await bell.wait(5)
    await bell.close()


@pytest.fixture
async def postgres() -> AsyncIterator[Database]:
    need("PostgreSQL", await postgres_server())
    async with fresh_postgres() as url:
        opened = open_database(url, pool_size=2)
        yield opened
        await opened.close()


async def cut_all(database: Database) -> None:
    """Every other connection to this database is ended by the server."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with database.read() as session:
        await session.execute(text(others))


async def test_ring_crosses_processes_through_postgres(postgres: Database) -> None:
    here, there = PostgresBell(postgres, "a"), PostgresBell(postgres, "a")
    other = PostgresBell(postgres, "b")
    assert await there.wait(10)  # they listen now
    assert await other.wait(10)
    waiting = asyncio.create_task(there.wait(10))
    await here.ring()
    assert await waiting
    assert not await other.wait(0.2)
    for bell in (here, there, other):
        await bell.close()


async def test_no_ring_is_swallowed_by_the_one_before_it(postgres: Database) -> None:
    here, there = PostgresBell(postgres, "a"), PostgresBell(postgres, "a")
    assert await there.wait(10)
    for _ in range(20):
        await here.ring()
        assert await there.wait(10)
        await here.ring()
        await here.ring()  # while the one before is on its way
        assert await there.wait(10)
    await here.close()
    await there.close()


async def test_cut_bell_connects_again(
    postgres: Database, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = PostgresBell(postgres, "a"), PostgresBell(postgres, "a")
    assert await there.wait(10)
    for _ in range(3):
        await cut_all(postgres)
        assert await there.wait(20)  # it listens again, and looks at once
        waiting = asyncio.create_task(there.wait(10))
        await here.ring()
        assert await waiting
    assert {record.levelname for record in caplog.records} == {"WARNING"}
    await here.close()
    await there.close()


async def test_bell_without_postgres_rings_at_home() -> None:
    away = open_database("postgresql+asyncpg://me:Canary@127.0.0.1:1/none")
    bell = PostgresBell(away, "a")
    assert not await bell.wait(0.2)
    await bell.ring()
    assert await bell.wait(5)
    await bell.close()
    await away.close()
