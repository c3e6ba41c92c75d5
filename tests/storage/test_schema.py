"""Every schema step goes up and down on both databases, and says the same as the tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from storage import schema
from storage.database import Database, open_database
from storage.failures import SchemaMismatch
from storage.tables import LedgerEntry


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


@pytest.mark.parametrize(
    "change", ["UPDATE ledger_entry SET amount_minor = 0", "DELETE FROM ledger_entry"]
)
async def test_ledger_refuses_change(database: Database, change: str) -> None:
    async with database.begin() as session:
        session.add(
            LedgerEntry(
                transaction_key="t",
                account="a",
                currency="USD",
                amount_minor=1,
                created_at=datetime.now(UTC),
            )
        )
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as session:
            await session.execute(text(change))
