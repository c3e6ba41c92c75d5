"""Languages, money, instants and time left, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from markupsafe import Markup

from cards.fitting import FACT, TITLE
from cards.language import Language, lines, supported
from cards.settings import ZONES
from storage.texts import LocalizedText

EN, ZH = Language("en"), Language("zh", "Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh"),
        ("zh-hans", "zh"),
        ("zh_CN", "zh"),
        ("ZH-TW", "zh"),
        ("fi", "en"),
        ("", "en"),
        ("../zh", "en"),
    ],
)
def test_language_nearest_to_the_wanted_is_spoken(wanted: str, spoken: str) -> None:
    assert supported(wanted) == spoken


def test_facts_are_escaped_into_a_message() -> None:
    said = EN("<b>{title}</b>", title="<i>&")
    assert said == Markup("<b>&lt;i&gt;&amp;</b>")
    assert EN("<b>{title}</b>", title=Markup("<i>x</i>")) == Markup("<b><i>x</i></b>")


def test_plain_words_keep_what_was_typed() -> None:
    assert ZH.plain("🛒 Buy {what}", what="<b> {0.real}") == "🛒 购买 <b> {0.real}"


def test_counted_message_knows_one_and_many() -> None:
    one, many = "One a person", "Up to {n} a person"
    assert [str(EN.count(one, many, n)) for n in (1, 2)] == ["One a person", "Up to 2 a person"]
    assert [str(ZH.count(one, many, n)) for n in (1, 2)] == ["每人限购1件", "每人限购2件"]


def test_what_people_wrote_is_cut_where_it_enters() -> None:
    long = "x" * 1_000
    assert len(EN("<b>{title}</b>", title=LocalizedText.of(en=long)).striptags()) == TITLE
    assert len(EN.plain("🛒 Buy {what}", what=long)) == FACT + len("🛒 Buy ")


@pytest.mark.parametrize(
    ("minor", "currency", "en", "zh"),
    [
        (1990, "USD", "$19.90", "US$19.90"),
        (1990, "CNY", "CN¥19.90", "¥19.90"),
        (1990, "JPY", "¥1,990", "JP¥1,990"),
        (1990, "KWD", "KWD1.990", "KWD1.990"),
        (50, "XTR", "50 ⭐", "50 ⭐"),
    ],
)
def test_money_is_written_as_one_writes_it(minor: int, currency: str, en: str, zh: str) -> None:
    assert (EN.money(minor, currency), ZH.money(minor, currency)) == (en, zh)


def test_instants_are_of_the_persons_zone() -> None:
    assert EN.instant(NOON) == "Mon 23 Nov, 12:00"
    assert ZH.instant(NOON) == "11月23日 周一 20:00"
    assert ZH.day(NOON + timedelta(hours=6)) == "2026年11月24日"


def test_countdown_shows_an_instant_to_old_apps() -> None:
    unix = int(NOON.timestamp())
    words = f'<tg-time unix="{unix}" format="r">Mon 23 Nov, 12:00</tg-time>'
    assert EN.countdown(NOON) == Markup(words)


@pytest.mark.parametrize(
    ("left", "en", "zh"),
    [
        (timedelta(days=2, hours=4, minutes=9), "2 d 4 h", "2天4小时"),
        (timedelta(days=2), "2 d", "2天"),
        (timedelta(hours=3, minutes=20), "3 h 20 min", "3小时20分"),
        (timedelta(hours=9), "9 h", "9小时"),
        (timedelta(minutes=11, seconds=1), "12 min", "12分钟"),
        (timedelta(seconds=1), "1 min", "1分钟"),
        (timedelta(seconds=-5), "0 min", "0分钟"),
    ],
)
def test_time_left_is_in_its_two_largest_parts(left: timedelta, en: str, zh: str) -> None:
    assert (EN.left(left), ZH.left(left)) == (en, zh)


@pytest.mark.parametrize("zone", ZONES)
def test_time_zones_have_names_in_every_language(zone: str) -> None:
    assert EN.city(zone) == zone.rpartition("/")[2].replace("_", " ")
    assert ZH.city(zone) != EN.city(zone) or zone == "UTC"


def test_lines_leave_out_what_is_not_there() -> None:
    assert lines("a", None, "", Markup("<b>b</b>"), "<") == Markup("a\n\n<b>b</b>\n&lt;")
