"""Deals and group buys: seeing, opening, joining; in private, in chats, and inline."""

from __future__ import annotations

from datetime import datetime

from cards.deals import deal_card, group_card
from cards.language import Language
from cards.links import Links
from cards.presses import (
    AskLeave,
    JoinGroup,
    LeaveGroup,
    LeaveLine,
    OpenGroup,
    ShowCheckout,
    ShowDeal,
    ShowGroup,
    ShowSeat,
    WaitForSeat,
)
from cards.seats import ask_leave_card, seat_card
from commerce.actions import groups, leaving, lining_up, living, seats
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


async def show_seat(press: ShowSeat, actor: Actor, say: Language, screen: Screen) -> None:
    await screen.show(seat_card(await seats.own_seat(actor, press.code), say))


async def ask_leave(press: AskLeave, actor: Actor, say: Language, screen: Screen) -> None:
    view = await seats.own_seat(actor, press.code)
    card = ask_leave_card if view.state else seat_card
    await screen.show(card(view, say))


async def leave_group(
    press: LeaveGroup, actor: Actor, say: Language, links: Links, now: datetime, screen: Screen
) -> None:
    await leaving.leave_group(actor, press.code, now=now)
    await show_group(ShowGroup(press.code), actor, say, links, screen)
    await screen.toast(say.plain("You have left the group."))


async def wait_for_seat(
    press: WaitForSeat, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    """In a chat the card stays as it is for the others."""
    place = await lining_up.wait_for_seat(actor, press.code, now=now)
    if screen.private:
        await show_seat(ShowSeat(press.code), actor, say, screen)
    await screen.toast(say.plain("You are number {n} in line.", n=place))


async def leave_line(press: LeaveLine, actor: Actor, say: Language, screen: Screen) -> None:
    await lining_up.leave_line(actor, press.code)
    await show_seat(ShowSeat(press.code), actor, say, screen)


def router() -> Shelf:
    shelf = Shelf("groups")
    shelf.press(ShowDeal, show_deal)
    shelf.press(ShowGroup, show_group)
    shelf.press(OpenGroup, open_group)
    shelf.press(JoinGroup, join_group)
    shelf.press(ShowSeat, show_seat)
    shelf.press(AskLeave, ask_leave)
    shelf.press(LeaveGroup, leave_group)
    shelf.press(WaitForSeat, wait_for_seat)
    shelf.press(LeaveLine, leave_line)
    return shelf
