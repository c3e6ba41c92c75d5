"""Deep links and inline queries: opaque codes that open a card in private or in any chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cards.presses import (
    CODE,
    Press,
    ShowBrand,
    ShowChat,
    ShowCheckout,
    ShowDeal,
    ShowGroup,
    ShowLate,
    ShowOrder,
    ShowProduct,
    ShowSoldOrder,
)

OPENED: dict[str, Callable[[str], Press]] = {
    "b": ShowBrand,
    "d": ShowDeal,
    "g": ShowGroup,
    "k": ShowChat,
    "l": ShowLate,
    "o": ShowOrder,
    "p": lambda code: ShowProduct(code, 0),
    "s": ShowSoldOrder,
    "x": ShowCheckout,
}
SHARED = re.compile(r"([dgp])\.([1-9A-HJ-NP-Za-km-z]{10,16})")


@dataclass(frozen=True, slots=True)
class Links:
    """Links to one bot."""

    username: str

    def start(self, kind: str, code: str) -> str:
        return f"https://t.me/{self.username}?start={kind}{code}"

    def deal(self, code: str) -> str:
        return self.start("d", code)

    def group(self, code: str) -> str:
        return self.start("g", code)

    def product(self, code: str) -> str:
        return self.start("p", code)

    def checkout(self, code: str) -> str:
        return self.start("x", code)

    def brand(self, code: str) -> str:
        return self.start("b", code)

    def order(self, code: str) -> str:
        return self.start("o", code)

    def chat(self, code: str) -> str:
        return self.start("k", code)

    def add_to_group(self) -> str:
        return f"https://t.me/{self.username}?startgroup=add"


def opened_by(payload: str) -> Press | None:
    """The press that a /start payload stands for, or None for anything that is not ours."""
    kind, code = payload[:1], payload[1:]
    if not CODE.fullmatch(code):
        return None
    opened = OPENED.get(kind)
    return opened(code) if opened else None


def share_query(kind: str, code: str) -> str:
    """The inline query that finds exactly this thing."""
    return f"{kind}.{code}"


def shared(query: str) -> tuple[str, str] | None:
    """Kind and code of a share query, or None for words to search."""
    match = SHARED.fullmatch(query.strip())
    return (match[1], match[2]) if match else None


def shown_by(outcome: str | None) -> Press | None:
    """The press that shows what an action did; `outcome` is its subject and code."""
    subject, _, code = (outcome or "").partition(" ")
    return opened_by({"checkout": "x"}.get(subject, subject[:1]) + code)
