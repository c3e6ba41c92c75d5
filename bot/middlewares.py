"""What every handler is given: who acts, in which language, where they look, what time it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.types import CallbackQuery, Message, TelegramObject, Update, User

from bot.clock import Clock
from cards.language import Language
from cards.links import Links
from commerce.actions.people import House, Sender, language_of, recognise
from commerce.actor import Actor, Cause
from commerce.payment import Provider
from conversations.screen import Screen, chat_of
from storage.database import Database
from storage.inbox import Claimed

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]
ANONYMOUS = frozenset({1087968824, 136817688, 777000})  # Telegram's stand-ins for no person


@dataclass(frozen=True, slots=True)
class Kit:
    """What the middleware hands out, made once at start-up."""

    database: Database
    clock: Clock
    house: House
    links: Links
    provider: Provider


class Introduce(BaseMiddleware):
    """Recognises the sender and lays out the handler's kit; closes every press."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        now = self.kit.clock.now()
        user: User | None = data.get("event_from_user")
        bot: Bot = data["bot"]
        data |= {"now": now, "links": self.kit.links, "provider": self.kit.provider}
        data["database"] = self.kit.database
        data["house"] = self.kit.house
        if user is None or user.id in ANONYMOUS or user.is_bot:
            return await handler(event, data)
        data["actor"] = actor = await self._actor(user, data.get("claimed"), now=now)
        data["say"] = Language(actor.locale, actor.timezone)
        data["screen"] = screen = self._screen(bot, event, user)
        result = await handler(event, data)
        await screen.close()  # after a failure the worker tries again, and then it is answered
        return result

    async def _actor(self, user: User, claimed: Claimed | None, *, now: Any) -> Actor:
        house = self.kit.house
        sender = Sender(
            telegram_id=user.id,
            first_name=user.first_name[:64] or "—",
            username=user.username,
            language=user.language_code or house.locale,
        )
        person = await recognise(self.kit.database, sender, house, now=now)
        assert person.id is not None
        return Actor(
            database=self.kit.database,
            bot_id=house.bot_id,
            person_id=person.id,
            telegram_id=user.id,
            first_name=sender.first_name,
            locale=language_of(person, house),
            timezone=person.timezone or house.timezone,
            operator=user.id in house.operators,
            cause=Cause(claimed.seq, claimed.version) if claimed else None,
        )

    def _screen(self, bot: Bot, event: Update, user: User) -> Screen:
        inner = event.event
        if isinstance(inner, CallbackQuery):
            return Screen(bot, self.kit.database, chat_id=chat_of(inner), query=inner)
        chat_id = inner.chat.id if isinstance(inner, Message) else user.id
        return Screen(bot, self.kit.database, chat_id=chat_id)
