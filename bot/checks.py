"""What each setting must look like; a ValueError says what is wrong, never the value."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr

SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]{30,}")
OWN_TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]+")
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
TELEGRAM_PORTS = (None, 443, 80, 88, 8443)
STARS = "XTR"


def word(value: str) -> str:
    """No quotes, spaces or line ends, which a file or a shell leaves behind so easily."""
    if (value[:1] in "\"'" and value) or (value[-1:] in "\"'" and value):
        raise ValueError("has quotes around it; write it without")
    if re.search(r"\s", value):
        raise ValueError("has a space in it")
    if not value.isprintable():
        raise ValueError("has characters in it that cannot be printed")
    return value


def bare(value: SecretStr) -> SecretStr:
    word(value.get_secret_value())
    return value


def bot_token(value: str, *, own_server: bool) -> None:
    if not (OWN_TOKEN if own_server else TOKEN).fullmatch(value):
        raise ValueError("BOT_TOKEN does not look like a token (digits, a colon, 35 characters)")


def _address(value: str, schemes: tuple[str, ...]) -> SplitResult:
    word(value)
    try:
        parts = urlsplit(value)
        known = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError(f"is no address of the form {schemes[0]}://host")
    return parts


def http_address(value: str) -> str:
    _address(value, ("https", "http"))
    return value.rstrip("/")


def optional_http_address(value: str) -> str:
    return http_address(value) if value else value


def webhook_url(value: str) -> str:
    if value:
        parts = _address(value, ("https", "http"))
        if parts.query or parts.fragment or parts.username:
            raise ValueError("may have a host, a port and a path, nothing else")
        if not re.fullmatch(r"[A-Za-z0-9/._~:-]*", parts.path):
            raise ValueError("may have A-Z a-z 0-9 / . _ ~ : - in its path")
    return value


def webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text:
        return value
    if "changeme" in text.lower() or len(set(text)) < 8:
        raise ValueError("is too easy to guess; try: openssl rand -hex 32")
    if len(text) < 32:
        raise ValueError("is too short: 32 characters at least; try: openssl rand -hex 32")
    if not SECRET.fullmatch(text):
        raise ValueError("may hold A-Z a-z 0-9 _ - only, 256 at most")
    return value


def database_url(value: SecretStr) -> SecretStr:
    """The same address with the driver that this program uses."""
    text = word(value.get_secret_value())
    scheme, _, rest = text.partition("://")
    if scheme not in DRIVERS:
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if scheme.startswith("sqlite"):
        _sqlite_file(rest)
    else:
        _postgres_address(text)
    return SecretStr(f"{DRIVERS[scheme]}://{rest}")


def _sqlite_file(rest: str) -> None:
    name = rest.removeprefix("/").partition("?")[0]
    if not rest.startswith("/") or not name or name == ":memory:":
        raise ValueError("must name a file: sqlite:///kaituan.db")
    if Path(name).is_dir():
        raise ValueError("names a directory, not a file")
    if not Path(name).parent.is_dir():
        raise ValueError("names a file in a directory that does not exist")


def _postgres_address(text: str) -> None:
    try:
        parts = urlsplit(text)
        complete = parts.port != 0 and bool(parts.path.strip("/"))
    except ValueError:
        complete = False
    if not complete:
        raise ValueError("must be of the form postgresql://USER:PASSWORD@HOST/NAME")


def redis_url(value: SecretStr) -> SecretStr:
    text = word(value.get_secret_value())
    if text.startswith("unix://") and len(text) > len("unix://"):
        return value
    if text:
        parts = _address(text, ("redis", "rediss"))
        if not re.fullmatch(r"/?|/[0-9]{1,3}", parts.path):
            raise ValueError("ends in a database that is no number")
    return value


def sentry_dsn(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and not _address(text, ("https", "http")).username:
        raise ValueError("has no key in it (https://KEY@HOST/PROJECT)")
    return value


def ids(value: object) -> object:
    """`1, 2 3` as numbers."""
    if not isinstance(value, str):
        return value
    found = value.replace(",", " ").split()
    if not all(re.fullmatch(r"[1-9][0-9]{0,18}", one) for one in found):
        raise ValueError("must be numbers, separated by commas")
    return tuple(int(one) for one in found)


def locale(value: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(value, sep="-" if "-" in value else "_")
    except (ValueError, TypeError, UnknownLocaleError):
        raise ValueError("is no language this program knows, such as en or zh") from None
    return value


def timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone, such as UTC or Asia/Shanghai") from None
    return value


def currency(value: str) -> str:
    from babel.numbers import list_currencies

    if value != STARS and (len(value) != 3 or value not in list_currencies()):
        raise ValueError("is no currency, such as USD or CNY")
    return value
