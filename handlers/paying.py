"""Ways to pay beside the card: store credit, cash and transfers that the brand confirms."""

from __future__ import annotations

from datetime import datetime

from aiogram.fsm.scene import ScenesManager

from cards.language import Language
from cards.links import Links
from cards.paying import handed_back_card, not_received_card, received_card
from cards.presses import (
    ConfirmByHand,
    DeclineByHand,
    HandedBack,
    KeepCredit,
    PayByHand,
    PlaceWithCredit,
    SetByHand,
    ShowCheckout,
    ShowDesk,
    UseCredit,
)
from commerce.actions import by_hand, spending
from commerce.actor import Actor
from conversations.by_hand import ByHandForm
from conversations.screen import Screen
from handlers.brands import show_desk
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


async def pay_by_hand(
    press: PayByHand, actor: Actor, say: Language, now: datetime, links: Links, screen: Screen
) -> None:
    await by_hand.pay_by_hand(actor, press.checkout, now=now)
    await show_checkout(ShowCheckout(press.checkout), actor, say, now, links, screen)


async def confirm_by_hand(
    press: ConfirmByHand, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await by_hand.confirm_by_hand(actor, press.checkout, now=now)
    await screen.show(received_card(say))


async def decline_by_hand(
    press: DeclineByHand, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await by_hand.decline_by_hand(actor, press.checkout, now=now)
    await screen.show(not_received_card(say))


async def handed_back(
    press: HandedBack, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await by_hand.hand_back(actor, press.refund, now=now)
    await screen.show(handed_back_card(say))


async def set_by_hand(
    press: SetByHand,
    actor: Actor,
    say: Language,
    links: Links,
    now: datetime,
    scenes: ScenesManager,
    screen: Screen,
) -> None:
    """On asks first where the money shall go."""
    if press.on and screen.private:
        await by_hand.may_set(actor, press.brand)
        await scenes.enter(ByHandForm, context={"brand": press.brand})
        return
    await by_hand.set_by_hand(actor, press.brand, bool(press.on))
    await show_desk(ShowDesk(press.brand), actor, say, links, now, screen)


def router() -> Shelf:
    shelf = Shelf("paying")
    shelf.press(UseCredit, use_credit)
    shelf.press(KeepCredit, keep_credit)
    shelf.press(PlaceWithCredit, place_with_credit)
    shelf.press(PayByHand, pay_by_hand)
    shelf.press(ConfirmByHand, confirm_by_hand)
    shelf.press(DeclineByHand, decline_by_hand)
    shelf.press(HandedBack, handed_back)
    shelf.press(SetByHand, set_by_hand)
    return shelf
