"""Ladders and instants as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commerce.rules.ladder import Tier
from commerce.rules.typed import parse_instant, parse_tiers

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LADDER = (Tier(3, 1590), Tier(5, 1390), Tier(8, 1190))


@pytest.mark.parametrize(
    "typed",
    [
        "3=15.90, 5=13.90, 8=11.90",
        "3=15,90; 5=13,90; 8=11,90",
        "3=15,90, 5=13,90, 8=11,90",
        "3 = 15.90 5 = 13.90 8 = 11.90",
        "3:15.90\n5:13.90\n8:11.90",
        "３＝15.90，５＝13.90、８＝11.90",
        " 3=15.90,5=13.90,8=11.90, ",
    ],
)
def test_ladder_in_the_ways_people_write_it(typed: str) -> None:
    assert parse_tiers(typed, "USD") == LADDER


@pytest.mark.parametrize(
    "typed",
    ["", "cheap", "3", "3=", "=5", "3=x", "0=5", "-3=5", "3=1e2", "101=5", "3=5, four=4", "3=0"],
)
def test_what_is_no_ladder(typed: str) -> None:
    assert parse_tiers(typed, "USD") is None


@pytest.mark.parametrize(
    ("typed", "zone", "expected"),
    [
        ("2026-12-24 18:30", "UTC", datetime(2026, 12, 24, 18, 30, tzinfo=UTC)),
        ("2026-12-24T18:30", "Asia/Shanghai", datetime(2026, 12, 24, 10, 30, tzinfo=UTC)),
        ("24.12.2026 9:05", "Europe/Helsinki", datetime(2026, 12, 24, 7, 5, tzinfo=UTC)),
        ("18:30", "UTC", datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
        ("11:59", "UTC", datetime(2026, 11, 24, 11, 59, tzinfo=UTC)),
        ("１８：３０", "UTC", datetime(2026, 11, 23, 18, 30, tzinfo=UTC)),
    ],
)
def test_instants_in_the_brands_zone(typed: str, zone: str, expected: datetime) -> None:
    assert parse_instant(typed, zone, NOW) == expected


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "12:60", "2026-13-01 10:00", "2026-02-30 10:00", "1e5", "-1:00"]
)
def test_what_is_no_instant(typed: str) -> None:
    assert parse_instant(typed, "UTC", NOW) is None
