"""Updates that arrive together share one commit: the next batch gathers while one is written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from storage.failures import Busy
from storage.inbox import Raw

BATCH = 200
MOST_WAITING = 5_000

Store = Callable[[list[Raw]], Awaitable[None]]


class GroupCommit:
    """`keep` returns once the update is committed and raises what the commit raised."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Raw, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, raw: Raw) -> None:
        if len(self._waiting) >= MOST_WAITING:
            raise Busy
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((raw, kept))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(), name="group commit")
        await kept

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)
        finally:
            self._writer = None

    async def _commit(self, batch: list[tuple[Raw, asyncio.Future[None]]]) -> None:
        error: Exception | None = None
        try:
            await self._store([raw for raw, _ in batch])
        except Exception as failed:
            error = failed
        for _, kept in batch:
            if kept.done():  # its sender has gone; it is stored all the same
                continue
            if error is None:
                kept.set_result(None)
            else:
                kept.set_exception(error)
