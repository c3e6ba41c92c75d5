"""Commands and plain words in private chat: /start and its links, help, settings, search."""

from __future__ import annotations

from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from cards.language import Language
from cards.links import Links, opened_by
from cards.presses import (
    AskSearch,
    ChooseLanguage,
    ChooseZone,
    ShowDeals,
    ShowHelp,
    ShowHome,
    ShowOrders,
    ShowResults,
    ShowSaved,
    ShowSettings,
    ShowZones,
)
from cards.results import ask_search_card, results_card
from cards.settings import ZONES, help_card, lost_card, settings_card, zones_card
from commerce.actions import people, searching
from commerce.actor import Actor
from commerce.refusals import NotFound
from conversations.form import cancelled_card
from conversations.screen import Screen
from handlers.pressing import PressTable, Private, Shelf

LONGEST_QUERY = 256


async def start(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    table: PressTable,
    say: Language,
    **kit: object,
) -> None:
    """/start with a link's payload opens that card; with anything else, home."""
    await state.clear()
    press = opened_by(command.args or "") or ShowHome()
    kit |= {"state": state, "say": say, "table": table}
    try:
        await table.dispatch(press, **kit)
    except NotFound:
        await table.dispatch(ShowHome(), **kit)


async def deals(message: Message, state: FSMContext, table: PressTable, **kit: object) -> None:
    await state.clear()
    await table.dispatch(ShowDeals(0), state=state, table=table, **kit)


async def orders(message: Message, state: FSMContext, table: PressTable, **kit: object) -> None:
    await state.clear()
    await table.dispatch(ShowOrders(0), state=state, table=table, **kit)


async def saved(message: Message, state: FSMContext, table: PressTable, **kit: object) -> None:
    await state.clear()
    await table.dispatch(ShowSaved(0), state=state, table=table, **kit)


async def settings(message: Message, state: FSMContext, table: PressTable, **kit: object) -> None:
    await state.clear()
    await table.dispatch(ShowSettings(), state=state, table=table, **kit)


async def help_(message: Message, say: Language, links: Links, screen: Screen) -> None:
    await screen.show(help_card(say, links))


async def cancel(message: Message, state: FSMContext, say: Language, screen: Screen) -> None:
    left = await state.get_data()
    await state.clear()
    await screen.show(cancelled_card(say, left.get("context", {})))


async def search(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    actor: Actor,
    say: Language,
    screen: Screen,
) -> None:
    await state.clear()
    if command.args:
        await _search(command.args, state, actor, say, screen)
    else:
        await screen.show(ask_search_card(say))


async def words(
    message: Message, state: FSMContext, actor: Actor, say: Language, screen: Screen
) -> None:
    """Anything typed outside a form is a search."""
    if message.text and not message.text.startswith("/"):
        await _search(message.text, state, actor, say, screen)
    else:
        await screen.show(lost_card(say))


async def _search(
    typed: str, state: FSMContext, actor: Actor, say: Language, screen: Screen
) -> None:
    query = typed.strip()[:LONGEST_QUERY]
    page = await searching.find_products(actor, query, 0)
    await state.update_data(query=query)
    await screen.show(results_card(query, page, say))


async def ask_search(press: AskSearch, say: Language, screen: Screen) -> None:
    await screen.show(ask_search_card(say))


async def show_results(
    press: ShowResults, state: FSMContext, actor: Actor, say: Language, screen: Screen
) -> None:
    query = (await state.get_data()).get("query")
    if not query:
        await screen.show(ask_search_card(say))
        return
    page = await searching.find_products(actor, query, press.page)
    await screen.show(results_card(query, page, say))


async def show_help(press: ShowHelp, say: Language, links: Links, screen: Screen) -> None:
    await screen.show(help_card(say, links))


async def show_settings(press: ShowSettings, actor: Actor, say: Language, screen: Screen) -> None:
    await screen.show(settings_card(say, actor.timezone))


async def choose_language(press: ChooseLanguage, actor: Actor, screen: Screen) -> None:
    say = Language(press.locale, actor.timezone)
    if say.locale != press.locale:
        raise NotFound
    await people.choose_language(actor, press.locale)
    await screen.show(settings_card(say, actor.timezone))


async def show_zones(press: ShowZones, say: Language, screen: Screen) -> None:
    await screen.show(zones_card(say))


async def choose_zone(press: ChooseZone, actor: Actor, say: Language, screen: Screen) -> None:
    if press.zone not in ZONES:
        raise NotFound
    await people.choose_timezone(actor, press.zone)
    await screen.show(settings_card(say, press.zone))


def commands() -> Shelf:
    """Before the forms, so that /start and /cancel work in every state."""
    shelf = Shelf("commands")
    private = Private()
    shelf.message.register(start, CommandStart(), private)
    shelf.message.register(deals, Command("deals"), private)
    shelf.message.register(orders, Command("orders"), private)
    shelf.message.register(saved, Command("saved"), private)
    shelf.message.register(search, Command("search"), private)
    shelf.message.register(settings, Command("settings"), private)
    shelf.message.register(help_, Command("help"), private)
    shelf.message.register(cancel, Command("cancel"), private)
    shelf.press(AskSearch, ask_search)
    shelf.press(ShowResults, show_results)
    shelf.press(ShowHelp, show_help)
    shelf.press(ShowSettings, show_settings)
    shelf.press(ChooseLanguage, choose_language)
    shelf.press(ShowZones, show_zones)
    shelf.press(ChooseZone, choose_zone)
    return shelf


def router() -> Shelf:
    """After the forms: what is typed outside of them."""
    shelf = Shelf("words")
    shelf.message.register(words, Private())
    return shelf
