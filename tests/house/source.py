"""The program's own source, read for what the house promises about it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "bot",
    "handlers",
    "conversations",
    "cards",
    "commerce",
    "storage",
    "scheduler",
    "playground",
)
SPEAKING = ("cards", "handlers", "conversations", "bot")
OPERATORS = ROOT / "bot" / "commands"  # these speak to the operator, in English


@cache
def modules(*packages: str) -> tuple[Path, ...]:
    found = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(found))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


@dataclass(frozen=True, slots=True)
class Said:
    """One message in the code. `many` is the English plural of a counted one."""

    place: str
    one: str
    many: str | None = None


def speaking_modules() -> tuple[Path, ...]:
    return tuple(p for p in modules(*SPEAKING) if OPERATORS not in p.parents)


def messages() -> list[Said]:
    return [said for path in speaking_modules() for said in said_in(path, tree(path))[0]]


def said_in(path: Path, module: ast.Module) -> tuple[list[Said], list[str]]:
    """Every message, and the places that say something which is no literal."""
    found: list[Said] = []
    wrong: list[str] = []
    speakers = _speakers(module)
    for node in ast.walk(module):
        wanted = _texts_wanted(node, speakers)
        if not isinstance(node, ast.Call) or not wanted:
            continue
        texts = [_literal(argument) for argument in node.args[:wanted]]
        if len(texts) < wanted or None in texts:
            wrong.append(place(path, node))
            continue
        found.append(Said(place(path, node), *(text for text in texts if text is not None)))
    return found, wrong


def _literal(node: ast.expr) -> str | None:
    fine = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if fine and isinstance(node, ast.Constant) else None


def _speakers(module: ast.Module) -> set[str]:
    """Names that hold a Language somewhere in the module."""
    names = {"say"}
    for node in ast.walk(module):
        if isinstance(node, ast.arg) and _is_language(node.annotation):
            names.add(node.arg)
        if isinstance(node, ast.Assign) and _makes_language(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _is_language(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Name) and node.id == "Language"


def _makes_language(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _is_language(node.func)


def _texts_wanted(node: ast.AST, speakers: set[str]) -> int:
    """How many messages the call takes: 1, 2 where it counts, 0 where it says nothing."""
    if not isinstance(node, ast.Call):
        return 0
    called = node.func
    if _speaks(called, speakers):
        return 1
    if isinstance(called, ast.Attribute) and called.attr == "plain":
        return 1
    counts = isinstance(called, ast.Attribute) and called.attr == "count"
    if counts and isinstance(called, ast.Attribute) and _speaks(called.value, speakers):
        return 2
    return 0


def _speaks(node: ast.expr, speakers: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in speakers
        case ast.Attribute(attr="say") | ast.Subscript(slice=ast.Constant(value="say")):
            return True
    return False


def calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call by its written name, such as "datetime.now"."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node
