"""Every card has a sample, and each keeps to Telegram's limits whatever people call themselves."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import Counter
from itertools import cycle
from types import ModuleType

import pytest
from markupsafe import Markup

import cards
from cards.card import Button, Card
from cards.fitting import cut
from cards.language import NAMES, Language
from cards.presses import BadPress, FormAnswer, ShowCategory, ShowHome, parse
from playground.html import parse_html, utf16_len
from playground.refusals import Refused
from tests.cards.given import Given
from tests.cards.samples import SAMPLES

TEXT, CAPTION, BYTES, A_ROW, BUTTONS, LABEL = 4096, 1024, 64, 8, 100, 64
ZONE = "Asia/Shanghai"
SHORT = ["<b>", "</b>", "&lt;", '<a href="tg://user?id=1">x</a>', "{0.real} {name}", "👨‍👩‍👧 🧧 🇫🇮"]
BENT = "\u202eABC\u2066 شاي"
LONG = ["x" * 10_000, "😀" * 5_000, "<b>" * 3_000, "&amp;" * 2_000, "一二\n三" * 3_000]
EVERY = [(name, n) for name, samples in SAMPLES.items() for n in range(len(samples))]


def modules() -> list[ModuleType]:
    return [
        importlib.import_module(f"cards.{info.name}")
        for info in pkgutil.iter_modules(cards.__path__)
    ]


def card_functions(module: ModuleType) -> list[str]:
    """Public functions of the module that give a Card, by module and name."""
    short = module.__name__.rpartition(".")[2]
    return [
        f"{short}.{name}"
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation in ("Card", Card)
    ]


def wrong_with(card: Card) -> list[str]:
    """What Telegram would say no to."""
    found = []
    try:
        text, _ = parse_html(str(card.text))
    except Refused as refused:
        return [str(refused)]
    if not text.strip() or utf16_len(text) > (CAPTION if card.photo else TEXT):
        found.append(f"text of {utf16_len(text)}")
    buttons = [button for row in card.buttons for button in row]
    if len(buttons) > BUTTONS or any(len(row) > A_ROW for row in card.buttons):
        found.append(f"{len(buttons)} buttons")
    return found + [wrong for button in buttons if (wrong := _wrong_button(button))]


def _wrong_button(button: Button) -> str | None:
    targets = (button.press, button.url, button.share, button.pay or None)
    if sum(target is not None for target in targets) != 1:
        return f"{button.text!r} leads nowhere, or to two places"
    if not button.text.strip() or utf16_len(button.text) > LABEL:
        return f"label {button.text!r}"
    if button.press is not None:
        packed = button.press.pack()
        if len(packed.encode()) > BYTES or not _understood(packed):
            return f"press {packed}"
        if button.press.form:
            return f"{packed} belongs to a form"
    return None


def _understood(packed: str) -> bool:
    try:
        return parse(packed).pack() == packed
    except BadPress:
        return False


def kinds(card: Card) -> Counter[str]:
    return Counter(entity["type"] for entity in parse_html(str(card.text))[1])


def shows(card: Card, name: str) -> bool:
    written = [parse_html(str(card.text))[0], *(b.text for row in card.buttons for b in row)]
    return any(name in words for words in written)


def made(name: str, n: int, locale: str, hostile: str | None = None) -> tuple[Card, Given]:
    given = Given(Language(locale, ZONE), hostile)
    return SAMPLES[name][n](given), given


def test_every_card_has_a_sample() -> None:
    functions = {name for module in modules() for name in card_functions(module)}
    known = {name for name in functions if "notices." not in name}  # test_notices.py
    assert known == set(SAMPLES)


@pytest.mark.parametrize("locale", NAMES)
@pytest.mark.parametrize(("name", "n"), EVERY)
def test_card_keeps_to_the_limits(name: str, n: int, locale: str) -> None:
    card, _ = made(name, n, locale)
    assert wrong_with(card) == []


@pytest.mark.parametrize("locale", NAMES)
@pytest.mark.parametrize(("name", "n"), EVERY)
def test_names_are_shown_as_typed(name: str, n: int, locale: str) -> None:
    usual, given = made(name, n, locale)
    if not given.names:
        return
    was_shown = shows(usual, "Tea") or shows(usual, "茶") or shows(usual, "Alice")
    for hostile in (*SHORT, BENT):
        card, _ = made(name, n, locale, hostile)
        assert wrong_with(card) == []
        assert kinds(card) == kinds(usual)
        assert not was_shown or shows(card, cut(hostile, 60))


@pytest.mark.parametrize(("name", "n"), EVERY)
def test_long_names_are_cut(name: str, n: int) -> None:
    for hostile, locale in zip(LONG, cycle(NAMES)):
        card, _ = made(name, n, locale, hostile)
        assert wrong_with(card) == []
        assert endings(card) == endings(made(name, n, locale)[0])


def endings(card: Card) -> list[str]:
    """The prices and counts at the end of buttons: a long name leaves them room."""
    labels = (button.text for row in card.buttons for button in row)
    return [label[-6:] for label in labels if label[-1].isdigit()]


def test_chinese_cards_differ_from_the_english() -> None:
    same = [f"{name} {n}" for name, n in EVERY if made(name, n, "en")[0] == made(name, n, "zh")[0]]
    assert same == []


@pytest.mark.parametrize(
    "card",
    [
        Card(Markup("")),
        Card(Markup("<b>bold")),
        Card(Markup("1 < 2")),
        Card(Markup("x"), ((Button("x"),),)),
        Card(Markup("x"), ((Button("", url="https://t.me/x"),),)),
        Card(Markup("x"), ((Button("x", ShowHome(), url="https://t.me/x"),),)),
        Card(Markup("x"), ((Button("x", FormAnswer(0, "a")),),)),
        Card(Markup("x"), ((Button("x", ShowCategory("no code", 1)),),)),
        Card(Markup("x"), ((Button("x", url="https://t.me/x"),) * 9,)),
        Card(Markup("x"), ((Button("x", url="https://t.me/x"),),) * 101),
    ],
)
def test_wrong_card_is_found(card: Card) -> None:
    assert wrong_with(card) != []


def test_card_without_a_sample_is_found() -> None:
    module = ModuleType("cards.invented")

    def new_card() -> Card:
        return Card(Markup("new"))

    new_card.__module__ = module.__name__
    module.new_card = new_card  # type: ignore[attr-defined]
    assert card_functions(module) == ["invented.new_card"]
