"""What state a deal is in at an instant, as its button explains it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

HOLD = timedelta(minutes=10)  # seat and stock, while paying
PAYING = timedelta(minutes=2)  # added once the payment provider was told "go ahead"


class Phase(StrEnum):
    SOON = "soon"
    LIVE = "live"
    SOLD_OUT = "sold_out"
    PAUSED = "paused"
    ENDED = "ended"


def phase(
    *,
    paused: bool,
    ended: bool,
    starts_at: datetime,
    ends_at: datetime,
    stock_left: int,
    now: datetime,
) -> Phase:
    if ended or now >= ends_at:
        return Phase.ENDED
    if paused:
        return Phase.PAUSED
    if now < starts_at:
        return Phase.SOON
    return Phase.LIVE if stock_left > 0 else Phase.SOLD_OUT


def group_ends_at(now: datetime, minutes: int, deal_ends_at: datetime) -> datetime:
    """A group's own countdown, never past the deal's end."""
    return min(now + timedelta(minutes=minutes), deal_ends_at)


def hold_ends_at(now: datetime, group_ends: datetime | None = None) -> datetime:
    return min(now + HOLD, group_ends) if group_ends else now + HOLD


def pay_ends_at(now: datetime, minutes: int, group_ends: datetime | None = None) -> datetime:
    """Until when an invoiced or freed seat is kept; an open group's never past its end."""
    ends = now + timedelta(minutes=minutes)
    return min(ends, group_ends) if group_ends else ends
