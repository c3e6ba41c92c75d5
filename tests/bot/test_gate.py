"""Immediate replies pass the same flood gate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter

from bot.gate import GateMiddleware
from playground import acts
from playground.server import running
from playground.things import Person
from playground.world import World
from storage.gate import MemoryGate, Send


class Hands:
    """A clock that only sleeping turns."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def world() -> World:
    made = World()
    made.flood.on = False
    return made


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def gate(hands: Hands) -> MemoryGate:
    return MemoryGate(clock=hands, sleep=hands.sleep)


@pytest.fixture
async def bot(world: World, gate: MemoryGate, hands: Hands) -> AsyncIterator[Bot]:
    async with running(world) as served:
        session = AiohttpSession(api=TelegramAPIServer.from_base(served.base_url))
        session.middleware(GateMiddleware(gate, sleep=hands.sleep))
        made = Bot(world.bot.token, session=session)
        yield made
        await session.close()


@pytest.fixture
async def alice(world: World) -> Person:
    person = world.new_person("Alice", id=501)
    await acts.start(world, person)
    return person


async def test_replies_to_a_chat_are_a_second_apart(bot: Bot, hands: Hands, alice: Person) -> None:
    for _ in range(3):
        await bot.send_message(alice.id, "hi")
    assert hands.now == pytest.approx(52.0)


async def test_short_pause_is_sat_out(bot: Bot, hands: Hands, world: World, alice: Person) -> None:
    world.faults.plan("429", method="sendMessage", retry_after=2)
    await bot.send_message(alice.id, "hi")
    assert hands.now == pytest.approx(52.0)
    assert world.texts(alice.id)[-1] == "hi"


async def test_long_pause_is_raised_and_kept(
    bot: Bot, gate: MemoryGate, world: World, alice: Person
) -> None:
    world.faults.plan("429", method="sendMessage", retry_after=30)
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(alice.id, "hi")
    calls = len(world.calls)
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(alice.id, "again")
    assert len(world.calls) == calls
    assert await gate.try_admit(Send(bot.id, 777)) == 0


async def test_refusal_shows_that_the_bot_may_speak(
    bot: Bot, gate: MemoryGate, world: World, alice: Person
) -> None:
    await acts.block(world, alice)
    for chat in range(1, 5):
        await gate.close(Send(bot.id, chat), 60)
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(alice.id, "hi")
    await gate.close(Send(bot.id, 5), 60)
    assert await gate.try_admit(Send(bot.id, 777)) == 0


async def test_polling_and_answers_never_wait(bot: Bot, gate: MemoryGate, hands: Hands) -> None:
    await gate.close(Send(bot.id), 600)
    await bot.get_updates(timeout=0)
    await bot.get_me()
    assert hands.now == 50.0
