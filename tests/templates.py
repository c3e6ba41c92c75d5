"""Databases made once and copied for each test: an empty one, and one with a stocked shop."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from storage import schema
from storage.database import Database, open_database
from tests.services import new_name, postgres_server

FRESH_SECONDS = 300  # a stocked shop's deals must not be about to end

Fill = Callable[[Database], Awaitable[None]]
_folder = tempfile.TemporaryDirectory(prefix="kaituan-templates-")
_made: dict[tuple[str, str], Template] = {}


@dataclass(frozen=True, slots=True)
class Template:
    """`name` is a file, or a PostgreSQL database, that nobody is connected to."""

    name: str
    made_at: float


async def nothing_more(database: Database) -> None:
    """The current schema, and no rows."""


async def sqlite_copy(target: Path, kind: str, fill: Fill) -> str:
    """The address of a SQLite file copied from its template."""
    template = await _template("sqlite", kind, fill)
    await asyncio.to_thread(shutil.copyfile, template.name, target)
    return f"sqlite+aiosqlite:///{target}"


@asynccontextmanager
async def postgres_copy(kind: str, fill: Fill) -> AsyncIterator[str]:
    """The address of a PostgreSQL database copied from its template, dropped afterwards."""
    template = await _template("postgres", kind, fill)
    name = new_name()
    admin = await _admin()
    try:
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template.name}"')
        try:
            yield await _address(name)
        finally:
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


async def _template(server: str, kind: str, fill: Fill) -> Template:
    found = _made.get((server, kind))
    old = found is not None and time.monotonic() - found.made_at > FRESH_SECONDS
    if found is None or (old and kind == "shop"):
        found = await (_sqlite(kind, fill) if server == "sqlite" else _postgres(fill))
        _made[(server, kind)] = found
    return found


async def _sqlite(kind: str, fill: Fill) -> Template:
    file = Path(_folder.name) / f"{kind}-{uuid.uuid4().hex[:8]}.db"
    await _filled(f"sqlite+aiosqlite:///{file}", fill)
    return Template(str(file), time.monotonic())


async def _postgres(fill: Fill) -> Template:
    name = new_name()
    admin = await _admin()
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    await _filled(await _address(name), fill)
    return Template(name, time.monotonic())


async def _filled(url: str, fill: Fill) -> None:
    database = open_database(url)
    await schema.upgrade(database)
    await fill(database)
    await database.close()


async def drop_templates() -> None:
    """At the end of the run."""
    names = [t.name for (server, _), t in _made.items() if server == "postgres"]
    if names:
        admin = await _admin()
        for name in names:
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()
    _made.clear()
    _folder.cleanup()


async def _admin() -> asyncpg.Connection:
    server = await postgres_server()
    assert server is not None
    return await asyncpg.connect(server)


async def _address(name: str) -> str:
    server = await postgres_server()
    assert server is not None
    base = server.rpartition("/")[0].replace("postgresql://", "postgresql+asyncpg://")
    return f"{base}/{name}"
