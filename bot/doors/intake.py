"""From the text of an update to a row of the inbox; what cannot be read goes to quarantine."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from typing import Any, TypeGuard

from storage.crash import crash_point
from storage.inbox import Raw
from storage.lanes import NORMAL, OTHER, lane_of

log = logging.getLogger(__name__)

# Just what the handlers answer: Telegram sends nothing else.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "pre_checkout_query",
    "my_chat_member",
)
LARGEST_UPDATE_ID = 2**31  # Telegram's are 32-bit integers
NEEDS_CLEANING = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    r"|\\u[0-9a-fA-F]{4}"
    r"|\\."
)
LEADING_ID = re.compile(r'\s*\{\s*"update_id"\s*:\s*([0-9]{1,10})\s*[,}]')


def clean(text: str) -> str:
    """Without NUL, and U+FFFD for each lone surrogate: databases refuse both."""
    text = text.replace("\0", "")
    return ESCAPE.sub(_clean_escape, text) if NEEDS_CLEANING.search(text) else text


def _clean_escape(found: re.Match[str]) -> str:
    escape = found.group().lower()
    if escape == "\\u0000":
        return ""
    if len(escape) == 6 and "\\ud800" <= escape <= "\\udfff":
        return "\\ufffd"
    return found.group()


def read_update(bot_id: int, body: bytes) -> Raw:
    """Never raises. A readable update gets its lane; any other an `error` and a key of its own."""
    crash_point("K1")
    text = clean(body.decode("utf-8", errors="replace"))
    try:
        update = json.loads(text, strict=False)
    except RecursionError:
        return _unreadable(bot_id, text, "nested too deeply", _leading_id(text))
    except ValueError:
        return _unreadable(bot_id, text, "not JSON", None)
    if not isinstance(update, dict):
        return _unreadable(bot_id, text, "not an object", None)
    update_id = update.get("update_id")
    if not is_update_id(update_id):
        return _unreadable(bot_id, text, "update_id is missing or wrong", None)
    lane, priority = lane_of(update)
    return Raw(bot_id, update_id, lane, priority, text)


def is_update_id(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 < value < LARGEST_UPDATE_ID


def _leading_id(text: str) -> int | None:
    found = LEADING_ID.match(text)
    number = int(found.group(1)) if found else 0
    return number if is_update_id(number) else None


def _unreadable(bot_id: int, text: str, why: str, update_id: int | None) -> Raw:
    log.warning("an update cannot be read (%s, %d characters): quarantined", why, len(text))
    # The same text again has the same key, so it is kept once, like any other update.
    digest = hashlib.sha256(text.encode()).digest()
    key = update_id or -1 - int.from_bytes(digest[:7])
    return Raw(bot_id, key, OTHER, NORMAL, text, error=why)
