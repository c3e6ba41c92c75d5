"""Inline mode: questions, results, the cache, chosen results, inline edits, prepared messages."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.ext import ExtBot

from playground import acts
from playground.records import InlineAsk
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import BUY, Api, picture


def article(result_id: str, **more: object) -> Json:
    content = {"message_text": f"<b>{result_id}</b>", "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": result_id,
        "title": result_id.title(),
        "input_message_content": content,
        **more,
    }


async def _ask(world: World, person: Person, api: Api, answer: Json, query: str = "") -> InlineAsk:
    made = await acts.ask(world, person, query)
    await api.ok("answerInlineQuery", {"inline_query_id": made.id, **answer})
    return made


async def test_result_is_chosen_into_a_friends_chat_and_edited(
    world: World, alice: Person, bob: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    asking = asyncio.create_task(acts.inline(world, alice, "tea"))
    update = (await bot.get_updates(timeout=5))[0]
    assert update.inline_query is not None
    assert (update.inline_query.query, update.inline_query.from_user.id) == ("tea", alice.id)
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Join", callback_data="join:1")]]
    )
    await update.inline_query.answer(
        [
            InlineQueryResultArticle(
                id="one",
                title="Tea",
                input_message_content=InputTextMessageContent(message_text="Tea for two"),
                reply_markup=markup,
            )
        ],
        is_personal=True,
        cache_time=0,
    )
    asked = await asking
    message = await acts.choose(world, alice, asked, "one", world.friends(alice, bob))
    assert message.text == "Tea for two"
    assert message.inline_id is not None
    chosen = (await bot.get_updates(-1))[0].chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.inline_message_id) == ("one", message.inline_id)
    press = await acts.press(world, bob, message, "Join")
    query = (await bot.get_updates(-1))[0].callback_query
    assert query is not None
    assert (query.message, query.inline_message_id) == (None, message.inline_id)
    await query.answer()
    assert press.state == "answered"
    assert await ext.edit_message_text("Full", inline_message_id=message.inline_id) is True
    assert message.text == "Full"
    assert world.violations == []


async def test_result_without_keyboard_has_no_inline_id(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    made = await _ask(world, alice, api, {"results": [article("a")]})
    message = await acts.choose(world, alice, made, "a", world.friends(alice, bob))
    assert message.inline_id is None
    chosen = (await api.ok("getUpdates"))[-1]["chosen_inline_result"]
    assert "inline_message_id" not in chosen


async def test_answer_is_cached_for_all_but_personal_ones(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    await _ask(world, alice, api, {"results": [article("a")], "cache_time": 60}, "shared")
    assert (await acts.ask(world, bob, "shared")).answered
    world.turn_clock(61)
    assert not (await acts.ask(world, bob, "shared")).answered
    await _ask(world, alice, api, {"results": [], "is_personal": True}, "mine")
    assert (await acts.ask(world, alice, "mine")).answered
    assert not (await acts.ask(world, bob, "mine")).answered


async def test_unanswered_query_gives_up(world: World, alice: Person, api: Api) -> None:
    world.speed = 100
    with pytest.raises(TimeoutError):
        await acts.inline(world, alice, "slow")
    made = next(iter(world.asks.values()))
    late = {"inline_query_id": made.id, "results": []}
    assert "query is too old" in await api.error("answerInlineQuery", late)
    assert world.violations == []


WRONG = [
    ([article("x" * 65)], "RESULT_ID_INVALID"),
    ([article("a"), article("a")], "RESULT_ID_DUPLICATE"),
    ([article("a", colour="red")], "unknown field 'colour'"),
    ([article("a", title="")], "title must be non-empty"),
    ([{"type": "article", "id": "a", "title": "A"}], "message content is not specified"),
    ([{"type": "photo", "id": "a", "photo_file_id": "none"}], "wrong file identifier"),
    ([{"type": "photo", "id": "a"}], "photo and thumbnail must be specified"),
]


@pytest.mark.parametrize(("results", "reason"), WRONG, ids=[one[1] for one in WRONG])
async def test_wrong_results_are_refused(
    world: World, alice: Person, api: Api, results: list[Json], reason: str
) -> None:
    made = await acts.ask(world, alice, "tea")
    asked = {"inline_query_id": made.id, "results": results}
    assert reason in await api.error("answerInlineQuery", asked)
    assert len(world.violations) == 1
    assert not made.answered


async def test_cached_photo_becomes_a_photo_message(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    sent = await acts.photo(world, alice, None, picture())
    assert sent.photo is not None
    file_id = world.files.id_for(world.bot.id, sent.photo)
    result = {
        "type": "photo",
        "id": "p",
        "photo_file_id": file_id,
        "caption": "<i>Tea</i>",
        "parse_mode": "HTML",
        "reply_markup": BUY,
    }
    made = await _ask(world, alice, api, {"results": [result]})
    message = await acts.choose(world, alice, made, "p", world.friends(alice, bob))
    assert message.photo is sent.photo
    assert message.caption == "Tea"
    edited = {"inline_message_id": message.inline_id, "caption": "Gone"}
    assert await api.ok("editMessageCaption", edited) is True


async def test_inline_message_in_the_bots_group_is_heard(
    world: World, alice: Person, api: Api
) -> None:
    group = world.new_group("Tea", [alice])
    await acts.add_bot(world, alice, group)
    made = await _ask(world, alice, api, {"results": [article("a", reply_markup=BUY)]})
    await acts.choose(world, alice, made, "a", group)
    heard = [update["message"] for update in await api.ok("getUpdates") if "message" in update]
    assert heard[-1]["via_bot"]["id"] == world.bot.id


async def test_prepared_message_is_shared_by_its_owner(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    asked = {"user_id": alice.id, "result": article("a"), "allow_user_chats": True}
    prepared = await api.ok("savePreparedInlineMessage", asked)
    message = await acts.share_prepared(world, alice, prepared["id"], world.friends(alice, bob))
    assert message.text == "a"
    assert prepared["expiration_date"] > world.clock.now()
