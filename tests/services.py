"""Which servers the suite may use: named by the environment, else whatever answers locally."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

LOCAL_POSTGRES = "postgresql://127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379"
OURS = "kaituan_test_"
FORGOTTEN_SECONDS = 24 * 3600
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
UNUSED = """
SELECT datname FROM pg_database WHERE oid NOT IN
  (SELECT datid FROM pg_stat_activity WHERE datid IS NOT NULL)
"""

_answered: dict[str, bool] = {}


async def postgres_server() -> str | None:
    """An address of a PostgreSQL where databases may be created, or None."""
    address = os.environ.get("TEST_POSTGRES_URL", LOCAL_POSTGRES)
    if address not in _answered:
        _answered[address] = await _postgres_answers(address)
    return address if _answered[address] else None


async def _postgres_answers(address: str) -> bool:
    try:
        connection = await asyncpg.connect(address, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


async def redis_server() -> str | None:
    """An address of a Redis, or None."""
    address = os.environ.get("TEST_REDIS_URL", LOCAL_REDIS)
    if address not in _answered:
        _answered[address] = await _redis_answers(address)
    return address if _answered[address] else None


async def _redis_answers(address: str) -> bool:
    client = Redis.from_url(address, socket_connect_timeout=5)
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False
    finally:
        await client.aclose()


def new_name() -> str:
    """The name of a database: when it was made, and something that no other worker takes."""
    return f"{OURS}{int(time.time()):x}_{uuid.uuid4().hex[:12]}"


def forgotten(name: str, now: float) -> bool:
    """Whether it is a test's database of a day ago: its run was killed before it could drop it."""
    if not name.startswith(OURS):
        return False
    made_at, _, _ = name.removeprefix(OURS).rpartition("_")
    return not made_at or int(made_at, 16) < now - FORGOTTEN_SECONDS


async def drop_forgotten() -> None:
    """What killed runs left behind, where nobody is connected any more."""
    server = await postgres_server()
    if server is None:
        return
    admin = await asyncpg.connect(server)
    for (name,) in await admin.fetch(UNUSED):
        if forgotten(name, time.time()):
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await admin.close()


@asynccontextmanager
async def fresh_postgres() -> AsyncIterator[str]:
    """The SQLAlchemy address of a database of our own, dropped afterwards."""
    server = await postgres_server()
    assert server is not None
    name = new_name()
    admin = await asyncpg.connect(server)
    await admin.execute(f'CREATE DATABASE "{name}"')
    try:
        base = server.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
        yield f"{base}/{name}"
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()
