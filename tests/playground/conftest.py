"""A served world, and an aiogram bot and a python-telegram-bot bot that talk to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram.ext import ExtBot

from playground.server import Running, running
from playground.things import Person
from playground.world import World
from tests.playground.shared import Api


@pytest.fixture
async def table() -> AsyncIterator[Running]:
    async with running(World()) as served:
        yield served


@pytest.fixture
def world(table: Running) -> World:
    return table.world


@pytest.fixture
def alice(world: World) -> Person:
    return world.new_person("Alice", id=501, username="alice")


@pytest.fixture
def bob(world: World) -> Person:
    return world.new_person("Bob", id=502)


@pytest.fixture
async def bot(table: Running) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(table.base_url))
    made = Bot(table.world.bot.token, session=session)
    yield made
    await session.close()


@pytest.fixture
async def ext(table: Running, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["ExtBot[None]"]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    made: ExtBot[None] = ExtBot(
        table.world.bot.token,
        base_url=f"{table.base_url}/bot",
        base_file_url=f"{table.base_url}/file/bot",
    )
    await made.initialize()
    yield made
    await made.shutdown()


@pytest.fixture
async def api(table: Running) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(table, session)
