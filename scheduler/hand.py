"""What a courier holds in hand: claimed rows with their words, and at what pace they go."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.announcer import Rendered
from storage import posted
from storage.database import Database
from storage.outbox import Claimed
from storage.settled import Again, Dead, Outcome, Sent

log = logging.getLogger(__name__)

Render = Callable[[Claimed], Awaitable[Rendered | None]]

RENDER_TRIES = 3
RENDER_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds and rows. The lease outlasts a send (20 s at most) and its record."""

    batch: int = 30
    in_flight: int = 30
    lease: float = 30.0
    hold: float = 1.5  # a row that may go within this time waits in hand, others in the table
    idle: float = 1.0
    settle: float = 5.0
    drain: float = 8.0  # so that all is over within 10


@dataclass(slots=True)
class Held:
    """A claimed row in hand. `until` is when, by our own clock, the lease is over."""

    row: Claimed
    rendered: Rendered
    until: float
    not_before: float = 0.0


class Words:
    """Words for rows, at the moment of sending. What cannot be worded is tried a few times."""

    def __init__(self, database: Database, render: Render) -> None:
        self._database = database
        self._render = render
        self._failures: dict[int, int] = {}

    async def of(self, row: Claimed) -> Rendered | Outcome:
        try:
            rendered = await self._render(row)
        except Exception as error:
            return self._failed(row, error)
        self._failures.pop(row.id, None)
        return Dead(row, "over before it was sent") if rendered is None else rendered

    def _failed(self, row: Claimed, error: Exception) -> Outcome:
        tries = self._failures[row.id] = self._failures.get(row.id, 0) + 1
        log.error("notice %s of row %d has no words", row.notice, row.id, exc_info=error)
        reason = f"no words: {type(error).__name__}"
        if tries < RENDER_TRIES:
            return Again(row, RENDER_AGAIN, reason)
        del self._failures[row.id]
        return Dead(row, reason)

    async def look_again(self, sent: Sent, said: Rendered) -> None:
        """Whether a card still shows the truth, now that every change finds its copy."""
        row, message_id = sent.row, sent.message_id
        if row.card_kind is None or message_id is None:
            return
        try:
            await self._look(row, message_id, said)
        except Exception as error:  # then it is drawn once more, whether it must be or not
            log.warning("card of row %d was not looked at: %s", row.id, type(error).__name__)

    async def _look(self, row: Claimed, message_id: int, said: Rendered) -> None:
        found = await posted.find(self._database, row.bot_id, row.chat_id, message_id)
        if found is None:
            return
        if await self.of(row) == said:
            await posted.edited(self._database, found)
        else:
            await posted.postpone(self._database, found, 0.0)


def is_late(row: Claimed, now: datetime) -> bool:
    return row.not_after is not None and row.not_after <= now


def sent_as(row: Claimed, result: Any) -> Sent:
    """Albums answer with a list; its first message stands for all."""
    message = result[0] if isinstance(result, list) and result else result
    if not isinstance(message, dict):
        return Sent(row, None)
    return Sent(row, message.get("message_id"), photo="photo" in message)
