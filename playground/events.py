"""One numbered log of everything that happens; pages stream it, tests wait on it."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from playground.things import Json

KEPT = 5_000
LOOK_SECONDS = 0.1
"""How often a condition on things outside the table is looked at."""


class EventLog:
    def __init__(self) -> None:
        self.seq = 0
        self._kept: deque[Json] = deque(maxlen=KEPT)
        self._waiting: set[asyncio.Future[None]] = set()

    def emit(self, kind: str, **fields: Any) -> None:
        self.seq += 1
        self._kept.append({"seq": self.seq, "type": kind, **fields})
        self.wake()

    def wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def after(self, seq: int) -> list[Json] | None:
        """Events later than `seq`, or None when some of them are no longer kept."""
        if seq > self.seq:
            return None
        missing = self.seq - seq
        if missing > len(self._kept):
            return None
        if not missing:
            return []
        return self._tail(missing)

    def _tail(self, count: int) -> list[Json]:
        newest_first = [self._kept[-1 - back] for back in range(count)]
        newest_first.reverse()
        return newest_first

    async def next(self, timeout: float | None = None) -> bool:
        """Wait for whatever happens next; False when nothing did within `timeout` seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, timeout)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    async def until(self, condition: Callable[[], Any], timeout: float) -> Any:
        """The first true value of `condition`; raises TimeoutError when it stays false."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while not (value := condition()):
            left = ends - loop.time()
            if left <= 0:
                raise TimeoutError(f"still not so after {timeout:g} s")
            await self.next(min(left, LOOK_SECONDS))
        return value
