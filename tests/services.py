"""Which servers the suite may use: named by the environment, else whatever answers locally."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from redis.asyncio import Redis

LOCAL_POSTGRES = "postgresql://127.0.0.1:5432/postgres"
LOCAL_REDIS = "redis://127.0.0.1:6379"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


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
    except OSError:
        return False
    finally:
        await client.aclose()


@asynccontextmanager
async def fresh_postgres() -> AsyncIterator[str]:
    """The SQLAlchemy address of a database of our own, dropped afterwards."""
    server = await postgres_server()
    assert server is not None
    name = f"kaituan_test_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(server)
    await admin.execute(f'CREATE DATABASE "{name}"')
    try:
        base = server.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
        yield f"{base}/{name}"
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()
