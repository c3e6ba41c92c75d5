"""Saying things in a person's language: words, money, instants, time left."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency
from markupsafe import Markup, escape

from cards.fitting import FACT, NAME, TITLE, WRITTEN, cut
from commerce.rules.money import decimals
from storage.texts import LocalizedText

LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"  # the language of the message ids
NAMES = {"en": "English", "zh": "简体中文"}
STAR = "XTR"
OLD_NAMES = {"Asia/Kolkata": "Asia/Calcutta"}  # as Unicode's tables still have them


@cache
def catalog(locale: str) -> dict[str, str]:
    """What each English message is called in `locale`; plurals under the singular's id."""
    with (LOCALES / f"{locale}.po").open("rb") as file:
        messages = read_po(file, locale=locale)
    words: dict[str, str] = {}
    for message in messages:
        if not message.id or not message.string:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string if isinstance(message.string, str) else message.string[0]
        words[source] = said
    return words


@cache
def _written(locale: str) -> Locale:
    """How numbers and dates are written; looking it up by name costs more than writing them."""
    return Locale.parse({"zh": "zh_CN"}.get(locale, "en_US"))


def supported(wanted: str) -> str:
    """The language that we speak nearest to `wanted` ("zh-hans" → "zh", "fi" → "en")."""
    language = wanted.replace("_", "-").partition("-")[0].lower()
    return language if language in NAMES else SOURCE


class Language:
    """A locale and a time zone. Calling it gives safe HTML, whatever the facts contain."""

    __slots__ = ("locale", "zone")

    def __init__(self, locale: str, timezone: str = "UTC") -> None:
        self.locale = supported(locale)
        self.zone = ZoneInfo(timezone)

    def __call__(self, message: str, /, **facts: object) -> Markup:
        """The message in this language; facts are escaped into it, Markup as it is."""
        return Markup(self._find(message)).format(**self._spoken(facts))

    def plain(self, message: str, /, **facts: object) -> str:
        """For buttons and pop-ups, which know no HTML."""
        return self._find(message).format(**self._spoken(facts))

    def count(self, one: str, many: str, n: int, /, **facts: object) -> Markup:
        source = one if self.locale != SOURCE or n == 1 else many
        return Markup(self._find(source)).format(n=n, **self._spoken(facts))

    def text(self, written: LocalizedText, most: int = TITLE) -> str:
        return cut(written.in_(self.locale), most)

    def label(self, written: LocalizedText) -> str:
        """For a button, so short that a price still fits after it."""
        return self.text(written, NAME)

    def money(self, minor: int, currency: str) -> str:
        if currency == STAR:
            return f"{minor} ⭐"
        amount = Decimal(minor).scaleb(-decimals(currency))
        return format_currency(amount, currency, locale=self._babel())

    def instant(self, at: datetime) -> str:
        """Day and time in the person's zone, such as "Mon 23 Nov, 14:05"."""
        pattern = "M月d日 EEE HH:mm" if self.locale == "zh" else "EEE d MMM, HH:mm"
        return format_datetime(at, pattern, tzinfo=self.zone, locale=self._babel())

    def day(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return format_date(local.date(), "medium", locale=self._babel())

    def city(self, timezone: str) -> str:
        """The place that a time zone is named after."""
        known = self._babel().time_zones.get(OLD_NAMES.get(timezone, timezone), {})
        return str(known.get("city") or timezone.rpartition("/")[2].replace("_", " "))

    def countdown(self, at: datetime) -> Markup:
        """Counts down by itself where the app can, else shows the instant."""
        return Markup('<tg-time unix="{}" format="r">{}</tg-time>').format(
            int(at.timestamp()), self.instant(at)
        )

    def left(self, left: timedelta) -> str:
        """ "2 d 4 h", "3 h 20 min", "9 h": the two largest parts, rounded up to a minute."""
        minutes = max(0, -(-int(left.total_seconds()) // 60))
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days and hours:
            return self.plain("{days} d {hours} h", days=days, hours=hours)
        if days:
            return self.plain("{days} d", days=days)
        if hours and rest:
            return self.plain("{hours} h {minutes} min", hours=hours, minutes=rest)
        if hours:
            return self.plain("{hours} h", hours=hours)
        return self.plain("{minutes} min", minutes=rest)

    def _find(self, message: str) -> str:
        if self.locale == SOURCE:
            return message
        return catalog(self.locale).get(message, message)

    def _spoken(self, facts: dict[str, object]) -> dict[str, object]:
        return {name: self._fact(fact) for name, fact in facts.items()}

    def _fact(self, fact: object) -> object:
        """Whatever people wrote enters a card here."""
        if isinstance(fact, LocalizedText):
            return self.text(fact)
        return cut(fact, FACT) if type(fact) is str else fact

    def _babel(self) -> Locale:
        return _written(self.locale)


def lines(*parts: Markup | str | None) -> Markup:
    """Parts under each other; None is left out, "" is an empty line."""
    return Markup("\n").join(_line(part) for part in parts if part is not None)


def _line(part: Markup | str) -> Markup:
    return part if isinstance(part, Markup) else escape(cut(part, WRITTEN))
