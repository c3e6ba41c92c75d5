"""Logs: lines for people or for machines, and no secret in either."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "***"
LIBRARIES = ("site-packages", "/lib/python")
SHAPES = (
    (re.compile(r"\d+(:|%3A)[\w-]{30,}", re.IGNORECASE), HIDDEN),  # bot tokens
    (re.compile(r"\d+:(TEST|LIVE):[\w-]+"), HIDDEN),  # payment provider tokens
    (re.compile(r"\b(sk|rk|pk|whsec)_\w{8,}"), HIDDEN),  # payment companies' keys
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+@"), rf"\1{HIDDEN}@"),  # passwords in addresses
    (re.compile(r"(Bearer\s+)\S+", re.IGNORECASE), rf"\1{HIDDEN}"),
)
LOUD = (
    "httpx",
    "httpcore",
    "aiohttp",
    "aiohttp.access",
    "aiogram",
    "apscheduler",
    "alembic",
    "stripe",
)
SHORTEST_SECRET = 4
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class Redaction:
    """Takes out the secrets that are set, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._literals = sorted(
            {form for secret in secrets for form in _forms(secret)}, key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        for literal in self._literals:
            text = text.replace(literal, HIDDEN)
        for shape, instead in SHAPES:
            text = shape.sub(instead, text)
        return text


def _forms(secret: str) -> Iterable[str]:
    """A secret as it is, inside JSON, inside an address; of an address what is secret in it."""
    texts = (secret,) if "://" not in secret else _secret_parts(secret)
    for text in texts:
        if len(text) >= SHORTEST_SECRET:
            yield from (text, json.dumps(text)[1:-1], quote(text, safe=""), unquote(text))


def _secret_parts(address: str) -> tuple[str, ...]:
    """The password, and the key that a web address carries before its @; else nothing is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return (address,)
    key = parts.username if parts.scheme in ("http", "https") else None
    return tuple(text for text in (parts.password, key) if text)


class ConsoleFormatter(logging.Formatter):
    def __init__(self, redact: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, what `extra` gave, the traceback."""

    def __init__(self, redact: Redaction) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in STANDARD}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(line, ensure_ascii=False, default=str))


def start_logs(
    form: Literal["console", "json"], secrets: Iterable[str] = (), stream: TextIO | None = None
) -> Redaction:
    """Sends every log line, warnings too, through one redacting handler."""
    redact = Redaction(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if form == "json" else ConsoleFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in LOUD:  # httpx writes addresses, token included, at INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a broken log call would print its arguments unredacted
    return redact


def place_of(error: BaseException) -> str:
    """What failed and where, without the error's own words, which may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [at for at in frames if not any(part in at.filename for part in LIBRARIES)]
    if isinstance(error, TimeoutError) or not ours:
        return type(error).__name__
    return f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"
