"""Where the bot is let in and shut out: chats, channels, and people who block it."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Filter
from aiogram.types import (
    Chat,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    ResultChatMemberUnion,
)

from cards.card import Card
from cards.chats import CHANNEL, back_card, greeting_card, menu_card
from cards.language import Language
from cards.links import Links
from commerce.actions import chats
from commerce.actions.chats import Meeting, Met, Place
from commerce.actions.people import House
from commerce.actions.subscribing import chat_view
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.pressing import Shelf
from storage.database import Database


class OneToOne(Filter):
    """Changes of the private chat with a person."""

    async def __call__(self, event: ChatMemberUpdated) -> bool:
        return event.chat.type == "private"


class Migrated(Filter):
    """A group that became a supergroup says so on both sides."""

    async def __call__(self, message: Message) -> bool:
        return bool(message.migrate_to_chat_id or message.migrate_from_chat_id)


class Renamed(Filter):
    async def __call__(self, message: Message) -> bool:
        return bool(message.new_chat_title)


def place_of(chat: Chat) -> Place:
    return Place(chat.id, chat.type, chat.title or "—")


def may_speak(member: ResultChatMemberUnion, kind: str) -> bool:
    """Whether the bot can post there; its cards are photos."""
    if isinstance(member, ChatMemberLeft | ChatMemberBanned):
        return False
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages and member.can_send_photos
    if kind == CHANNEL:
        return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    return True


async def person_changed(
    event: ChatMemberUpdated, bot: Bot, database: Database, now: datetime
) -> None:
    """Blocked, or unblocked."""
    if may_speak(event.new_chat_member, "private"):
        await chats.let_in(database, event.chat.id)
    else:
        await chats.shut_out(database, bot.id, event.chat.id, "blocked", now=now)


async def chat_changed(
    event: ChatMemberUpdated,
    bot: Bot,
    database: Database,
    house: House,
    links: Links,
    now: datetime,
    actor: Actor | None = None,
) -> None:
    """Added, given or denied the right to speak, removed. An admin may act without a name."""
    member = event.new_chat_member
    if not may_speak(member, event.chat.type):
        await chats.shut_out(database, bot.id, event.chat.id, member.status, now=now)
        return
    locale, timezone = (actor or house).locale, (actor or house).timezone
    met = await chats.meet(
        database, place_of(event.chat), locale=locale, timezone=timezone, now=now
    )
    if met.meeting != Meeting.KNOWN:
        await _greet(event, met, bot, database, links, now, actor)


async def _greet(
    event: ChatMemberUpdated,
    met: Met,
    bot: Bot,
    database: Database,
    links: Links,
    now: datetime,
    actor: Actor | None,
) -> None:
    """Nobody can talk to the bot in a channel, so whoever let it in chooses in private."""
    chat = await chat_view(database, code=met.code)
    say = Language(met.locale, met.timezone)
    if event.chat.type == CHANNEL and actor is not None:
        own = Language(actor.locale, actor.timezone)
        private = Screen(bot, database, chat_id=actor.telegram_id)
        if await _shown(private, menu_card(chat, own)):
            return
    channel = event.chat.type == CHANNEL
    back = met.meeting == Meeting.BACK and not channel
    card = back_card(chat, say) if back else greeting_card(met.code, say, links, channel=channel)
    if not await _shown(Screen(bot, database, chat_id=event.chat.id), card):
        await chats.shut_out(database, bot.id, event.chat.id, "cannot be greeted", now=now)


async def _shown(screen: Screen, card: Card) -> bool:
    """False where Telegram does not let the bot speak."""
    try:
        await screen.show(card)
    except (TelegramForbiddenError, TelegramBadRequest):
        return False
    return True


async def migrated(message: Message, database: Database) -> None:
    if message.migrate_to_chat_id:
        await chats.move(database, message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        await chats.move(database, message.migrate_from_chat_id, message.chat.id)


async def renamed(message: Message, database: Database) -> None:
    await chats.rename(database, message.chat.id, message.new_chat_title or "—")


def router() -> Shelf:
    shelf = Shelf("memberships")
    shelf.my_chat_member.register(person_changed, OneToOne())
    shelf.my_chat_member.register(chat_changed)
    shelf.message.register(migrated, Migrated())
    shelf.message.register(renamed, Renamed())
    return shelf
