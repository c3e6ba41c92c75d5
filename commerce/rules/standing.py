"""What stands still for too long, and shall be told to those who run the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

LIMITS: Mapping[str, timedelta] = {
    "updates": timedelta(minutes=10),
    "messages": timedelta(minutes=10),
    "payments": timedelta(minutes=15),
}


def standing_still(oldest_seconds: Mapping[str, float]) -> list[str]:
    """The names whose oldest waits for longer than its limit, in the order of the limits."""
    return [
        what
        for what, limit in LIMITS.items()
        if oldest_seconds.get(what, 0.0) > limit.total_seconds()
    ]
