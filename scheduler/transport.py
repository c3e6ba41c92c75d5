"""Bot API calls over one pooled aiohttp session, with failures sorted by what may have happened."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram._utils.types import ODVInput
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from scheduler.outcomes import Flooded, MaybeSent, NotSent, Refused
from storage.crash import crash_point

TELEGRAM = "https://api.telegram.org"
NOWHERE = "https://telegram.invalid"
CONNECTIONS = 40
IDLE_SECONDS = 15  # below any server's own: a line closed under a request leaves its end unknown
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
DEFAULT = BaseRequest.DEFAULT_NONE

NEVER_LEFT = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)


class Transport(BaseRequest):
    """What python-telegram-bot sends through. It alone knows the token: the library logs the
    addresses it is given, so it is given one that leads nowhere. Errors carry no address."""

    __slots__ = ("_root", "_session", "_timeout")

    def __init__(
        self,
        token: str,
        api_base: str = TELEGRAM,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._root = f"{api_base}/bot{token}"
        self._timeout = ClientTimeout(
            total=total_seconds, connect=connect_seconds, sock_connect=connect_seconds
        )
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._timeout.total

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_SECONDS),
                timeout=self._timeout,
                cookie_jar=DummyCookieJar(),
            )
        return self._session

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = DEFAULT,
        write_timeout: ODVInput[float] = DEFAULT,
        connect_timeout: ODVInput[float] = DEFAULT,
        pool_timeout: ODVInput[float] = DEFAULT,
    ) -> tuple[int, bytes]:
        """Raises NotSent, MaybeSent, Flooded or Refused; returns only what Telegram granted."""
        found = await self._exchange(url, method, request_data)
        # Raised here, outside of any `except`, so that no cause with the address hangs on.
        if isinstance(found, TelegramError):
            raise found
        status, payload = found
        refusal = judge(status, payload) if method == "POST" or status >= 300 else None
        if refusal is not None:
            raise refusal
        return status, payload

    async def _exchange(
        self, url: str, method: str, data: RequestData | None
    ) -> tuple[int, bytes] | TelegramError:
        try:
            address = f"{self._root}/{url.rpartition('/')[2]}"
            async with self._open().request(method, address, **_body(data)) as response:
                crash_point("K9")
                return response.status, await response.read()
        except NEVER_LEFT as error:
            return NotSent(type(error).__name__)
        except (TimeoutError, ClientError, OSError) as error:
            return MaybeSent(type(error).__name__)


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}


def judge(status: int, payload: bytes) -> TelegramError | None:
    """None for a granted request, else the error to raise."""
    try:
        reply = json.loads(payload)
    except ValueError:
        reply = None
    said: dict[str, Any] = reply if isinstance(reply, dict) else {}
    if status < 300 and said.get("ok") is True and "result" in said:
        return None
    if not 400 <= status < 500:
        return MaybeSent(f"HTTP {status}")
    description = str(said.get("description") or f"HTTP {status}")
    hints = said.get("parameters") or {}
    if status == 429:
        return Flooded(description, float(hints.get("retry_after") or 1))
    return Refused(status, description, hints.get("migrate_to_chat_id"))
