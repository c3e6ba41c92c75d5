"""What a coupon takes off, and how that is spread over parcels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Percent or an amount in minor units: one of the two is zero."""

    percent: int
    amount_minor: int
    min_spend_minor: int = 0


def discount(terms: Terms, goods_minor: int) -> int:
    """Off goods that the coupon is for, never more than they cost; 0 below the minimum spend."""
    if goods_minor < max(terms.min_spend_minor, 1):
        return 0
    return min(terms.amount_minor or goods_minor * terms.percent // 100, goods_minor)


def chargeable(discount_minor: int, total_minor: int, smallest_minor: int) -> int:
    """As much of a discount as leaves nothing to pay, or an amount that can be charged.

    `total_minor` is before the discount, shipping included.
    """
    if 0 < total_minor - discount_minor < smallest_minor:
        return max(0, total_minor - smallest_minor)
    return discount_minor


def spread(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Splits an amount by weight: sums exactly, no part above its weight's share rounded up.

    The largest remainders get the units that are left over, the first of equals first.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount_minor * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda i: -(amount_minor * weights[i] % whole))
    for index in by_rest[: amount_minor - sum(parts)]:
        parts[index] += 1
    return parts
