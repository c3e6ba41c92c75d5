"""Schema steps: up, down, and whether the database is at the version this program expects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.failures import SchemaMismatch

MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


async def upgrade(database: Database, revision: str = "head") -> None:
    async with _migrating(database) as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))


async def downgrade(database: Database, revision: str = "base") -> None:
    async with _migrating(database) as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), revision))


@asynccontextmanager
async def _migrating(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction. SQLite changes a table by making it anew, which its foreign keys would
    take for the deletion of all its rows: they are checked at the end instead."""
    async with database.writer.connect() as connection:
        sqlite = database.dialect == "sqlite"
        if sqlite:
            await _keys(connection, "OFF")
        try:
            yield connection
            if sqlite:
                orphan = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
                if orphan is not None:
                    raise SchemaMismatch(f"a row of {orphan[0]} would point nowhere")
            await connection.commit()
        finally:
            await connection.rollback()
            if sqlite:
                await _keys(connection, "ON")


async def _keys(connection: AsyncConnection, on: str) -> None:
    """Outside of any transaction: inside of one SQLite ignores this."""
    raw = await connection.get_raw_connection()
    await raw.driver_connection.execute(f"PRAGMA foreign_keys={on}")  # type: ignore[union-attr]


async def check(database: Database) -> None:
    """Raises alembic's CommandError when the tables and the migrations disagree."""
    async with database.writer.connect() as connection:
        await connection.run_sync(lambda sync: command.check(config(sync)))


async def require_current(database: Database) -> None:
    """Raises SchemaMismatch unless the database is at this program's schema version."""
    expected = ScriptDirectory.from_config(config()).get_current_head()
    async with database.engine.connect() as connection:
        found = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    if found != expected:
        raise SchemaMismatch(f"schema is {found or 'empty'}, this program needs {expected}")
