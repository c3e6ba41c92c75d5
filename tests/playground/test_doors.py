"""The page's doors: snapshot, events, acts, switches, logs, pictures, the clock."""

import asyncio
import base64
import json

from playground import acts
from playground.server import Running
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import BUY, INVOICE, Api, picture


async def test_snapshot_has_every_room(world: World, alice: Person, api: Api) -> None:
    world.set_hints(["Say hello"])
    world.set_phones([(alice, world.private(alice))])
    await acts.start(world, alice)
    await api.ok("sendMessage", {"chat_id": 501, "text": "hi", "reply_markup": BUY})
    await acts.press(world, alice, world.message(501, 2), "Buy")
    state = await api.page("/world/state")
    assert state["seq"] == world.log.seq
    assert state["hints"] == ["Say hello"]
    assert state["phones"] == [{"user": 501, "open_chat": 501}]
    assert [one["first_name"] for one in state["users"]] == ["Alice"]
    shown = state["messages"][-1]
    assert (shown["text"], shown["from"]["is_bot"]) == ("hi", True)
    assert shown["keyboard"] == [[{"text": "Buy", "kind": "callback", "data": "buy:1"}]]
    assert [one["message_id"] for one in state["pending_callbacks"]] == [2]


async def _act(api: Api, act: str, **more: object) -> Json:
    body: Json = await api.page("/world/act", {"user": 501, "act": act, **more})
    return body


async def test_acts_by_name(world: World, alice: Person, bob: Person, api: Api) -> None:
    world.flood.on = False
    assert (await _act(api, "start", payload="x"))["result"] == {"chat": 501, "id": 1}
    sent = await api.ok("sendMessage", {"chat_id": 501, "text": "hi", "reply_markup": BUY})
    pressed = await _act(api, "press", chat=501, message_id=sent["message_id"], data="buy:1")
    assert pressed["result"]["callback_id"] in world.presses
    group = (await _act(api, "new_group", title="Tea", members=[502]))["result"]["chat"]
    assert world.chats[group].people == [501, 502]
    assert (await _act(api, "add_bot", chat=group, admin=False))["ok"]
    assert (await _act(api, "promote_bot", chat=group, on=True))["ok"]
    upgraded = (await _act(api, "upgrade", chat=group))["result"]["chat"]
    assert world.chats[upgraded].type == "supergroup"
    data = "data:image/png;base64," + base64.b64encode(picture()).decode()
    assert (await _act(api, "photo", chat=501, data=data, caption="see"))["ok"]
    assert len((await _act(api, "photos", chat=501, data=[data, data]))["result"]) == 2
    assert (await _act(api, "read", chat=501, id=2))["ok"]
    assert world.read[(501, 501)] == 2
    assert (await _act(api, "location", chat=501, latitude=60.2, longitude=24.9))["ok"]
    assert (await _act(api, "block"))["ok"]
    blocked = await _act(api, "send", chat=501, text="hi")
    assert blocked == {"ok": False, "error": "Unblock the bot first."}
    assert (await _act(api, "unblock"))["ok"]
    assert (await _act(api, "open_link", url="t.me/kaituan_bot?start=z"))["result"] == {"chat": 501}


async def test_wrong_acts_are_sentences(alice: Person, api: Api) -> None:
    assert (await _act(api, "fly"))["error"] == "There is no such act."
    assert (await _act(api, "send", chat=501))["error"].startswith("This request is not complete")
    assert (await _act(api, "send", chat=-7, text="x"))["error"] == "There is no chat -7."
    assert (await _act(api, "photo", chat=501, data="data:,!"))["error"] == "This is no picture."


async def test_paying_on_the_page(world: World, alice: Person, api: Api) -> None:
    world.checkout_seconds = 0.05
    await acts.start(world, alice)
    sent = await api.ok("sendInvoice", {"chat_id": 501, **INVOICE})
    asked = {"chat": 501, "message_id": sent["message_id"]}
    paid = await _act(api, "pay", **asked)
    assert (paid["result"]["ok"], paid["result"]["error"]) == (
        False,
        "The bot did not answer in time.",
    )
    assert (await _act(api, "decline", **asked))["ok"]


async def test_events_stream_from_where_one_left_off(
    table: Running, world: World, alice: Person, api: Api
) -> None:
    seq = world.log.seq
    await acts.send(world, alice, None, "one")
    async with api.session.get(f"{table.base_url}/world/events?after={seq}") as stream:
        first = await _event(stream.content, "message")
        assert first["message"]["text"] == "one"
        await acts.send(world, alice, None, "two")
        assert (await _event(stream.content, "message"))["message"]["text"] == "two"
        await api.ok("getMe")
        assert (await _event(stream.content, "call"))["method"] == "getMe"


async def _event(lines: asyncio.StreamReader | object, kind: str) -> Json:
    while True:
        line = await asyncio.wait_for(lines.readline(), 5)  # type: ignore[union-attr]
        if line.startswith(b"data: "):
            event: Json = json.loads(line[6:])
            if event["type"] == kind:
                return event


async def test_events_too_old_ask_for_a_reload(
    table: Running, world: World, alice: Person, api: Api
) -> None:
    for number in range(5_100):
        world.log.emit("typing", chat=number)
    async with api.session.get(f"{table.base_url}/world/events?after=1") as stream:
        assert (await _event(stream.content, "reload"))["seq"] == world.log.seq


async def test_clock_and_switches(world: World, api: Api) -> None:
    before = (await api.page("/clock"))["now"]
    await api.page("/world/control", {"set": "clock", "advance": 3600})
    assert (await api.page("/clock"))["now"] - before >= 3600
    back = await api.page("/world/control", {"set": "clock", "advance": -5})
    assert not back["ok"]
    await api.page("/world/control", {"set": "storm", "on": True})
    await api.page("/world/control", {"set": "offline", "on": True})
    assert (world.storm, world.offline) == (True, True)


async def test_calls_violations_and_photos(
    table: Running, world: World, alice: Person, api: Api
) -> None:
    await acts.start(world, alice)
    await api.ok("sendMessage", {"chat_id": 501, "text": "hi"})
    await api.error("sendMessage", {"chat_id": 501, "text": ""})
    calls = (await api.page("/world/calls?after=1"))["calls"]
    assert [(one["n"], one["method"], one["ok"]) for one in calls] == [(2, "sendMessage", False)]
    noted = (await api.page("/world/violations"))["violations"]
    assert noted[0]["error"] == "Bad Request: message text is empty"
    sent = await acts.photo(world, alice, None, picture())
    assert sent.photo is not None
    async with api.session.get(f"{table.base_url}/world/photo/{sent.photo.unique_id}") as answer:
        assert await answer.read() == picture()
        assert answer.content_type == "image/png"
    async with api.session.get(f"{table.base_url}/page/../server.py") as answer:
        assert answer.status == 404
