"""Stages before a deal's end, quiet hours and days, on ordinary nights and when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commerce.rules.hours import day_began, due_stage, is_quiet, local_minute, stage_began

HELSINKI = "Europe/Helsinki"
ENDS = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG_AGO = ENDS - timedelta(days=30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def before(**left: float) -> datetime:
    return ENDS - timedelta(**left)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (before(hours=24, seconds=1), None),
        (before(hours=24), "24h"),
        (before(hours=3, seconds=1), "24h"),
        (before(hours=3), "3h"),
        (before(minutes=30, seconds=1), "3h"),
        (before(minutes=30), "30m"),
        (before(seconds=1), "30m"),
        (ENDS, None),
        (ENDS + timedelta(days=1), None),
    ],
)
def test_due_stage_is_the_last_one_passed(now: datetime, stage: str | None) -> None:
    assert due_stage(LONG_AGO, ENDS, now) == stage


@pytest.mark.parametrize(
    ("created_at", "now", "stage"),
    [
        (before(hours=24), before(hours=20), "24h"),
        (before(hours=23, minutes=59), before(hours=20), None),
        (before(hours=23, minutes=59), before(hours=3), "3h"),
        (before(hours=2), before(hours=1), None),
        (before(minutes=29), before(minutes=1), None),
    ],
)
def test_due_stage_is_none_from_before_the_deal(
    created_at: datetime, now: datetime, stage: str | None
) -> None:
    assert due_stage(created_at, ENDS, now) == stage


def test_stage_began_is_counted_back_from_the_end() -> None:
    assert stage_began("3h", ENDS) == before(hours=3)


@pytest.mark.parametrize(
    ("now", "start", "end", "quiet"),
    [
        # Helsinki is two hours ahead in winter.
        ("2026-11-23T19:59", 22 * 60, 8 * 60, False),
        ("2026-11-23T20:00", 22 * 60, 8 * 60, True),
        ("2026-11-23T22:30", 22 * 60, 8 * 60, True),
        ("2026-11-24T05:59", 22 * 60, 8 * 60, True),
        ("2026-11-24T06:00", 22 * 60, 8 * 60, False),
        ("2026-11-23T22:00", 0, 9 * 60, True),
        ("2026-11-24T07:00", 0, 9 * 60, False),
        ("2026-11-23T21:59", 0, 9 * 60, False),
        ("2026-11-23T20:00", None, None, False),
        ("2026-11-23T20:00", 60, 60, False),
    ],
)
def test_is_quiet_in_the_chats_own_zone(
    now: str, start: int | None, end: int | None, quiet: bool
) -> None:
    assert is_quiet(at(now), HELSINKI, start, end) is quiet


@pytest.mark.parametrize(
    ("now", "quiet"),
    [
        # 29 March 2026: at 03:00 clocks go to 04:00, so 03:30 never comes.
        ("2026-03-29T00:59", True),  # 02:59
        ("2026-03-29T01:00", False),  # 04:00
        # 25 October 2026: at 04:00 clocks go back to 03:00, so 03:30 comes twice.
        ("2026-10-25T00:29", True),  # 03:29, the first time
        ("2026-10-25T00:30", False),  # 03:30
        ("2026-10-25T01:00", True),  # 03:00 again
        ("2026-10-25T01:30", False),  # 03:30 again
    ],
)
def test_is_quiet_until_half_past_three_when_clocks_change(now: str, quiet: bool) -> None:
    assert is_quiet(at(now), HELSINKI, 22 * 60, 3 * 60 + 30) is quiet


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [
        ("2026-11-23T20:00", "2026-11-24T06:00", 10),
        ("2026-03-28T20:00", "2026-03-29T05:00", 9),
        ("2026-10-24T19:00", "2026-10-25T06:00", 11),
    ],
)
def test_a_night_is_quiet_throughout_however_long_it_is(
    evening: str, morning: str, hours: int
) -> None:
    assert at(morning) - at(evening) == timedelta(hours=hours)
    minutes = range(0, hours * 60, 5)
    nights = [at(evening) + timedelta(minutes=m) for m in minutes]
    assert all(is_quiet(moment, HELSINKI, 22 * 60, 8 * 60) for moment in nights)
    for edge in (at(evening) - timedelta(minutes=1), at(morning)):
        assert not is_quiet(edge, HELSINKI, 22 * 60, 8 * 60)


def test_local_minute_is_what_the_wall_clock_shows() -> None:
    assert local_minute(at("2026-11-23T22:15"), HELSINKI) == 15


@pytest.mark.parametrize(
    ("now", "began"),
    [
        ("2026-11-23T21:59", "2026-11-22T22:00"),
        ("2026-11-23T22:00", "2026-11-23T22:00"),
        ("2026-03-29T20:59", "2026-03-28T22:00"),  # a day of 23 hours
        ("2026-03-29T21:00", "2026-03-29T21:00"),
        ("2026-10-25T21:59", "2026-10-24T21:00"),  # a day of 25 hours
        ("2026-10-25T22:00", "2026-10-25T22:00"),
    ],
)
def test_day_began_at_local_midnight(now: str, began: str) -> None:
    assert day_began(at(now), HELSINKI) == at(began)
