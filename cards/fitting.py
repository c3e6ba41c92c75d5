"""Cutting to length: what people wrote before it enters a card, and the card as a whole."""

from __future__ import annotations

import re
from itertools import accumulate

from markupsafe import Markup

MORE = "…"
TITLE = 80  # names of things, as brands write them
FACT = 400  # anything else: an address, the members of a group
WRITTEN = 4096  # whole paragraphs: a description, a broadcast
LABEL = 64  # a button
NAME = 32  # on a button, with a price or a count after it

BENDING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
PIECES = re.compile(r"<[^>]*>|&[#\w]+;|[^<&]+|.", re.DOTALL)


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 units."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


def cut(text: str, most: int) -> str:
    """The beginning, and without the marks that would turn the rest of the line around."""
    straight = text[: most * 4].translate(BENDING)
    if len(straight) * 2 <= most or units(straight) <= most:
        return straight
    lengths = accumulate(1 + (ord(char) > 0xFFFF) for char in straight)
    fitting = sum(1 for length in lengths if length < most)
    return straight[:fitting].rstrip() + MORE


def fitted(text: Markup, most: int) -> Markup:
    """At most `most` units as Telegram counts them: after parsing. Open tags are closed."""
    if len(text) * 2 <= most:
        return text
    pieces = PIECES.findall(str(text))
    return text if sum(map(_length, pieces)) <= most else Markup(_shortened(pieces, most))


def _length(piece: str) -> int:
    if piece.startswith("<"):
        return 0
    return 1 if piece.startswith("&") else units(piece)


def _shortened(pieces: list[str], most: int) -> str:
    kept: list[str] = []
    tags: list[str] = []
    left = most
    for piece in pieces:
        if _length(piece) >= left:
            kept.append(MORE if piece.startswith("&") else cut(piece + MORE, left))
            break
        kept.append(piece)
        left -= _length(piece)
        if piece.startswith("</"):
            tags.pop()
        elif piece.startswith("<"):
            tags.append(piece[1:-1].partition(" ")[0])
    return "".join(kept) + "".join(f"</{tag}>" for tag in reversed(tags))
