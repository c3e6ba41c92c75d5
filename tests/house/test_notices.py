"""Every notice that is written down somewhere can be worded when it is sent."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from cards.card import Card
from cards.language import NAMES, Language
from cards.notices import NOTICES, STAGES, heading, notice_card
from tests.cards.given import LINKS, Given
from tests.cards.notices import FACTS
from tests.house.source import ROOT, calls, modules, place, tree
from tests.house.test_cards import LONG, SHORT, kinds, wrong_with

LIVING = {
    "deal_ending",
    "deal_posted",
    "group_opened",
}  # drawn anew from the database when they are sent
POSITION = {"Message": 2, "Notice": 2}
CODE = """
tell(Message(1, 2, 'new', {}, 'k'))
Notice(1, 2, notice='a' if x else 'b')
def judge(code, notice): Message(1, 2, notice)
judge(5, 'given')
put({'notice': literal('row')})
Message(1, 2, unclear)
"""
EVERY = [(name, n) for name, samples in FACTS.items() for n in range(len(samples))]


def written(module: ast.Module, path: Path) -> tuple[set[str], list[str]]:
    """Names of the notices that a module writes, and the places where a name is unclear."""
    named = _in_tables(module)
    unclear: list[str] = []
    positions = POSITION | _passing_on(module)
    for called, call in calls(module):
        kind = called.rpartition(".")[2]
        if kind not in positions or not (argument := _name_of(call, positions[kind])):
            continue
        found = _names(argument)
        named |= found
        if not found and not ast.unparse(argument).endswith("notice"):  # else it is handed on
            unclear.append(place(path, call))
    return named, unclear


def _passing_on(module: ast.Module) -> dict[str, int]:
    """Functions of the module that are given a notice's name, and in which place."""
    return {
        node.name: names.index("notice")
        for node in ast.walk(module)
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)
        and "notice" in (names := [a.arg for a in node.args.args])
    }


def _in_tables(module: ast.Module) -> set[str]:
    """Rows written by SQL: {"notice": literal("name")}."""
    tables = (node for node in ast.walk(module) if isinstance(node, ast.Dict))
    pairs = (pair for table in tables for pair in zip(table.keys, table.values, strict=True))
    found: set[str] = set()
    for key, value in pairs:
        if isinstance(key, ast.Constant) and key.value == "notice" and isinstance(value, ast.Call):
            found = found.union(*map(_names, value.args))
    return found


def _name_of(call: ast.Call, position: int) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "notice":
            return keyword.value
    return call.args[position] if len(call.args) > position else None


def _names(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _names(node.body) | _names(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return set()


def everywhere() -> tuple[set[str], list[str]]:
    named: set[str] = set()
    unclear: list[str] = []
    for path in modules("bot", "handlers", "commerce", "storage", "scheduler"):
        names, places = written(tree(path), path)
        named |= names
        unclear += places
    return named, unclear


def test_notices_are_written_by_name() -> None:
    assert everywhere()[1] == []


def test_every_notice_can_be_worded() -> None:
    assert everywhere()[0] == set(NOTICES) | LIVING


def test_every_notice_has_a_sample() -> None:
    assert set(FACTS) == set(NOTICES)
    functions = {
        name
        for module in sorted((ROOT / "cards").glob("*notices.py"))
        for name, function in inspect.getmembers(
            importlib.import_module(f"cards.{module.stem}"), inspect.isfunction
        )
        if function.__module__ == f"cards.{module.stem}"
        and inspect.signature(function).return_annotation == "Card"
    }
    assert functions - {"notice_card"} <= {function.__name__ for function in NOTICES.values()}


def test_notice_that_nobody_words_is_found() -> None:
    named, unclear = written(ast.parse(CODE), Path(__file__))
    assert named == {"new", "a", "b", "given", "row"}
    assert len(unclear) == 1


@pytest.mark.parametrize("locale", NAMES)
@pytest.mark.parametrize(("name", "n"), EVERY)
def test_notice_keeps_to_the_limits(name: str, n: int, locale: str) -> None:
    usual = card(name, n, locale)
    assert wrong_with(usual) == []
    for hostile in SHORT:
        disguised = card(name, n, locale, hostile)
        assert wrong_with(disguised) == []
        assert kinds(disguised) == kinds(usual)
    for hostile in LONG:
        assert wrong_with(card(name, n, locale, hostile)) == []


def card(name: str, n: int, locale: str, hostile: str | None = None) -> Card:
    say = Language(locale, "Asia/Shanghai")
    return notice_card(name, FACTS[name][n](Given(say, hostile)), say, LINKS)


def test_notices_are_translated() -> None:
    same = [name for name, n in EVERY if card(name, n, "en").text == card(name, n, "zh").text]
    assert same == []


@pytest.mark.parametrize("locale", NAMES)
def test_last_calls_have_headings(locale: str) -> None:
    say = Language(locale)
    said = {heading("deal_ending", {"stage": stage}, say) for stage in STAGES}
    assert None not in said
    assert len(said) == len(STAGES)
    assert heading("deal_posted", {"stage": "24h"}, say) is None
    assert heading("deal_ending", {}, say) is None
