"""The cashier: carries refund jobs out, each alone, until the money is back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from commerce.actions.refunding import RefundJob, claim_refunds, refund_done, refund_failed
from scheduler.providers import RefundProvider, RefundRefused
from storage import meters
from storage.crash import crash_point
from storage.database import Database
from storage.redis import Bell

log = logging.getLogger(__name__)

BATCH = 20
IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 2.0


class Cashier:
    """Run as many as you like: a job is leased, and its key makes a repeat harmless."""

    def __init__(
        self,
        database: Database,
        providers: Mapping[str, RefundProvider],
        *,
        now: Callable[[], datetime],
        bell: Bell,
    ) -> None:
        self._database = database
        self._providers = providers
        self._now = now
        self._bell = bell  # rung when a refund's message waits to be sent
        self.beaten_at: float | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = await self.step()
            except Exception as error:
                log.warning("the cashier waits: %s", type(error).__name__, exc_info=error)
                await self._rest(TROUBLE_SECONDS)
                continue
            if not busy:
                await self._rest(IDLE_SECONDS)

    async def stop(self) -> None:
        self._stopping.set()
        await asyncio.gather(*(provider.close() for provider in self._providers.values()))

    async def step(self) -> int:
        """Carries out what is due now. How many jobs that was."""
        jobs = await claim_refunds(self._database, BATCH, now=self._now())
        await asyncio.gather(*(self._carry_out(job) for job in jobs))
        self.beaten_at = time.monotonic()
        if jobs:
            await self._bell.ring()
        return len(jobs)

    async def _carry_out(self, job: RefundJob) -> None:
        """One job's failure is its own: the others are carried out and written down."""
        try:
            trouble = await self._refund(job)
            if trouble is None:
                crash_point("K18")
                await refund_done(self._database, job, now=self._now())
                meters.REFUND_TRIES.labels("done").inc()
                crash_point("K19")
            else:
                log.warning("refund %s, try %d: %s", job.key, job.attempts, trouble)
                await refund_failed(self._database, job, trouble, now=self._now())
                meters.REFUND_TRIES.labels("again").inc()
        except Exception as error:  # not written down: tried again when the lease ends
            log.warning("refund %s, try %d", job.key, job.attempts, exc_info=error)

    async def _refund(self, job: RefundJob) -> str | None:
        """What went wrong, or None when the money is on its way."""
        provider = self._providers.get(job.provider)
        if provider is None:
            return f"no provider is called {job.provider}"
        try:
            await provider.refund(job)
        except RefundRefused as refused:
            return str(refused)
        except Exception as error:  # a fault of ours, or an answer that nobody foresaw
            log.warning("provider %s failed", job.provider, exc_info=error)
            return type(error).__name__
        return None

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
