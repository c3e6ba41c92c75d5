"""What a failed request says about its message, judged by what really arrived."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InputFile
from telegram.error import TelegramError

from playground import acts, membership
from playground.faults import Kind, When
from playground.server import Running
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer
from scheduler.outcomes import Flooded, MaybeSent, NotSent, Refused
from scheduler.transport import Transport
from storage.gate import MemoryGate, Send


@pytest.fixture
async def hasty(table: Running, gate: MemoryGate) -> AsyncIterator[Announcer]:
    account = table.world.bot
    line = Transport(account.token, table.base_url, connect_seconds=0.5, total_seconds=0.5)
    made = Announcer(account.id, gate, line)
    yield made
    await made.close_line()


async def failure(bot: Announcer, chat: int, text: str = "hi") -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await bot.call("sendMessage", {"chat_id": chat, "text": text})
    return caught.value


async def test_granted_request_gives_the_raw_message(bot: Announcer, alice: Person) -> None:
    sent = await bot.call("sendMessage", {"chat_id": alice.id, "text": "茶"})
    assert (sent["text"], sent["chat"]["id"]) == ("茶", alice.id)


async def test_nested_parameters_travel_as_json(
    bot: Announcer, world: World, alice: Person
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Join", "callback_data": "j:1"}]]}
    params = {"chat_id": alice.id, "text": "<b>x</b>", "parse_mode": "HTML"}
    await bot.call("sendMessage", params | {"reply_markup": keyboard})
    last = world.last(alice.id)
    assert last is not None
    assert (last.text, last.markup) == ("x", keyboard)
    assert world.violations == []


async def test_photo_is_uploaded_as_a_file(bot: Announcer, alice: Person, jpeg: bytes) -> None:
    params = {"chat_id": alice.id, "caption": "pot", "photo": InputFile(jpeg, filename="p.jpg")}
    sent = await bot.call("sendPhoto", params)
    again = params | {"photo": sent["photo"][-1]["file_id"]}
    assert (await bot.call("sendPhoto", again))["caption"] == "pot"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["reset", "timeout", "half", "500", "502", "garbage"])
async def test_broken_answer_leaves_the_end_unknown(
    hasty: Announcer, world: World, alice: Person, kind: Kind, when: When
) -> None:
    world.faults.plan(kind, when=when, method="sendMessage", seconds=2)
    error = await failure(hasty, alice.id)
    assert type(error) is MaybeSent
    assert len(world.deliveries) == (when == "after")


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://nowhere.invalid"])
async def test_request_that_never_left_was_not_sent(gate: MemoryGate, base: str) -> None:
    bot = Announcer.of("42:secret", gate, base)
    assert type(await failure(bot, 1)) is NotSent
    await bot.close_line()


async def test_flood_answer_tells_how_long(
    bot: Announcer, world: World, alice: Person, gate: MemoryGate
) -> None:
    world.faults.plan("429", retry_after=35)
    error = await failure(bot, alice.id)
    assert isinstance(error, Flooded)
    assert error.retry_after == 35
    assert 34 < await gate.try_admit(Send(bot.speaker, alice.id)) <= 35
    assert await gate.try_admit(Send(bot.speaker, 999)) == 0


async def test_refusals_keep_telegrams_words(bot: Announcer, world: World, alice: Person) -> None:
    await acts.block(world, alice)
    blocked = await failure(bot, alice.id)
    missing = await failure(bot, 77)
    broken = await failure(bot, alice.id, "")
    assert isinstance(blocked, Refused)
    assert (blocked.code, blocked.chat_gone) == (403, True)
    assert isinstance(missing, Refused)
    assert missing.chat_gone
    assert isinstance(broken, Refused)
    assert not broken.chat_gone or broken.code == 403


async def test_migrated_group_names_its_new_id(bot: Announcer, world: World, alice: Person) -> None:
    group = world.new_group("Tea", [alice])
    membership.add_member(world, group, alice, world.bot)
    fresh = membership.upgrade(world, group, alice)
    error = await failure(bot, group.id)
    assert isinstance(error, Refused)
    assert error.migrate_to == fresh.id


async def test_revoked_token_is_known_as_such(table: Running, gate: MemoryGate) -> None:
    bot = Announcer.of("42:revoked", gate, table.base_url)
    error = await failure(bot, 1)
    assert isinstance(error, Refused)
    assert error.token_refused
    await bot.close_line()


def chain(error: BaseException | None) -> list[BaseException]:
    return [] if error is None else [error, *chain(error.__cause__ or error.__context__)]


@pytest.mark.parametrize("fault", ["reset", "500", "502", "garbage", "429", "401", None])
async def test_token_is_in_no_error_and_no_log(
    table: Running, gate: MemoryGate, caplog: pytest.LogCaptureFixture, fault: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    token = table.world.bot.token
    base = table.base_url if fault else "http://127.0.0.1:1"
    bot = Announcer.of(token, gate, base)
    if fault:
        table.world.faults.plan(fault)
    error = await failure(bot, 1)
    shown = [repr(bot), str(bot), caplog.text, "".join(traceback.format_exception(error))]
    shown += [repr(link) for link in chain(error)]
    assert token not in "\n".join(shown)
    await bot.close_line()
