"""The webhook sender: secret, retries, lanes, Retry-After, methods in the answer."""

import asyncio

import pytest
from aiohttp import web

from playground import acts
from playground.hooks import pause_after
from playground.things import Person
from playground.world import World
from tests.playground.shared import BUY, Api, receiving


def test_pauses_grow_to_a_minute() -> None:
    assert [pause_after(n) for n in range(1, 9)] == [0, 2, 4, 8, 16, 32, 60, 60]


async def test_update_comes_with_its_secret(world: World, alice: Person, api: Api) -> None:
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url, "secret_token": "s3cret_-"})
        await acts.send(world, alice, None, "hello")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert receiver.updates[0]["message"]["text"] == "hello"
        assert receiver.secrets == ["s3cret_-"]
        info = await api.ok("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == (receiver.url, 0)


async def test_what_waited_is_sent_when_the_webhook_is_set(
    world: World, alice: Person, api: Api
) -> None:
    await acts.send(world, alice, None, "before")
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url})
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert [u["message"]["text"] for u in receiver.updates] == ["before"]


async def test_drop_pending_updates_forgets_them(world: World, alice: Person, api: Api) -> None:
    await acts.send(world, alice, None, "before")
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url, "drop_pending_updates": True})
        await acts.send(world, alice, None, "after")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert [u["message"]["text"] for u in receiver.updates] == ["after"]


async def test_refused_update_is_tried_again_in_order(
    world: World, alice: Person, api: Api
) -> None:
    world.speed = 1000
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500), web.Response(status=503)]
        await api.ok("setWebhook", {"url": receiver.url})
        await acts.send(world, alice, None, "one")
        await acts.send(world, alice, None, "two")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        texts = [u["message"]["text"] for u in receiver.updates]
        assert texts == ["one", "one", "one", "two"]
        info = await api.ok("getWebhookInfo")
        assert info["last_error_message"] == (
            "Wrong response from the webhook: 503 Service Unavailable"
        )


async def test_stuck_lane_holds_up_only_itself(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500, headers={"Retry-After": "3000"})]
        await api.ok("setWebhook", {"url": receiver.url})
        await acts.send(world, alice, None, "stuck")
        await world.wait_for(lambda: world.hooks[world.bot.id].failure)
        await acts.send(world, alice, None, "behind")
        await acts.send(world, bob, None, "free")
        await world.wait_for(lambda: len(world.queues[world.bot.id].pending) == 2)
        assert [u["message"]["text"] for u in receiver.updates] == ["stuck", "free"]


async def test_press_travels_in_another_lane_than_messages(
    world: World, alice: Person, api: Api
) -> None:
    await acts.start(world, alice)
    sent = await api.ok("sendMessage", {"chat_id": 501, "text": "x", "reply_markup": BUY})
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500, headers={"Retry-After": "3000"})]
        await api.ok("setWebhook", {"url": receiver.url})
        await world.wait_for(lambda: world.hooks[world.bot.id].failure)
        await acts.press(world, alice, world.message(501, sent["message_id"]), "Buy")
        await world.wait_for(lambda: len(receiver.updates) == 2, timeout=5)
        assert "callback_query" in receiver.updates[1]


async def test_retry_after_is_obeyed(world: World, alice: Person, api: Api) -> None:
    world.speed = 100
    async with receiving() as receiver:
        receiver.script = [web.Response(status=503, headers={"Retry-After": "30"})]
        await api.ok("setWebhook", {"url": receiver.url})
        began = asyncio.get_running_loop().time()
        await acts.send(world, alice, None, "one")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert asyncio.get_running_loop().time() - began >= 0.3
        assert len(receiver.updates) == 2


async def test_update_that_expires_is_given_up(world: World, alice: Person, api: Api) -> None:
    world.speed = 100
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500) for _ in range(5)]
        await api.ok("setWebhook", {"url": receiver.url})
        await acts.send(world, alice, None, "old")
        await world.wait_for(lambda: world.hooks[world.bot.id].failure)
        world.turn_clock(86_401)
        await acts.send(world, alice, None, "new")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert receiver.updates[-1]["message"]["text"] == "new"


async def test_nobody_listening_is_a_failed_try(world: World, alice: Person, api: Api) -> None:
    await api.ok("setWebhook", {"url": "http://127.0.0.1:9/hook"})
    await acts.send(world, alice, None, "hello")
    await world.wait_for(lambda: world.hooks[world.bot.id].failure)
    info = await api.ok("getWebhookInfo")
    assert info["pending_update_count"] == 1
    assert info["last_error_message"].startswith("Connection failed")


async def test_method_in_the_answer_is_carried_out(world: World, alice: Person, api: Api) -> None:
    async with receiving() as receiver:
        reply = {"method": "sendMessage", "chat_id": 501, "text": "from the answer"}
        receiver.script = [web.json_response(reply)]
        await api.ok("setWebhook", {"url": receiver.url})
        await acts.send(world, alice, None, "hello")
        await world.wait_for(lambda: len(world.deliveries) == 1)
        assert world.texts(501) == ["hello", "from the answer"]


async def test_order_holds_within_a_chat_under_load(world: World, api: Api) -> None:
    people = [world.new_person(f"P{number}") for number in range(30)]
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url, "max_connections": 10})
        for number in range(10):
            for person in people:
                await acts.send(world, person, None, str(number))
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
    for person in people:
        texts = [
            u["message"]["text"]
            for u in receiver.updates
            if u["message"]["chat"]["id"] == person.id
        ]
        assert texts == [str(number) for number in range(10)]


async def test_same_webhook_again_changes_nothing(world: World, alice: Person, api: Api) -> None:
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500, headers={"Retry-After": "3000"})]
        await api.ok("setWebhook", {"url": receiver.url, "secret_token": "a"})
        await acts.send(world, alice, None, "one")
        await world.wait_for(lambda: world.hooks[world.bot.id].failure)
        await api.ok("setWebhook", {"url": receiver.url, "secret_token": "a"})
        assert world.hooks[world.bot.id].tries == 1
        await api.ok("setWebhook", {"url": receiver.url, "secret_token": "b"})
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert receiver.secrets == ["a", "b"]


async def test_stuck_lanes_beyond_twice_the_connections_stop_the_bot(
    world: World, alice: Person, api: Api
) -> None:
    stuck = [world.new_person(f"P{number}") for number in range(4)]
    async with receiving() as receiver:
        receiver.script = [web.Response(status=500, headers={"Retry-After": "3000"}) for _ in stuck]
        await api.ok("setWebhook", {"url": receiver.url, "max_connections": 2})
        for person in stuck:
            await acts.send(world, person, None, "stuck")
        await world.wait_for(lambda: world.hooks[world.bot.id].tries == 4)
        await acts.send(world, alice, None, "healthy")
        with pytest.raises(TimeoutError):
            await world.wait_for(lambda: len(receiver.updates) == 5, timeout=0.3)
        world.turn_clock(3_001)
        assert len(world.queues[world.bot.id].pending) == 5


async def test_offline_holds_webhook_calls_back(world: World, alice: Person, api: Api) -> None:
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url})
        world.set_offline(True)
        await acts.send(world, alice, None, "later")
        with pytest.raises(TimeoutError):
            await world.wait_for(lambda: receiver.updates, timeout=0.2)
        world.set_offline(False)
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert len(receiver.updates) == 1


async def test_update_is_repeated_at_once(world: World, alice: Person, api: Api) -> None:
    world.repeats = 5
    async with receiving() as receiver:
        await api.ok("setWebhook", {"url": receiver.url})
        await acts.send(world, alice, None, "hello")
        await world.wait_for(lambda: not world.queues[world.bot.id].pending)
        assert len(receiver.updates) == 5
        assert len({update["update_id"] for update in receiver.updates}) == 1
