"""Lanes: which updates keep their order among themselves, and which go first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

URGENT = 0  # Telegram waits 10 s for the answer to a pre-checkout query
NORMAL = 1
OTHER = "other"
LARGEST_ID = 2**63

BY_CHAT = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "message_reaction",
        "message_reaction_count",
    }
)
BY_SENDER = frozenset(
    {
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "purchased_paid_media",
    }
)


def lane_of(update: Mapping[str, Any]) -> tuple[str, int]:
    """The lane and the priority (0 first) of an update, whatever is in it.

    A private chat has its user's id, so that there messages and presses share one lane.
    """
    for kind, content in update.items():
        if kind in BY_CHAT:
            return _lane("chat", _id_in(content, "chat")), NORMAL
        if kind in BY_SENDER:
            return _lane("chat", _id_in(content, "from")), NORMAL
        if kind == "pre_checkout_query":
            return _lane("pay", _id_in(content, "from")), URGENT
    return OTHER, NORMAL


def _lane(prefix: str, number: int | None) -> str:
    return OTHER if number is None else f"{prefix}:{number}"


def _id_in(content: Any, key: str) -> int | None:
    holder = content.get(key) if isinstance(content, Mapping) else None
    number = holder.get("id") if isinstance(holder, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int) or abs(number) >= LARGEST_ID:
        return None
    return number
