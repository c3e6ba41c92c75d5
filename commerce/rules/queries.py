"""What somebody looks for, as typed: words, and bounds on the price."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 256
AMOUNT = r"[$€£¥￥]?\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:元|块|usd|eur|cny|rmb|dollars?|yuan)?"
AT_MOST = re.compile(
    rf"(?<![a-z])(?:under|below|less than|cheaper than|up to|max|不超过|低于)\s*{AMOUNT}"
    rf"|{AMOUNT}\s*(?:以下|以内|之内)|[<≤]\s*{AMOUNT}",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    rf"(?<![a-z])(?:over|above|more than|at least|min|超过|高于)\s*{AMOUNT}"
    rf"|{AMOUNT}\s*以上|[>≥]\s*{AMOUNT}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search, and price bounds in minor units of a two-decimal currency."""

    words: str
    at_least_minor: int | None
    at_most_minor: int | None

    @property
    def bounded(self) -> bool:
        return self.at_least_minor is not None or self.at_most_minor is not None


def understand(typed: str) -> Query:
    """ "tea under 20" and "茶 20以下" are tea for at most 20.00."""
    rest, most = _take(AT_MOST, typed[:LONGEST])
    rest, least = _take(AT_LEAST, rest)
    return Query(" ".join(rest.split()), least, most)


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    match = pattern.search(text)
    if match is None:
        return text, None
    amount = next(g for g in match.groups() if g)
    whole, _, part = amount.replace(",", ".").partition(".")
    return f"{text[: match.start()]} {text[match.end() :]}", int(whole + part.ljust(2, "0"))
