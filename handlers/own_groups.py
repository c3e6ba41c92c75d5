"""What a brand's people do with open groups of their deals."""

from __future__ import annotations

from datetime import datetime

from cards.language import Language
from cards.own_groups import ask_accept_card, own_group_card, own_groups_card
from cards.presses import AcceptGroup, AskAcceptGroup, ExtendGroup, ShowOwnGroup, ShowOwnGroups
from commerce.actions import accepting
from commerce.actor import Actor
from commerce.refusals import NotFound
from conversations.screen import Screen
from handlers.pressing import Shelf


async def show_groups(
    press: ShowOwnGroups, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    page = await accepting.own_groups(actor, press.deal, press.page, now=now)
    await screen.show(own_groups_card(press.deal, page, say))


async def show_group(press: ShowOwnGroup, actor: Actor, say: Language, screen: Screen) -> None:
    await screen.show(own_group_card(await accepting.own_group(actor, press.group), say))


async def ask_accept(press: AskAcceptGroup, actor: Actor, say: Language, screen: Screen) -> None:
    view = await accepting.own_group(actor, press.group)
    card = ask_accept_card if view.open and view.group.counted else own_group_card
    await screen.show(card(view, say))


async def accept(
    press: AcceptGroup, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    await accepting.accept_group(actor, press.group, now=now)
    await show_group(ShowOwnGroup(press.group), actor, say, screen)


async def extend(
    press: ExtendGroup, actor: Actor, say: Language, now: datetime, screen: Screen
) -> None:
    if not press.ends.isdecimal() or len(press.ends) > 11:
        raise NotFound
    await accepting.extend_group(actor, press.group, int(press.ends), now=now)
    await show_group(ShowOwnGroup(press.group), actor, say, screen)
    await screen.toast(say.plain("One day more"))


def router() -> Shelf:
    shelf = Shelf("own groups")
    shelf.press(ShowOwnGroups, show_groups)
    shelf.press(ShowOwnGroup, show_group)
    shelf.press(AskAcceptGroup, ask_accept)
    shelf.press(AcceptGroup, accept)
    shelf.press(ExtendGroup, extend)
    return shelf
