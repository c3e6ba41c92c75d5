"""A shop as whole processes: `kaituan run` in its roles beside Telegram on a table."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.server import running
from playground.world import DEFAULT_PROVIDER_TOKEN, World
from storage import schema
from storage.database import open_database
from tests import services
from tests.chat.shop import Shop, WorldClock
from tests.conftest import need
from tests.processes.fan import Fan, fanned
from tests.stocking import OWNER, stock

OPEN_SECONDS = 90  # on a busy machine, aiogram alone takes a while to load
STOP_SECONDS = 10
PATIENCE = 45.0
SECRET = "processes-processes-processes-0001"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one shop is set up. `copies` is how often each door gets an update from Telegram."""

    name: str
    servers: bool  # PostgreSQL and Redis, else SQLite and memory
    webhook: bool
    roles: tuple[str, ...]
    copies: int = 1

    @property
    def doors(self) -> int:
        return sum(role in ("all", "web") for role in self.roles)


class PatientWorld(World):
    """Real flood rates and a busy machine need a longer breath."""

    async def wait_for(self, condition: Callable[[], Any], timeout: float = PATIENCE) -> Any:
        return await super().wait_for(condition, timeout)


@dataclass(slots=True)
class Program:
    """One process and what it wrote."""

    role: str
    process: asyncio.subprocess.Process
    written: list[str] = field(default_factory=list)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    reading: asyncio.Task[None] | None = None

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.written.append(line.decode(errors="replace").rstrip())
            if f"{self.role} is open" in self.written[-1]:
                self.opened.set()
        self.opened.set()  # it ended; what it wrote says why

    async def ready(self) -> None:
        async with asyncio.timeout(OPEN_SECONDS):
            await self.opened.wait()
        assert self.process.returncode is None, "\n".join(self.written)

    async def stop(self) -> int:
        """SIGTERM; the exit code, -9 after ten seconds."""
        if self.process.returncode is None:
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()
        code = await self.process.wait()
        assert self.reading is not None
        await self.reading
        return code


@dataclass(frozen=True, slots=True)
class Town:
    """A shop that runs, its processes, and the world around."""

    plan: Plan
    shop: Shop
    programs: tuple[Program, ...]
    fan: Fan  # idle where the shop asks for its updates itself

    async def close(self) -> dict[str, int]:
        """Stops all at once: exit codes by role."""
        codes = await asyncio.gather(*(program.stop() for program in self.programs))
        return {
            f"{number} {program.role}": code
            for number, (program, code) in enumerate(zip(self.programs, codes, strict=True))
        }

    def words(self) -> str:
        """What the processes wrote, for the reader of a failed test."""
        return "\n".join(f"[{p.role}] {line}" for p in self.programs for line in p.written)


def free_ports(count: int) -> list[int]:
    taken = [socket.socket() for _ in range(count)]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in taken]
    for one in taken:
        one.close()
    return ports


@asynccontextmanager
async def open_town(plan: Plan, folder: Path) -> AsyncIterator[Town]:
    """Everything is up when the block begins and gone when it ends."""
    # A number of its own keeps this bot's keys apart in a shared Redis.
    world = PatientWorld(f"{10**9 + secrets.randbelow(10**9)}:processes-{'x' * 24}")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(database_address(plan, folder))
        database = open_database(url)
        stack.push_async_callback(database.close)
        shop = Shop(world, database, WorldClock(world))
        await schema.upgrade(database)
        await stock(database)
        server = await stack.enter_async_context(running(world))
        ports = free_ports(plan.doors)
        environment = await settings(plan, world, server.base_url, url)
        fan = await stack.enter_async_context(fanned(ports, plan.copies))
        if plan.webhook:
            hook = {"WEBHOOK_URL": fan.address, "WEBHOOK_SECRET": SECRET}
            environment |= {"MODE": "webhook", **hook}
        town = Town(plan, shop, await start(plan, environment, ports, folder), fan)
        stack.push_async_callback(town.close)
        await asyncio.gather(*(program.ready() for program in town.programs))
        try:
            yield town
        except Exception as error:
            error.add_note(town.words())
            raise


@asynccontextmanager
async def database_address(plan: Plan, folder: Path) -> AsyncIterator[str]:
    if not plan.servers:
        yield f"sqlite+aiosqlite:///{folder / 'kaituan.db'}"
        return
    need("PostgreSQL", await services.postgres_server())
    need("Redis", await services.redis_server())
    async with services.fresh_postgres() as url:
        yield url


async def settings(plan: Plan, world: World, base: str, url: str) -> dict[str, str]:
    redis = await services.redis_server() if plan.servers else ""
    return {
        "BOT_TOKEN": world.bot.token,
        "TELEGRAM_API_BASE": base,
        "CLOCK_URL": f"{base}/clock",
        "PAYMENT_PROVIDER_TOKEN": DEFAULT_PROVIDER_TOKEN,
        "DATABASE_URL": url,
        "REDIS_URL": redis or "",
        "MODE": "polling",
        "HEALTH_PORT": "0",
        "OPERATOR_IDS": str(OWNER),
    }


async def start(
    plan: Plan, environment: Mapping[str, str], ports: list[int], folder: Path
) -> tuple[Program, ...]:
    doors = iter(ports)
    programs = []
    for role in plan.roles:
        own = {"WEB_PORT": str(next(doors))} if role in ("all", "web") else {}
        programs.append(await launch(role, {**environment, **own}, folder))
    return tuple(programs)


async def launch(role: str, environment: Mapping[str, str], folder: Path) -> Program:
    """In an empty folder, so that no `.env` of the checkout is read."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--role", role),
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    program = Program(role, process)
    program.reading = asyncio.create_task(program.read())
    return program
