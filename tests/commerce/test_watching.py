"""What stands still is told to the operators: once an hour, in their language, and no sooner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from commerce.actions.watching import raise_alerts
from commerce.rules.standing import LIMITS, standing_still
from scheduler.watch import Watch
from storage import inbox
from storage.database import Database
from storage.inbox import Raw
from storage.redis import MemoryBell
from storage.tables import Outbox, Payment, PaymentState, Person
from tests.commerce.people import BOT, NOW, some_people

OPERATOR, OTHER = 1_000, 1_001
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("what", LIMITS)
def test_limit_itself_is_not_too_long(what: str) -> None:
    limit = LIMITS[what].total_seconds()
    assert standing_still({what: limit}) == []
    assert standing_still({what: limit + 1}) == [what]


async def stuck_update(database: Database, minutes: float) -> None:
    await inbox.store(database, [Raw(BOT, 1, "chat:1", 1, "{}")])
    async with database.begin() as session:
        by = {"by": minutes * 60}
        await session.execute(text("UPDATE inbox SET received_at = received_at - :by"), by)


async def told(database: Database) -> list[tuple[int, str, str]]:
    async with database.read() as session:
        rows = await session.execute(select(Outbox).order_by(col(Outbox.id)))
        return [(row.chat_id, row.locale, row.facts["what"]) for row in rows.scalars()]


async def test_stuck_update_is_told_once_an_hour_for_as_long_as_it_lasts(
    database: Database,
) -> None:
    await some_people(database, 2)
    async with database.begin() as session:
        await session.execute(
            update(Person).where(col(Person.telegram_id) == OPERATOR).values(locale="zh")
        )
    await stuck_update(database, 11)
    for minute in range(0, 120, 5):
        found = await raise_alerts(database, BOT, [OPERATOR, 77], now=NOW + minute * MINUTE)
        assert "updates" in [one.what for one in found]
    rows = [row for row in await told(database) if row[2] == "updates"]
    assert rows == [(OPERATOR, "zh", "updates")] * 2


async def test_what_moves_is_not_told(database: Database) -> None:
    await some_people(database, 2)
    await stuck_update(database, 9)
    assert await raise_alerts(database, BOT, [OPERATOR], now=NOW) == []
    assert await told(database) == []


@pytest.mark.parametrize(
    ("state", "minutes", "alerts"),
    [
        (PaymentState.RECEIVED, 16, ["payments"]),
        (PaymentState.RECEIVED, 14, []),
        (PaymentState.LATE, 16, []),  # its payer may take a day to choose
        (PaymentState.FULFILLED, 16, []),
    ],
)
async def test_payment_without_an_end_is_told_after_a_quarter_of_an_hour(
    database: Database, state: PaymentState, minutes: int, alerts: list[str]
) -> None:
    [payer] = await some_people(database, 1)
    async with database.begin() as session:
        session.add(
            Payment(
                provider="pretend",
                charge_id="c1",
                provider_charge_id="p1",
                bot_id=BOT,
                person_id=payer.person_id,
                state=state,
                currency="USD",
                amount_minor=100,
                received_at=NOW - minutes * MINUTE,
            )
        )
    found = await raise_alerts(database, BOT, [], now=NOW)
    assert [one.what for one in found] == alerts


async def test_two_watches_tell_it_once(database: Database) -> None:
    await some_people(database, 1)
    await stuck_update(database, 11)
    bell = MemoryBell()
    watches = [Watch(database, BOT, [OPERATOR], now=lambda: NOW, bell=bell) for _ in range(2)]
    assert [await watch.look() for watch in watches] == [["updates"]] * 2
    assert await told(database) == [(OPERATOR, "en", "updates")]
    assert await bell.wait(1)
