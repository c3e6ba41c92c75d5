"""The whole shop in a chat: the program itself, its database, and Telegram on a table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.roles import ROLES
from bot.run import House, Maker
from bot.settings import Settings
from bot.telegram import BotApi
from playground.server import running
from playground.world import DEFAULT_PROVIDER_TOKEN, DEFAULT_TOKEN, World
from storage.database import Database
from storage.gate import GateRates, Limit, MemoryGate
from tests.chat.shop import Shop, WorldClock
from tests.stocking import OWNER

FAST = GateRates(
    overall=(Limit(1_000, 1.0),),
    low=(Limit(900, 1.0),),
    private=(Limit(1_000, 1.0),),
    group=(Limit(1_000, 1.0),),
    edit=(Limit(1_000, 1.0),),
)


def settings_for(base: str) -> Settings:
    return Settings(
        _env_file=None,
        bot_token=SecretStr(DEFAULT_TOKEN),
        telegram_api_base=base,
        payment_provider_token=SecretStr(DEFAULT_PROVIDER_TOKEN),
        operator_ids=(OWNER,),
    )


@asynccontextmanager
async def open_shop(
    database: Database, makers: Sequence[Maker] = ROLES["all"]
) -> AsyncIterator[Shop]:
    """The program beside a fresh world, all its parts or some; stopped at the end."""
    world = World()
    world.flood.on = False
    clock = WorldClock(world)
    async with running(world) as server:
        settings = settings_for(server.base_url)
        api = BotApi.of(settings)
        house = House(settings, database, clock, api, MemoryGate(FAST), None)
        parts = [await make(house) for make in makers]
        tasks = [asyncio.create_task(part.run()) for part in parts]
        try:
            yield Shop(world, database, clock)
        finally:
            await asyncio.gather(*(part.stop() for part in parts))
            _, late = await asyncio.wait(tasks, timeout=1)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await api.close()


@pytest.fixture
async def shop(database: Database, stocked: None) -> AsyncIterator[Shop]:
    async with open_shop(database) as opened:
        yield opened
        assert opened.world.violations == []
