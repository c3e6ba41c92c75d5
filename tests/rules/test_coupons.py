"""What a coupon takes off: never more than the goods cost, and spread to the last unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.rules.coupons import Terms, chargeable, discount, spread

MONEY = st.integers(0, 99_999_999)


@pytest.mark.parametrize(
    ("terms", "goods", "off"),
    [
        (Terms(10, 0), 1_999, 199),
        (Terms(100, 0), 1_999, 1_999),
        (Terms(0, 500), 499, 499),
        (Terms(0, 500), 1_999, 500),
        (Terms(10, 0, 2_000), 1_999, 0),
        (Terms(10, 0, 2_000), 2_000, 200),
        (Terms(10, 0), 0, 0),
    ],
)
def test_a_coupon_takes_off_its_share(terms: Terms, goods: int, off: int) -> None:
    assert discount(terms, goods) == off


@given(st.integers(1, 100), MONEY, MONEY)
def test_no_coupon_takes_off_more_than_the_goods(percent: int, minimum: int, goods: int) -> None:
    assert 0 <= discount(Terms(percent, 0, minimum), goods) <= goods


@given(MONEY, MONEY, st.integers(1, 1_000))
def test_what_is_left_can_be_charged_or_is_nothing(off: int, more: int, smallest: int) -> None:
    total = off + more
    taken = chargeable(off, total, smallest)
    left = total - taken
    assert 0 <= taken <= off
    assert left in (0, total) or left >= smallest


@given(MONEY, st.lists(MONEY, min_size=1, max_size=12))
def test_a_discount_is_spread_to_the_last_unit(amount: int, weights: list[int]) -> None:
    parts = spread(amount, weights)
    whole = sum(weights)
    assert sum(parts) == (amount if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert part in (amount * weight // max(whole, 1), -(-amount * weight // max(whole, 1)))


def test_equal_parcels_get_the_first_units_first() -> None:
    assert spread(5, [1, 1, 1]) == [2, 2, 1]
    assert spread(5, [0, 0]) == [0, 0]
