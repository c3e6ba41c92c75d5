"""Bells over PostgreSQL's LISTEN and NOTIFY, for roles that have no Redis."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL

from storage.codes import new_code
from storage.database import Database
from storage.redis import AGAIN_SECONDS, MemoryBell

log = logging.getLogger(__name__)

CHANNEL = "kaituan_bell_"
SPACING_SECONDS = 0.05  # commits that notify queue up behind one lock: a few a second will do
CONNECT_SECONDS = 5.0


class PostgresBell(MemoryBell):
    """For several processes. While the server is away it rings in its own, and connects again."""

    def __init__(self, database: Database, name: str) -> None:
        super().__init__()
        self._database = database
        self._channel = CHANNEL + name
        self._mine = new_code()  # what rang at home need not be heard again
        self._again = False
        self._telling: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._gone = False

    async def ring(self) -> None:
        """Heard at home at once; the others are told without being waited for."""
        await super().ring()
        self._again = True
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell(), name=f"ring {self._channel}")

    async def wait(self, timeout: float) -> bool:
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name=f"bell {self._channel}")
        return await super().wait(timeout)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=1)
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell(self) -> None:
        """As often as it was rung, but for those that came while one was on its way."""
        while self._again:
            self._again = False
            try:
                async with self._database.engine.begin() as connection:
                    await connection.execute(
                        text("SELECT pg_notify(:channel, :mine)"),
                        {"channel": self._channel, "mine": self._mine},
                    )
            except Exception as error:
                self._lost(error)
            await asyncio.sleep(SPACING_SECONDS)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:
                self._lost(error)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self) -> None:
        """On a connection of its own, until that is cut."""
        import asyncpg

        cut = asyncio.Event()
        connection = await asyncpg.connect(_address(self._database), timeout=CONNECT_SECONDS)
        try:
            connection.add_termination_listener(lambda _: cut.set())
            await connection.add_listener(self._channel, self._heard)
            self._gone = False
            self._rung.set()  # what was rung before we listened
            await cut.wait()
        finally:
            connection.terminate()
        raise ConnectionError("cut")

    def _heard(self, connection: Any, pid: int, channel: str, payload: str) -> None:
        if payload != self._mine:
            self._rung.set()

    def _lost(self, error: Exception) -> None:
        if not self._gone:
            log.warning("bell %s: the database is gone (%s)", self._channel, type(error).__name__)
        self._gone = True


def _address(database: Database) -> str:
    url: URL = database.engine.url
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
