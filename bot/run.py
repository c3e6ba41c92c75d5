"""The running program: the parts of a role side by side, stopped together within ten seconds."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.clock import Clock, open_clock
from bot.doors.polling import Polling
from bot.doors.registration import RegisteredServer
from bot.doors.webhook import WebhookDoor, WebServer
from bot.settings import Settings
from bot.telegram import BotApi
from storage import inbox
from storage.crash import crash_point
from storage.database import Database, answers
from storage.gate import FloodGate, MemoryGate
from storage.gate_redis import RedisGate
from storage.inbox import Raw
from storage.postgres_bell import PostgresBell
from storage.redis import Bell, MemoryBell, RedisBell, open_redis
from storage.upkeep import describe, open_current

log = logging.getLogger(__name__)

STOP_SECONDS = 9.5
COLLECT_AFTER = 50_000
INBOX, OUTBOX, CARDS = "inbox", "outbox", "cards"  # bells

Role = Literal["all", "web", "worker", "clock", "courier"]


class Part(Protocol):
    """Something that runs until it is stopped; `stop` returns when nothing of it is left."""

    async def run(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class House:
    """What the parts share. `redis` is None when everything is kept in memory."""

    settings: Settings
    database: Database
    clock: Clock
    api: BotApi
    gate: FloodGate
    redis: Redis | None
    bells: dict[str, Bell] = field(default_factory=dict, repr=False)
    ringing: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def bell(self, name: str) -> Bell:
        """The bell of that name, heard by all processes; one part of a process may wait on it."""
        if name not in self.bells:
            self.bells[name] = self._new_bell(name)
        return self.bells[name]

    def _new_bell(self, name: str) -> Bell:
        """Over Redis where it is set, else over the database where that can ring."""
        if url := self.settings.redis_url.get_secret_value():
            return RedisBell(url, name)
        if self.database.dialect == "postgresql":
            return PostgresBell(self.database, name)
        return MemoryBell()

    async def keep(self, updates: list[Raw]) -> None:
        """Stores updates and wakes the worker."""
        await inbox.store(self.database, updates)
        crash_point("K3")
        self.wake(INBOX)

    def wake(self, name: str) -> None:
        """Rings a bell without waiting for it to be heard: Redis may be slow, or gone."""
        ring = asyncio.create_task(self.bell(name).ring(), name=f"ring {name}")
        self.ringing.add(ring)
        ring.add_done_callback(self.ringing.discard)

    async def ready(self) -> bool:
        try:
            async with asyncio.timeout(2):
                return await answers(self.database)
        except Exception:
            return False


def open_gate(redis: Redis | None) -> FloodGate:
    return MemoryGate() if redis is None else RedisGate(redis)


Maker = Callable[[House], Awaitable[Part]]


async def door(house: House) -> Part:
    settings = house.settings
    if settings.mode == "polling":
        return Polling(house.api, settings.bot_id, house.keep)
    path = "/" + settings.webhook_url.partition("://")[2].partition("/")[2]
    secret = settings.webhook_secret.get_secret_value()
    app = WebhookDoor(settings.bot_id, path, secret, house.keep, house.ready).app()
    return RegisteredServer(
        WebServer(app, settings.web_host, settings.web_port), house.api, settings
    )


def health_pages(house: House, role: Role, parts: Sequence[Part]) -> list[Part]:
    """The part that says how the others are, where HEALTH_PORT is set."""
    from bot.health import Health

    settings = house.settings
    port = settings.health_port
    return [Health(house, role, parts, settings.web_host, port)] if port else []


async def serve(settings: Settings, role: Role, roles: Mapping[str, Sequence[Maker]]) -> None:
    """Until SIGTERM or SIGINT. Raises what a part failed with, SchemaMismatch, Unavailable."""
    async with open_house(settings) as house:
        parts = [await make(house) for make in roles[role]]
        log.info("%s is open: %s", role, ", ".join(type(part).__name__ for part in parts))
        with _seldom_collecting():
            await run_parts([*parts, *health_pages(house, role, parts)])
    log.info("closed")


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """What start-up made stays for good: the collector need not walk it again and again."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    url = settings.database_url.get_secret_value()
    database = await open_current(url, create=True)
    log.info("database: %s", describe(url))
    clock = open_clock(settings.clock_url)
    redis_url = settings.redis_url.get_secret_value()
    redis = open_redis(redis_url) if redis_url else None
    house = House(settings, database, clock, BotApi.of(settings), open_gate(redis), redis)
    try:
        await _greet(redis)
        await clock.start()
        yield house
    finally:
        await asyncio.gather(*house.ringing, return_exceptions=True)
        await asyncio.gather(
            clock.stop(), house.api.close(), *(bell.close() for bell in house.bells.values())
        )
        if redis is not None:
            await redis.aclose()
        await database.close()


async def _greet(redis: Redis | None) -> None:
    if redis is None:
        return
    try:
        await redis.ping()
    except (RedisError, OSError, TimeoutError) as error:
        log.warning(
            "REDIS_URL does not answer (%s): going on without it; dialogues may be forgotten, "
            "and other processes are heard within a second",
            type(error).__name__,
        )


async def run_parts(parts: Sequence[Part]) -> None:
    """Runs all until a signal comes or one of them ends; then stops all."""
    stopping = asyncio.Event()
    _on_signals(stopping.set)
    running = [asyncio.create_task(part.run(), name=type(part).__name__) for part in parts]
    waiting = asyncio.create_task(stopping.wait(), name="signals")
    try:
        await asyncio.wait({*running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        _off_signals()  # a second signal ends the program at once
        await _stop(parts, running)
    for task in running:
        if not task.cancelled():
            task.result()


async def _stop(parts: Sequence[Part], running: Sequence[asyncio.Task[None]]) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            ends = await asyncio.gather(*(part.stop() for part in parts), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                log.error("a part did not stop well: %s", type(end).__name__)
    except TimeoutError:
        log.error("some parts did not stop within %.0f s", STOP_SECONDS)
    _, late = await asyncio.wait(running, timeout=0.3)
    for task in late:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def _off_signals() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(number)
