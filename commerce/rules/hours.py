"""Stages of an announcement, and quiet hours and days in a chat's own zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

STAGES: tuple[tuple[str, timedelta], ...] = (
    ("30m", timedelta(minutes=30)),
    ("3h", timedelta(hours=3)),
    ("24h", timedelta(hours=24)),
)
EARLIEST = max(before for _, before in STAGES)


def due_stage(created_at: datetime, ends_at: datetime, now: datetime) -> str | None:
    """The stage whose time has come: the last one passed, never one from before the deal.

    A clock that slept through two stages tells only the later one.
    """
    if now >= ends_at:
        return None
    for name, before in STAGES:
        if ends_at - before <= now:
            return name if ends_at - before >= created_at else None
    return None


def stage_began(stage: str, ends_at: datetime) -> datetime:
    return ends_at - dict(STAGES)[stage]


def is_quiet(now: datetime, timezone: str, start: int | None, end: int | None) -> bool:
    """Whether `now` lies in the quiet hours, minutes after local midnight, maybe over midnight.

    They follow the clock on the wall: an hour that is skipped is not waited for, and one that
    comes twice is quiet twice.
    """
    if start is None or end is None or start == end:
        return False
    minute = local_minute(now, timezone)
    return start <= minute < end if start < end else minute >= start or minute < end


def local_minute(now: datetime, timezone: str) -> int:
    """What the clock on the wall shows, in minutes after midnight."""
    local = now.astimezone(ZoneInfo(timezone))
    return local.hour * 60 + local.minute


def day_began(now: datetime, timezone: str) -> datetime:
    """The instant at which the day there began."""
    zone = ZoneInfo(timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
