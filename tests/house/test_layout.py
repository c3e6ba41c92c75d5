"""Small rooms, opened with a sentence, without loose ends, and with one clock in the house."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import PACKAGES, ROOT, calls, modules, place, tree

LONGEST = 350
LONG_WITH_REASON = {
    "conversations/deal.py": "one form, its questions in the order in which they are asked",
}
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"  # written once, never edited
LOOSE_END = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
READ_A_CLOCK = {
    "bot/clock.py": "is the clock",
    "playground/clock.py": "is the clock that a rehearsal turns",
}
BY_HAND = ROOT / "bot" / "commands"  # run once, by an operator; nothing to rehearse
SLEEP = {"time.sleep"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms() -> list[Path]:
    return [path for path in modules(*PACKAGES) if MIGRATIONS not in path.parents]


def has_code(module: ast.Module) -> bool:
    return bool(module.body)


def opening(module: ast.Module) -> str | None:
    """The first paragraph of a module's docstring, where it ends as a sentence does."""
    first = (ast.get_docstring(module) or "").partition("\n\n")[0].strip()
    return first if first.endswith((".", "?", "!")) else None


def called(module: ast.Module, names: set[str]) -> list[ast.Call]:
    return [call for written, call in calls(module) if written in names]


def formatted_markup(module: ast.Module) -> list[ast.Call]:
    """Markup made from an f-string, `%` or `+`: what people wrote would not be escaped."""
    return [
        call
        for written, call in calls(module)
        if written.rpartition(".")[2] == "Markup"
        and any(isinstance(a, ast.JoinedStr | ast.BinOp) for a in call.args)
    ]


def test_rooms_are_small() -> None:
    long = {name(p): n for p in rooms() if (n := len(p.read_text().splitlines())) > LONGEST}
    assert {room: n for room, n in long.items() if room not in LONG_WITH_REASON} == {}
    assert set(LONG_WITH_REASON) <= set(long)


def test_rooms_open_with_a_sentence() -> None:
    assert [name(p) for p in rooms() if has_code(tree(p)) and not opening(tree(p))] == []


def test_no_loose_ends() -> None:
    loose = [
        f"{name(path)}:{number}"
        for path in rooms()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if LOOSE_END.search(line)
    ]
    assert loose == []


def test_nobody_sleeps_and_hopes() -> None:
    assert [place(p, call) for p in rooms() for call in called(tree(p), SLEEP)] == []


def test_clocks_are_read_in_one_place() -> None:
    others = [path for path in rooms() if BY_HAND not in path.parents]
    readers = {name(path) for path in others if called(tree(path), CLOCKS)}
    assert readers == set(READ_A_CLOCK)


def test_markup_is_never_formatted_by_hand() -> None:
    assert [place(p, call) for p in rooms() for call in formatted_markup(tree(p))] == []


@pytest.mark.parametrize("code", ["Markup(f'{x}')", "Markup('<b>' + x)", "m.Markup('%s' % x)"])
def test_formatted_markup_is_found(code: str) -> None:
    assert len(formatted_markup(ast.parse(code))) == 1


@pytest.mark.parametrize("code", ["datetime.now(UTC)", "x = time.time()"])
def test_clock_is_found(code: str) -> None:
    assert len(called(ast.parse(code), CLOCKS)) == 1


@pytest.mark.parametrize("code", ["x = 1", "'''no end'''", "''''''"])
def test_room_without_a_sentence_is_found(code: str) -> None:
    assert opening(ast.parse(code)) is None


def test_loose_end_is_found() -> None:
    assert LOOSE_END.search("# TO" + "DO later")
    assert not LOOSE_END.search("todos")
