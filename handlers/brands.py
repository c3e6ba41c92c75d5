"""Brands: their pages, following, the hub of their people, approval by the operator."""

from __future__ import annotations

from datetime import datetime

from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.scene import ScenesManager
from aiogram.types import Message

from cards.brands import brand_card, brand_shelf_card, desk_card, no_brand_card, pending_card
from cards.language import Language
from cards.links import Links
from cards.presses import (
    ApproveBrand,
    BecomeBrand,
    DeclineBrand,
    ShowBrand,
    ShowBrandHub,
    ShowBrandShelf,
    ShowDesk,
    ShowPendingBrands,
    ToggleFollow,
    Unfollow,
)
from commerce.actions import branding, saving
from commerce.actions.people import House
from commerce.actor import Actor
from conversations.brand import BrandForm
from conversations.screen import Screen
from handlers.pressing import PressTable, Private, Shelf


async def brand(message: Message, state: FSMContext, table: PressTable, **kit: object) -> None:
    await state.clear()
    await table.dispatch(ShowBrandHub(), state=state, table=table, **kit)


async def show_brand(
    press: ShowBrand, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    view = await saving.brand_page(actor, press.code, now=now)
    await screen.show(brand_card(view, say, links, now))


async def show_shelf(press: ShowBrandShelf, actor: Actor, say: Language, screen: Screen) -> None:
    page = await branding.brand_shelf(actor, press.brand, press.page)
    await screen.show(brand_shelf_card(press.brand, page, say))


async def toggle_follow(
    press: ToggleFollow, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    follows = await saving.toggle_follow(actor, press.brand, now=now)
    await show_brand(ShowBrand(press.brand), actor, say, links, now, screen)
    await screen.toast(
        say.plain("🔔 Following. Its news will come here.")
        if follows
        else say.plain("🔕 Not following any more.")
    )


async def unfollow(press: Unfollow, actor: Actor, say: Language, screen: Screen) -> None:
    """Under a broadcast, which stays as it is."""
    name = await branding.unfollow(actor, press.brand)
    await screen.alert(say.plain("🔕 {brand} will not write to you any more.", brand=name))


async def show_hub(
    press: ShowBrandHub, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    desk = await branding.brand_desk(actor, None, now=now)
    pending = await _pending(actor)
    if desk is None:
        await screen.show(no_brand_card(say, pending=pending))
    else:
        await screen.show(desk_card(desk, say, links, pending=pending))


async def show_desk(
    press: ShowDesk, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    desk = await branding.brand_desk(actor, press.brand, now=now)
    assert desk is not None
    await screen.show(desk_card(desk, say, links, pending=await _pending(actor)))


async def _pending(actor: Actor) -> int | None:
    """How many brands wait for this operator, up to one more than a page; None for others."""
    if not actor.operator:
        return None
    page = await branding.pending_brands(actor, 0)
    return len(page.items) + page.more


async def become_brand(
    press: BecomeBrand, actor: Actor, scenes: ScenesManager, house: House
) -> None:
    await branding.require_none_waiting(actor)
    await scenes.enter(BrandForm, context={"usual": house.currency})


async def show_pending(
    press: ShowPendingBrands, actor: Actor, say: Language, screen: Screen
) -> None:
    page = await branding.pending_brands(actor, press.page)
    await screen.show(pending_card(page, say))


async def approve(
    press: ApproveBrand, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await branding.approve_brand(actor, press.brand, now=now)
    await show_pending(ShowPendingBrands(0), actor, say, screen)
    await screen.toast(say.plain("Approved; its owner is told."))


async def decline(
    press: DeclineBrand, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await branding.decline_brand(actor, press.brand, now=now)
    await show_pending(ShowPendingBrands(0), actor, say, screen)
    await screen.toast(say.plain("Declined; its owner is told."))


def router() -> Shelf:
    shelf = Shelf("brands")
    shelf.message.register(brand, Command("brand"), Private())
    shelf.press(ShowBrand, show_brand)
    shelf.press(ShowBrandShelf, show_shelf)
    shelf.press(ToggleFollow, toggle_follow)
    shelf.press(Unfollow, unfollow)
    shelf.press(ShowBrandHub, show_hub)
    shelf.press(ShowDesk, show_desk)
    shelf.press(BecomeBrand, become_brand)
    shelf.press(ShowPendingBrands, show_pending)
    shelf.press(ApproveBrand, approve)
    shelf.press(DeclineBrand, decline)
    return shelf
