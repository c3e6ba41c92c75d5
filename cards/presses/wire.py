"""The wire format of buttons: a press is an address, not a state; the truth is in the database.

Prefixes and their fields are append-only: a button sent a year ago must still be understood.
`tests/house/test_presses.py` holds the frozen list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import (
    Annotated,
    ClassVar,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

MAX_BYTES = 64
CODE = re.compile(r"[1-9A-HJ-NP-Za-km-z]{10,16}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/+-]{0,31}")

Code = Annotated[str, CODE]
Word = Annotated[str, WORD]
Number = Annotated[int, NUMBER]


class BadPress(ValueError):
    """Not something that this shop ever put on a button."""


class Press:
    """The root of all presses. A subclass is a frozen dataclass with a prefix of its own."""

    prefix: ClassVar[str]
    form: ClassVar[bool] = False  # belongs to a form, and never stands on a shared card

    def pack(self) -> str:
        values = (getattr(self, f.name) for f in fields(self))  # type: ignore[arg-type]
        packed = ":".join((self.prefix, *(str(v) for v in values)))
        if len(packed.encode()) > MAX_BYTES:
            raise BadPress(packed)
        return packed


P = TypeVar("P", bound=Press)
BY_PREFIX: dict[str, type[Press]] = {}
_PATTERNS: dict[str, tuple[tuple[re.Pattern[str], bool], ...]] = {}


@dataclass_transform(frozen_default=True)
def press(prefix: str, *, form: bool = False) -> Callable[[type[P]], type[P]]:
    """Registers a press under its prefix, for ever."""

    def register(kind: type[P]) -> type[P]:
        made = dataclass(frozen=True, slots=True)(kind)
        if prefix in BY_PREFIX:
            raise ValueError(f"prefix {prefix} is taken")
        made.prefix, made.form = prefix, form
        BY_PREFIX[prefix] = made
        return made

    return register


def parse(data: str) -> Press:
    """The press that was packed into `data`. Raises BadPress for anything else."""
    prefix, _, rest = data.partition(":")
    kind = BY_PREFIX.get(prefix)
    if kind is None or len(data) > MAX_BYTES:
        raise BadPress
    parts = rest.split(":") if ":" in data else []
    patterns = _patterns(prefix, kind)
    if len(parts) != len(patterns):
        raise BadPress
    values: list[str | int] = []
    for part, (pattern, number) in zip(parts, patterns, strict=True):
        if not pattern.fullmatch(part):
            raise BadPress
        values.append(int(part) if number else part)
    return kind(*values)


def _patterns(prefix: str, kind: type[Press]) -> tuple[tuple[re.Pattern[str], bool], ...]:
    if prefix not in _PATTERNS:
        hints = get_type_hints(kind, include_extras=True)
        found = []
        for f in fields(kind):  # type: ignore[arg-type]
            assert get_origin(hints[f.name]) is Annotated
            plain, pattern = get_args(hints[f.name])
            found.append((pattern, plain is int))
        _PATTERNS[prefix] = tuple(found)
    return _PATTERNS[prefix]
