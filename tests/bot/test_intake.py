"""Any text becomes a row: a readable update in its lane, anything else in quarantine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doors.intake import ALLOWED_UPDATES, clean, read_update
from storage.lanes import BY_CHAT, BY_SENDER, lane_of

USER = {"id": 42}
GROUP = {"id": -1001, "type": "supergroup"}


@pytest.mark.parametrize(
    ("update", "lane", "priority"),
    [
        ({"message": {"chat": {"id": 42}, "from": USER}}, "chat:42", 1),
        ({"message": {"chat": GROUP, "from": USER}}, "chat:-1001", 1),
        ({"edited_message": {"chat": GROUP}}, "chat:-1001", 1),
        ({"channel_post": {"chat": GROUP}}, "chat:-1001", 1),
        ({"my_chat_member": {"chat": GROUP, "from": USER}}, "chat:-1001", 1),
        ({"callback_query": {"from": USER, "message": {"chat": GROUP}}}, "chat:42", 1),
        ({"inline_query": {"from": USER}}, "chat:42", 1),
        ({"chosen_inline_result": {"from": USER}}, "chat:42", 1),
        ({"shipping_query": {"from": USER}}, "chat:42", 1),
        ({"pre_checkout_query": {"from": USER}}, "pay:42", 0),
        ({"message": {}}, "other", 1),
        ({"message": None}, "other", 1),
        ({"message": {"chat": {"id": "42"}}}, "other", 1),
        ({"message": {"chat": {"id": True}}}, "other", 1),
        ({"message": {"chat": {"id": 2**63}}}, "other", 1),
        ({"callback_query": {"from": [1]}}, "other", 1),
        ({"pre_checkout_query": 5}, "other", 0),
        ({"something_new": {"chat": GROUP}}, "other", 1),
        ({}, "other", 1),
    ],
)
def test_lane_of_update(update: dict[str, Any], lane: str, priority: int) -> None:
    assert lane_of({"update_id": 1, **update}) == (lane, priority)


def test_every_kind_we_ask_for_has_a_lane() -> None:
    assert set(ALLOWED_UPDATES) <= BY_CHAT | BY_SENDER | {"pre_checkout_query"}


def test_update_is_kept_as_it_came() -> None:
    body = '{"update_id":7,"message":{"chat":{"id":42},"text":"茶 \\ud83c\\udf75 🍵 \\\\u0000"}}'
    raw = read_update(9, body.encode())
    assert (raw.bot_id, raw.update_id, raw.lane, raw.error) == (9, 7, "chat:42", None)
    assert raw.raw == body


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (r'"a\u0000b"', '"ab"'),
        (r'"a\ud800b"', r'"a\ufffdb"'),
        (r'"\uDC00\uD83C"', r'"\ufffd\ufffd"'),
        (r'"\uD83C\uDF75"', r'"\uD83C\uDF75"'),
        (r'"\ud83c\ud83c\udf75"', r'"\ufffd\ud83c\udf75"'),
        (r'"\\ud800 \\\u0000"', r'"\\ud800 \\"'),
        ('"\0"', '""'),
    ],
)
def test_what_databases_refuse_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text_survives_cleaning_as_text(text: str) -> None:
    body = json.dumps({"update_id": 1, "message": {"chat": {"id": 5}, "text": text}})
    raw = read_update(9, body.encode())
    kept = json.loads(raw.raw)["message"]["text"]
    pairs = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert raw.error is None
    assert kept == pairs.replace("\0", "")
    kept.encode()


@given(st.binary(max_size=200))
def test_no_bytes_can_make_it_fail(body: bytes) -> None:
    raw = read_update(9, body)
    raw.raw.encode()
    assert "\0" not in raw.raw


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "not JSON"),
        (b"[1", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"update_id":' + b"9" * 5_000 + b"}", "not JSON"),
        (b"[]", "not an object"),
        (b"7", "not an object"),
        (b"{}", "update_id is missing or wrong"),
        (b'{"update_id":"7"}', "update_id is missing or wrong"),
        (b'{"update_id":-1}', "update_id is missing or wrong"),
        (b'{"update_id":0}', "update_id is missing or wrong"),
        (b'{"update_id":true}', "update_id is missing or wrong"),
        (b'{"update_id":7.0}', "update_id is missing or wrong"),
        (b'{"update_id":1099511627776}', "update_id is missing or wrong"),
    ],
)
def test_unreadable_update_is_quarantined_under_a_key_of_its_own(body: bytes, error: str) -> None:
    raw = read_update(9, body)
    assert raw.error == error
    assert -(2**63) < raw.update_id < 0
    assert read_update(9, body).update_id == raw.update_id
    assert read_update(9, body + b" ").update_id != raw.update_id


def test_deep_nesting_is_quarantined_under_its_own_number() -> None:
    deep = b'{"update_id":7,"message":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    raw = read_update(9, deep)
    assert (raw.update_id, raw.error) == (7, "nested too deeply")


def test_half_a_megabyte_is_read() -> None:
    body = json.dumps({"update_id": 7, "message": {"chat": {"id": 5}, "text": "x" * 2**19}})
    assert read_update(9, body.encode()).lane == "chat:5"
