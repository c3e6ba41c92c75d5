"""A stocked shop in a database of its own, and our program running on it."""

from __future__ import annotations

import io
import secrets
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import asyncpg
from PIL import Image

from benchmarks.machine import Program, Telegram, free_port, listening, program
from storage import schema
from storage.database import Database, open_database
from storage.demo.seed import Drawing, seed

POSTGRES = "postgresql://127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"
SECRET = "benchmarks-benchmarks-benchmarks-01"
TOKEN = "42:benchmark-benchmark-benchmark-bench"
PATH = "/updates"
OPEN_GATE = 1_000_000
WHERE = ("SQLite", "PostgreSQL + Redis")


@cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (150, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def _draw(drawing: Drawing) -> bytes:
    return _picture()


@asynccontextmanager
async def database_address(where: str) -> AsyncIterator[str]:
    """An empty database with the current schema, gone at the end of the block."""
    async with AsyncExitStack() as stack:
        if where == "SQLite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kaituan-bench-"))
            url = f"sqlite+aiosqlite:///{folder}/kaituan.db"
        else:
            url = await stack.enter_async_context(_postgres())
        database = open_database(url)
        try:
            await schema.upgrade(database)
        finally:
            await database.close()
        yield url


@asynccontextmanager
async def _postgres() -> AsyncIterator[str]:
    name = f"kaituan_bench_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(POSTGRES)
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        base = POSTGRES.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
        yield f"{base}/{name}"
    finally:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def stock(url: str) -> None:
    """The demo shop."""
    async with opened(url) as database:
        await seed(database, now=datetime.now(UTC), owner_telegram_id=900_001, draw_one=_draw)


@dataclass(frozen=True, slots=True)
class Ours:
    """Our program, listening."""

    programs: Sequence[Program]
    port: int


@asynccontextmanager
async def ours(
    telegram: Telegram,
    url: str,
    where: str,
    *,
    roles: Sequence[str] = ("all",),
    gate: int = OPEN_GATE,
) -> AsyncIterator[Ours]:
    """In an empty folder, so that no `.env` is read."""
    port = free_port()
    env = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram.base,
        "MODE": "webhook",
        "WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "WEBHOOK_SECRET": SECRET,
        "WEB_PORT": str(port),
        "DATABASE_URL": url,
        "REDIS_URL": REDIS if where != "SQLite" else "",
        "GATE_A_SECOND": str(gate),
    }
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running = [
            await stack.enter_async_context(
                program("benchmarks.programs.ours", "run", "--role", role, env=env, folder=folder)
            )
            for role in roles
        ]
        if {"all", "web"} & set(roles):
            await listening(port)
        yield Ours(running, port)
