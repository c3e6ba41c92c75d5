"""Reading what people type into a form."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from aiogram.types import Message

from conversations.form import Asking, FieldError


def read_text(most: int, *, least: int = 1) -> Callable[[Message, Asking], str]:
    """Reads plain text of `least` to `most` visible characters."""

    def read(message: Message, asking: Asking) -> str:
        typed = clean(message.text or "")
        if not least <= len(typed) <= most:
            raise FieldError(
                asking.say("Please send {least} to {most} characters.", least=least, most=most)
            )
        return typed

    return read


INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Zl", "Zp"}
FILLERS = "\u3164\u115f\u1160\uffa0\u2800"


def clean(typed: str) -> str:
    """What one can see of it: without control, formatting and filler characters."""
    seen = "".join(
        " " if c in "\n\t" else c
        for c in typed
        if c in "\n\t" or (unicodedata.category(c) not in INVISIBLE and c not in FILLERS)
    )
    return " ".join(seen.split())
