"""In group chats: commands, and posting deals."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.filters import Command, CommandObject, Filter
from aiogram.types import CallbackQuery, Message

from cards.chats import CHANNEL, chat_deals_card, faceless_card, menu_card
from cards.deals import deal_card
from cards.language import Language
from cards.links import Links
from cards.presses import PostDeal, ShowChatDeals
from cards.settings import chat_help_card
from commerce.actions import browsing, chats, living, subscribing
from commerce.actor import Actor
from commerce.views import ChatView
from conversations.screen import Screen
from handlers.memberships import place_of
from handlers.pressing import Shared, Shelf
from handlers.subscribing import require_admin, spoken
from storage.database import Database

ADDING = "add"  # the payload of the link that adds the bot to a group


class ByPerson(Filter):
    """Sent by somebody we can tell apart from others."""

    async def __call__(self, message: Message, actor: Actor | None = None) -> bool:
        return actor is not None


class InTheNameOf(Filter):
    """Sent as the chat or as a channel; what a channel posted is passed on by nobody."""

    async def __call__(self, message: Message) -> bool:
        return message.sender_chat is not None and not message.is_automatic_forward


async def _here(message: Message, actor: Actor, now: datetime) -> ChatView:
    """The chat of a command; who speaks to us there lets us speak."""
    await chats.meet(
        actor.database,
        place_of(message.chat),
        locale=actor.locale,
        timezone=actor.timezone,
        now=now,
    )
    return await subscribing.chat_view(actor.database, telegram_id=message.chat.id)


# Commands


async def deals(
    message: Message, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    chat = await _here(message, actor, now)
    page = await browsing.deals_page(actor, 0, now=now)
    words = spoken(chat, say, screen)
    await screen.show(chat_deals_card(page, chat.code, words, links, now))


async def subscribe(
    message: Message, actor: Actor, bot: Bot, say: Language, now: datetime, screen: Screen
) -> None:
    await require_admin(bot, message.chat.id, actor)
    chat = await _here(message, actor, now)
    await screen.show(menu_card(chat, spoken(chat, say, screen)))


async def start(
    message: Message,
    command: CommandObject,
    actor: Actor,
    bot: Bot,
    say: Language,
    links: Links,
    now: datetime,
    screen: Screen,
) -> None:
    """The link that adds the bot goes on to the choices; else a word on what the bot does."""
    if command.args == ADDING:
        await subscribe(message, actor, bot, say, now, screen)
    else:
        await help_(message, actor, say, links, now, screen)


async def help_(
    message: Message, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    chat = await _here(message, actor, now)
    await screen.show(chat_help_card(spoken(chat, say, screen), links))


async def faceless(message: Message, bot: Bot, database: Database) -> None:
    locale, timezone = await chats.chat_language(database, message.chat.id)
    screen = Screen(bot, database, chat_id=message.chat.id)
    await screen.show(faceless_card(Language(locale, timezone)))


# Posting


async def show_deals(
    press: ShowChatDeals, actor: Actor, links: Links, now: datetime, screen: Screen
) -> None:
    """In place; for anybody in the chat."""
    chat = await subscribing.chat_view(actor.database, telegram_id=screen.chat_id)
    page = await browsing.deals_page(actor, press.page, now=now)
    say = Language(chat.locale, chat.timezone)
    await screen.show(chat_deals_card(page, chat.code, say, links, now))


async def post_deal(
    press: PostDeal,
    actor: Actor,
    say: Language,
    links: Links,
    now: datetime,
    screen: Screen,
    query: CallbackQuery,
) -> None:
    """Anybody in a group may; a channel's readers go to the shop instead."""
    if screen.private:
        view = await living.deal_view(actor.database, code=press.deal, now=now)
        await screen.show(deal_card(view, say, now))
    elif query.message is None or query.message.chat.type == CHANNEL:
        await screen.open(links.deal(press.deal))
    elif await chats.post_deal(actor, screen.chat_id, press.deal, now=now):
        await screen.toast(say.plain("Here it comes 👇"))
    else:
        await screen.toast(say.plain("Posted just now: please look above."))


def router() -> Shelf:
    shelf = Shelf("chats")
    for name, command in (
        ("deals", deals),
        ("subscribe", subscribe),
        ("start", start),
        ("help", help_),
    ):
        shelf.message.register(command, Command(name), Shared(), ByPerson())
    shelf.message.register(
        faceless, Command("deals", "subscribe", "start", "help"), Shared(), InTheNameOf()
    )
    shelf.press(ShowChatDeals, show_deals)
    shelf.press(PostDeal, post_deal)
    return shelf
