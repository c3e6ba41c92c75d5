"""What a brand's parcel costs to send: flat, free from an amount on, and by country."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ELSEWHERE = ""  # the country of a rule for all countries without one of their own


@dataclass(frozen=True, slots=True)
class Rate:
    """Minor units; free when the goods of the parcel, before a coupon, reach `free_from_minor`."""

    flat_minor: int
    free_from_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Shipping:
    """What it costs, and how much more would make it free: None where nothing would."""

    price_minor: int = 0
    more_minor: int | None = None


def shipping(rates: Mapping[str, Rate], country: str, goods_minor: int) -> Shipping:
    """By the country's own rate, else the one for everywhere else; free where a brand has none."""
    rate = rates.get(country) or rates.get(ELSEWHERE)
    if rate is None or not rate.flat_minor:
        return Shipping()
    if rate.free_from_minor is None:
        return Shipping(rate.flat_minor)
    more = rate.free_from_minor - goods_minor
    return Shipping(rate.flat_minor, more) if more > 0 else Shipping()
