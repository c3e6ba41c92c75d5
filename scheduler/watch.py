"""The watch: once a minute it looks at what waits, and raises an alert for what stands still."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from datetime import datetime

from commerce.actions.watching import raise_alerts
from storage import meters
from storage.database import Database
from storage.redis import Bell

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0


class Watch:
    """A second watch elsewhere is harmless: an alert is told once an hour."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        operators: Collection[int],
        *,
        now: Callable[[], datetime],
        bell: Bell,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._database, self._bot_id, self._operators = database, bot_id, operators
        self._now, self._bell, self._every = now, bell, every_seconds
        self.beaten_at: float | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.look()
            except Exception as error:
                log.warning("the watch saw nothing: %s", type(error).__name__)
            try:
                async with asyncio.timeout(self._every):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        self._stopping.set()

    async def look(self) -> list[str]:
        """The names of what stands still."""
        found = await raise_alerts(self._database, self._bot_id, self._operators, now=self._now())
        for one in found:
            meters.ALERTS.labels(one.what).inc()
            seconds, count = one.waiting.oldest_seconds, one.waiting.count
            log.error("%s stand still: %d wait, the oldest for %.0f s", one.what, count, seconds)
        if found:
            await self._bell.ring()
        self.beaten_at = time.monotonic()
        return [one.what for one in found]
