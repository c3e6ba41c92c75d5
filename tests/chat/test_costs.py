"""What a press costs: SQL statements and Bot API calls, counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import monotonic

import pytest
from sqlalchemy import event

from bot.roles import listener
from bot.run import door
from bot.worker import Pace
from playground.things import Message
from storage.database import Database
from tests.chat.conftest import open_shop
from tests.chat.shop import Phone, Shop

MOST_STATEMENTS = 3
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


class Counter:
    """The statements of the shop's own work, those of the inbox around it, and the bells that
    are rung by PostgreSQL where there is no Redis."""

    def __init__(self, database: Database) -> None:
        self.shop: list[str] = []
        self.inbox: list[str] = []
        self.bells: list[str] = []
        for engine in {database.engine.sync_engine, database.writer.sync_engine}:
            event.listen(engine, "before_cursor_execute", self._executed)
        database.quick.heard.append(self._count)

    def _executed(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        self._count(statement)

    def _count(self, statement: str) -> None:
        if statement.startswith(TRANSACTION):
            return
        if "pg_notify" in statement:
            self.bells.append(statement)
        else:
            (self.inbox if "inbox" in statement else self.shop).append(statement)

    def reset(self) -> None:
        for kind in (self.shop, self.inbox, self.bells):
            kind.clear()


@pytest.fixture
async def quiet_shop(database: Database, stocked: None) -> AsyncIterator[Shop]:
    """Only the parts that answer a press: no clock and no courier counts along."""
    async with open_shop(database, (door, listener)) as opened:
        yield opened
        assert opened.world.violations == []


async def cost(
    shop: Shop, counter: Counter, phone: Phone, message: Message, way: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Statements and Bot API calls of the last press of `way`, gone once before, so that its
    picture is known to the bot."""
    for button in (*way, "🏠", *way[:-1]):
        await phone.tap(message, button)
    known = len(shop.world.calls)
    counter.reset()
    await phone.tap(message, way[-1])
    calls = [c.method for c in list(shop.world.calls)[known:] if c.method != "getUpdates"]
    return list(counter.shop), calls


@pytest.mark.parametrize(
    "way",
    [("🗂", "🏠"), ("🗂", "🍵"), ("🗂", "🍵", "$")],
    ids=["home", "category", "product"],
)
async def test_a_press_costs_three_statements_and_one_call(
    quiet_shop: Shop, way: tuple[str, ...]
) -> None:
    counter = Counter(quiet_shop.database)
    alice = quiet_shop.phone("Alice")
    message = await alice.start()
    statements, calls = await cost(quiet_shop, counter, alice, message, way)
    assert len(statements) <= MOST_STATEMENTS, statements
    assert sorted(calls) == ["answerCallbackQuery", "editMessageMedia"]


async def test_the_inbox_adds_at_most_five_statements_a_press(quiet_shop: Shop) -> None:
    """For one lonely press after the other: stored, claimed, finished, and looks for more; and
    one look a second while nothing comes. Under load several presses share each of them."""
    counter = Counter(quiet_shop.database)
    alice = quiet_shop.phone("Alice")
    message = await alice.start()
    counter.reset()
    began = monotonic()
    for _ in range(5):
        await alice.tap(message, "🗂")
        await alice.tap(message, "🏠")
    idle_looks = 1 + int((monotonic() - began) / Pace().idle_seconds)
    stored = [s for s in counter.inbox if s.startswith("INSERT")]
    assert len(stored) == 10
    assert len(counter.inbox) <= 5 * 10 + idle_looks
    assert len(counter.bells) <= 3 * 10
