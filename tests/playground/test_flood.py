"""Sending limits are windows; what is over them is refused with retry_after and counted."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from playground import acts
from playground.flood import Flood
from playground.things import Person
from playground.world import World
from tests.playground.shared import Api


class Hand:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _admitted(flood: Flood, chat: int | None, private: bool, tries: int) -> int:
    return sum(flood.admit(1, chat, private) is None for _ in range(tries))


def test_private_chat_takes_three_a_second() -> None:
    flood = Flood(Hand())
    assert _admitted(flood, 5, True, 5) == 3
    assert flood.refused == 2
    assert flood.early == 1


def test_private_chat_takes_twenty_in_fifteen_seconds() -> None:
    hand = Hand()
    flood = Flood(hand)
    taken = 0
    for _ in range(30):
        taken += _admitted(flood, 5, True, 1)
        hand.now += 0.49
    assert taken == 20


def test_private_chat_takes_one_a_second_for_ever() -> None:
    hand = Hand()
    flood = Flood(hand)
    for _ in range(200):
        assert flood.admit(1, 5, True) is None
        hand.now += 1.0


def test_group_takes_twenty_a_minute() -> None:
    hand = Hand()
    flood = Flood(hand)
    assert _admitted(flood, -5, False, 20) == 20
    verdict = flood.admit(1, -5, False)
    assert verdict is not None
    assert (verdict.wait, verdict.early) == (60, False)
    hand.now += 60.0
    assert _admitted(flood, -5, False, 20) == 20


def test_all_chats_together_take_thirty_a_second() -> None:
    hand = Hand()
    flood = Flood(hand)
    assert sum(_admitted(flood, chat, True, 1) for chat in range(100, 135)) == 30
    hand.now += 1.0
    assert _admitted(flood, 200, True, 1) == 1


def test_a_pause_of_one_chat_leaves_the_others_open() -> None:
    hand = Hand()
    flood = Flood(hand)
    flood.pause(1, 5, 10)
    assert _admitted(flood, 5, True, 1) == 0
    assert _admitted(flood, 6, True, 1) == 1
    hand.now += 10.0
    assert _admitted(flood, 5, True, 1) == 1


def test_another_bot_has_its_own_windows() -> None:
    flood = Flood(Hand())
    assert _admitted(flood, 5, True, 3) == 3
    assert flood.admit(2, 5, True) is None


async def test_both_clients_read_retry_after(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    world.flood = Flood(Hand())
    await acts.start(world, alice)
    for number in range(3):
        await bot.send_message(alice.id, str(number))
    with pytest.raises(TelegramRetryAfter) as first:
        await bot.send_message(alice.id, "4")
    assert first.value.retry_after == 1
    assert [one.error for one in world.violations] == ["Too Many Requests: retry after 1"]
    with pytest.raises(RetryAfter):
        await ext.send_message(alice.id, "5")
    assert world.violations[1].error == "sent before retry_after was over"
    assert len(world.deliveries) == 3


async def test_flood_switched_off_lets_everything_through(
    world: World, alice: Person, api: Api
) -> None:
    world.flood.on = False
    await acts.start(world, alice)
    sends = [api.ok("sendMessage", {"chat_id": 501, "text": str(n)}) for n in range(60)]
    await asyncio.gather(*sends)
    assert len(world.deliveries) == 60


async def test_storm_refuses_sends_but_no_violation(world: World, alice: Person, api: Api) -> None:
    await acts.start(world, alice)
    world.set_storm(True)
    body = await api("sendMessage", {"chat_id": 501, "text": "x"})
    assert body["parameters"] == {"retry_after": 5}
    assert await api.ok("getMe")
    assert world.violations == []
