"""Transactions: one writer at a time on SQLite, short waits for rows on PostgreSQL."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from storage.database import Database, db_time, open_database
from storage.failures import Busy
from storage.tables import Person

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def person(number: int) -> Person:
    return Person(telegram_id=number, first_name="P", created_at=NOW, seen_at=NOW)


async def people(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(Person))).scalar_one()


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@on_sqlite
async def test_sqlite_is_set_for_safety(database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}
    for engine in (database.engine, database.writer):
        async with engine.connect() as connection:
            found = {
                name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                for name in wanted
            }
        assert found == wanted


async def fail_midway(database: Database) -> None:
    async with database.begin() as session:
        session.add(person(1))
        await session.flush()
        raise ZeroDivisionError


async def test_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_midway(database)
    assert await people(database) == 0


async def test_commit_that_is_refused_stands_in_nobodys_way(
    database: Database, database_url: str
) -> None:
    """A deferred constraint is looked at by COMMIT itself."""
    other = open_database(database_url)
    async with other.begin() as session:
        await session.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY)"))
        await session.execute(
            text("CREATE TABLE b (a_id INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)")
        )
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(text("INSERT INTO b VALUES (1)"))
    for one in (other, database):
        async with one.begin() as session:
            session.add(person(1 if one is other else 2))
    await other.close()
    assert await people(database) == 2


async def test_reader_sees_one_moment_beside_a_writer(database: Database) -> None:
    async with database.begin() as session:
        session.add(person(1))
        await session.flush()
        assert await people(database) == 0
    assert await people(database) == 1


@on_sqlite
async def test_two_programs_that_count_up_lose_nothing(
    database: Database, database_url: str
) -> None:
    """Read, then write what was read plus one: right only because writers take turns."""
    async with database.begin() as session:
        session.add(person(0))
    other = open_database(database_url)

    async def count_up(one: Database) -> None:
        for _ in range(20):
            async with one.begin() as session:
                row = (await session.execute(select(Person))).scalar_one()
                await session.execute(update(Person).values(telegram_id=(row.telegram_id or 0) + 1))

    await asyncio.gather(count_up(database), count_up(other))
    await other.close()
    async with database.read() as session:
        assert (await session.execute(select(col(Person.telegram_id)))).scalar_one() == 40


@on_postgres
async def test_row_that_stays_locked_is_busy(database: Database, database_url: str) -> None:
    async with database.begin() as session:
        session.add(person(1))
    other = open_database(database_url)
    async with database.begin() as holder:
        await holder.execute(update(Person).values(first_name="held"))
        with pytest.raises(Busy):
            async with other.begin() as waiter:
                await waiter.execute(update(Person).values(first_name="late"))
    await other.close()


@on_sqlite
async def test_file_that_stays_locked_is_busy(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TRIES", 1)
    other = open_database(database_url)
    async with other.writer.connect() as connection:
        await connection.execute(text("PRAGMA busy_timeout=50"))
    async with database.begin() as holder:
        holder.add(person(1))
        await holder.flush()
        with pytest.raises(Busy):
            async with other.begin():
                raise AssertionError("two writers at once")
    await other.close()


async def test_database_clock_is_unix_time(database: Database) -> None:
    async with database.read() as session:
        found = (await session.execute(select(db_time()))).scalar_one()
    assert abs(found - datetime.now(UTC).timestamp()) < 60
