"""Reading what a brand types: prices, counts, longer texts, options, photos, an emoji."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from aiogram.types import Message
from markupsafe import Markup

from commerce.actions.listing import MOST_OPTIONS, MOST_PHOTOS
from commerce.rules.money import parse_price, parse_quantity
from conversations.form import Asking, FieldError
from conversations.reading import clean

MOST_PIXELS = 25_000_000
MOST_STRETCHED = 20  # times as long as wide
JOINER = "\u200d"
EMOJI_PARTS = {"So", "Sk", "Mn", "Me"}


def read_paragraphs(most: int, *, least: int = 1) -> Callable[[Message, Asking], str]:
    """Reads text with its line breaks, `least` to `most` visible characters."""

    def read(message: Message, asking: Asking) -> str:
        rows = [clean(row) for row in (message.text or "").splitlines()]
        typed = re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()
        if not least <= len(typed) <= most:
            raise FieldError(
                asking.say("Please send {least} to {most} characters.", least=least, most=most)
            )
        return typed

    return read


def read_price(message: Message, asking: Asking) -> int:
    """Minor units of the brand's currency, which the form's answers name."""
    price = parse_price(message.text or "", asking.answers["currency"])
    if price is None:
        raise FieldError(price_words(asking))
    return price


def price_words(asking: Asking) -> Markup:
    example = asking.say.money(1290, asking.answers["currency"])
    return asking.say("That is no price. Please send just a number, for {price}.", price=example)


def read_count(most: int, *, zero: bool = False) -> Callable[[Message, Asking], int]:
    def read(message: Message, asking: Asking) -> int:
        typed = (message.text or "").strip()
        count = 0 if zero and typed == "0" else parse_quantity(typed, most)
        if count is None:
            raise FieldError(
                asking.say(
                    "Please send a whole number from {least} to {most}.",
                    least=0 if zero else 1,
                    most=most,
                )
            )
        return count

    return read


def read_options(message: Message, asking: Asking) -> list[str]:
    parts = [clean(p) for p in re.split(r"[,，、;；\n]", message.text or "")]
    options = [p for p in parts if p]
    if not 1 <= len(options) <= MOST_OPTIONS or any(len(o) > 30 for o in options):
        raise FieldError(
            asking.say(
                "Please send 1 to {most} options of up to 30 characters, with commas between.",
                most=MOST_OPTIONS,
            )
        )
    if len({o.casefold() for o in options}) < len(options):
        raise FieldError(asking.say("One of the options is there twice."))
    return options


def read_photo(message: Message, asking: Asking) -> list[str]:
    """[unique id, file id] of a photo; Telegram has shrunk it and taken out its metadata."""
    taken: list[Any] = asking.answers.get("photos", [])
    if not message.photo:
        raise FieldError(_no_photo(message, asking))
    largest = message.photo[-1]
    width, height = max(largest.width, 1), max(largest.height, 1)
    if width * height > MOST_PIXELS or max(width, height) > MOST_STRETCHED * min(width, height):
        raise FieldError(asking.say("This photo has an impossible size. Please send another."))
    if len(taken) >= MOST_PHOTOS:
        raise FieldError(asking.say("{n} photos are the most. Please tap Done.", n=MOST_PHOTOS))
    if any(largest.file_unique_id == unique for unique, _ in taken):
        raise FieldError(asking.say("This photo is in there already."))
    return [largest.file_unique_id, largest.file_id]


def _no_photo(message: Message, asking: Asking) -> Markup:
    if message.document:
        return asking.say("That came as a file. Please send it as a photo.")
    return asking.say("Please send a photo; text, stickers and videos cannot be shown.")


def picture_key(unique_id: str) -> str:
    return f"tg/{unique_id}"


def read_emoji(message: Message, asking: Asking) -> str:
    typed = (message.text or "").strip()
    kinds = [unicodedata.category(c) for c in typed if c != JOINER]
    if not 1 <= len(typed) <= 8 or "So" not in kinds or set(kinds) - EMOJI_PARTS:
        raise FieldError(asking.say("Please send a single emoji."))
    return typed
