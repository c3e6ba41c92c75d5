"""/why: how an order, a checkout or a group came about."""

from __future__ import annotations

from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from cards.language import Language
from cards.links import Links
from cards.presses import ShowWhy
from cards.why import ask_why_card, why_card
from commerce.actions.explaining import why
from commerce.actor import Actor
from conversations.screen import Screen
from handlers.pressing import Private, Shelf


async def ask(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    actor: Actor,
    say: Language,
    links: Links,
    screen: Screen,
) -> None:
    await state.clear()
    code = (command.args or "").strip().lstrip("#")
    if code:
        await screen.show(why_card(await why(actor, code), say, links))
    else:
        await screen.show(ask_why_card(say))


async def show(press: ShowWhy, actor: Actor, say: Language, links: Links, screen: Screen) -> None:
    """Under the order, which stays as it is."""
    await screen.post(why_card(await why(actor, press.code), say, links))


def router() -> Shelf:
    shelf = Shelf("explaining")
    shelf.message.register(ask, Command("why"), Private())
    shelf.press(ShowWhy, show)
    return shelf
