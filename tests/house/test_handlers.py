"""Every handler gets what it asks for, every press one answer, every command a line in /help."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import Command

from bot.routes import FORMS, shelves
from cards.language import NAMES, Language
from cards.presses import BY_PREFIX, Press, ShowHome
from cards.settings import CHAT_COMMANDS, COMMANDS, command_words, help_card
from conversations.form import Form
from handlers import talking
from handlers.pressing import Handler, Private, Shared, Shelf
from tests.cards.given import LINKS
from tests.house.source import ROOT, calls, modules, tree

MIDDLEWARES = ROOT / "bot" / "middlewares.py"
APP = ROOT / "bot" / "app.py"
AIOGRAM = {
    "bot",
    "dispatcher",
    "event_chat",
    "event_from_user",
    "event_update",
    "raw_state",
    "scenes",
    "state",
}
PRESSED = {"query", "table"}  # given by handlers/pressing.py
BY_FILTER = {"command": Command}


def given(*sources: ast.Module) -> set[str]:
    """Names that our middlewares and the dispatcher lay out, read from the code."""
    found: set[str] = set()
    for node in (node for source in sources for node in ast.walk(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            found |= _constants([node.slice]) if _is_kit(node.value) else set()
        elif isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Dict):
            found |= _constants(node.value.keys) if _is_kit(node.target) else set()
    for source in sources:
        fed = (call for name, call in calls(source) if name.endswith(".feed_update"))
        found |= {keyword.arg for call in fed for keyword in call.keywords if keyword.arg}
    return found


def _is_kit(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("data", "dispatcher")


def _constants(nodes: Iterable[ast.expr | None]) -> set[str]:
    return {str(node.value) for node in nodes if isinstance(node, ast.Constant)}


def everything_given() -> set[str]:
    return given(tree(MIDDLEWARES), tree(APP)) | AIOGRAM


def all_shelves() -> list[Shelf]:
    return [*shelves(), talking.router()]


def asked(function: Callable[..., Any]) -> set[str]:
    """Names a handler wants besides its event; what has a default may stay away."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return {
        p.name
        for p in parameters
        if p.kind is not inspect.Parameter.VAR_KEYWORD and p.default is inspect.Parameter.empty
    }


def message_handlers(routers: Iterable[Router]) -> Iterator[HandlerObject]:
    for router in routers:
        for observer in router.observers.values():
            yield from observer.handlers


def commands_of(handler: HandlerObject) -> set[str]:
    filters = (f.callback for f in handler.filters or [])
    commands = (f.commands for f in filters if isinstance(f, Command))
    return {str(command) for names in commands for command in names}


def registered(kind: type[Private] | type[Shared]) -> set[str]:
    return {
        command
        for handler in message_handlers(all_shelves())
        if any(isinstance(f.callback, kind) for f in handler.filters or [])
        for command in commands_of(handler)
    }


def unprovided(function: Callable[..., Any], provided: set[str]) -> set[str]:
    return asked(inspect.unwrap(function)) - provided


def test_press_handlers_get_what_they_ask_for() -> None:
    provided = everything_given() | PRESSED
    wanting = {
        handler.__name__: missing
        for shelf in all_shelves()
        for handler in shelf.presses.values()
        if (missing := unprovided(handler, provided))
    }
    assert wanting == {}


def test_message_handlers_get_what_they_ask_for() -> None:
    wanting = {}
    for handler in message_handlers(all_shelves()):
        filters = tuple(f.callback for f in handler.filters or [])
        by_filter = {n for n, f in BY_FILTER.items() if any(isinstance(x, f) for x in filters)}
        missing = unprovided(handler.callback, everything_given() | by_filter)
        if missing:
            wanting[handler.callback.__name__] = missing
    assert wanting == {}


def test_forms_get_what_they_ask_for() -> None:
    """Forms look into the kit by name."""
    provided = everything_given() | PRESSED
    looked_up = {
        str(node.slice.value)
        for path in modules("conversations")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Subscript)
        and ast.unparse(node.value).endswith("kit")
        and isinstance(node.slice, ast.Constant)
    }
    assert looked_up >= {"actor", "now", "screen"}
    assert looked_up - provided == set()


def test_providers_are_read_from_the_code() -> None:
    assert everything_given() >= {"actor", "say", "screen", "now", "links", "database", "table"}
    code = "data['a'] = 1\ndata |= {'b': 2}\nother['c'] = 3\nd.feed_update(bot, update, e=1)"
    assert given(ast.parse(code)) == {"a", "b", "e"}


def test_handler_that_asks_for_too_much_is_found() -> None:
    async def handler(press: Press, actor: object, basket: object, size: int = 1) -> None: ...

    assert unprovided(handler, everything_given()) == {"basket"}


def unanswered(answered: Iterable[type[Press]]) -> set[str]:
    times = Counter(answered)
    kinds = [kind for kind in BY_PREFIX.values() if not kind.form]
    return {kind.__name__ for kind in kinds if times[kind] != 1}


def test_every_press_has_exactly_one_handler() -> None:
    answered = [kind for shelf in all_shelves() for kind in shelf.presses]
    assert unanswered(answered) == set()
    assert [kind for kind in answered if kind.form] == []


def test_unanswered_and_doubled_presses_are_found() -> None:
    answered = [kind for kind in BY_PREFIX.values() if not kind.form]
    assert unanswered([k for k in answered if k is not ShowHome]) == {"ShowHome"}
    assert unanswered([*answered, ShowHome]) == {"ShowHome"}


def test_press_handlers_take_their_own_press() -> None:
    wrong = [
        handler.__name__
        for shelf in all_shelves()
        for kind, handler in shelf.presses.items()
        if not _takes(handler, kind)
    ]
    assert wrong == []


def _takes(handler: Handler, kind: type[Press]) -> bool:
    first = next(iter(inspect.signature(handler).parameters.values()))
    named = str(first.annotation).replace(" ", "").split("|")
    return kind.__name__ in named or "Press" in named


def test_every_form_ends_in_an_action() -> None:
    assert [f.__name__ for f in FORMS if not f.steps or f.finish is Form.finish] == []


def test_private_commands_are_those_of_help() -> None:
    assert registered(Private) == set(COMMANDS)


def test_chat_commands_are_registered() -> None:
    assert registered(Shared) >= set(CHAT_COMMANDS)
    assert registered(Shared) <= set(CHAT_COMMANDS) | set(COMMANDS)


@pytest.mark.parametrize("locale", NAMES)
def test_help_names_every_command(locale: str) -> None:
    say = Language(locale)
    text = str(help_card(say, LINKS).text)
    for command in COMMANDS:
        assert f"/{command}" in text
    for command in {*COMMANDS, *CHAT_COMMANDS}:
        assert 3 <= len(command_words(command, say)) <= 256  # Telegram's limits
