"""A limit for each person, so that one who hammers does not slow the others."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.middlewares import Handler

MOST, SECONDS = 60, 10.0
REMEMBERED = 10_000


class Patience(BaseMiddleware):
    """At most 60 updates in 10 s from one person. The first beyond is told, the rest are dropped;
    what concerns money always passes."""

    def __init__(
        self,
        most: int = MOST,
        seconds: float = SECONDS,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._seen: OrderedDict[int, deque[float]] = OrderedDict()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        actor = data.get("actor")
        if actor is None or _is_money(event) or self._allows(actor.telegram_id):
            return await handler(event, data)
        seen = self._seen[actor.telegram_id]
        if isinstance(event, Update) and event.callback_query:
            await data["screen"].toast(data["say"].plain("One moment, please. That was very fast."))
        elif len(seen) == self._most + 1:
            await data["screen"].alert(data["say"].plain("One moment, please. That was very fast."))
        return None

    def _allows(self, person: int) -> bool:
        now = self._clock()
        seen = self._seen.setdefault(person, deque(maxlen=self._most + 2))
        self._seen.move_to_end(person)
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        while seen and seen[0] <= now - self._seconds:
            seen.popleft()
        seen.append(now)
        return len(seen) <= self._most


def _is_money(event: TelegramObject) -> bool:
    if not isinstance(event, Update):
        return False
    paid = event.message is not None and event.message.successful_payment is not None
    return paid or event.pre_checkout_query is not None
