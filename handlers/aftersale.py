"""Orders after the sale: what their buyers and their brands do with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiogram.fsm.scene import ScenesManager

from cards.language import Language
from cards.orders import short
from cards.presses import (
    AskCancelOrder,
    AskReturn,
    CallOffOrder,
    CancelOrder,
    ConfirmReceipt,
    ExportOrders,
    GiveBack,
    KeepOrder,
    PackOrder,
    ShipOrder,
    ShowBrandOrders,
    ShowOrdersIn,
    ShowSoldOrder,
    TakeBack,
)
from cards.receipts import ask_cancel_card, order_desk_card, receipt_card, sold_receipt_card
from commerce.actions import aftersale, fulfilment, order_desk, receipts
from commerce.actor import Actor
from commerce.order_views import Shelf as DeskShelf
from commerce.refusals import Expired
from commerce.rules.exporting import csv_file
from commerce.rules.orders import Move
from conversations.aftersale import CallOffForm, GiveBackForm, ReturnForm, ShipForm, TakeBackForm
from conversations.screen import Screen
from handlers.pressing import Shelf


async def _show(actor: Actor, code: str, say: Language, now: datetime, screen: Screen) -> None:
    await screen.show(receipt_card(await receipts.receipt_of(actor, code, now=now), say))


async def _show_sold(actor: Actor, code: str, say: Language, now: datetime, screen: Screen) -> None:
    await screen.show(sold_receipt_card(await receipts.sold_receipt(actor, code, now=now), say))


async def ask_cancel(
    press: AskCancelOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    receipt = await receipts.receipt_of(actor, press.order, now=now)
    if Move.CANCEL not in receipt.moves:
        raise Expired
    await screen.show(ask_cancel_card(receipt, say))


async def cancel(
    press: CancelOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await aftersale.cancel_order(actor, press.order, now=now)
    await _show(actor, press.order, say, now, screen)


async def confirm_receipt(
    press: ConfirmReceipt, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await fulfilment.confirm_receipt(actor, press.order, now=now)
    await _show(actor, press.order, say, now, screen)


async def ask_return(press: AskReturn, actor: Actor, now: datetime, scenes: ScenesManager) -> None:
    await receipts.require_return(actor, press.order, now=now)
    await scenes.enter(ReturnForm, context={"order": press.order})


async def keep(
    press: KeepOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await aftersale.keep_order(actor, press.order, now=now)
    await _show(actor, press.order, say, now, screen)


async def show_sold(
    press: ShowSoldOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await _show_sold(actor, press.order, say, now, screen)


async def pack(
    press: PackOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await fulfilment.pack_order(actor, press.order, now=now)
    await _show_sold(actor, press.order, say, now, screen)


async def _context(actor: Actor, code: str, move: Move | None, now: datetime) -> dict[str, Any]:
    """What a form knows of its order. Raises NotFound, NotOwner, Expired."""
    receipt = await receipts.require_move(actor, code, move, now=now)
    return {
        "sold": code,
        "short": short(code),
        "left": receipt.left_minor,
        "seen": receipt.refunded_minor,
        "currency": receipt.currency,
    }


async def ship(press: ShipOrder, actor: Actor, now: datetime, scenes: ScenesManager) -> None:
    await scenes.enter(ShipForm, context=await _context(actor, press.order, Move.SHIP, now))


async def take_back(press: TakeBack, actor: Actor, now: datetime, scenes: ScenesManager) -> None:
    context = await _context(actor, press.order, Move.TAKE_BACK, now)
    await scenes.enter(TakeBackForm, context=context)


async def give_back(press: GiveBack, actor: Actor, now: datetime, scenes: ScenesManager) -> None:
    await scenes.enter(GiveBackForm, context=await _context(actor, press.order, None, now))


async def call_off(press: CallOffOrder, actor: Actor, now: datetime, scenes: ScenesManager) -> None:
    await scenes.enter(CallOffForm, context=await _context(actor, press.order, Move.CANCEL, now))


async def show_desk(press: ShowBrandOrders, actor: Actor, say: Language, screen: Screen) -> None:
    """The button of before there were shelves: what is to be packed."""
    await show_shelf(ShowOrdersIn(press.brand, DeskShelf.PACK, press.page), actor, say, screen)


async def show_shelf(press: ShowOrdersIn, actor: Actor, say: Language, screen: Screen) -> None:
    desk = await order_desk.order_desk(actor, press.brand, press.shelf, press.page)
    await screen.show(order_desk_card(desk, say))


async def export(press: ExportOrders, actor: Actor, say: Language, screen: Screen) -> None:
    rows = await order_desk.export_orders(actor, press.brand, say.locale)
    await screen.hand_over(csv_file(order_desk.HEAD, rows), f"orders-{short(press.brand)}.csv")


def router() -> Shelf:
    shelf = Shelf("aftersale")
    shelf.press(AskCancelOrder, ask_cancel)
    shelf.press(CancelOrder, cancel)
    shelf.press(ConfirmReceipt, confirm_receipt)
    shelf.press(AskReturn, ask_return)
    shelf.press(KeepOrder, keep)
    shelf.press(ShowSoldOrder, show_sold)
    shelf.press(PackOrder, pack)
    shelf.press(ShipOrder, ship)
    shelf.press(TakeBack, take_back)
    shelf.press(GiveBack, give_back)
    shelf.press(CallOffOrder, call_off)
    shelf.press(ShowBrandOrders, show_desk)
    shelf.press(ShowOrdersIn, show_shelf)
    shelf.press(ExportOrders, export)
    return shelf
