"""The worker: lanes side by side, order inside a lane, and poison set aside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from bot.logs import place_of
from storage import inbox, meters
from storage.crash import crash_point
from storage.database import Database
from storage.failures import AlreadyApplied, Busy, LeaseLost, StorageError
from storage.inbox import Claimed
from storage.redis import Bell

log = logging.getLogger(__name__)

Handle = Callable[[Claimed], Awaitable[None]]
Alert = Callable[[Claimed, str], Awaitable[None]]

BUSY_WAIT = (0.02, 0.05, 0.1, 0.2, 0.5)
FORGET_SECONDS = 3_600.0
FORGET_BATCH = 1_000


class Poison(Exception):
    """Raised by a handler for an update that no further try can help."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at once, and how long. A lane waits tries x try + backoff for poison: under 60 s.

    `reserved` of the `concurrency` slots are for pre-checkout queries. A try that takes longer
    than `patience` gives its slot to others, for up to `slow` such tries at once.
    """

    concurrency: int = 32
    reserved: int = 4
    slow: int = 256
    patience: float = 0.25
    lease_seconds: float = 30.0
    try_seconds: float = 10.0
    tries: int = 5
    backoff: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0)
    idle_seconds: float = 1.0
    drain_seconds: float = 8.0


async def log_alert(claimed: Claimed, error: str) -> None:
    log.error("update %d is in quarantine: %s", claimed.update_id, error)


class Worker:
    def __init__(
        self,
        database: Database,
        handle: Handle,
        bell: Bell,
        *,
        pace: Pace | None = None,
        alert: Alert = log_alert,
    ) -> None:
        self._database, self._handle, self._bell, self._alert = database, handle, bell, alert
        self._pace = pace or Pace()
        self._quick: set[asyncio.Task[None]] = set()
        self._slow: set[asyncio.Task[None]] = set()
        self._done: list[Claimed] = []
        self._news = asyncio.Event()
        self._stopping = False
        self._away = False
        self._forget_at = 0.0
        self.beaten_at: float | None = None

    async def run(self) -> None:
        """Until stopped."""
        ear = asyncio.create_task(self._listen(), name="worker's bell")
        try:
            while not self._stopping:
                self._news.clear()
                turned = await self._turn()
                self.beaten_at = monotonic()
                if not turned:
                    await self._idle()
                await self._forget()
        finally:
            ear.cancel()
            await asyncio.gather(ear, return_exceptions=True)

    async def stop(self) -> None:
        """Takes nothing new, lets what runs finish, gives back what does not finish in time."""
        self._stopping = True
        self._news.set()
        running = self._quick | self._slow
        if running:
            _, late = await asyncio.wait(running, timeout=self._pace.drain_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._settle()

    async def _listen(self) -> None:
        while True:
            if await self._bell.wait(60):
                self._news.set()

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(self._pace.idle_seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _turn(self) -> bool:
        """Finishes what is done and takes what is next; False when there is nothing to do."""
        free = self._pace.concurrency - len(self._quick)
        if free <= 0 and not self._done:
            return False
        limit = free - self._pace.reserved
        claimed = await self._claim(limit if limit > 0 else free, urgent_only=limit <= 0)
        for one in claimed:
            self._begin(one)
        return bool(claimed)

    async def _claim(self, limit: int, *, urgent_only: bool) -> list[Claimed]:
        done, self._done = self._done, []
        try:
            claimed = await inbox.claim(
                self._database,
                limit,
                self._pace.lease_seconds,
                done=done,
                urgent_only=urgent_only,
            )
        except StorageError as error:
            self._done = done + self._done
            await self._database_away(error)
            return []
        self._away = False
        return claimed

    async def _database_away(self, error: StorageError) -> None:
        if not self._away:
            log.error("the inbox cannot be read (%s %s): trying on", type(error).__name__, error)
        self._away = True
        await asyncio.sleep(min(0.2, self._pace.idle_seconds))

    def _begin(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._work(claimed), name=f"update {claimed.update_id}")
        self._quick.add(task)
        yielding = asyncio.get_running_loop().call_later(
            self._pace.patience, self._yield_slot, task
        )

        def ended(task: asyncio.Task[None]) -> None:
            yielding.cancel()
            self._quick.discard(task)
            self._slow.discard(task)
            self._news.set()

        task.add_done_callback(ended)

    def _yield_slot(self, task: asyncio.Task[None]) -> None:
        if len(self._slow) < self._pace.slow:
            self._quick.discard(task)
            self._slow.add(task)
            self._news.set()

    async def _work(self, claimed: Claimed) -> None:
        crash_point("K4")
        try:
            if claimed.attempts > self._pace.tries:  # the tries before it took the process along
                await self._set_aside(claimed, "no try came to an end")
            else:
                await self._try(claimed)
        except LeaseLost:
            log.warning("update %d was taken over by another worker", claimed.update_id)
        except StorageError as error:  # the lease will end, and the row be claimed again
            log.warning("update %d: %s", claimed.update_id, type(error).__name__)

    async def _try(self, claimed: Claimed) -> None:
        try:
            with meters.UPDATE_SECONDS.time():
                async with asyncio.timeout(self._pace.try_seconds):
                    await self._handle_when_free(claimed)
        except asyncio.CancelledError:  # stopped before the end: another may go on at once
            await inbox.retry_later(self._database, claimed, 0, "stopped")
            raise
        except LeaseLost:
            raise
        except AlreadyApplied:
            self._done.append(claimed)
            meters.UPDATES_ENDED.labels("applied").inc()
        except Poison as poison:
            await self._set_aside(claimed, f"Poison: {poison}")
        except Exception as error:
            await self._failed(claimed, error)
        else:
            self._done.append(claimed)
            meters.UPDATES_ENDED.labels("applied").inc()

    async def _handle_when_free(self, claimed: Claimed) -> None:
        """A row that another writer holds is worth a moment's wait, and is nobody's fault."""
        for wait in BUSY_WAIT:
            try:
                return await self._handle(claimed)
            except Busy:
                await asyncio.sleep(wait)
        return await self._handle(claimed)

    async def _failed(self, claimed: Claimed, error: Exception) -> None:
        said = place_of(error)
        log.warning("update %d, try %d failed: %s", claimed.update_id, claimed.attempts, said)
        log.debug("update %d", claimed.update_id, exc_info=error)
        if claimed.attempts >= self._pace.tries:
            await self._set_aside(claimed, said)
            return
        steps = self._pace.backoff
        wait = steps[min(claimed.attempts, len(steps)) - 1]
        meters.UPDATES_ENDED.labels("again").inc()
        await inbox.retry_later(self._database, claimed, wait, said)
        asyncio.get_running_loop().call_later(wait, self._news.set)

    async def _set_aside(self, claimed: Claimed, error: str) -> None:
        await inbox.quarantine(self._database, claimed, error)
        meters.UPDATES_ENDED.labels("quarantined").inc()
        try:
            await self._alert(claimed, error)
        except Exception:
            log.exception("the alert for update %d failed", claimed.update_id)

    async def _settle(self) -> None:
        done, self._done = self._done, []
        try:
            await inbox.finish(self._database, done)
        except StorageError as error:  # they are applied: the next worker sees that
            log.warning("%d updates were not marked done (%s)", len(done), type(error).__name__)

    async def _forget(self) -> None:
        if monotonic() < self._forget_at:
            return
        self._forget_at = monotonic() + FORGET_SECONDS
        try:
            if await inbox.forget_old(self._database, limit=FORGET_BATCH) == FORGET_BATCH:
                self._forget_at = monotonic() + 1  # there is more; others first
        except StorageError as error:
            log.warning("old updates were not forgotten (%s)", type(error).__name__)
