"""The flood gate for immediate replies: every request that aiogram makes passes it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods.base import Response, TelegramMethod, TelegramType

from conversations.calls import Call
from storage.gate import FloodGate, Send, send_of

if TYPE_CHECKING:
    from aiogram import Bot

PATIENCE_SECONDS = 2.0  # someone waits for the reply: this long a pause is sat out, once
LONGEST_WAIT_SECONDS = 15.0
UNGATED = "getUpdates"


class GateMiddleware(BaseRequestMiddleware):
    """Add it with `session.middleware(GateMiddleware(gate))`."""

    def __init__(
        self,
        gate: FloodGate,
        *,
        longest_wait: float = LONGEST_WAIT_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gate = gate
        self._longest_wait = longest_wait
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        name = method.__api_method__
        if name == UNGATED:
            return await make_request(bot, method)
        send = send_of(bot.id, name, _addressee(method), reply=True)
        try:
            return await self._pass(send, make_request, bot, method)
        except TelegramRetryAfter as flooded:
            if flooded.retry_after > PATIENCE_SECONDS:
                raise
            pause = flooded.retry_after
        if send.kind == "answer":  # it is free at the gate, so the pause is kept here
            await self._sleep(pause)
        return await self._pass(send, make_request, bot, method)

    async def _pass(
        self,
        send: Send,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        await self._admit(send, method)
        try:
            response = await make_request(bot, method)
        except TelegramRetryAfter as flooded:
            await self._gate.close(send, flooded.retry_after)
            raise
        except (TelegramNetworkError, TelegramServerError):
            raise
        except TelegramAPIError:
            self._gate.passed(send)
            raise
        self._gate.passed(send)
        return response

    async def _admit(self, send: Send, method: TelegramMethod[Any]) -> None:
        """Raises TelegramRetryAfter, as Telegram would, where the wait would block a lane."""
        while wait := await self._gate.try_admit(send):
            if wait > self._longest_wait:
                raise TelegramRetryAfter(method, "the flood gate is closed", math.ceil(wait))
            await self._sleep(wait)


def _addressee(method: TelegramMethod[Any]) -> dict[str, Any]:
    if isinstance(method, Call):
        return method.params
    names = ("chat_id", "message_id", "inline_message_id")
    return {name: getattr(method, name, None) for name in names}
