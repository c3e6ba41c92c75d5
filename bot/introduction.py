"""How the bot introduces itself to Telegram: its commands, in every language."""

from __future__ import annotations

import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from cards.language import NAMES, SOURCE, Language
from cards.settings import CHAT_COMMANDS, COMMANDS, command_words

log = logging.getLogger(__name__)


async def introduce(bot: Bot) -> None:
    """Sets the command menus. Without them the shop works too, so a failure is only logged."""
    try:
        for locale in NAMES:
            await _set_commands(bot, locale)
    except TelegramAPIError as error:
        log.warning("the command menus were not set: %s", type(error).__name__)


async def _set_commands(bot: Bot, locale: str) -> None:
    say = Language(locale)
    code = None if locale == SOURCE else locale
    private = [BotCommand(command=c, description=command_words(c, say)) for c in COMMANDS]
    shared = [BotCommand(command=c, description=command_words(c, say)) for c in CHAT_COMMANDS]
    await bot.set_my_commands(private, BotCommandScopeAllPrivateChats(), code)
    await bot.set_my_commands(shared, BotCommandScopeAllGroupChats(), code)
