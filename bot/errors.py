"""Refusals become words, once, for every handler; everything else is for the worker to retry."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.middlewares import Handler
from cards.presses import BadPress, parse, stands_on
from cards.refusals import words
from commerce.refusals import Refusal
from conversations.screen import Screen
from storage.failures import AlreadyApplied, Busy


class Explain(BaseMiddleware):
    """Stands inside Introduce: the person is known, and so is where they look."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        screen: Screen | None = data.get("screen")
        try:
            return await handler(event, data)
        except Refusal as refusal:
            if screen is not None:
                await screen.alert(words(refusal, data["say"]))
                await self._redraw(event, screen, data)
        except Busy:
            if screen is not None and isinstance(event, Update) and event.callback_query:
                await screen.alert(data["say"].plain("Very busy right now. Please try again."))
            else:
                raise
        except AlreadyApplied:
            return None  # carried out before, and its card has no press to draw it by
        return None

    async def _redraw(self, event: TelegramObject, screen: Screen, data: dict[str, Any]) -> None:
        """The card that was pressed shows something that is no longer so."""
        query = event.callback_query if isinstance(event, Update) else None
        if query is None or not screen.private:
            return
        with suppress(BadPress, Refusal):
            card = stands_on(parse(query.data or ""))
            if card is not None:
                await data["table"].dispatch(card, query=query, **data)
