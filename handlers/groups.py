"""Deals and group buys: seeing, opening, joining; in private, in chats, and inline."""

from __future__ import annotations

from datetime import datetime

from cards.deals import deal_card, group_card
from cards.language import Language
from cards.links import Links
from cards.presses import JoinGroup, OpenGroup, ShowCheckout, ShowDeal, ShowGroup
from commerce.actions import groups, living
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.checkout import show_checkout
from handlers.pressing import Shelf


async def show_deal(
    press: ShowDeal, say: Language, actor: Actor, now: datetime, screen: Screen
) -> None:
    view = await living.deal_view(actor.database, code=press.code, now=now)
    await screen.show(deal_card(view, say, now))


async def show_group(
    press: ShowGroup, actor: Actor, say: Language, links: Links, screen: Screen
) -> None:
    view = await living.group_view(actor.database, code=press.code)
    card = group_card(view, say, links, private=True)
    await screen.show(card, living=("group", view.id), locale=actor.locale, timezone=actor.timezone)
    await living.keep_true(actor.database, view)


async def open_group(
    press: OpenGroup, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    """In a chat, the new group's card is posted there; paying is always in private."""
    chat_id = None if screen.private else screen.chat
    joined = await groups.open_group(actor, press.deal, now=now, chat_id=chat_id)
    await show_checkout(ShowCheckout(joined.checkout_code), actor, say, now, links, screen)


async def join_group(
    press: JoinGroup, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    joined = await groups.join_group(actor, press.code, now=now)
    await show_checkout(ShowCheckout(joined.checkout_code), actor, say, now, links, screen)


def router() -> Shelf:
    shelf = Shelf("groups")
    shelf.press(ShowDeal, show_deal)
    shelf.press(ShowGroup, show_group)
    shelf.press(OpenGroup, open_group)
    shelf.press(JoinGroup, join_group)
    return shelf
