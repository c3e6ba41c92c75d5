"""Redis: how it is opened, and bells by which processes wake each other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Protocol

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

BELLS = "kaituan:bell"
AGAIN_SECONDS = 1.0


def open_redis(url: str, *, max_connections: int = 32) -> Redis:
    """A client that waits for a free connection instead of failing, and never for ever."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=max_connections,
        timeout=2,
        socket_timeout=3,
        socket_connect_timeout=2,
        health_check_interval=30,
        decode_responses=True,
    )
    return Redis.from_pool(pool)


class Bell(Protocol):
    """Rung when there is work; one waiter a bell. A missed ring only costs the timeout."""

    async def ring(self) -> None: ...

    async def wait(self, timeout: float) -> bool:
        """Whether it was rung since the last wait, at the latest after `timeout` seconds."""
        ...

    async def close(self) -> None: ...


class MemoryBell:
    """For one process."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True

    async def close(self) -> None:
        return None


class RedisBell(MemoryBell):
    """For several processes. Without Redis it still rings in its own, others by their timeout."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__()
        self._url = url
        self._channel = f"{BELLS}:{name}"
        self._sender = open_redis(url, max_connections=4)
        self._listener: asyncio.Task[None] | None = None
        self._gone = False

    async def ring(self) -> None:
        await super().ring()
        try:
            async with asyncio.timeout(1):
                await self._sender.publish(self._channel, "1")
        except (RedisError, OSError, TimeoutError) as error:
            self._lost(error)

    async def wait(self, timeout: float) -> bool:
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen(), name=f"bell {self._channel}")
        return await super().wait(timeout)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        await self._sender.aclose()

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                self._lost(error)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear(self) -> None:
        # A blocking read needs a connection of its own that never times out.
        client = Redis.from_url(self._url, socket_timeout=None, socket_connect_timeout=2)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(self._channel)
                async for _ in channel.listen():  # the first says "subscribed": look at once
                    self._gone = False
                    self._rung.set()
        finally:
            await client.aclose()

    def _lost(self, error: Exception) -> None:
        if not self._gone:
            log.warning("bell %s: Redis is gone (%s)", self._channel, type(error).__name__)
        self._gone = True
