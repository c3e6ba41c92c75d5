"""What a guard is: a place in the code, what stands there without it, and who notices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Edit:
    """`text` stands exactly once in `file`; `without` takes its place."""

    file: str
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Guard:
    """`tests` are pytest's own addresses of what must fail when the guard is out."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]

    @property
    def place(self) -> str:
        return self.edits[0].file


def guard(name: str, file: str, text: str, without: str, *tests: str) -> Guard:
    return Guard(name, (Edit(file, text, without),), tests)


def astray(guard: Guard) -> list[str]:
    """Edits whose text does not stand in its file exactly once."""
    return [
        f"{edit.file}: {edit.text!r}"
        for edit in guard.edits
        if (ROOT / edit.file).read_text(encoding="utf-8").count(edit.text) != 1
    ]
