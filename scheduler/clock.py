"""The clock: APScheduler wakes us, the tables say what is due."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from commerce.actions.alerting import alert_refunds
from commerce.actions.announcing import announce_due
from commerce.actions.sweeps import (
    close_groups,
    end_choices,
    end_deals,
    end_holds,
    receive_orders,
)
from storage import meters
from storage.database import Database
from storage.redis import Bell

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0

Sweep = Callable[[Database, int, datetime], Awaitable[int]]


async def _holds(database: Database, bot_id: int, now: datetime) -> int:
    return await end_holds(database, now=now)


async def _groups(database: Database, bot_id: int, now: datetime) -> int:
    return await close_groups(database, now=now)


async def _deals(database: Database, bot_id: int, now: datetime) -> int:
    return await end_deals(database, now=now)


async def _choices(database: Database, bot_id: int, now: datetime) -> int:
    return await end_choices(database, now=now)


async def _announcements(database: Database, bot_id: int, now: datetime) -> int:
    return await announce_due(database, bot_id, now=now)


async def _receipts(database: Database, bot_id: int, now: datetime) -> int:
    return await receive_orders(database, now=now)


def refund_alerts(operators: Collection[int]) -> Sweep:
    """The sweep that tells these operators of refunds that wait too long."""

    async def alerts(database: Database, bot_id: int, now: datetime) -> int:
        return await alert_refunds(database, bot_id, operators, now=now)

    return alerts


SWEEPS: tuple[Sweep, ...] = (_groups, _holds, _deals, _receipts, _choices, _announcements)


class ClockWork:
    """Sweeps once a second. A second clock elsewhere is harmless: what is due is done once."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        *,
        now: Callable[[], datetime],
        bell: Bell,
        sweeps: tuple[Sweep, ...] = SWEEPS,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._now = now
        self._bell = bell
        self._sweeps = sweeps
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=every_seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self.beaten_at: float | None = None
        self._stopped = asyncio.Event()
        self._idle = asyncio.Lock()

    async def run(self) -> None:
        self._scheduler.start()
        await self._stopped.wait()

    async def stop(self) -> None:
        """After the sweep that may be under way."""
        if self._scheduler.running:
            self._scheduler.pause()
        async with self._idle:  # shutting down would cancel a sweep in the middle
            if self._scheduler.running:
                self._scheduler.shutdown(wait=False)
            self._stopped.set()

    async def tick(self) -> int:
        """One round of everything that is due. A sweep that fails does not stop the others."""
        done = 0
        async with self._idle:
            for sweep in self._sweeps:
                done += await self._sweep(sweep)
            if done:
                await self._bell.ring()
        self.beaten_at = time.monotonic()
        meters.TICKS.inc()
        return done

    async def _sweep(self, sweep: Sweep) -> int:
        name = sweep.__name__.strip("_")
        with meters.SWEEP_SECONDS.labels(name).time():
            try:
                return await sweep(self._database, self._bot_id, self._now())
            except Exception as error:
                log.warning("%s failed", name, exc_info=error)
                meters.SWEEPS_FAILED.labels(name).inc()
                return 0
