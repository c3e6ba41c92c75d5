"""One shop on the bench: a world, a database, and the program in lives that can be ended."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playground.server import running
from playground.world import DEFAULT_PROVIDER_TOKEN, World
from storage.database import Database, open_database
from storage.demo.seed import furnish
from tests import services, templates
from tests.chat.shop import WorldClock
from tests.faults.nursery import Life, Order, begin
from tests.processes.town import ROOT
from tests.stocking import OWNER, draw_small

Server = Literal["sqlite", "postgres"]
SERVERS: tuple[Server, ...] = ("sqlite", "postgres")
ROLES: dict[Server, tuple[str, ...]] = {
    "sqlite": ("all",),
    "postgres": ("web", "worker", "clock", "courier"),
}
PATIENCE = 100.0
PRESS_SECONDS = 120.0  # a person who presses waits longer than a lease
LOOK_SECONDS = 0.2
KILLED = -9


class SlowWorld(World):
    """Waits as long as a recovery may take."""

    async def wait_for(self, condition: Callable[[], object], timeout: float = PATIENCE) -> object:
        return await super().wait_for(condition, timeout)


@dataclass(slots=True)
class Bench:
    """`lives` are the processes by role, `ended` those before them."""

    server: Server
    world: World
    database: Database
    settings: dict[str, str]
    folder: Path
    nursery: str
    broken: tuple[str, ...] = ()
    first_update: int = 0
    lives: dict[str, Life] = field(default_factory=dict)
    ended: list[Life] = field(default_factory=list)

    @property
    def clock(self) -> WorldClock:
        return WorldClock(self.world)

    async def open(self, *roles: str, crash: str = "", dying: str = "") -> None:
        """Starts the roles; only `dying` is told where to crash."""
        for role in roles:
            await self.start(role, crash if role == dying else "")

    async def start(self, name: str, crash: str = "") -> Life:
        """The name is a role, or one with a number where there are several of it."""
        if name in self.lives:
            self.ended.append(self.lives.pop(name))
        words = ["run", "--role", name.partition("-")[0]]
        log = str(self.folder / f"{name}-{len(self.ended)}.log")
        order = Order(words, self.settings, str(self.folder), log, crash, self.broken)
        self.lives[name] = await begin(self.nursery, order)
        return self.lives[name]

    async def command(self, *words: str, crash: str = "") -> Life:
        """Another command of the program, run to its end."""
        log = str(self.folder / f"{words[0]}-{len(self.ended)}.log")
        order = Order([*words], self.settings, str(self.folder), log, crash, self.broken)
        life = await begin(self.nursery, order)
        self.ended.append(life)
        await life.end()
        return life

    async def close(self) -> None:
        """Ends what lives, without mercy: the judges have judged."""
        for life in self.lives.values():
            life.kill()
        for life in (*self.lives.values(), *self.ended):
            await life.close()

    def words(self) -> str:
        """What the processes wrote, for the reader of a failed test."""
        lives = (*self.ended, *self.lives.values())
        return "\n".join(f"--- {life.log.name}\n{life.words()}" for life in lives)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float) -> float:
    """Looks again and again; how many seconds it took. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
    return time.monotonic() - began


async def make_template(server: Server, folder: Path) -> None:
    """The database that benches copy, made before many ask for it at once."""
    async with _address(server, folder):
        return


async def _furnished(database: Database) -> None:
    """With the pictures that a first start would draw."""
    await furnish(database, draw_one=draw_small)


@asynccontextmanager
async def opened_bench(
    server: Server, folder: Path, nursery: str, *, broken: tuple[str, ...] = ()
) -> AsyncIterator[Bench]:
    """Nothing runs yet. Everything is gone when the block ends."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    # A number of its own keeps this bot's keys apart in a shared Redis.
    world = SlowWorld(f"{10**9 + secrets.randbelow(10**9)}:faults-{'x' * 30}")
    world.callback_seconds = PRESS_SECONDS
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_address(server, folder))
        database = open_database(url)
        stack.push_async_callback(database.close)
        base = (await stack.enter_async_context(running(world))).base_url
        redis = await services.redis_server() if server == "postgres" else ""
        settings = {
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": world.bot.token,
            "TELEGRAM_API_BASE": base,
            "CLOCK_URL": f"{base}/clock",
            "PAYMENT_PROVIDER_TOKEN": DEFAULT_PROVIDER_TOKEN,
            "DATABASE_URL": url,
            "REDIS_URL": redis or "",
            "MODE": "polling",
            "OPERATOR_IDS": str(OWNER),
        }
        bench = Bench(server, world, database, settings, folder, nursery, broken)
        bench.first_update = world.queues[world.bot.id].next_id
        stack.push_async_callback(bench.close)
        try:
            yield bench
        except Exception as error:
            error.add_note(bench.words())
            raise


@asynccontextmanager
async def _address(server: Server, folder: Path) -> AsyncIterator[str]:
    if server == "sqlite":
        yield await templates.sqlite_copy(folder / "kaituan.db", "bench", _furnished)
        return
    async with templates.postgres_copy("bench", _furnished) as url:
        yield url
