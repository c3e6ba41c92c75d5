"""Faults break a call before or after it took effect, as both clients see it."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot

from playground import acts
from playground.faults import Faults, Kind, When
from playground.things import Person
from playground.world import World
from tests.playground.shared import Api

BROKEN: list[tuple[Kind, type[Exception]]] = [
    ("reset", TelegramNetworkError),
    ("half", TelegramNetworkError),
    ("500", TelegramServerError),
    ("502", ClientDecodeError),
    ("garbage", ClientDecodeError),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("kind", "error"), BROKEN)
async def test_send_breaks_before_or_after_its_effect(
    world: World, alice: Person, bot: Bot, kind: Kind, error: type[Exception], when: When
) -> None:
    await acts.start(world, alice)
    world.faults.plan(kind, when=when, method="sendMessage")
    with pytest.raises(error):
        await bot.send_message(alice.id, "hi")
    assert len(world.deliveries) == (1 if when == "after" else 0)
    await bot.send_message(alice.id, "again")
    assert world.texts(alice.id)[-1] == "again"
    assert world.violations == []


@pytest.mark.parametrize("kind", ["reset", "half", "500", "502", "garbage"])
async def test_second_client_sees_an_error_too(
    world: World, alice: Person, ext: "ExtBot[None]", kind: Kind
) -> None:
    await acts.start(world, alice)
    world.faults.plan(kind, when="after", method="sendMessage")
    with pytest.raises(TelegramError):
        await ext.send_message(alice.id, "hi")
    assert [delivery.text for delivery in world.deliveries] == ["hi"]


async def test_timeout_holds_the_line(world: World, alice: Person, ext: "ExtBot[None]") -> None:
    await acts.start(world, alice)
    world.faults.plan("timeout", when="after", seconds=20, method="sendMessage")
    with pytest.raises(TimedOut):
        await ext.send_message(alice.id, "hi", read_timeout=0.2)
    assert len(world.deliveries) == 1


async def test_injected_429_closes_only_that_chat(
    world: World, alice: Person, bob: Person, bot: Bot
) -> None:
    await acts.start(world, alice)
    await acts.start(world, bob)
    world.faults.plan("429", chat=alice.id, retry_after=35)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(alice.id, "hi")
    assert refused.value.retry_after == 35
    await bot.send_message(bob.id, "hi")
    assert world.violations == []
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(alice.id, "too early")
    assert world.flood.early == 1
    assert len(world.violations) == 1


async def test_offline_drops_calls_and_keeps_updates(
    world: World, alice: Person, api: Api, ext: "ExtBot[None]"
) -> None:
    world.set_offline(True)
    with pytest.raises(NetworkError):
        await ext.get_me()
    await acts.send(world, alice, None, "hello")
    world.set_offline(False)
    assert len(await api.ok("getUpdates")) == 1


async def test_going_offline_cuts_a_waiting_poll(world: World, bot: Bot) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await world.wait_for(lambda: world.queues[world.bot.id].waiting)
    world.set_offline(True)
    with pytest.raises(TelegramNetworkError):
        await waiting


async def test_fault_for_all_methods_spares_the_payment_company(world: World) -> None:
    world.faults.plan("500", times=None)
    assert world.faults.strike("pretend/refunds", None) is None
    assert world.faults.strike("sendMessage", None) is not None


def test_probability_follows_its_seed() -> None:
    struck = []
    for _ in range(2):
        faults = Faults(seed=3)
        faults.plan("500", times=None, probability=0.3)
        struck.append([faults.strike("getMe", None) is not None for _ in range(200)])
    assert struck[0] == struck[1]
    assert 40 <= sum(struck[0]) <= 80


async def test_calls_are_written_down(world: World, alice: Person, api: Api) -> None:
    await acts.start(world, alice)
    await asyncio.gather(
        api.ok("sendMessage", {"chat_id": 501, "text": "a"}),
        api.error("sendMessage", {"chat_id": 9, "text": "b"}),
    )
    seen = {call.params["text"]: (call.ok, call.code, call.chat) for call in world.calls}
    assert seen == {"a": (True, None, 501), "b": (False, 400, 9)}
    delivery = world.deliveries[0]
    assert (delivery.chat, delivery.method, delivery.text) == (501, "sendMessage", "a")
    assert len(delivery.text_hash) == 64
