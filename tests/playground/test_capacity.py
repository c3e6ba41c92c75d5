"""The stand-in is fast enough not to be what limits a test, and keeps bounded logs."""

import time

import pytest

from playground.dispatch import run_call
from playground.events import KEPT
from playground.judging import CALLS_KEPT
from playground.things import Json
from playground.world import World


@pytest.mark.clocked
async def test_two_thousand_sends_take_less_than_two_seconds() -> None:
    world = World()
    world.flood.on = False
    chats = [world.private(world.new_person(f"P{number}")) for number in range(100)]
    for chat in chats:
        chat.started = True
    began = time.process_time()
    for number in range(2_000):
        params: Json = {
            "chat_id": chats[number % 100].id,
            "text": f"<b>Deal</b> {number}",
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": [[{"text": "Buy", "callback_data": "b"}]]},
        }
        status, _ = await run_call(world, world.bot, "sendMessage", params, {})
        assert status == 200
    assert time.process_time() - began < 2.0
    assert len(world.deliveries) == 2_000


async def test_logs_are_bounded() -> None:
    world = World()
    for _ in range(CALLS_KEPT + 10):
        await run_call(world, world.bot, "getMe", {}, {})
    assert len(world.calls) == CALLS_KEPT
    assert world.calls[-1].n == CALLS_KEPT + 10
    assert world.log.after(world.log.seq - KEPT) is not None
    assert world.log.after(world.log.seq - KEPT - 1) is None
