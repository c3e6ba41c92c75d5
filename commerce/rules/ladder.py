"""Price ladders: the more buyers, the lower the price; everyone ends with the final tier's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

MIN_BUYERS, MAX_BUYERS = 2, 100


@dataclass(frozen=True, slots=True, order=True)
class Tier:
    """From `buyers` paid or promised seats on, each unit costs `price_minor`."""

    buyers: int
    price_minor: int


class Verdict(StrEnum):
    WAIT = "wait"
    SUCCEED = "succeed"
    FAIL = "fail"


def is_ladder(tiers: Sequence[Tier]) -> bool:
    """Whether buyers rise and prices fall from tier to tier, within what a group may be."""
    return (
        bool(tiers)
        and all(MIN_BUYERS <= t.buyers <= MAX_BUYERS and t.price_minor > 0 for t in tiers)
        and all(a.buyers < b.buyers and a.price_minor > b.price_minor for a, b in pairwise(tiers))
    )


def price_at(tiers: Sequence[Tier], paid: int) -> int:
    """The price shown, and promised, while `paid` seats are paid or promised."""
    reached = [t.price_minor for t in tiers if t.buyers <= paid]
    return reached[-1] if reached else tiers[0].price_minor


def final_price(tiers: Sequence[Tier], count: int, shown: Iterable[int]) -> int:
    """What everybody pays in the end: the tier reached by `count` seats, paid or promised, and
    nobody more than they were shown, though others may have left since."""
    return min((price_at(tiers, count), *shown))


def next_tier(tiers: Sequence[Tier], paid: int) -> Tier | None:
    return next((t for t in tiers if t.buyers > paid), None)


def capacity(tiers: Sequence[Tier]) -> int:
    return tiers[-1].buyers


def verdict(tiers: Sequence[Tier], paid: int, ends_at: datetime, now: datetime) -> Verdict:
    """Early success at the last tier; at the deadline the first tier's count decides."""
    if paid >= capacity(tiers):
        return Verdict.SUCCEED
    if now < ends_at:
        return Verdict.WAIT
    return Verdict.SUCCEED if paid >= tiers[0].buyers else Verdict.FAIL
