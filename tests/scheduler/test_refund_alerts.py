"""A refund that waits an hour is told to the operators, once each; the buyer knows at both ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.actions import alerting
from commerce.actions.payments import Charge, record_payment
from commerce.actions.refunding import RefundJob
from scheduler.cashier import Cashier
from scheduler.clock import refund_alerts
from scheduler.providers import RefundRefused
from storage.database import Database
from storage.redis import MemoryBell
from storage.tables import Outbox, Refund, RefundState
from tests.commerce.people import BOT, NOW, some_people
from tests.scheduler.conftest import Turnable


class Down:
    """A provider that cannot be heard until it is up again."""

    up = False

    async def refund(self, job: RefundJob) -> None:
        if not self.up:
            raise RefundRefused("no answer")

    async def close(self) -> None:
        return None


async def told(database: Database) -> Counter[tuple[str, int]]:
    """How often which notice to whom."""
    async with database.read() as session:
        rows = await session.execute(select(col(Outbox.notice), col(Outbox.chat_id)))
        return Counter((notice or "", chat) for notice, chat in rows)


async def two_hours(database: Database, clock: Turnable) -> Counter[tuple[str, int]]:
    """The provider is down that long; two clocks sweep each minute, and a third at once."""
    operator, other, buyer = await some_people(database, 3)
    await record_payment(buyer, Charge("till", "c", "ch", "nothing", "USD", 100), now=NOW)
    till = Down()
    cashier = Cashier(database, {"till": till}, now=clock, bell=MemoryBell())
    sweep = refund_alerts([operator.telegram_id, other.telegram_id])
    early = None
    for minute in range(121):
        clock.at = NOW + timedelta(minutes=minute)
        await cashier.step()
        if minute in (0, 59, 60, 61, 120):
            await asyncio.gather(*(sweep(database, BOT, clock.at) for _ in range(3)))
        if minute == 59:
            early = await told(database)
    assert early == {("refund_started", buyer.telegram_id): 1}
    till.up = True
    clock.turn(600)
    await cashier.step()
    await cashier.stop()
    async with database.read() as session:
        refund = (await session.execute(select(Refund))).scalar_one()
    assert refund.state == RefundState.DONE
    assert 10 < refund.attempts < 40
    return await told(database)


EXPECTED = {
    ("refund_started", 1_002): 1,
    ("refund_waits", 1_000): 1,
    ("refund_waits", 1_001): 1,
    ("refund_arrived", 1_002): 1,
}


async def test_provider_down_two_hours_is_told_once_and_then_done(
    database: Database, clock: Turnable
) -> None:
    assert await two_hours(database, clock) == EXPECTED


async def test_without_the_hour_operators_are_told_too_soon(
    database: Database, clock: Turnable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alerting, "PATIENCE", timedelta(0))
    with pytest.raises(AssertionError):
        await two_hours(database, clock)
