"""Cutting to length never breaks markup, and is measured as Telegram measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from cards.card import MAX_CAPTION, MAX_TEXT, Button, Card
from cards.fitting import LABEL, MORE, cut, fitted, units
from playground.html import parse_html, utf16_len

PARTS = st.lists(
    st.one_of(
        st.text(max_size=12).map(escape),
        st.builds(lambda text: Markup("<b>{}</b>").format(text), st.text(max_size=12)),
        st.builds(
            lambda text: Markup('<tg-time unix="1" format="r">{} <i>{}</i></tg-time>').format(
                text, text
            ),
            st.text(max_size=12),
        ),
    ),
    max_size=8,
)


@given(st.text(alphabet="ab 😀二\n", max_size=40), st.integers(1, 30))
def test_cut_keeps_the_beginning(text: str, most: int) -> None:
    short = cut(text, most)
    assert units(short) <= most
    if units(text) <= most:
        assert short == text
    else:
        assert short.endswith(MORE)
        assert text.startswith(short[:-1])


@given(PARTS, st.integers(1, 60))
def test_fitted_markup_parses_and_fits(parts: list[Markup], most: int) -> None:
    text = Markup("").join(parts)
    whole, _ = parse_html(str(text))
    short, entities = parse_html(str(fitted(text, most)))
    assert utf16_len(short) <= most
    if utf16_len(whole) <= most:
        assert short == whole
    else:
        assert whole.startswith(short.rstrip(MORE))
    assert all(e["offset"] + e["length"] <= utf16_len(short) for e in entities)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab d", 4, "ab d"),
        ("ab def", 4, "ab…"),
        ("😀😀", 4, "😀😀"),
        ("😀😀😀", 4, "😀…"),
        ("a\u202eb\u2066c", 3, "abc"),
        ("שלום\u200f", 9, "שלום\u200f"),
        ("", 5, ""),
    ],
)
def test_cut_by_example(text: str, most: int, short: str) -> None:
    assert cut(text, most) == short


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("<b>abcdef</b> g", 4, "<b>abc…</b>"),
        ("<b>abc</b>def", 4, "<b>abc</b>…"),
        ("a&lt;&lt;&lt;b", 3, "a&lt;…"),
        ("<b>a<i>bcd</i></b>", 3, "<b>a<i>b…</i></b>"),
        ("abc&amp;", 4, "abc&amp;"),
    ],
)
def test_fitted_by_example(text: str, most: int, short: str) -> None:
    assert fitted(Markup(text), most) == Markup(short)


def test_card_is_fitted_to_what_it_is_sent_as() -> None:
    text = Markup("<b>{}</b>").format("x" * 9_000)
    assert len(parse_html(str(Card(text).text))[0]) == MAX_TEXT
    assert len(parse_html(str(Card(text, photo="banner/home").text))[0]) == MAX_CAPTION


def test_button_is_cut() -> None:
    assert units(Button("😀" * 99).text) <= LABEL
