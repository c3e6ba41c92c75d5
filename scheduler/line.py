"""Whether Telegram answers a bot; while it does not, one harmless question a while is asked."""

from __future__ import annotations

import time
from collections.abc import Callable

from telegram.error import NetworkError, TelegramError

from scheduler.announcer import Announcer
from scheduler.outcomes import Refused

FAILURES_IN_A_ROW = 3
FIRST_PROBE = 1.0
SLOWEST_PROBE = 5.0


class TokenRefused(Exception):
    """Telegram does not know this bot's token (any more): nothing can be sent."""


class Line:
    """Messages are not thrown into silence: each could end unknown. getMe cannot."""

    def __init__(self, bot: Announcer, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.bot = bot
        self.token_refused = False
        self._monotonic = monotonic
        self._failures = 0
        self._pause = FIRST_PROBE
        self._next_probe = 0.0

    @property
    def open(self) -> bool:
        return not self.token_refused and self._failures < FAILURES_IN_A_ROW

    @property
    def probe_due(self) -> bool:
        return not self.open and not self.token_refused and self._monotonic() >= self._next_probe

    def heard(self, error: Exception | None) -> None:
        """After each request: an answer of any kind keeps the line open."""
        if isinstance(error, Refused) and error.token_refused:
            self.token_refused = True
        if not isinstance(error, NetworkError):
            self._failures, self._pause = 0, FIRST_PROBE
            return
        self._failures += 1
        if self._failures == FAILURES_IN_A_ROW:
            self._next_probe = self._monotonic() + self._pause

    async def probe(self) -> None:
        self._next_probe = self._monotonic() + self._pause
        self._pause = min(self._pause * 2, SLOWEST_PROBE)
        try:
            await self.bot.call("getMe", {})
        except TelegramError as error:
            self.heard(error)
        else:
            self.heard(None)
