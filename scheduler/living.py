"""Living cards: each stale copy is drawn again and edited in place, soon and not too often."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from scheduler.announcer import Announcer, Rendered
from scheduler.limiter import Pass
from scheduler.line import Line
from scheduler.outcomes import Flooded, Refused
from storage import posted
from storage.database import Database
from storage.gate import FloodGate, Send
from storage.posted import Copy, StaleCopy
from storage.redis import Bell, MemoryBell

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """All copies of one look show the same. Private ones have a way back into the shop."""

    kind: str
    subject_id: int
    locale: str
    timezone: str
    private: bool

    @classmethod
    def of(cls, copy: Copy) -> Look:
        private = copy.chat_id is not None and copy.chat_id > 0
        return cls(copy.kind, copy.subject_id, copy.locale, copy.timezone, private)


Draw = Callable[[Look], Awaitable[Rendered | None]]
"""From what is shown to the card; None when the subject is gone."""

BATCH = 30
LEASE_SECONDS = 30.0  # outlasts a request (20 s at most)
IDLE_SECONDS = 1.0
UNDRAWN_SECONDS = 10.0
UNHEARD_SECONDS = 3.0
# What an edit may carry of what a card says when it is sent.
EDITABLE = ("parse_mode", "reply_markup", "link_preview_options", "show_caption_above_media")


class LivingCards:
    """Run as many as you like: a copy is leased while it is edited, and an edit may be repeated."""

    def __init__(
        self,
        database: Database,
        bots: Iterable[Announcer],
        gate: FloodGate,
        draw: Draw,
        *,
        bell: Bell | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._lines = {bot.speaker: Line(bot, monotonic) for bot in bots}
        self._gate = gate
        self._draw = draw
        self._bell = bell or MemoryBell()
        self._monotonic = monotonic
        self.beaten_at: float | None = None
        self._stopping = False
        self._stopped = asyncio.Event()
        self._stopped.set()

    async def run(self) -> None:
        self._stopped.clear()
        try:
            while not self._stopping:
                if not await self._turn():
                    await self._bell.wait(IDLE_SECONDS)
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        self._stopping = True
        await self._bell.ring()
        await self._stopped.wait()

    async def _turn(self) -> bool:
        try:
            found = await self.step()
            self.beaten_at = self._monotonic()
            return found > 0
        except Exception as error:
            log.warning("living cards wait: %s", type(error).__name__)
            return False

    async def step(self) -> int:
        """One round; returns how many copies it took up."""
        for line in self._lines.values():
            if line.probe_due:
                await line.probe()
        bots = [bot for bot, line in self._lines.items() if line.open]
        if not bots:
            return 0
        until = self._monotonic() + LEASE_SECONDS
        found = await posted.claim_stale(self._database, bots, BATCH, lease_seconds=LEASE_SECONDS)
        drawings: dict[Look, asyncio.Task[Rendered | None]] = {}
        await asyncio.gather(*(self._refresh(copy, drawings, until) for copy in found))
        return len(found)

    async def _refresh(
        self,
        found: StaleCopy,
        drawings: dict[Look, asyncio.Task[Rendered | None]],
        until: float,
    ) -> None:
        copy = found.copy
        look = Look.of(copy)
        wait = await self._gate.try_admit(_edit_of(copy))
        if wait > 0:
            await posted.postpone(self._database, found, wait)
            return
        if look not in drawings:
            drawings[look] = asyncio.ensure_future(self._draw(look))
        try:
            rendered = await drawings[look]
        except Exception as error:
            log.error("card %s %d cannot be drawn", copy.kind, copy.subject_id, exc_info=error)
            await posted.postpone(self._database, found, UNDRAWN_SECONDS)
            return
        if rendered is None:
            await posted.lose(self._database, found)
        elif self._monotonic() < until:  # else the lease is over, and so may be what we drew
            await self._edit(found, as_edit(rendered, copy))

    async def _edit(self, found: StaleCopy, edit: Rendered) -> None:
        line = self._lines[found.copy.bot_id]
        try:
            await line.bot.call(edit.method, edit.params, Pass.ADMITTED)
        except Exception as error:
            line.heard(error)
            await self._unedited(found, error)
        else:
            line.heard(None)
            await posted.edited(self._database, found)

    async def _unedited(self, found: StaleCopy, error: Exception) -> None:
        match error:
            case Refused(unchanged=True):
                await posted.edited(self._database, found)
            case Refused(copy_lost=True):
                await posted.lose(self._database, found)
            case Refused(token_refused=False):
                log.error("copy %d: %s", found.id, error.description)
                await posted.lose(self._database, found)
            case Flooded(retry_after=seconds):
                await posted.postpone(self._database, found, seconds)
            case _:  # repeating an edit does no harm
                await posted.postpone(self._database, found, UNHEARD_SECONDS)


def _edit_of(copy: Copy) -> Send:
    """Low: what many only look at leaves room for what one waits for."""
    return Send(copy.bot_id, copy.chat_id, copy.message_id, copy.inline_id, "edit", low=True)


def as_edit(rendered: Rendered, copy: Copy) -> Rendered:
    """The card as an edit of that copy: of its caption where it is a photo."""
    said: dict[str, Any] = rendered.params
    words = said.get("caption") if "caption" in said else said.get("text")
    params = {name: said[name] for name in EDITABLE if name in said}
    if copy.photo:
        params.pop("link_preview_options", None)
        params["caption"] = words
    else:
        params.pop("show_caption_above_media", None)
        params["text"] = words
    if copy.inline_id is not None:
        params["inline_message_id"] = copy.inline_id
    else:
        params |= {"chat_id": copy.chat_id, "message_id": copy.message_id}
    return Rendered("editMessageCaption" if copy.photo else "editMessageText", params)
