"""Health of a running program: is it alive, is it ready, and its figures for Prometheus."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from bot.doors.webhook import WebServer
from bot.exposition import exposition
from bot.run import House, Part
from storage.database import answers
from storage.figures import Figures, figures

log = logging.getLogger(__name__)

T = TypeVar("T")

ANSWER_SECONDS = 2.0
AGAIN_SECONDS = 5.0
KEEP_SECONDS = 1.0  # several who ask at once read the tables once
LONGEST_INBOX_SECONDS = 60.0
LONGEST_OUTBOX_SECONDS = 600.0
# Part -> its name, and for how many seconds it may be silent.
PULSES: Mapping[str, tuple[str, float]] = {
    "Polling": ("door", 120.0),
    "Worker": ("worker", 30.0),
    "ClockWork": ("clock", 30.0),
    "Cashier": ("cashier", 180.0),
    "Watch": ("watch", 300.0),
    "Courier": ("courier", 60.0),
    "LivingCards": ("cards", 60.0),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: `value` is seconds, None where there is nothing to measure."""

    ok: bool
    value: float | None = None
    limit: float | None = None

    def to_json(self) -> dict[str, Any]:
        found = {"ok": self.ok, "seconds": self.value, "limit": self.limit}
        return {name: value for name, value in found.items() if value is not None}


def below(value: float, limit: float) -> Check:
    return Check(value <= limit, round(value, 3), limit)


class Health:
    """A part beside the others of its process; it looks at them and at what they stand on."""

    def __init__(
        self,
        house: House,
        role: str,
        parts: Sequence[Part],
        host: str,
        port: int,
        *,
        again_seconds: float = AGAIN_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._house, self._role, self._parts = house, role, parts
        self._host, self._port = host, port
        self._again, self._monotonic = again_seconds, monotonic
        self._began = monotonic()
        self._server: WebServer | None = None
        self._stopping = asyncio.Event()
        self._figures: tuple[float, Figures] | None = None
        self._reading = asyncio.Lock()

    async def run(self) -> None:
        """Until stopped. A port that is taken is tried again: nothing else depends on it."""
        said = False
        while not self._stopping.is_set():
            server = WebServer(self.app(), self._host, self._port)
            try:
                await server.start()
            except OSError as error:
                await server.stop()
                if not said:
                    log.warning(
                        "no health pages: HEALTH_PORT %d is taken (%s)",
                        self._port,
                        type(error).__name__,
                    )
                said = True
                await self._pause(self._again)
                continue
            self._server = server
            await self._stopping.wait()

    async def stop(self) -> None:
        self._stopping.set()
        if self._server is not None:
            await self._server.stop()

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._metrics)
        return app

    async def _alive(self, request: web.Request) -> web.Response:
        return web.json_response({"alive": True, "role": self._role})

    async def _ready(self, request: web.Request) -> web.Response:
        checks = await self.checks()
        red = sorted(name for name, check in checks.items() if not check.ok)
        body = {
            "ready": not red,
            "role": self._role,
            "red": red,
            "checks": {name: check.to_json() for name, check in checks.items()},
        }
        return web.json_response(body, status=503 if red else 200)

    async def _metrics(self, request: web.Request) -> web.Response:
        found = await self._within(self._read)
        body = exposition(self._role, found, dict(self._silences()))
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4"})

    async def checks(self) -> dict[str, Check]:
        """Everything that is looked at, by name."""
        database, redis, found = await asyncio.gather(
            self._timed(self._database), self._timed(self._redis), self._within(self._read)
        )
        checks = {"database": database}
        if self._house.redis is not None:
            checks["redis"] = redis
        for name, silence, limit in self._pulses():
            checks[name] = below(silence, limit)
        if found is not None:
            checks["inbox"] = below(found.inbox.oldest_seconds, LONGEST_INBOX_SECONDS)
            checks["outbox"] = below(found.outbox[0].oldest_seconds, LONGEST_OUTBOX_SECONDS)
            checks["last_update"] = Check(True, found.last_update_seconds)  # a night may be quiet
        return checks

    async def _timed(self, look: Callable[[], Awaitable[object]]) -> Check:
        began = time.monotonic()
        found = await self._within(look)
        return Check(bool(found), round(time.monotonic() - began, 3), ANSWER_SECONDS)

    async def _within(self, look: Callable[[], Awaitable[T]]) -> T | None:
        """None where it fails or takes too long."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await look()
        except Exception as error:
            log.debug("a check failed: %s", type(error).__name__)
            return None

    async def _database(self) -> bool:
        return await answers(self._house.database)

    async def _redis(self) -> bool:
        redis = self._house.redis
        return redis is None or bool(await redis.ping())

    async def _read(self) -> Figures:
        async with self._reading:
            now = time.monotonic()
            if self._figures is None or now - self._figures[0] > KEEP_SECONDS:
                found = await figures(self._house.database, now=self._house.clock.now())
                self._figures = (now, found)
            return self._figures[1]

    def _silences(self) -> Iterator[tuple[str, float]]:
        for name, silence, _ in self._pulses():
            yield name, silence

    def _pulses(self) -> Iterator[tuple[str, float, float]]:
        """Name, seconds since its last round, and how many it may be silent."""
        now = self._monotonic()
        for part in _all(self._parts):
            if pulse := PULSES.get(type(part).__name__):
                name, limit = pulse
                beaten_at = getattr(part, "beaten_at", None)
                yield name, now - max(beaten_at or 0.0, self._began), limit


def _all(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _all(getattr(part, "parts", ()))
