"""Home, shelves, products, saved things."""

from __future__ import annotations

from datetime import datetime

from aiogram.types import CallbackQuery

from cards.language import Language
from cards.presses import (
    Nothing,
    ShowCategories,
    ShowCategory,
    ShowDeals,
    ShowHome,
    ShowProduct,
    ShowSaved,
    ToggleSaved,
)
from cards.shop import (
    categories_card,
    category_card,
    deals_card,
    home_card,
    product_card,
    saved_card,
)
from commerce.actions import browsing, saving
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.pressing import Shelf


async def show_home(
    press: ShowHome, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    view = await browsing.home(actor, now=now)
    await screen.show(home_card(view, actor.first_name, say, now))


async def show_categories(
    press: ShowCategories, actor: Actor, say: Language, screen: Screen
) -> None:
    view = await browsing.category(actor, None, 0)
    await screen.show(categories_card(view, say))


async def show_category(press: ShowCategory, actor: Actor, say: Language, screen: Screen) -> None:
    view = await browsing.category(actor, press.code, press.page)
    await screen.show(category_card(view, say))


async def show_product(
    press: ShowProduct, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    view = await browsing.product(actor, press.code, now=now)
    await screen.show(product_card(view, press.photo, say, now))


async def show_deals(
    press: ShowDeals, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    page = await browsing.deals_page(actor, press.page, now=now)
    await screen.show(deals_card(page, say, now))


async def toggle_saved(
    press: ToggleSaved, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    saved = await saving.toggle_saved(actor, press.product, now=now)
    await screen.toast(say.plain("♥ Saved") if saved else say.plain("Removed from saved"))
    await show_product(ShowProduct(press.product, 0), actor, say, now, screen)


async def show_saved(press: ShowSaved, actor: Actor, say: Language, screen: Screen) -> None:
    page = await saving.saved_products(actor, press.page)
    await screen.show(saved_card(page, say))


async def nothing(press: Nothing, query: CallbackQuery) -> None:
    """A button that only shows something."""


def router() -> Shelf:
    shelf = Shelf("catalog")
    shelf.press(ShowHome, show_home)
    shelf.press(ShowCategories, show_categories)
    shelf.press(ShowCategory, show_category)
    shelf.press(ShowProduct, show_product)
    shelf.press(ShowDeals, show_deals)
    shelf.press(ToggleSaved, toggle_saved)
    shelf.press(ShowSaved, show_saved)
    shelf.press(Nothing, nothing)
    return shelf
