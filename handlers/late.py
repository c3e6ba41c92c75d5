"""Late money: its payer looks at the choices, and takes one."""

from __future__ import annotations

from datetime import datetime

from cards.language import Language
from cards.late import late_card
from cards.links import Links
from cards.presses import (
    LateGroup,
    LateRefund,
    LateSingle,
    ShowGroup,
    ShowLate,
    ShowOrder,
)
from commerce.actions import choosing, late
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.groups import show_group
from handlers.orders import show_order
from handlers.pressing import Shelf


async def show_late(
    press: ShowLate, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await screen.show(late_card(await late.late_view(actor, press.checkout, now=now), say))


async def next_group(
    press: LateGroup, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    code = await choosing.choose_next_group(actor, press.checkout, now=now)
    await show_group(ShowGroup(code), actor, say, links, screen)


async def single(
    press: LateSingle, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    code = await choosing.choose_single(actor, press.checkout, now=now)
    await show_order(ShowOrder(code), actor, say, now, screen)


async def refund(
    press: LateRefund, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await choosing.choose_refund(actor, press.checkout, now=now)
    await show_late(ShowLate(press.checkout), actor, say, now, screen)


def router() -> Shelf:
    shelf = Shelf("late")
    shelf.press(ShowLate, show_late)
    shelf.press(LateGroup, next_group)
    shelf.press(LateSingle, single)
    shelf.press(LateRefund, refund)
    return shelf
