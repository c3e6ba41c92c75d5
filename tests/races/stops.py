"""Stopping a transaction at one of its statements, so that a race is run in the order we want."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlalchemy import event
from sqlalchemy.util import await_only

from storage.database import Database

SOON = 0.5


class Stop:
    """The `nth` statement of `database` that has these words in it waits for `go`."""

    def __init__(self, database: Database, words: str, nth: int = 1) -> None:
        self.reached, self.go = asyncio.Event(), asyncio.Event()
        self._words, self._left = words, nth
        event.listen(database.writer.sync_engine, "before_cursor_execute", self._before)

    def _before(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if self._words not in statement:
            return
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await_only(self.go.wait())


async def stands(task: asyncio.Task[Any], stop: Stop | None = None) -> None:
    """Until the task has come to its stop, or to its end, or waits for a lock that we hold."""
    waiting: set[asyncio.Task[Any]] = {task}
    reached = asyncio.create_task(stop.reached.wait()) if stop else None
    if reached:
        waiting.add(reached)
    await asyncio.wait(waiting, timeout=SOON, return_when=asyncio.FIRST_COMPLETED)
    if reached:
        reached.cancel()
