"""The table of Bot API methods: each with the parameters it takes, their types, its function."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from playground.refusals import Refused, bad
from playground.things import BotAccount, Json
from playground.world import World

SEND = (
    "message_thread_id?int disable_notification?bool protect_content?bool "
    "allow_paid_broadcast?bool message_effect_id?str reply_parameters?object reply_markup?object "
    "reply_to_message_id?int allow_sending_without_reply?bool"
)
EDIT = "chat_id?chat message_id?int inline_message_id?str reply_markup?object"
CAPTION = "caption?str parse_mode?str caption_entities?list show_caption_above_media?bool"


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes
    mime: str


@dataclass(slots=True)
class Call:
    """One request, its parameters already of their types."""

    world: World
    bot: BotAccount
    method: str
    params: Json
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return self.params.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        return cast(str, self.params.get(name, default))

    def maybe(self, name: str) -> str | None:
        return cast(str | None, self.params.get(name))

    def number(self, name: str, default: int = 0) -> int:
        return cast(int, self.params.get(name, default))

    def flag(self, name: str) -> bool:
        return bool(self.params.get(name))

    def list(self, name: str) -> list[Any]:
        return cast(list[Any], self.params.get(name) or [])

    def object(self, name: str) -> Json | None:
        return cast(Json | None, self.params.get(name))


Run = Callable[[Call], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    name: str
    run: Run
    kinds: dict[str, str]
    required: tuple[str, ...]
    sends: str
    """"message" counts towards the chat's window, "edit" towards the overall one, "" neither."""


TABLE: dict[str, Method] = {}


def method(name: str, spec: str = "", *, sends: str = "") -> Callable[[Run], Run]:
    """Enter a function; `spec` is words like "chat_id:chat text:str" (needed) or "x?int" (not)."""

    def enter(run: Run) -> Run:
        kinds: dict[str, str] = {}
        required: list[str] = []
        for word in spec.split():
            if ":" in word:
                param, kind = word.split(":")
                required.append(param)
            else:
                param, kind = word.split("?")
            kinds[param] = kind
        TABLE[name.lower()] = Method(name, run, kinds, tuple(required), sends)
        return run

    return enter


def typed(entry: Method, raw: Json, files: dict[str, Upload]) -> Json:
    """The parameters as values of their types; raises Refused on an unknown or wrong one."""
    params: Json = {}
    for name, value in raw.items():
        if name not in entry.kinds:
            if name in files:
                continue
            raise bad(f"unknown parameter {name!r} of {entry.name}")
        if value is not None:
            params[name] = _READ[entry.kinds[name]](name, value)
    for name in entry.required:
        if params.get(name) is None and name not in files:
            raise bad(_missing(name))
    return params


def _missing(name: str) -> str:
    words = {
        "chat_id": "chat_id is empty",
        "text": "message text is empty",
        "photo": "there is no photo in the request",
        "document": "there is no document in the request",
        "message_id": "message identifier is not specified",
    }
    return words.get(name, f"parameter {name!r} is required")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise bad(f"parameter {name!r} must be a string")
    return encodable(value)


def encodable(text: str) -> str:
    """Lone surrogates cannot travel as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    return text


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad(f"parameter {name!r} must be a whole number")
    try:
        return int(value)
    except ValueError:
        raise bad(f"parameter {name!r} must be a whole number") from None


def _real(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise bad(f"parameter {name!r} must be a number")
    try:
        return float(value)
    except ValueError:
        raise bad(f"parameter {name!r} must be a number") from None


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in ("true", "1", "yes"):
        return True
    if word in ("false", "0", "no", ""):
        return False
    raise bad(f"parameter {name!r} must be true or false")


def _chat(name: str, value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad(f"parameter {name!r} must be a number or a @username")
    if isinstance(value, str) and value.startswith("@") and len(value) > 1:
        return value
    if value == "":
        raise bad("chat_id is empty")
    try:
        return int(value)
    except ValueError:
        raise bad("chat not found") from None


def _parsed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def _list(name: str, value: Any) -> list[Any]:
    parsed = _parsed(name, value)
    if not isinstance(parsed, list):
        raise bad(f"expected an Array of {name}")
    return parsed


def _object(name: str, value: Any) -> Json:
    parsed = _parsed(name, value)
    if not isinstance(parsed, dict):
        raise bad(f"object expected as {name}")
    return parsed


_READ: dict[str, Callable[[str, Any], Any]] = {
    "str": _text,
    "int": _whole,
    "float": _real,
    "bool": _truth,
    "chat": _chat,
    "list": _list,
    "object": _object,
    "file": _text,
}


def only(what: str, value: Any, allowed: str) -> Json:
    """An object whose keys are all among the words of `allowed`."""
    if not isinstance(value, dict):
        raise bad(f"can't parse {what}: expected an object")
    unknown = sorted(set(value) - set(allowed.split()))
    if unknown:
        raise bad(f"can't parse {what}: unknown field {unknown[0]!r}")
    return value


def unknown_method() -> Refused:
    return Refused(404, "Not Found: method not found")
