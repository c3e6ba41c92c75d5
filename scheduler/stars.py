"""Reads Telegram's list of Stars each ten minutes, from where it was left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commerce.actions.people import Sender
from commerce.actions.stars import Listed, due_position, take_page
from scheduler.providers import RefundRefused
from scheduler.providers.stars import PAGE, Stars
from storage.database import Database
from storage.redis import Bell

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


class StarReader:
    """Run as many as you like: one looks each time, and what is known changes nothing."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        stars: Stars,
        *,
        now: Callable[[], datetime],
        bell: Bell,
    ) -> None:
        self._database = database
        self._bot_id = bot_id
        self._stars = stars
        self._now = now
        self._bell = bell
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.step()
            except RefundRefused as refused:
                log.warning("Telegram's list of Stars: %s", refused)
            except Exception as error:
                log.warning("the list of Stars was not read", exc_info=error)
            await self._rest()

    async def stop(self) -> None:
        self._stopping.set()
        await self._stars.close()

    async def step(self) -> int:
        """Reads what is new, if it is time. How many lines. Raises RefundRefused."""
        start = position = await due_position(self._database, self._bot_id, now=self._now())
        if start is None or position is None:
            return 0
        while page := await self._stars.listed(position):
            listed = [read(line) for line in page]
            now = self._now()
            position = await take_page(self._database, self._bot_id, listed, position, now=now)
            await self._bell.ring()
            if len(page) < PAGE:
                break
        return position - start

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stopping.wait()
        except TimeoutError:
            return


def read(line: Mapping[str, Any]) -> Listed:
    """A line of getStarTransactions: paid by a buyer (source), or given back (receiver)."""
    incoming = "source" in line
    partner = line.get("source") or line.get("receiver") or {}
    user = partner.get("user") if partner.get("transaction_type") == "invoice_payment" else None
    payer = None
    if user:
        payer = Sender(
            telegram_id=int(user["id"]),
            first_name=str(user["first_name"])[:64] or "—",
            username=user.get("username"),
            language=str(user.get("language_code") or "en"),
        )
    return Listed(
        charge_id=str(line["id"]),
        amount=int(line["amount"]),
        incoming=incoming,
        payload=str(partner.get("invoice_payload", "")),
        payer=payer,
    )
