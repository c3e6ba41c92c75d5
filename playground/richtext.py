"""From the text a bot sends to the text people see: parse mode, entities, lengths, links."""

import re
from typing import Any

from playground.html import parse_html, utf16_len
from playground.refusals import bad
from playground.things import Json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_ENTITY_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_FOUND_BY_SERVER = re.compile(
    r"(?P<url>https?://[^\s<>\"]+|(?<![\w.@/-])t\.me/[^\s<>\"]+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})(?!\w)"
    r"|(?<![\w#])(?P<hashtag>#[^\W\d][\w]{0,255})"
)


def slice16(text: str, offset: int, length: int) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[offset * 2 : (offset + length) * 2].decode("utf-16-le", "surrogatepass")


def detect(text: str) -> list[Json]:
    """Commands, links, mentions and hashtags that Telegram itself marks."""
    if not any(mark in text for mark in "/@#:."):
        return []
    found: list[Json] = []
    for match in _FOUND_BY_SERVER.finditer(text):
        kind = match.lastgroup
        whole = match.group().rstrip(".,!?;:)") if kind == "url" else match.group()
        offset = utf16_len(text[: match.start()])
        found.append({"type": kind, "offset": offset, "length": utf16_len(whole)})
    return found


def written(source: str, parse_mode: str | None, given: Any) -> tuple[str, list[Json]]:
    """What a bot's text means. `given` are explicit entities, used when there is no parse mode."""
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad(f"unsupported parse_mode: {parse_mode!r}; this server reads HTML")
        text, entities = parse_html(source)
    else:
        text, entities = source, _checked(given, utf16_len(source))
    text, entities = _trimmed(text, entities)
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if _owns(e)]
    entities += [e for e in detect(text) if not _overlaps(e, taken)]
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities


def _owns(entity: Json) -> bool:
    return entity["type"] in ("code", "pre", "text_link", "text_mention", "url", "bot_command")


def _overlaps(entity: Json, taken: list[tuple[int, int]]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(start < stop and begin < end for begin, stop in taken)


def _checked(given: Any, length: int) -> list[Json]:
    entities: list[Json] = []
    for entity in given or []:
        if not isinstance(entity, dict) or entity.get("type") not in _ENTITY_TYPES:
            raise bad("can't parse MessageEntity: wrong type specified")
        begin, count = entity.get("offset"), entity.get("length")
        if not isinstance(begin, int) or not isinstance(count, int):
            raise bad("can't parse MessageEntity: offset and length must be numbers")
        if begin < 0 or count <= 0 or begin + count > length:
            raise bad("entity beginning or end is out of the text")
        entities.append(dict(entity))
    return entities


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    lead = len(text) - len(text.lstrip())
    if entities and entities[0]["offset"] < lead:
        lead = 0
    kept = text[lead:].rstrip()
    shift, length = utf16_len(text[:lead]), utf16_len(kept)
    moved: list[Json] = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        end = min(length, entity["offset"] - shift + entity["length"])
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return kept, moved


def message_text(source: str, mode: str | None, given: Any = None) -> tuple[str, list[Json]]:
    text, entities = written(source, mode, given)
    if not text:
        raise bad("message text is empty")
    if utf16_len(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return text, entities


def caption_text(
    source: str | None, mode: str | None, given: Any = None
) -> tuple[str | None, list[Json]]:
    if not source:
        return None, []
    text, entities = written(source, mode, given)
    if utf16_len(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return text or None, entities
