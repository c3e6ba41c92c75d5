"""Whatever is sent, the stand-in answers: a result or a refusal, never a breakdown."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from playground.dispatch import run_call
from playground.html import parse_html, utf16_len
from playground.methods import TABLE
from playground.refusals import Refused
from playground.richtext import slice16
from playground.things import Chat, Json, Message
from playground.world import World

NAMES = sorted({name for entry in TABLE.values() for name in entry.kinds})
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 1_000),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["article", "photo", "emoji", "501", "attach://x", "HTML", "{}", "[[]]"]),
)
KEYS = st.sampled_from(
    [
        "type",
        "id",
        "text",
        "inline_keyboard",
        "keyboard",
        "callback_data",
        "media",
        "message_id",
        "amount",
        "label",
        "emoji",
        "title",
        "input_message_content",
        "message_text",
        "offset",
        "length",
        "command",
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
METHODS = sorted(entry.name for entry in TABLE.values() if entry.name != "getUpdates")


def _world() -> World:
    world = World()
    world.flood.on = False
    alice = world.new_person("Alice", id=501)
    chat: Chat = world.private(alice)
    chat.started = True
    world.add_message(chat, Message(chat.id, 0, 0.0, world.bot.id, author=world.bot.id, text="x"))
    return world


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
async def test_any_parameters_get_an_answer(method: str, data: st.DataObject) -> None:
    world = _world()
    names = sorted(TABLE[method.lower()].kinds)
    params: Json = {}
    if names:
        params = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=6))
    if "chat_id" in names and data.draw(st.booleans()):
        params |= {"chat_id": 501, "message_id": 1}
        params = {name: value for name, value in params.items() if name in names}
    status, body = await run_call(world, world.bot, method, params, {})
    assert body["ok"] is (status == 200)
    assert status in (200, 400, 403, 429)
    assert len(world.calls) == 1


@settings(max_examples=300)
@given(st.text(alphabet="<>/&;#ab =\"'\nцx1😀", max_size=40))
def test_any_html_is_read_or_refused(source: str) -> None:
    length, entities, said = _read(source)
    assert said == "" or said.startswith("Bad Request: can't parse entities: ")
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= length


def _read(source: str) -> tuple[int, list[Json], str]:
    try:
        text, entities = parse_html(source)
    except Refused as refused:
        return 0, [], refused.description
    return utf16_len(text), entities, ""


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_escaped_text_is_shown_as_typed(source: str) -> None:
    text, entities = parse_html(f"<b>{escape(source)}</b>!")
    assert text == f"{source}!"
    assert [slice16(text, e["offset"], e["length"]) for e in entities] == [source] * bool(source)
