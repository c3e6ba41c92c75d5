"""What a chat subscribed to, chosen by its admins, in one message edited in place."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

from cards.chats import (
    CHANNEL,
    POSTS_A_DAY,
    QUIET_HOURS,
    brands_card,
    categories_card,
    chat_zones_card,
    confirmed_card,
    menu_card,
)
from cards.language import NAMES, Language
from cards.presses import (
    ChooseChatBrand,
    ChooseChatCategory,
    ChooseChatLanguage,
    ChooseChatZone,
    ChooseEverything,
    ChoosePosts,
    ChooseQuietHours,
    ConfirmChat,
    ShowChat,
    ShowChatBrands,
    ShowChatCategories,
    ShowChatZones,
    StopChat,
)
from cards.settings import ZONES
from commerce.actions import subscribing
from commerce.actor import Actor
from commerce.refusals import NotAdmin, NotFound
from commerce.views import ChatView
from conversations.screen import Screen
from handlers.pressing import Shelf


async def require_admin(bot: Bot, chat_id: int, person: Actor) -> None:
    """Asked of Telegram at every press. Raises NotAdmin."""
    try:
        member = await bot.get_chat_member(chat_id, person.telegram_id)
    except (TelegramBadRequest, TelegramForbiddenError):
        raise NotAdmin from None
    if not isinstance(member, ChatMemberOwner | ChatMemberAdministrator):
        raise NotAdmin


async def entitled(code: str, actor: Actor, bot: Bot, screen: Screen) -> ChatView:
    """The chat, if the press stands in it (a channel's: in private) and its admin pressed."""
    chat = await subscribing.chat_view(actor.database, code=code)
    elsewhere = screen.private and chat.kind == CHANNEL
    if screen.chat_id != chat.telegram_id and not elsewhere:
        raise NotFound
    await require_admin(bot, chat.telegram_id, actor)
    return chat


def spoken(chat: ChatView, say: Language, screen: Screen) -> Language:
    """A chat is spoken to in its own language, a person in theirs."""
    return say if screen.private else Language(chat.locale, chat.timezone)


async def show_chat(press: ShowChat, actor: Actor, bot: Bot, say: Language, screen: Screen) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    await screen.show(menu_card(chat, spoken(chat, say, screen)))


async def show_brands(
    press: ShowChatBrands, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    page = await subscribing.brand_choices(actor.database, chat.code, press.page)
    await screen.show(brands_card(chat, page, spoken(chat, say, screen)))


async def show_categories(
    press: ShowChatCategories, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    page = await subscribing.category_choices(actor.database, chat.code, press.page)
    await screen.show(categories_card(chat, page, spoken(chat, say, screen)))


async def show_zones(
    press: ShowChatZones, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    await screen.show(chat_zones_card(chat, press.page, spoken(chat, say, screen)))


async def choose_everything(
    press: ChooseEverything,
    actor: Actor,
    bot: Bot,
    say: Language,
    now: datetime,
    screen: Screen,
) -> None:
    await entitled(press.chat, actor, bot, screen)
    await subscribing.choose_everything(actor, press.chat, on=bool(press.on), now=now)
    await _menu(press.chat, actor, say, screen)


async def choose_brand(
    press: ChooseChatBrand,
    actor: Actor,
    bot: Bot,
    say: Language,
    now: datetime,
    screen: Screen,
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    on = bool(press.on)
    await subscribing.choose_brand(actor, press.chat, press.brand, on=on, now=now)
    page = await subscribing.brand_choices(actor.database, chat.code, press.page)
    await screen.show(brands_card(chat, page, spoken(chat, say, screen)))


async def choose_category(
    press: ChooseChatCategory,
    actor: Actor,
    bot: Bot,
    say: Language,
    now: datetime,
    screen: Screen,
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    on = bool(press.on)
    await subscribing.choose_category(actor, press.chat, press.category, on=on, now=now)
    page = await subscribing.category_choices(actor.database, chat.code, press.page)
    await screen.show(categories_card(chat, page, spoken(chat, say, screen)))


async def choose_language(
    press: ChooseChatLanguage, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await entitled(press.chat, actor, bot, screen)
    if press.locale not in NAMES:
        raise NotFound
    await subscribing.choose_language(actor, press.chat, press.locale)
    await _menu(press.chat, actor, say, screen)


async def choose_zone(
    press: ChooseChatZone, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await entitled(press.chat, actor, bot, screen)
    if press.zone not in ZONES:
        raise NotFound
    await subscribing.choose_zone(actor, press.chat, press.zone)
    await _menu(press.chat, actor, say, screen)


async def choose_quiet(
    press: ChooseQuietHours, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await entitled(press.chat, actor, bot, screen)
    hours = (press.start, press.end)
    if hours not in QUIET_HOURS:
        raise NotFound
    quiet = None if press.start == press.end else (press.start * 60, press.end * 60)
    await subscribing.choose_quiet(actor, press.chat, quiet)
    await _menu(press.chat, actor, say, screen)


async def choose_posts(
    press: ChoosePosts, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await entitled(press.chat, actor, bot, screen)
    if press.posts not in POSTS_A_DAY:
        raise NotFound
    await subscribing.choose_posts(actor, press.chat, press.posts)
    await _menu(press.chat, actor, say, screen)


async def confirm(
    press: ConfirmChat, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await entitled(press.chat, actor, bot, screen)
    await screen.show(confirmed_card(chat, spoken(chat, say, screen)))


async def stop_all(press: StopChat, actor: Actor, bot: Bot, say: Language, screen: Screen) -> None:
    await entitled(press.chat, actor, bot, screen)
    await subscribing.stop_all(actor, press.chat)
    chat = await subscribing.chat_view(actor.database, code=press.chat)
    await screen.show(confirmed_card(chat, spoken(chat, say, screen)))


async def _menu(code: str, actor: Actor, say: Language, screen: Screen) -> None:
    """As it stands after a change."""
    chat = await subscribing.chat_view(actor.database, code=code)
    await screen.show(menu_card(chat, spoken(chat, say, screen)))


def router() -> Shelf:
    shelf = Shelf("subscribing")
    shelf.press(ShowChat, show_chat)
    shelf.press(ShowChatBrands, show_brands)
    shelf.press(ShowChatCategories, show_categories)
    shelf.press(ShowChatZones, show_zones)
    shelf.press(ChooseEverything, choose_everything)
    shelf.press(ChooseChatBrand, choose_brand)
    shelf.press(ChooseChatCategory, choose_category)
    shelf.press(ChooseChatLanguage, choose_language)
    shelf.press(ChooseChatZone, choose_zone)
    shelf.press(ChooseQuietHours, choose_quiet)
    shelf.press(ChoosePosts, choose_posts)
    shelf.press(ConfirmChat, confirm)
    shelf.press(StopChat, stop_all)
    return shelf
