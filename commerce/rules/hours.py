"""Stages of an announcement, and quiet hours in a chat's own zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STAGES: tuple[tuple[str, timedelta], ...] = (
    ("30m", timedelta(minutes=30)),
    ("3h", timedelta(hours=3)),
    ("24h", timedelta(hours=24)),
)


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


def is_quiet(now: datetime, timezone: str, start: int | None, end: int | None) -> bool:
    """Whether `now` lies in the quiet hours, minutes after local midnight, maybe over midnight."""
    if start is None or end is None or start == end:
        return False
    local = now.astimezone(ZoneInfo(timezone))
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start < end else minute >= start or minute < end
