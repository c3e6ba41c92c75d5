"""What a brand types into the deal form: ladders and instants."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commerce.rules.ladder import MAX_BUYERS, Tier
from commerce.rules.money import parse_price, parse_quantity

BETWEEN = re.compile(r"\s*[;\n]\s*|\s*,\s*(?=\d+\s*[=:])|\s+(?=\d+\s*[=:])")
CLOCK = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)"
ISO_DAY = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
DOTTED_DAY = r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"
INSTANTS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (CLOCK, rf"{ISO_DAY}[ T]+{CLOCK}", rf"{DOTTED_DAY} +{CLOCK}")
)


def parse_tiers(text: str, currency: str) -> tuple[Tier, ...] | None:
    """ "3=15.90, 5=13.90" as tiers, in the order typed; None where a part is no tier."""
    typed = unicodedata.normalize("NFKC", text).replace("、", ",").strip(" ,;\n")
    tiers = [_tier(part, currency) for part in BETWEEN.split(typed)]
    found = tuple(tier for tier in tiers if tier is not None)
    return found if len(found) == len(tiers) else None


def _tier(part: str, currency: str) -> Tier | None:
    buyers, equals, price = part.replace(":", "=", 1).partition("=")
    count, minor = parse_quantity(buyers, MAX_BUYERS), parse_price(price, currency)
    return Tier(count, minor) if equals and count and minor else None


def parse_instant(text: str, zone: str, now: datetime) -> datetime | None:
    """ "2026-11-24 09:00", "24.11.2026 09:00", or "09:00" for the next time a clock in `zone`
    shows it. None for anything else."""
    typed = " ".join(unicodedata.normalize("NFKC", text).split())
    match = next((m for p in INSTANTS if (m := p.fullmatch(typed))), None)
    if match is None:
        return None
    parts = {name: int(digits) for name, digits in match.groupdict().items()}
    at = time(parts["hour"], parts["minute"])
    if "day" not in parts:
        today = _local(now.astimezone(ZoneInfo(zone)).date(), at, zone)
        return today if today > now else next_day(now, zone, at)
    try:
        return _local(date(parts["year"], parts["month"], parts["day"]), at, zone)
    except (ValueError, OverflowError):
        return None


def next_day(now: datetime, zone: str, at: time) -> datetime:
    """Tomorrow at this time in `zone`."""
    return _local(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), at, zone)


def _local(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
