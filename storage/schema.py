"""Schema steps: up, down, and whether the database is at the version this program expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database
from storage.failures import SchemaMismatch

MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


async def upgrade(database: Database, revision: str = "head") -> None:
    async with database.writer.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config(sync), revision))
        await connection.commit()


async def downgrade(database: Database, revision: str = "base") -> None:
    async with database.writer.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), revision))
        await connection.commit()


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
