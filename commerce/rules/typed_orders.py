"""Orders that people type under a group's card: "+2", "+2~3 red M", "-1", "要2个红色M"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST = 99
DIGITS = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
NUMBER = r"(?:[0-9]{1,2}|[一二两三四五六七八九十])"
RANGE = rf"(?P<least>{NUMBER})(?:\s*(?:~|到|至)\s*(?P<most>{NUMBER}))?"
UNIT = r"(?:\s*[个件份套盒包只把条双])?"
ADD = re.compile(rf"(?:\+|我?(?:要|来)|加)\s*{RANGE}(?![0-9.,:%]){UNIT}\s*(?P<rest>.*)")
TAKE = re.compile(rf"(?:-|减|退)\s*{RANGE}(?![0-9.,:%]){UNIT}\s*(?P<rest>.*)")
FRIEND = re.compile(r"\s*(?:\bfor\s+|给)(?P<name>[^\s\d][^\d]*)$")
TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
WAVES = str.maketrans("～〜∼−﹣－＋", "~~~---+")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Typed:
    """From `least` to `most` pieces more, or so many fewer; `words` say which, in small letters."""

    least: int
    most: int
    words: tuple[str, ...] = ()
    friend: str | None = None
    fewer: bool = False


def typed_order(text: str) -> Typed | None:
    """What somebody orders with these words; None for talk, which is left alone."""
    plain = unicodedata.normalize("NFKC", text.translate(WAVES)).strip()
    if len(plain) > LONGEST or "\n" in plain:
        return None
    if found := ADD.fullmatch(plain):
        return _typed(found, fewer=False)
    if found := TAKE.fullmatch(plain):
        return None if found["most"] else _typed(found, fewer=True)
    return None


def _typed(found: re.Match[str], *, fewer: bool) -> Typed | None:
    least = _number(found["least"])
    most = _number(found["most"]) if found["most"] else least
    if not 1 <= least <= most <= MOST:
        return None
    rest = found["rest"]
    friend = FRIEND.search(rest)
    if friend:
        rest = rest[: friend.start()]
    name = friend["name"].strip() if friend else None
    return Typed(least, most, tokens(rest), name, fewer)


def _number(written: str) -> int:
    return DIGITS[written] if written in DIGITS else int(written)


def tokens(text: str) -> tuple[str, ...]:
    """Words in small letters; Chinese is a word of its own beside Latin: "红色M" is two."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = (word.strip("的") for word in TOKEN.findall(folded))
    return tuple(word for word in found if word not in ("", "and"))


def chosen(words: Iterable[str], names: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Which of these choices all the words fit; names in every language, by code.

    A Chinese word may be the beginning of an option's: "红" is "红色". Without words, all fit.
    """
    wanted = tuple(words)
    options = {code: [t for name in spoken for t in tokens(name)] for code, spoken in names.items()}
    return tuple(code for code, own in options.items() if all(_fits(word, own) for word in wanted))


def _fits(word: str, own: Iterable[str]) -> bool:
    chinese = "\u3400" <= word[0] <= "\u9fff"
    return any(word == token or (chinese and token.startswith(word)) for token in own)
