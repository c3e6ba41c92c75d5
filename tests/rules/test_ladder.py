"""Price ladders: prices only fall, and a group is decided exactly as its tiers say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commerce.rules.ladder import (
    MAX_BUYERS,
    MIN_BUYERS,
    Tier,
    Verdict,
    capacity,
    is_ladder,
    next_tier,
    price_at,
    verdict,
)

ENDS = datetime(2026, 11, 23, 12, tzinfo=UTC)
TIERS = (Tier(3, 1_590), Tier(5, 1_390), Tier(8, 1_190))


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Tier, ...]:
    buyers = sorted(draw(st.sets(st.integers(MIN_BUYERS, MAX_BUYERS), min_size=1, max_size=6)))
    prices = sorted(
        draw(st.sets(st.integers(1, 10**6), min_size=len(buyers), max_size=len(buyers))),
        reverse=True,
    )
    return tuple(Tier(b, p) for b, p in zip(buyers, prices, strict=True))


@given(ladders(), st.integers(0, 120))
def test_one_more_buyer_never_costs_anybody_more(tiers: tuple[Tier, ...], paid: int) -> None:
    assert is_ladder(tiers)
    assert price_at(tiers, paid + 1) <= price_at(tiers, paid) <= tiers[0].price_minor


@given(ladders(), st.integers(0, 120), st.integers(-100, 100))
def test_verdict_follows_count_and_deadline(
    tiers: tuple[Tier, ...], paid: int, seconds: int
) -> None:
    found = verdict(tiers, paid, ENDS, ENDS + timedelta(seconds=seconds))
    if paid >= capacity(tiers):
        assert found == Verdict.SUCCEED
    elif seconds < 0:
        assert found == Verdict.WAIT
    else:
        assert found == (Verdict.SUCCEED if paid >= tiers[0].buyers else Verdict.FAIL)


def test_price_shown_before_the_first_tier_is_its_price() -> None:
    assert [price_at(TIERS, n) for n in (0, 2, 3, 4, 5, 8, 99)] == [
        1_590, 1_590, 1_590, 1_590, 1_390, 1_190, 1_190,
    ]  # fmt: skip


def test_next_tier_is_the_first_not_reached() -> None:
    assert [next_tier(TIERS, n) for n in (0, 3, 7, 8)] == [TIERS[0], TIERS[1], TIERS[2], None]


def test_what_is_no_ladder() -> None:
    bad = [
        (),
        (Tier(1, 100),),
        (Tier(MAX_BUYERS + 1, 100),),
        (Tier(2, 0),),
        (Tier(3, 100), Tier(3, 90)),
        (Tier(3, 100), Tier(5, 100)),
        (Tier(5, 100), Tier(3, 90)),
    ]
    assert [is_ladder(tiers) for tiers in bad] == [False] * len(bad)
