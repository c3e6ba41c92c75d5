"""Refusals become words, once, for every handler; everything else is for the worker to retry."""

from __future__ import annotations

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.middlewares import Handler
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
        except Busy:
            if screen is not None and isinstance(event, Update) and event.callback_query:
                await screen.alert(data["say"].plain("Very busy right now. Please try again."))
            else:
                raise
        except AlreadyApplied:
            return None  # carried out before, and its card has no press to draw it by
        return None
