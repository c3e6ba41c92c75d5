"""Money as integers: minor units of a currency, read from what people type."""

from __future__ import annotations

import re
import unicodedata

NO_DECIMALS = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XTR"})
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "OMR", "TND"})
MAX_MINOR = 99_999_999
GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ ,.\u00a0\u202f']\d{3})+")


def decimals(currency: str) -> int:
    """How many digits follow the point (ISO 4217; Telegram Stars, XTR, have none)."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def parse_price(text: str, currency: str) -> int | None:
    """Minor units, or None where it is not a price between 0 and 99,999,999 minor units.

    Any decimal digits, a point or a comma before the decimals, spaces, points, commas or
    apostrophes between groups of three. No signs, no exponents, never a float.
    """
    typed = "".join(_plain(c) for c in text.strip())
    whole, decimal = _split(typed, decimals(currency))
    if GROUPED.fullmatch(whole):
        whole = re.sub(r"\D", "", whole)
    if not re.fullmatch(r"\d{1,12}", whole):
        return None
    minor = int(whole + decimal.ljust(decimals(currency), "0"))
    return minor if 0 < minor <= MAX_MINOR else None


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _split(typed: str, places: int) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?\d)[.,](\d+)", typed)
    if match and len(match[2]) <= places and not (places == 3 and GROUPED.fullmatch(typed)):
        return match[1], match[2]
    return typed, ""


def parse_quantity(text: str, most: int) -> int | None:
    """A whole number from 1 to `most`, in any decimal digits."""
    typed = "".join(_plain(c) for c in text.strip())
    if not re.fullmatch(r"[1-9]\d{0,8}", typed):
        return None
    return int(typed) if int(typed) <= most else None
