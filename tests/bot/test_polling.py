"""The polling door: the offset follows the commit, and no update is in another's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.doors.polling import DoorClosed, Polling, split_updates
from bot.telegram import ApiUnreachable, BotApi
from storage.failures import Unavailable
from storage.inbox import Raw
from tests.bot.conftest import until
from tests.bot.scripted import TOKEN, ScriptedApi

QUICK = (0.01,)


def message(update_id: int, text: str = "hi") -> str:
    return f'{{"update_id":{update_id},"message":{{"chat":{{"id":5}},"text":"{text}"}}}}'


class Kept:
    def __init__(self) -> None:
        self.updates: list[Raw] = []
        self.refusals = 0

    async def __call__(self, updates: list[Raw]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("gone")
        self.updates += updates


@pytest.fixture
def kept() -> Kept:
    return Kept()


@asynccontextmanager
async def polling(api: ScriptedApi, kept: Kept) -> AsyncIterator[asyncio.Task[None]]:
    client = api.client()
    door = Polling(client, 9, kept, wait_seconds=1, backoff=QUICK)
    running = asyncio.create_task(door.run())
    try:
        yield running
    finally:
        await door.stop()
        await asyncio.wait({running}, timeout=30)
        await client.close()
    assert running.done()


async def test_offset_moves_past_what_is_committed(api: ScriptedApi, kept: Kept) -> None:
    api.says(message(10), message(11))
    api.says(message(12))
    async with polling(api, kept):
        await api.empty.wait()
    assert [raw.update_id for raw in kept.updates] == [10, 11, 12]
    assert api.offsets()[:3] == [None, 12, 13]


async def test_offset_waits_for_a_database_that_refuses(api: ScriptedApi, kept: Kept) -> None:
    kept.refusals = 2
    for _ in range(3):
        api.says(message(10))
    async with polling(api, kept):
        await api.empty.wait()
    assert api.offsets()[:4] == [None, None, None, 11]
    assert [raw.update_id for raw in kept.updates] == [10]


async def test_bad_update_does_not_block_its_batch(api: ScriptedApi, kept: Kept) -> None:
    deep = '{"update_id":11,"message":' + "[" * 100_000 + "]" * 100_000 + "}"
    api.says(message(10), deep, '{"update_id":12,"message":{}}', '"x"', message(13, ']}\\"{['))
    async with polling(api, kept):
        await api.empty.wait()
    good = [raw.update_id for raw in kept.updates if raw.error is None]
    assert good == [10, 12, 13]
    assert [raw.error for raw in kept.updates if raw.error] == [
        "nested too deeply",
        "not an object",
    ]
    assert api.offsets()[1] == 14


async def test_number_beyond_all_bounds_is_confirmed_too(api: ScriptedApi, kept: Kept) -> None:
    api.says('{"update_id":1099511627776}')
    async with polling(api, kept):
        await api.empty.wait()
    assert [raw.error for raw in kept.updates] == ["update_id is missing or wrong"]
    assert api.offsets()[1] == 1099511627777


async def test_updates_without_a_number_do_not_turn_into_a_storm(
    api: ScriptedApi, kept: Kept
) -> None:
    api.says('{"message":{}}')
    async with polling(api, kept):
        await api.empty.wait()
    assert api.offsets()[:2] == [None, None]


@pytest.mark.parametrize(
    ("code", "description", "said"),
    [
        (409, "Conflict: terminated by other getUpdates request", "another program"),
        (409, "Conflict: can't use getUpdates method while webhook is active", "webhook is set"),
        (401, "Unauthorized", "does not know this BOT_TOKEN"),
        (404, "Not Found", "does not know this BOT_TOKEN"),
    ],
)
async def test_hopeless_refusal_closes_the_door(
    api: ScriptedApi, kept: Kept, code: int, description: str, said: str
) -> None:
    api.refuses(code, description)
    async with polling(api, kept) as running:
        with pytest.raises(DoorClosed, match=said) as closed:
            await asyncio.wait_for(running, 30)
    assert "Canary" not in str(closed.value)


async def test_trouble_on_the_way_is_outlasted(
    api: ScriptedApi, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    api.answers.append((502, b"<html>Bad Gateway</html>"))
    api.answers.append((500, b"{}"))
    api.refuses(400, "Bad Request: odd")
    api.answers.append((200, b"not even JSON"))
    api.says(message(10))
    async with polling(api, kept):
        await api.empty.wait()
    assert [raw.update_id for raw in kept.updates] == [10]
    assert "Canary" not in caplog.text
    assert "HTTP 502" in caplog.text


async def test_server_away_is_outlasted_without_naming_the_token(
    api: ScriptedApi, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    await api.stop()
    async with polling(api, kept):
        await until(lambda: "ClientConnectorError" in caplog.text)
    assert "Canary" not in caplog.text


async def test_unreachable_server_is_named_without_the_token() -> None:
    async with BotApi("http://127.0.0.1:1", TOKEN) as nobody:
        with pytest.raises(ApiUnreachable) as failed:
            await nobody.call("getMe")
    assert "Canary" not in f"{failed.value!r} {failed.value}"


async def test_stop_interrupts_the_long_poll(api: ScriptedApi, kept: Kept) -> None:
    async with polling(api, kept) as running:
        await api.empty.wait()
        assert not running.done()
    assert running.exception() is None


async def test_only_what_is_handled_is_asked_for(api: ScriptedApi, kept: Kept) -> None:
    async with polling(api, kept):
        await api.empty.wait()
    _, params = api.asked[0]
    assert params["limit"] == 100
    assert "pre_checkout_query" in params["allowed_updates"]
    assert "poll" not in params["allowed_updates"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ('{"ok":true,"result":[]}', []),
        ('{"ok":true,"result":[ {"a":[1,{"b":"],"}]} , 5, "x,y" ]}', None),
        ('{"result":[{"a":1},{"b":2}],"ok":true,"parameters":{"x":[3]}}', ['{"a":1}', '{"b":2}']),
        ('{"ok":true,"result":[{"a":1},{"cut', ['{"a":1}']),
        ("", []),
        ("]]]}}}", []),
    ],
)
def test_split_updates(body: str, texts: list[str] | None) -> None:
    expected = ['{"a":[1,{"b":"],"}]}', "5", '"x,y"'] if texts is None else texts
    assert list(split_updates(body)) == expected
