"""My orders."""

from __future__ import annotations

from datetime import datetime

from cards.language import Language
from cards.orders import orders_card
from cards.presses import ShowOrder, ShowOrders
from cards.receipts import receipt_card
from commerce.actions.orders import orders_of
from commerce.actions.receipts import receipt_of
from commerce.actions.spending import credits_of
from commerce.actions.waiting import waiting_of
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.pressing import Shelf


async def show_orders(
    press: ShowOrders, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    waiting = () if press.page else await waiting_of(actor, now=now)
    credits_ = () if press.page else await credits_of(actor)
    await screen.show(orders_card(await orders_of(actor, press.page), say, waiting, credits_))


async def show_order(
    press: ShowOrder, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await screen.show(receipt_card(await receipt_of(actor, press.code, now=now), say))


def router() -> Shelf:
    shelf = Shelf("orders")
    shelf.press(ShowOrders, show_orders)
    shelf.press(ShowOrder, show_order)
    return shelf
