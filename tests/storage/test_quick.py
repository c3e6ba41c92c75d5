"""Statements run by the driver itself: values as SQLAlchemy's, failures by our names."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import Integer, bindparam, insert, select, text
from sqlmodel import col

from storage.database import Database
from storage.failures import Busy, Unavailable
from storage.quick import QuickStatement, compiled
from storage.tables import Deal, Person
from tests import services
from tests.commerce.people import NOW

PEOPLE = Person.metadata.tables["person"]
BY_ID = QuickStatement(select(*PEOPLE.c).where(col(Person.telegram_id) == bindparam("who")))
NEW = QuickStatement(
    insert(PEOPLE)
    .values(
        telegram_id=bindparam("who"),
        first_name="Ann",
        telegram_locale="en",
        created_at=bindparam("at", type_=PEOPLE.c.created_at.type),
        seen_at=bindparam("at", type_=PEOPLE.c.seen_at.type),
    )
    .returning(PEOPLE.c.id)
)


async def test_rows_are_those_of_a_session(database: Database, stocked: None) -> None:
    """Enums, instants and texts in languages included."""
    columns = select(*Deal.metadata.tables["deal"].c).order_by(col(Deal.id))
    async with database.read() as session:
        known = [tuple(row) for row in await session.execute(columns)]
    assert [tuple(row) for row in await QuickStatement(columns).rows(database)] == known


async def test_what_is_written_is_there(database: Database) -> None:
    made = await NEW.write(database, who=7, at=NOW)
    found = await BY_ID.first(database, who=7)
    assert (found.id, found.seen_at) == (made[0].id, NOW)
    assert await BY_ID.first(database, who=8) is None


async def test_nothing_is_written_when_a_step_fails(database: Database) -> None:
    quick = database.quick
    twice = [NEW.step(quick.dialect, {"who": 7, "at": NOW}) for _ in range(2)]
    with pytest.raises(Unavailable):
        await quick.write(twice)
    assert await BY_ID.first(database, who=7) is None


async def test_nothing_is_written_when_the_last_word_fails(database: Database) -> None:
    def refuse() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await NEW.write(database, refuse, who=7, at=NOW)
    assert await BY_ID.first(database, who=7) is None
    assert await NEW.write(database, who=7, at=NOW + timedelta(1))  # the next is free to write


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_row_held_by_another_is_busy(database: Database) -> None:
    await NEW.write(database, who=7, at=NOW)
    taking = QuickStatement(PEOPLE.update().values(first_name="Bob").returning(PEOPLE.c.id))
    async with database.begin() as session:
        await session.execute(text("SELECT id FROM person FOR UPDATE"))
        with pytest.raises(Busy):
            await taking.write(database)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_read_outlives_connections_that_were_cut(database: Database) -> None:
    await NEW.write(database, who=7, at=NOW)
    assert await BY_ID.first(database, who=7)
    server = await services.postgres_server()
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
            database.engine.url.database,
        )
    finally:
        await admin.close()
    assert (await BY_ID.first(database, who=7)).first_name == "Ann"


async def test_lists_of_any_length_are_refused(database: Database) -> None:
    any_of = select(col(Deal.id)).where(col(Deal.id).in_(bindparam("ids", expanding=True)))
    with pytest.raises(ValueError, match="fixed words"):
        compiled(any_of, database.quick.dialect)
    one = select(col(Deal.id)).limit(bindparam("most", type_=Integer))
    assert compiled(one, database.quick.dialect).args({"most": 3})[0] == 3
