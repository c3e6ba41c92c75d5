"""The polling door: asks for updates and moves its offset only after their commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bot.doors.group_commit import Store
from bot.doors.intake import ALLOWED_UPDATES, read_update
from bot.telegram import ApiRefused, ApiUnreachable, BotApi
from storage.failures import StorageError
from storage.inbox import Raw

log = logging.getLogger(__name__)

WAIT_SECONDS = 30
BATCH = 100
BACKOFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
NUMBERED = re.compile(r'\s*\{\s*"update_id"\s*:\s*([0-9]{1,18})\s*[,}]')
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)


class DoorClosed(Exception):
    """Asking on is useless; the message says what an operator can do."""


class Polling:
    def __init__(
        self,
        api: BotApi,
        bot_id: int,
        store: Store,
        *,
        allowed: Sequence[str] = ALLOWED_UPDATES,
        wait_seconds: int = WAIT_SECONDS,
        backoff: Sequence[float] = BACKOFF,
    ) -> None:
        self._api, self._bot_id, self._store = api, bot_id, store
        self._allowed, self._wait, self._backoff = list(allowed), wait_seconds, backoff
        self._offset: int | None = None
        self._failures = 0
        self.beaten_at: float | None = None
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until stopped. Raises DoorClosed."""
        while not self._stopping.is_set():
            await self._turn()

    async def stop(self) -> None:
        self._stopping.set()

    async def _turn(self) -> None:
        try:
            await self._keep(await self._ask())
        except ApiRefused as refused:
            await self._refused(refused)
        except (ApiUnreachable, StorageError) as error:
            await self._pause(f"{type(error).__name__} {error}".strip())
        else:
            self._failures = 0
            self.beaten_at = time.monotonic()

    async def _ask(self) -> list[str]:
        """The texts of new updates; none once stopped, for what is not confirmed comes again."""
        params: dict[str, Any] = {
            "timeout": self._wait,
            "limit": BATCH,
            "allowed_updates": self._allowed,
        }
        if self._offset is not None:
            params["offset"] = self._offset
        asking = asyncio.create_task(self._api.fetch("getUpdates", params, self._wait + 10))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                return []
            return list(split_updates(asking.result().decode("utf-8", errors="replace")))
        finally:
            asking.cancel()
            stopping.cancel()
            await asyncio.gather(asking, stopping, return_exceptions=True)

    async def _keep(self, texts: Sequence[str]) -> None:
        if not texts:
            return
        updates = [read_update(self._bot_id, text.encode()) for text in texts]
        await self._store(updates)
        after = _after(updates, texts)
        if after is None:  # nothing that could be confirmed: they would come again at once
            await self._pause("updates without a number")
        else:
            self._offset = after

    async def _refused(self, refused: ApiRefused) -> None:
        if refused.code in (401, 404):
            raise DoorClosed("Telegram does not know this BOT_TOKEN; ask @BotFather for a new one")
        if refused.code == 409 and "webhook" in refused.description:
            raise DoorClosed("a webhook is set: run `kaituan webhook delete`, or MODE=webhook")
        if refused.code == 409:
            raise DoorClosed("another program asks for this bot's updates; only one may")
        await self._pause(str(refused), refused.retry_after)

    async def _pause(self, why: str, at_least: float = 0) -> None:
        step = self._backoff[min(self._failures, len(self._backoff) - 1)]
        self._failures += 1
        seconds = max(at_least, step * random.uniform(0.75, 1.0))
        log.warning("no updates (%s): again in %.1f s", why, seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()


def split_updates(body: str) -> Iterator[str]:
    """The texts of the updates in an answer of getUpdates.

    Nothing is decoded here, so that an update that cannot be is no harm to its neighbours.
    """
    depth, start = 0, -1
    for token in TOKENS.finditer(body):
        sign = token.group()
        if sign in "[{":
            depth += 1
            if depth == 2 and sign == "[":
                start = token.end()
        elif sign in "]}":
            depth -= 1
        if start >= 0 and (depth == 1 or (depth == 2 and sign == ",")):
            text = body[start : token.start()].strip()
            start = token.end() if depth == 2 else -1
            if text:
                yield text


def _after(updates: Sequence[Raw], texts: Sequence[str]) -> int | None:
    """The offset that confirms all that have a number, be it one that no update should have."""
    numbers = [int(found.group(1)) for text in texts if (found := NUMBERED.match(text))]
    numbers += [raw.update_id for raw in updates if raw.update_id > 0]
    return max(numbers) + 1 if numbers else None
