"""getUpdates: offsets, limits, filters, expiry, one poller at a time."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from telegram.ext import ExtBot

from playground import acts
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import BUY, Api


async def _three(world: World, alice: Person) -> None:
    for text in ("one", "two", "three"):
        await acts.send(world, alice, None, text)


def _texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_a_later_offset(world: World, alice: Person, api: Api) -> None:
    await _three(world, alice)
    first = await api.ok("getUpdates")
    assert _texts(first) == ["one", "two", "three"]
    assert await api.ok("getUpdates") == first
    rest = await api.ok("getUpdates", {"offset": first[1]["update_id"], "limit": 1})
    assert _texts(rest) == ["two"]
    assert await api.ok("getUpdates", {"offset": first[2]["update_id"] + 1}) == []


async def test_negative_offset_forgets_all_but_the_last(
    world: World, alice: Person, api: Api
) -> None:
    await _three(world, alice)
    assert _texts(await api.ok("getUpdates", {"offset": -2})) == ["two", "three"]
    assert _texts(await api.ok("getUpdates")) == ["two", "three"]


async def test_update_ids_rise_one_by_one(world: World, alice: Person, api: Api) -> None:
    await _three(world, alice)
    ids = [update["update_id"] for update in await api.ok("getUpdates")]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_long_poll_returns_when_something_happens(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await world.wait_for(lambda: world.queues[world.bot.id].waiting)
    await acts.send(world, alice, None, "hello")
    updates = await waiting
    assert updates[0].message is not None
    assert updates[0].message.text == "hello"
    seen = await ext.get_updates()
    assert seen[0].message is not None
    assert seen[0].message.text == "hello"


async def test_second_poller_ends_the_first(world: World, alice: Person, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await world.wait_for(lambda: world.queues[world.bot.id].waiting)
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
        await first
    await acts.send(world, alice, None, "hello")
    assert len(await second) == 1


async def test_poll_while_a_webhook_is_set_is_a_conflict(api: Api) -> None:
    await api.ok("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    assert "webhook is active" in await api.error("getUpdates")
    await api.ok("deleteWebhook")
    assert await api.ok("getUpdates") == []


async def test_setting_a_webhook_ends_a_poll(world: World, bot: Bot, api: Api) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await world.wait_for(lambda: world.queues[world.bot.id].waiting)
    await api.ok("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook"):
        await first


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [("message", 86_400), ("callback_query", 150), ("inline_query", 30)],
)
async def test_update_expires_after_telegrams_time(
    world: World, alice: Person, api: Api, kind: str, seconds: int
) -> None:
    await acts.start(world, alice)
    sent = await api.ok("sendMessage", {"chat_id": 501, "text": "x", "reply_markup": BUY})
    await api.ok("getUpdates", {"offset": -1})
    queue = world.queues[world.bot.id]
    queue.clear()
    if kind == "message":
        await acts.send(world, alice, None, "hi")
    elif kind == "callback_query":
        await acts.press(world, alice, world.message(501, sent["message_id"]), "Buy")
    else:
        await acts.ask(world, alice, "tea")
    world.turn_clock(seconds - 5)
    assert [list(update)[1] for update in await api.ok("getUpdates")] == [kind]
    world.turn_clock(6)
    assert await api.ok("getUpdates") == []
    assert queue.dropped == 1


async def test_allowed_updates_filter_what_is_queued(world: World, alice: Person, api: Api) -> None:
    await api.ok("getUpdates", {"allowed_updates": ["inline_query"]})
    await acts.send(world, alice, None, "unheard")
    await acts.ask(world, alice, "tea")
    assert [list(update)[1] for update in await api.ok("getUpdates")] == ["inline_query"]
    await api.ok("getUpdates", {"allowed_updates": []})
    await acts.send(world, alice, None, "heard")
    assert len(await api.ok("getUpdates")) == 2


async def test_poller_that_hangs_up_frees_its_place(world: World, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    queue = world.queues[world.bot.id]
    await world.wait_for(lambda: queue.waiting)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await bot.session.close()
    await world.wait_for(lambda: not queue.waiting)


async def test_two_bots_have_their_own_queues_chats_and_files(
    world: World, alice: Person, api: Api
) -> None:
    other = world.new_bot("7000000002:second", "other_bot", "Other")
    await acts.start(world, alice, "a")
    await acts.start(world, alice, "b", other)
    assert _texts(await api.ok("getUpdates")) == ["/start a"]
    mine = await api.ok("getUpdates", token=other.token)
    assert _texts(mine) == ["/start b"]
    assert mine[0]["message"]["chat"]["id"] == alice.id
    await api.ok("sendMessage", {"chat_id": 501, "text": "from other"}, other.token)
    assert world.texts(world.private(alice)) == ["/start a"]
    assert world.texts(world.private(alice, other)) == ["/start b", "from other"]


async def test_updates_can_be_lost_late_or_poisoned(world: World, alice: Person, api: Api) -> None:
    world.losing = lambda kind, payload: payload.get("text") == "lost"
    world.delays = {"message": 0.1}
    await acts.send(world, alice, None, "lost")
    await acts.send(world, alice, None, "late")
    await acts.ask(world, alice, "tea")
    world.poison("no_such_kind", {"text": "\ud800"})
    assert [list(u)[1] for u in await api.ok("getUpdates")] == ["inline_query", "no_such_kind"]
    queue = world.queues[world.bot.id]
    await world.wait_for(lambda: len(queue.pending) == 3)
    assert (await api.ok("getUpdates"))[-1]["message"]["text"] == "late"
    assert queue.dropped == 1


async def test_bots_do_not_hear_each_other(world: World, alice: Person, api: Api) -> None:
    other = world.new_bot("7000000002:second", "other_bot", "Other")
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group, admin=True)
    await acts.add_bot(world, alice, group, admin=True, bot=other)
    world.queues[other.id].clear()
    await api.ok("sendMessage", {"chat_id": group.id, "text": "hello"})
    assert await api.ok("getUpdates", token=other.token) == []
