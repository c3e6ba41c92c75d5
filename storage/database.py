"""The database: its engine, its transactions, and its own clock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Float

from storage.failures import Busy
from storage.quick import Quick
from storage.quick_drivers import QuickPostgres, QuickSqlite

WRITES = {"kaituan_writes": True}
BUSY_TRIES = 5
LOCK_TIMEOUT_MS = 3_000
SERVER_SETTINGS = {"lock_timeout": str(LOCK_TIMEOUT_MS), "application_name": "kaituan"}


class db_time(GenericFunction[float]):  # noqa: N801 - a SQL function's name
    """The database's own clock in Unix seconds. Leases are measured by it, on every machine."""

    type = Float()
    inherit_cache = True


@compiles(db_time, "sqlite")
def _sqlite_time(element: Any, compiler: Any, **kw: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(db_time, "postgresql")
def _postgres_time(element: Any, compiler: Any, **kw: Any) -> str:
    return "extract(epoch from clock_timestamp())::float8"


@dataclass(frozen=True, slots=True)
class Database:
    """One database. `read()` gives a session that sees one moment, `begin()` one that writes."""

    engine: AsyncEngine
    writer: AsyncEngine = field(repr=False)
    quick: Quick = field(repr=False)
    turn: AbstractAsyncContextManager[Any] = field(repr=False, default_factory=nullcontext)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: commits at the end of the block, rolls back on any error.

        SQLite takes the write lock at once (BEGIN IMMEDIATE); PostgreSQL is READ COMMITTED, and
        a row locked by another for over 3 s raises Busy. So does a SQLite file that stays locked.
        """
        async with self.turn, AsyncSession(self.writer, expire_on_commit=False) as session:
            await _take_write_lock(session)
            try:
                yield session
                await _commit(session)
            except DBAPIError as error:
                if is_lock_timeout(error):
                    raise Busy from error
                raise

    async def close(self) -> None:
        await self.quick.close()
        await self.engine.dispose()
        if self.writer is not self.engine:
            await self.writer.dispose()


async def _commit(session: AsyncSession) -> None:
    """A commit that SQLite refuses leaves its transaction open, with the write lock: SQLAlchemy
    believes that it is over, so the connection must not be used again."""
    try:
        await session.commit()
    except Exception:
        await session.invalidate()
        raise


async def _take_write_lock(session: AsyncSession) -> None:
    for attempt in range(BUSY_TRIES):
        try:
            await session.connection(execution_options=WRITES)
            return
        except OperationalError as error:
            await session.rollback()
            if not is_lock_timeout(error) or attempt == BUSY_TRIES - 1:
                raise Busy from error
            await asyncio.sleep(random.uniform(0.01, 0.05) * 2**attempt)


def is_lock_timeout(error: DBAPIError) -> bool:
    words = str(error.orig)
    return "database is locked" in words or "lock timeout" in words or "deadlock" in words


def open_database(url: str, *, pool_size: int = 5) -> Database:
    """Opens `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`; creates no tables."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={"server_settings": SERVER_SETTINGS},
    )
    _, where = engine.dialect.create_connect_args(parsed)
    return Database(engine, engine, QuickPostgres(engine.dialect, where, SERVER_SETTINGS))


def _open_sqlite(url: str) -> Database:
    # One writer at a time is all SQLite has: a pool of one keeps our own writers in a fair queue
    # instead of a busy loop, and readers go on beside it.
    reader = create_async_engine(url, pool_size=4, max_overflow=0)
    writer = create_async_engine(url, pool_size=1, max_overflow=0)
    for engine in (reader, writer):
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
    turn = asyncio.Lock()
    file = make_url(url).database or ":memory:"
    return Database(reader, writer, QuickSqlite(writer.dialect, file, turn), turn)


def _set_pragmas(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("kaituan_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def answers(database: Database) -> bool:
    """Whether the database can be read."""
    async with database.read() as session:
        return bool((await session.execute(text("SELECT 1"))).scalar_one())
