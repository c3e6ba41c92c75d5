"""Telegram's HTML, read as strictly as the server reads it: text and entities, or a refusal."""

import re
from dataclasses import dataclass
from typing import NoReturn

from playground.refusals import bad
from playground.things import Json

_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_KNOWN = frozenset({*_SIMPLE, "a", "span", "tg-emoji", "tg-time", "blockquote"})
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{1,8}));")
_END = re.compile(r"</([a-zA-Z0-9-]*)\s*>")
_START = re.compile(
    r"<([a-zA-Z][a-zA-Z0-9-]*)"
    r"((?:\s+[a-zA-Z_-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[a-zA-Z0-9._-]+))?)*)\s*>"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z_-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([a-zA-Z0-9._-]+)))?")
_LANGUAGE = re.compile(r"language-(.+)", re.DOTALL)


def utf16_len(text: str) -> int:
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


def _fail(reason: str) -> NoReturn:
    raise bad(f"can't parse entities: {reason}")


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "&":
                self._entity()
            elif char == "<":
                self._tag()
            else:
                self._plain()
        if self.open:
            _fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.parts), self.entities

    def _byte(self) -> int:
        return len(self.source[: self.at].encode("utf-8", "surrogatepass"))

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_len(text)

    def _plain(self) -> None:
        stops = [n for n in (self.source.find(c, self.at) for c in "<&") if n >= 0]
        end = min(stops, default=len(self.source))
        self._put(self.source[self.at : end])
        self.at = end

    def _entity(self) -> None:
        found = _ENTITY.match(self.source, self.at)
        if not found:
            _fail(f"unescaped '&' at byte offset {self._byte()}")
        decimal, hexadecimal, name = found.groups()
        if name is None:
            code = int(decimal) if decimal else int(hexadecimal, 16)
            if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
                _fail(f"bad character reference at byte offset {self._byte()}")
            self._put(chr(code))
        elif name in _NAMED:
            self._put(_NAMED[name])
        else:
            _fail(f'unknown entity "&{name};" at byte offset {self._byte()}')
        self.at = found.end()

    def _tag(self) -> None:
        if self.source.startswith("</", self.at):
            self._close()
            return
        found = _START.match(self.source, self.at)
        if not found:
            _fail(f"Unclosed start tag at byte offset {self._byte()}")
        tag = found.group(1).lower()
        if tag not in _KNOWN:
            _fail(f'Unsupported start tag "{tag}" at byte offset {self._byte()}')
        attributes = _attributes(found.group(2))
        _check_start(tag, attributes, self._byte())
        self.open.append(_Open(tag, attributes, self.length))
        self.at = found.end()

    def _close(self) -> None:
        found = _END.match(self.source, self.at)
        if not found:
            _fail(f"Unclosed end tag at byte offset {self._byte()}")
        if not self.open:
            _fail(f"Unexpected end tag at byte offset {self._byte()}")
        start, name = self.open.pop(), found.group(1).lower()
        if name and name != start.tag:
            _fail(
                f"Unmatched end tag at byte offset {self._byte()}, "
                f'expected "</{start.tag}>", found "</{name}>"'
            )
        self.at = found.end()
        length = self.length - start.offset
        if length > 0:
            self._note(start, length)

    def _note(self, start: _Open, length: int) -> None:
        entity = _entity_of(start)
        if entity is None:
            return
        entity |= {"offset": start.offset, "length": length}
        inner = self.entities[-1] if self.entities else None
        wraps_code = (
            start.tag == "pre"
            and inner is not None
            and inner["type"] in ("code", "_code")
            and (inner["offset"], inner["length"]) == (start.offset, length)
        )
        if wraps_code and inner is not None:
            self.entities.pop()
            if "language" in inner:
                entity["language"] = inner["language"]
        self.entities.append(entity)


def _attributes(raw: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = _ENTITY.sub(_attribute_entity, double or single or bare)
        found[name.lower()] = value
    return found


def _attribute_entity(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, found.group())
    return chr(int(decimal) if decimal else int(hexadecimal, 16))


def _check_start(tag: str, attributes: dict[str, str], at: int) -> None:
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        _fail(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
        _fail("Invalid custom emoji identifier specified")
    if tag == "tg-time" and not attributes.get("unix", "").isdigit():
        _fail("Invalid unix time specified")
    if tag == "a" and not attributes.get("href"):
        _fail(f'Tag "a" must have attribute "href" at byte offset {at}')


def _entity_of(start: _Open) -> Json | None:
    attributes = start.attributes
    if start.tag == "a":
        return _link(attributes["href"])
    if start.tag == "span":
        return {"type": "spoiler"}
    if start.tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    if start.tag == "tg-time":
        entity: Json = {"type": "date_time", "unix_time": int(attributes["unix"])}
        return entity | (
            {"date_time_format": attributes["format"]} if attributes.get("format") else {}
        )
    if start.tag == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    entity = {"type": _SIMPLE[start.tag]}
    language = _LANGUAGE.fullmatch(attributes.get("class", ""))
    if start.tag == "code" and language:
        entity["language"] = language.group(1)
    return entity


def _link(href: str) -> Json:
    mention = re.fullmatch(r"tg://user\?id=(\d+)", href)
    if mention:
        return {"type": "text_mention", "user_id": int(mention.group(1))}
    return {"type": "text_link", "url": href}


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities (offsets in UTF-16 units, as Telegram counts), outer before inner."""
    text, entities = _Reader(source).read()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities
