"""What people type under a group's card, and what it orders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.rules.typed_orders import MOST, Typed, chosen, tokens, typed_order

NAMES = {
    "a": ("Red · M", "红色 · M"),
    "b": ("Red · L", "红色 · L"),
    "c": ("Dark red · M", "深红 · M"),
    "d": ("Blue · M", "蓝色 · M"),
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+2", Typed(2, 2)),
        (" + 2 ", Typed(2, 2)),
        ("+2 red M", Typed(2, 2, ("red", "m"))),
        ("+2~3", Typed(2, 3)),
        ("+2 ~ 3 red, m", Typed(2, 3, ("red", "m"))),
        ("-1", Typed(1, 1, fewer=True)),
        ("−1 red", Typed(1, 1, ("red",), fewer=True)),
        ("+1 for Ann", Typed(1, 1, friend="Ann")),
        ("+1 red for Ann Lee", Typed(1, 1, ("red",), "Ann Lee")),
        ("＋２", Typed(2, 2)),
        ("＋２～３ 红色Ｍ", Typed(2, 3, ("红色", "m"))),
        ("要2个红色M", Typed(2, 2, ("红色", "m"))),
        ("我要两件蓝色的", Typed(2, 2, ("蓝色",))),
        ("来2到3份", Typed(2, 3)),
        ("加一", Typed(1, 1)),
        ("退1", Typed(1, 1, fewer=True)),
        ("+1 给小王", Typed(1, 1, friend="小王")),
        ("+99", Typed(99, 99)),
    ],
)
def test_typed_order_is_understood(text: str, meant: Typed) -> None:
    assert typed_order(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "+0",
        "+3~2",
        "-1~2",
        "+100",
        "+2.5",
        "+1,000",
        "+2%",
        "+1:30",
        "2",
        "I want +2",
        "hello",
        "要不要",
        "要了",
        "+2\n+3",
        "+2 " + "x" * 100,
    ],
)
def test_talk_is_left_alone(text: str) -> None:
    assert typed_order(text) is None


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", "abcd"),
        ("red m", "ac"),
        ("dark red m", "c"),
        ("L", "b"),
        ("红色 M", "a"),
        ("红 M", "a"),
        ("深红M", "c"),
        ("蓝", "d"),
        ("green", ""),
        ("re", ""),
    ],
)
def test_words_choose_a_variant_in_any_language(words: str, codes: str) -> None:
    assert chosen(tokens(words), NAMES) == tuple(codes)


COUNT = st.integers(1, MOST)


@given(COUNT, COUNT, st.sampled_from([(), ("red",), ("红色", "m")]))
def test_what_is_written_comes_back(one: int, other: int, words: tuple[str, ...]) -> None:
    least, most = sorted((one, other))
    text = f"+{least}~{most} {' '.join(words)}"
    assert typed_order(text) == Typed(least, most, words)


@given(COUNT, COUNT)
def test_full_width_is_the_same(least: int, most: int) -> None:
    text = f"+{least}~{most}"
    wide = "".join("～" if c == "~" else chr(ord(c) + 0xFEE0) for c in text)
    assert typed_order(wide) == typed_order(text)


@given(st.text(max_size=100))
def test_whatever_is_typed_is_an_order_or_talk(text: str) -> None:
    found = typed_order(text)
    assert found is None or 1 <= found.least <= found.most <= MOST
