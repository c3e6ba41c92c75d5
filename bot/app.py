"""The listening half: a dispatcher that is fed stored updates."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.fsm.storage.base import BaseStorage, DefaultKeyBuilder
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import Update
from redis.asyncio import Redis

from bot.apology import apologise
from bot.clock import Clock
from bot.errors import Explain
from bot.gate import GateMiddleware
from bot.middlewares import Introduce, Kit
from bot.patience import Patience
from bot.routes import include_all
from bot.session import LeanSession
from bot.settings import Settings
from bot.worker import Poison
from cards.links import Links
from commerce.actions.people import House
from commerce.payment import provider_for
from conversations.screen import too_late
from storage.database import Database
from storage.gate import FloodGate
from storage.inbox import Claimed

log = logging.getLogger(__name__)

FORM_TTL = 24 * 3600


@dataclass(frozen=True, slots=True)
class App:
    """Handles one stored update at a time for each lane; `close()` lets go of connections."""

    bot: Bot
    dispatcher: Dispatcher

    async def handle(self, claimed: Claimed) -> None:
        """Raises what the worker shall retry. A person who blocked the bot needs no answer."""
        try:
            update = Update.model_validate(json.loads(claimed.raw), context={"bot": self.bot})
        except ValueError as error:
            raise Poison("not an update that we know") from error
        try:
            await self.dispatcher.feed_update(self.bot, update, claimed=claimed)
        except TelegramForbiddenError:
            return
        except TelegramBadRequest as error:
            if not too_late(error):
                raise

    async def apologise(self, claimed: Claimed, error: str) -> None:
        """Every try failed: the operator finds it in the log, the person is told."""
        log.error("update %d is in quarantine: %s", claimed.update_id, error)
        with suppress(TelegramAPIError, ValueError):
            await apologise(self.bot, json.loads(claimed.raw))

    async def close(self) -> None:
        await self.dispatcher.storage.close()
        await self.bot.session.close()


async def build(
    settings: Settings, database: Database, clock: Clock, gate: FloodGate, redis: Redis | None
) -> App:
    """Wires everything that answers. Asks Telegram once who the bot is."""
    session = LeanSession(api=TelegramAPIServer.from_base(settings.telegram_api_base))
    session.middleware(GateMiddleware(gate))
    bot = Bot(settings.bot_token.get_secret_value(), session=session)
    me = await bot.me()
    kit = Kit(
        database=database,
        clock=clock,
        house=House(
            bot_id=bot.id,
            locale=settings.default_locale,
            timezone=settings.timezone,
            operators=frozenset(settings.operator_ids),
            currency=settings.currency,
        ),
        links=Links(me.username or ""),
        provider=provider_for(settings.payment_provider_token.get_secret_value()),
    )
    dispatcher = Dispatcher(storage=_storage(redis), disable_fsm=False)
    dispatcher["table"] = include_all(dispatcher)
    dispatcher.update.outer_middleware(Introduce(kit))
    dispatcher.update.outer_middleware(Explain())
    dispatcher.update.outer_middleware(Patience())
    return App(bot, dispatcher)


def _storage(redis: Redis | None) -> BaseStorage:
    """Dialogue state; the destiny in the key is for the scenes' own history."""
    if redis is None:
        return MemoryStorage()
    return RedisStorage(
        redis,
        key_builder=DefaultKeyBuilder(with_destiny=True, with_bot_id=True),
        state_ttl=FORM_TTL,
        data_ttl=FORM_TTL,
    )
