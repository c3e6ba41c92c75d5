"""What a brand's people do: products, deals, broadcasts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiogram.fsm.scene import ScenesManager

from cards.broadcasts import broadcasts_card, report_card
from cards.card import MAX_TEXT
from cards.language import Language
from cards.links import Links
from cards.presses import (
    AddBroadcast,
    AddDeal,
    AddProduct,
    AskEndDeal,
    BroadcastDeal,
    CancelBroadcast,
    EditPrice,
    EditStock,
    EndDeal,
    ExtendDeal,
    PauseDeal,
    ResumeDeal,
    SetShown,
    ShowBroadcast,
    ShowBroadcasts,
    ShowOwnDeal,
    ShowOwnDeals,
    ShowOwnProduct,
    ShowOwnProducts,
)
from cards.wares import (
    ask_end_card,
    nothing_to_deal_card,
    own_deal_card,
    own_deals_card,
    own_product_card,
    own_products_card,
)
from commerce.actions import branding, broadcasting, dealing, listing
from commerce.actor import Actor
from commerce.refusals import NotFound
from conversations.broadcast import BroadcastForm, DealBroadcastForm, room_beside
from conversations.deal import DealForm
from conversations.product import PriceForm, ProductForm, StockForm
from conversations.screen import Screen
from handlers.pressing import Shelf

TEXT_ROOM = MAX_TEXT - 200  # the brand's name stands above


async def show_products(
    press: ShowOwnProducts, actor: Actor, say: Language, screen: Screen
) -> None:
    page = await listing.own_products(actor, press.brand, press.page)
    await screen.show(own_products_card(press.brand, page, say))


async def show_product(press: ShowOwnProduct, actor: Actor, say: Language, screen: Screen) -> None:
    await screen.show(own_product_card(await listing.own_product(actor, press.product), say))


async def _context(actor: Actor, brand: str, now: datetime) -> dict[str, Any]:
    """What a form knows of its brand. Raises NotFound."""
    desk = await branding.brand_desk(actor, brand, now=now)
    if desk is None:
        raise NotFound
    return {
        "brand": desk.code,
        "brand_name": desk.name.to_json(),
        "brand_emoji": desk.emoji,
        "currency": desk.currency,
    }


async def add_product(
    press: AddProduct, actor: Actor, now: datetime, scenes: ScenesManager
) -> None:
    await scenes.enter(ProductForm, context=await _context(actor, press.brand, now))


async def set_shown(press: SetShown, actor: Actor, say: Language, screen: Screen) -> None:
    await listing.set_shown(actor, press.product, shown=press.shown > 0)
    await show_product(ShowOwnProduct(press.product), actor, say, screen)


async def edit_price(press: EditPrice, actor: Actor, say: Language, scenes: ScenesManager) -> None:
    variant = await listing.own_variant(actor, press.variant)
    context = {
        "variant": variant.code,
        "what": say.text(variant.name) or say.text(variant.product_title),
        "currency": variant.currency,
        "before": variant.price_minor,
    }
    await scenes.enter(PriceForm, context=context)


async def edit_stock(press: EditStock, actor: Actor, say: Language, scenes: ScenesManager) -> None:
    variant = await listing.own_variant(actor, press.variant)
    context = {
        "variant": variant.code,
        "what": say.text(variant.name) or say.text(variant.product_title),
        "before": variant.stock_left,
    }
    await scenes.enter(StockForm, context=context)


async def show_deals(
    press: ShowOwnDeals, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    page = await dealing.own_deals(actor, press.brand, press.page, now=now)
    await screen.show(own_deals_card(press.brand, page, say))


async def show_deal(
    press: ShowOwnDeal, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await screen.show(own_deal_card(await dealing.own_deal(actor, press.deal, now=now), say))


async def add_deal(
    press: AddDeal,
    actor: Actor,
    say: Language,
    now: datetime,
    screen: Screen,
    scenes: ScenesManager,
) -> None:
    await branding.require_live(actor, press.brand)
    products = await listing.own_products(actor, press.brand, 0, live=True)
    if products.items:
        await scenes.enter(DealForm, context=await _context(actor, press.brand, now))
    else:
        await screen.show(nothing_to_deal_card(press.brand, say))


async def pause(
    press: PauseDeal, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await dealing.pause_deal(actor, press.deal, now=now)
    await show_deal(ShowOwnDeal(press.deal), actor, say, now, screen)


async def resume(
    press: ResumeDeal, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await dealing.resume_deal(actor, press.deal, now=now)
    await show_deal(ShowOwnDeal(press.deal), actor, say, now, screen)


async def extend(
    press: ExtendDeal, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    if not press.ends.isdecimal() or len(press.ends) > 11:
        raise NotFound
    await dealing.extend_deal(actor, press.deal, int(press.ends), now=now)
    await show_deal(ShowOwnDeal(press.deal), actor, say, now, screen)
    await screen.toast(say.plain("One day more"))


async def ask_end(
    press: AskEndDeal, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await screen.show(ask_end_card(await dealing.own_deal(actor, press.deal, now=now), say))


async def end(press: EndDeal, actor: Actor, say: Language, now: datetime, screen: Screen) -> None:
    await dealing.end_deal(actor, press.deal, now=now)
    await show_deal(ShowOwnDeal(press.deal), actor, say, now, screen)


async def show_broadcasts(
    press: ShowBroadcasts, actor: Actor, say: Language, screen: Screen
) -> None:
    page = await broadcasting.broadcasts(actor, press.brand, press.page)
    await screen.show(broadcasts_card(press.brand, page, say))


async def show_broadcast(press: ShowBroadcast, actor: Actor, say: Language, screen: Screen) -> None:
    report = await broadcasting.broadcast_report(actor, press.broadcast)
    await screen.show(report_card(report, say))


async def cancel_broadcast(
    press: CancelBroadcast, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    count = await broadcasting.cancel_broadcast(actor, press.broadcast, now=now)
    await show_broadcast(ShowBroadcast(press.broadcast), actor, say, screen)
    await screen.toast(say.plain("{n} taken back", n=count))


async def add_broadcast(press: AddBroadcast, actor: Actor, scenes: ScenesManager) -> None:
    await branding.require_owner(actor, press.brand)
    await scenes.enter(BroadcastForm, context={"brand": press.brand, "room": TEXT_ROOM})


async def broadcast_deal(
    press: BroadcastDeal,
    actor: Actor,
    say: Language,
    links: Links,
    now: datetime,
    scenes: ScenesManager,
) -> None:
    brand = (await dealing.own_deal(actor, press.deal, now=now)).deal.brand_code
    await branding.require_owner(actor, brand)
    room = await room_beside(brand, press.deal, say, {"actor": actor, "links": links, "now": now})
    context = {"brand": brand, "deal": press.deal, "room": room}
    await scenes.enter(DealBroadcastForm, context=context)


def router() -> Shelf:
    shelf = Shelf("desk")
    shelf.press(ShowOwnProducts, show_products)
    shelf.press(ShowOwnProduct, show_product)
    shelf.press(AddProduct, add_product)
    shelf.press(SetShown, set_shown)
    shelf.press(EditPrice, edit_price)
    shelf.press(EditStock, edit_stock)
    shelf.press(ShowOwnDeals, show_deals)
    shelf.press(ShowOwnDeal, show_deal)
    shelf.press(AddDeal, add_deal)
    shelf.press(PauseDeal, pause)
    shelf.press(ResumeDeal, resume)
    shelf.press(ExtendDeal, extend)
    shelf.press(AskEndDeal, ask_end)
    shelf.press(EndDeal, end)
    shelf.press(ShowBroadcasts, show_broadcasts)
    shelf.press(ShowBroadcast, show_broadcast)
    shelf.press(CancelBroadcast, cancel_broadcast)
    shelf.press(AddBroadcast, add_broadcast)
    shelf.press(BroadcastDeal, broadcast_deal)
    return shelf
