"""Ways to pay beside the card: store credit."""

from __future__ import annotations

from datetime import datetime

from cards.language import Language
from cards.links import Links
from cards.presses import KeepCredit, PlaceWithCredit, ShowCheckout, UseCredit
from commerce.actions import spending
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.checkout import show_checkout
from handlers.pressing import Shelf


async def use_credit(
    press: UseCredit, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await spending.use_credit(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def keep_credit(
    press: KeepCredit, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await spending.keep_credit(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def place_with_credit(
    press: PlaceWithCredit, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await spending.place_with_credit(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


def router() -> Shelf:
    shelf = Shelf("paying")
    shelf.press(UseCredit, use_credit)
    shelf.press(KeepCredit, keep_credit)
    shelf.press(PlaceWithCredit, place_with_credit)
    return shelf
