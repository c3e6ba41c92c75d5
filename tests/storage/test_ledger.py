"""The ledger is written once and sums to zero: the database holds it, whoever writes."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from commerce.actions import ledger
from storage.database import Database
from storage.tables import LedgerEntry
from tests.commerce.people import NOW

CHANGES = (
    "UPDATE ledger_entry SET amount_minor = 0",
    "UPDATE ledger_entry SET account = 'mine'",
    "DELETE FROM ledger_entry",
)


async def write(database: Database, *entries: tuple[str, str, str, int]) -> None:
    """Key, account, currency and amount of each; one statement and one transaction for all."""
    names = ("transaction_key", "account", "currency", "amount_minor")
    rows = [dict(zip(names, entry, strict=True)) | {"created_at": NOW} for entry in entries]
    async with database.begin() as session:
        await session.execute(insert(LedgerEntry), rows)


async def entries(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count(col(LedgerEntry.id))))).scalar_one()


async def a_pair(database: Database) -> None:
    await write(database, ("t", "a", "USD", 5), ("t", "b", "USD", -5))


@pytest.mark.parametrize("change", CHANGES)
async def test_ledger_refuses_change(database: Database, change: str) -> None:
    await a_pair(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as session:
            await session.execute(text(change))
    assert await entries(database) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_ledger_refuses_to_be_replaced(database: Database) -> None:
    await a_pair(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as session:
            await session.execute(
                text(
                    "INSERT OR REPLACE INTO ledger_entry SELECT id, transaction_key, account,"
                    " currency, 0, created_at FROM ledger_entry"
                )
            )
    assert await entries(database) == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_ledger_refuses_to_be_emptied(database: Database) -> None:
    await a_pair(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as session:
            await session.execute(text("TRUNCATE ledger_entry"))


@pytest.mark.parametrize(
    "amounts",
    [
        (("t", "a", "USD", 5),),
        (("t", "a", "USD", 5), ("t", "b", "USD", -4)),
        (("t", "a", "USD", 5), ("t", "b", "EUR", -5)),
        (("t", "a", "USD", 5), ("u", "b", "USD", -5)),
    ],
    ids=["alone", "too little", "two currencies", "two transactions"],
)
async def test_what_does_not_balance_is_not_committed(
    database: Database, amounts: tuple[tuple[str, str, str, int], ...]
) -> None:
    with pytest.raises(IntegrityError):
        await write(database, *amounts)
    assert await entries(database) == 0
    await a_pair(database)


async def test_what_balances_at_last_is_committed(database: Database) -> None:
    """Between two statements of a transaction it need not."""
    async with database.begin() as session:
        for account, amount in (("a", 5), ("b", -3), ("c", -2)):
            session.add(
                LedgerEntry(
                    transaction_key="t",
                    account=account,
                    currency="USD",
                    amount_minor=amount,
                    created_at=NOW,
                )
            )
            await session.flush()
    assert await entries(database) == 3


async def test_nothing_is_added_to_a_transaction_that_is_over(database: Database) -> None:
    await a_pair(database)
    with pytest.raises(IntegrityError):
        await write(database, ("t", "c", "USD", 1))
    with pytest.raises(IntegrityError):  # nor said twice
        await a_pair(database)
    assert await entries(database) == 2


async def test_posting_refuses_before_the_database_does(database: Database) -> None:
    async with database.begin() as session:
        with pytest.raises(ledger.Unbalanced):
            await ledger.post(session, "t", "USD", {"a": 5, "b": -4}, now=NOW)
        await ledger.post(session, "t", "USD", {"a": 5, "b": -5, "c": 0}, now=NOW)
        await ledger.post(session, "nothing", "USD", {"a": 0}, now=NOW)
    assert await entries(database) == 2


async def test_walls_are_what_refuses(database: Database) -> None:
    """The negative control: without the triggers all of it goes through."""
    async with database.begin() as session:
        for statement in WITHOUT[database.dialect]:
            await session.execute(text(statement))
    await write(database, ("t", "a", "USD", 5))
    async with database.begin() as session:
        for change in CHANGES:
            await session.execute(text(change))
    assert await entries(database) == 0


WITHOUT = {
    "sqlite": [
        f"DROP TRIGGER ledger_entry_{name}"
        for name in ("no_update", "no_delete", "no_replace", "weigh")
    ],
    "postgresql": [
        f"DROP TRIGGER ledger_entry_{name} ON ledger_entry" for name in ("no_change", "balance")
    ],
}
