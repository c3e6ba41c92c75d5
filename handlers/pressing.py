"""One table from press to handler: a press costs one look-up, however many routes there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from cards.language import Language
from cards.links import shown_by
from cards.presses import BY_PREFIX, BadPress, Press, parse
from commerce.refusals import NotFound
from conversations.screen import Screen
from storage.failures import AlreadyApplied

Handler = Callable[..., Awaitable[Any]]


class Shelf(Router):
    """A router that also knows which presses its topic answers."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.presses: dict[type[Press], Handler] = {}

    def press(self, kind: type[Press], handler: Handler) -> None:
        self.presses[kind] = handler


class PressTable:
    """Calls the handler of a press with what it asks for by name."""

    def __init__(self, shelves: list[Shelf]) -> None:
        self.handlers: dict[type[Press], CallableObject] = {}
        for shelf in shelves:
            for kind, handler in shelf.presses.items():
                if kind in self.handlers:
                    raise ValueError(f"two handlers for {kind.__name__}")
                self.handlers[kind] = CallableObject(handler)

    async def dispatch(self, press: Press, **kit: Any) -> None:
        """Raises NotFound for a press nobody answers any more.

        A press that was carried out before (its update came twice) only draws its card again.
        """
        handler = self.handlers.get(type(press))
        if handler is None:
            raise NotFound
        try:
            await handler.call(press, **kit)
        except AlreadyApplied as again:
            shown = shown_by(again.outcome)
            if shown is not None:
                await self.handlers[type(shown)].call(shown, **kit)


async def pressed(
    query: CallbackQuery,
    screen: Screen,
    table: PressTable,
    state: FSMContext,
    say: Language,
    **kit: Any,
) -> None:
    """Any button outside forms. It leaves the form that the person may be in, and says so."""
    try:
        press = parse(query.data or "")
    except BadPress:
        raise NotFound from None
    if press.form:  # a question answered, cancelled, or confirmed a moment ago
        await screen.toast(say.plain("This form is closed already."))
        return
    leaves = kit.get("raw_state") is not None
    if leaves:
        await state.clear()
    kit |= {"query": query, "screen": screen, "table": table, "state": state, "say": say}
    await table.dispatch(press, **kit)
    if leaves:
        await screen.toast(say.plain("The form you were filling in is closed."))


class OutsideForms(Filter):
    """Presses that no form waits for: told by their prefix alone."""

    async def __call__(self, query: CallbackQuery) -> bool:
        kind = BY_PREFIX.get((query.data or "").partition(":")[0])
        return kind is not None and not kind.form


class Private(Filter):
    """Messages in the private chat with the bot."""

    async def __call__(self, message: Message) -> bool:
        return message.chat.type == "private"


class Shared(Filter):
    """Messages in groups."""

    async def __call__(self, message: Message) -> bool:
        return message.chat.type in ("group", "supergroup")
