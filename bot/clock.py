"""The one clock that gives `now`; a rehearsal follows a clock that can be turned."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout

log = logging.getLogger(__name__)

FOLLOW_SECONDS = 0.25
FIRST_ANSWER_SECONDS = 5.0


class Clock(Protocol):
    def now(self) -> datetime: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


class FollowedClock:
    """The system's clock plus the offset of an address that answers {"now": unix seconds}."""

    def __init__(self, url: str, every_seconds: float = FOLLOW_SECONDS) -> None:
        self._url = url
        self._every = every_seconds
        self._offset = timedelta(0)
        self._heard = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def start(self) -> None:
        """Waits for the first answer, a few seconds at most."""
        self._task = asyncio.create_task(self._follow(), name="clock")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_ANSWER_SECONDS):
                await self._heard.wait()
        if not self._heard.is_set():
            log.warning("CLOCK_URL does not answer; the system's clock is used until it does")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        async with ClientSession(timeout=ClientTimeout(total=2)) as session:
            while True:
                # A clock that is away for a moment keeps the offset it had.
                with contextlib.suppress(
                    ClientError, OSError, TimeoutError, ValueError, KeyError, TypeError
                ):
                    await self._ask(session)
                await asyncio.sleep(self._every)

    async def _ask(self, session: ClientSession) -> None:
        asked = time.time()
        async with session.get(self._url) as answer:
            there = float((await answer.json(content_type=None))["now"])
        here = (asked + time.time()) / 2
        self._offset = timedelta(seconds=there - here)
        self._heard.set()


def open_clock(url: str) -> Clock:
    return FollowedClock(url) if url else SystemClock()
