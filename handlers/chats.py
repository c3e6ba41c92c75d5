"""In group chats: commands, what the chat subscribed to, and posting deals."""

from __future__ import annotations

from datetime import datetime

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import Command, CommandObject, Filter
from aiogram.types import CallbackQuery, ChatMemberAdministrator, ChatMemberOwner, Message

from cards.chats import (
    CHANNEL,
    POSTS_A_DAY,
    QUIET_HOURS,
    brands_card,
    categories_card,
    chat_deals_card,
    chat_zones_card,
    confirmed_card,
    faceless_card,
    menu_card,
)
from cards.deals import deal_card
from cards.language import NAMES, Language
from cards.links import Links
from cards.presses import (
    ChooseChatBrand,
    ChooseChatCategory,
    ChooseChatLanguage,
    ChooseChatZone,
    ChooseEverything,
    ChoosePosts,
    ChooseQuietHours,
    ConfirmChat,
    PostDeal,
    ShowChat,
    ShowChatBrands,
    ShowChatCategories,
    ShowChatDeals,
    ShowChatZones,
    StopChat,
)
from cards.settings import ZONES, chat_help_card
from commerce.actions import browsing, chats, living, subscribing
from commerce.actor import Actor
from commerce.refusals import NotAdmin, NotFound
from commerce.views import ChatView
from conversations.screen import Screen
from handlers.memberships import place_of
from handlers.pressing import Shared, Shelf
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


async def require_admin(bot: Bot, chat_id: int, person: Actor) -> None:
    """Asked of Telegram at every press. Raises NotAdmin."""
    try:
        member = await bot.get_chat_member(chat_id, person.telegram_id)
    except (TelegramBadRequest, TelegramForbiddenError):
        raise NotAdmin from None
    if not isinstance(member, ChatMemberOwner | ChatMemberAdministrator):
        raise NotAdmin


async def _entitled(code: str, actor: Actor, bot: Bot, screen: Screen) -> ChatView:
    """The chat, if the press stands in it (a channel's: in private) and its admin pressed."""
    chat = await subscribing.chat_view(actor.database, code=code)
    elsewhere = screen.private and chat.kind == CHANNEL
    if screen.chat_id != chat.telegram_id and not elsewhere:
        raise NotFound
    await require_admin(bot, chat.telegram_id, actor)
    return chat


def _spoken(chat: ChatView, say: Language, screen: Screen) -> Language:
    """A chat is spoken to in its own language, a person in theirs."""
    return say if screen.private else Language(chat.locale, chat.timezone)


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
    spoken = _spoken(chat, say, screen)
    await screen.show(chat_deals_card(page, chat.code, spoken, links, now))


async def subscribe(
    message: Message, actor: Actor, bot: Bot, say: Language, now: datetime, screen: Screen
) -> None:
    await require_admin(bot, message.chat.id, actor)
    chat = await _here(message, actor, now)
    await screen.show(menu_card(chat, _spoken(chat, say, screen)))


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
    await screen.show(chat_help_card(_spoken(chat, say, screen), links))


async def faceless(message: Message, bot: Bot, database: Database) -> None:
    locale, timezone = await chats.chat_language(database, message.chat.id)
    screen = Screen(bot, database, chat_id=message.chat.id)
    await screen.show(faceless_card(Language(locale, timezone)))


# Choosing


async def show_chat(press: ShowChat, actor: Actor, bot: Bot, say: Language, screen: Screen) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    await screen.show(menu_card(chat, _spoken(chat, say, screen)))


async def show_brands(
    press: ShowChatBrands, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    page = await subscribing.brand_choices(actor.database, chat.code, press.page)
    await screen.show(brands_card(chat, page, _spoken(chat, say, screen)))


async def show_categories(
    press: ShowChatCategories, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    page = await subscribing.category_choices(actor.database, chat.code, press.page)
    await screen.show(categories_card(chat, page, _spoken(chat, say, screen)))


async def show_zones(
    press: ShowChatZones, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    await screen.show(chat_zones_card(chat, press.page, _spoken(chat, say, screen)))


async def choose_everything(
    press: ChooseEverything,
    actor: Actor,
    bot: Bot,
    say: Language,
    now: datetime,
    screen: Screen,
) -> None:
    await _entitled(press.chat, actor, bot, screen)
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
    chat = await _entitled(press.chat, actor, bot, screen)
    on = bool(press.on)
    await subscribing.choose_brand(actor, press.chat, press.brand, on=on, now=now)
    page = await subscribing.brand_choices(actor.database, chat.code, press.page)
    await screen.show(brands_card(chat, page, _spoken(chat, say, screen)))


async def choose_category(
    press: ChooseChatCategory,
    actor: Actor,
    bot: Bot,
    say: Language,
    now: datetime,
    screen: Screen,
) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    on = bool(press.on)
    await subscribing.choose_category(actor, press.chat, press.category, on=on, now=now)
    page = await subscribing.category_choices(actor.database, chat.code, press.page)
    await screen.show(categories_card(chat, page, _spoken(chat, say, screen)))


async def choose_language(
    press: ChooseChatLanguage, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await _entitled(press.chat, actor, bot, screen)
    if press.locale not in NAMES:
        raise NotFound
    await subscribing.choose_language(actor, press.chat, press.locale)
    await _menu(press.chat, actor, say, screen)


async def choose_zone(
    press: ChooseChatZone, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await _entitled(press.chat, actor, bot, screen)
    if press.zone not in ZONES:
        raise NotFound
    await subscribing.choose_zone(actor, press.chat, press.zone)
    await _menu(press.chat, actor, say, screen)


async def choose_quiet(
    press: ChooseQuietHours, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await _entitled(press.chat, actor, bot, screen)
    hours = (press.start, press.end)
    if hours not in QUIET_HOURS:
        raise NotFound
    quiet = None if press.start == press.end else (press.start * 60, press.end * 60)
    await subscribing.choose_quiet(actor, press.chat, quiet)
    await _menu(press.chat, actor, say, screen)


async def choose_posts(
    press: ChoosePosts, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    await _entitled(press.chat, actor, bot, screen)
    if press.posts not in POSTS_A_DAY:
        raise NotFound
    await subscribing.choose_posts(actor, press.chat, press.posts)
    await _menu(press.chat, actor, say, screen)


async def confirm(
    press: ConfirmChat, actor: Actor, bot: Bot, say: Language, screen: Screen
) -> None:
    chat = await _entitled(press.chat, actor, bot, screen)
    await screen.show(confirmed_card(chat, _spoken(chat, say, screen)))


async def stop_all(press: StopChat, actor: Actor, bot: Bot, say: Language, screen: Screen) -> None:
    await _entitled(press.chat, actor, bot, screen)
    await subscribing.stop_all(actor, press.chat)
    chat = await subscribing.chat_view(actor.database, code=press.chat)
    await screen.show(confirmed_card(chat, _spoken(chat, say, screen)))


async def _menu(code: str, actor: Actor, say: Language, screen: Screen) -> None:
    """As it stands after a change."""
    chat = await subscribing.chat_view(actor.database, code=code)
    await screen.show(menu_card(chat, _spoken(chat, say, screen)))


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
    shelf.press(ShowChatDeals, show_deals)
    shelf.press(PostDeal, post_deal)
    return shelf
