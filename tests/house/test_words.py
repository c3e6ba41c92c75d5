"""Every message is a literal, is there in every language, and keeps its facts and its tags."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from cards.language import LOCALES, NAMES, SOURCE
from playground.html import parse_html
from playground.refusals import Refused
from tests.house.source import Said, messages, said_in, speaking_modules, tree

TRANSLATED = [locale for locale in NAMES if locale != SOURCE]
TAG = re.compile(r"</?[a-z-]+")
HAN = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z]{2}")


def placeholders(text: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def words(message: Message) -> str:
    said = message.string or ""
    return said if isinstance(said, str) else said[0]


def own_words(message: Message) -> str:
    """The English without facts, tags and commands."""
    return re.sub(r"\{\w+\}|<[^>]*>|/\w+", "", ids(message)[0])


def catalog(locale: str) -> list[Message]:
    with (LOCALES / f"{locale}.po").open("rb") as file:
        return [message for message in read_po(file, locale=locale) if message.id]


def missing(said: Iterable[Said], catalog: Iterable[Message]) -> list[str]:
    known = {ids(message) for message in catalog if words(message)}
    singular = {message_ids[0] for message_ids in known}
    return sorted(
        f"{s.place} {s.one!r}"
        for s in said
        if ((s.one, s.many) not in known if s.many is not None else s.one not in singular)
    )


def unlike(message: Message) -> str | None:
    """What a translation lost or made up, or None."""
    source, translated = ids(message)[-1], words(message)
    if placeholders(source) != placeholders(translated):
        return f"{source!r}: other facts in {translated!r}"
    if Counter(TAG.findall(source)) != Counter(TAG.findall(translated)):
        return f"{source!r}: other tags in {translated!r}"
    return unparsable(translated)


def unparsable(text: str) -> str | None:
    try:
        parse_html(text)
    except Refused as error:
        return f"{text!r}: {error}"
    return None


def test_messages_are_literals() -> None:
    wrong = [at for path in speaking_modules() for at in said_in(path, tree(path))[1]]
    assert wrong == []


@pytest.mark.parametrize(
    "code",
    [
        "say(f'{n} left')",
        "say(words)",
        "say.plain('a' + b)",
        "self.say.plain(text)",
        "asking.say(words)",
        "say.count('one', n)",
        "own = Language('zh')\nown(words)",
        "data['say'](words)",
    ],
)
def test_message_that_is_no_literal_is_found(code: str) -> None:
    here = Path(__file__)
    assert len(said_in(here, ast.parse(code))[1]) == 1


def test_call_that_says_nothing_is_passed_over() -> None:
    code = "names.count('a')\nsay.money(1, currency)\ntext.count(part, 1, 2)\nsay.text(title)"
    assert said_in(Path(__file__), ast.parse(code)) == ([], [])


def test_english_messages_parse() -> None:
    said = messages()
    assert len(said) > 200
    texts = {text for s in said for text in (s.one, s.many) if text is not None}
    assert [wrong for text in sorted(texts) if (wrong := unparsable(text))] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_message_is_translated(locale: str) -> None:
    assert missing(messages(), catalog(locale)) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_is_left_over(locale: str) -> None:
    said = {(s.one,) if s.many is None else (s.one, s.many) for s in messages()}
    texts = {known[0] for known in said}
    unused = [m for m in catalog(locale) if ids(m) not in said and ids(m)[0] not in texts]
    assert [ids(m)[0] for m in unused] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_facts_and_tags(locale: str) -> None:
    assert [wrong for message in catalog(locale) if (wrong := unlike(message))] == []


def test_chinese_is_chinese() -> None:
    """Where the English has words, so has the Chinese; nothing is left in English."""
    english = [
        ids(m)[0] for m in catalog("zh") if LATIN.search(own_words(m)) and not HAN.search(words(m))
    ]
    assert english == []


SAME_WORDS = {
    "broadcasts?": "群发",
    "followers?": "粉丝",
    "refund": "退款",
    "orders?": "订单",
    "shipping": "运费|包邮",
    "address": "地址",
    "admins?": "管理员",
    "products?": "商品",
    "time zone": "时区",
    "price ladder": "阶梯价",
    "team price": "拼团价",
    "flash (sale|deals?)": "秒杀",
    "photos?": "照片",
    "saved?": "收藏",
    "shoppers?": "顾客",
    "alone": "单买价",
    "options?": "规格",
    "cancel(led)?": "取消",
}


@pytest.mark.parametrize(("english", "chinese"), SAME_WORDS.items())
def test_the_same_thing_has_the_same_word(english: str, chinese: str) -> None:
    used = [m for m in catalog("zh") if re.search(rf"\b({english})\b", own_words(m).lower())]
    assert used
    assert [ids(m)[0] for m in used if not re.search(chinese, words(m))] == []


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("Only {n} left", "仅剩件"),
        ("Only {n} left", "仅剩{m}件"),
        ("<b>Paid</b>", "已付款"),
        ("<b>Paid</b>", "<b>已付款"),
        ("<b>Paid</b>", "</b>已付款<b>"),
        (("{n} seat", "{n} seats"), ("名额",)),
    ],
)
def test_translation_that_lost_something_is_found(
    source: str | tuple[str, str], translated: str | tuple[str]
) -> None:
    assert unlike(Message(source, translated)) is not None


def test_untranslated_message_is_found() -> None:
    known = [Message("Paid", "已付款"), Message("Sold", ""), Message(("a", "b"), ("甲",))]
    said = [Said("x", "Paid"), Said("x", "Sold"), Said("x", "a", "b"), Said("x", "a", "c")]
    assert missing(said, known) == ["x 'Sold'", "x 'a'"]
