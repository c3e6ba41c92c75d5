"""Every schema step goes up and down on both databases, and says the same as the tables."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from storage import schema
from storage.database import Database, open_database
from storage.failures import SchemaMismatch


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


async def test_schema_goes_up_and_down(database: Database) -> None:
    await schema.check(database)
    assert "group_buy" in await tables(database)
    await schema.downgrade(database)
    assert await tables(database) == {"alembic_version"}
    await schema.upgrade(database)
    await schema.check(database)


async def test_empty_database_is_refused(database_url: str) -> None:
    empty = open_database(database_url)
    with pytest.raises(SchemaMismatch, match="schema is empty"):
        await schema.require_current(empty)
    await empty.close()
