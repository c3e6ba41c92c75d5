"""The flood gate as python-telegram-bot's rate limiter: a second net, and the ear for 429s."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any

from telegram.error import NetworkError, TelegramError
from telegram.ext import BaseRateLimiter

from scheduler.outcomes import Flooded
from storage.gate import FloodGate, send_of

Json = dict[str, Any]


class Pass(Enum):
    """What a caller who asked the gate already gives along."""

    ADMITTED = "admitted"
    LOW = "low"


class GateLimiter(BaseRateLimiter[Pass]):
    """Waits at the gate, unless the caller was let through already; never repeats a request."""

    __slots__ = ("_bot_id", "_gate")

    def __init__(self, gate: FloodGate, bot_id: int) -> None:
        self._gate = gate
        self._bot_id = bot_id

    async def initialize(self) -> None:
        return None

    async def shutdown(self) -> None:
        return None

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | Json | list[Json]]],
        args: Any,
        kwargs: Json,
        endpoint: str,
        data: Json,
        rate_limit_args: Pass | None,
    ) -> bool | Json | list[Json]:
        send = send_of(self._bot_id, endpoint, data, low=rate_limit_args is Pass.LOW)
        if rate_limit_args is not Pass.ADMITTED:
            await self._gate.admit(send)
        try:
            result = await callback(*args, **kwargs)
        except Flooded as flooded:
            await self._gate.close(send, flooded.retry_after)
            raise
        except NetworkError:
            raise
        except TelegramError:
            self._gate.passed(send)
            raise
        self._gate.passed(send)
        return result
