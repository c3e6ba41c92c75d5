"""A small Bot API client for doors and commands, which need neither models nor handlers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.settings import Settings

TIMEOUT = 15.0


class ApiUnreachable(Exception):
    """No usable answer; the message names the kind of failure and never the address."""


@dataclass
class ApiRefused(Exception):
    code: int
    description: str
    retry_after: float = 0

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class BotApi:
    def __init__(self, base: str, token: str) -> None:
        self._root = f"{base}/bot{token}"
        self._session: ClientSession | None = None

    @classmethod
    def of(cls, settings: Settings) -> BotApi:
        return cls(settings.telegram_api_base, settings.bot_token.get_secret_value())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self, method: str, params: Mapping[str, Any] | None = None, within: float = TIMEOUT
    ) -> Any:
        """The result. Raises ApiRefused or ApiUnreachable."""
        body = await self.fetch(method, params, within)
        try:
            return json.loads(body)["result"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ApiUnreachable("the answer is no JSON") from None

    async def fetch(
        self, method: str, params: Mapping[str, Any] | None = None, within: float = TIMEOUT
    ) -> bytes:
        """The body of a successful answer, unread. Raises ApiRefused or ApiUnreachable."""
        if self._session is None:
            self._session = ClientSession()
        try:
            async with self._session.post(
                f"{self._root}/{method}", json=params or {}, timeout=ClientTimeout(total=within)
            ) as answer:
                status, body = answer.status, await answer.read()
        except (ClientError, OSError, TimeoutError, ValueError) as error:
            # The error's own words may hold the address, and with it the token.
            raise ApiUnreachable(type(error).__name__) from None
        if status != 200:
            raise _refusal(status, body)
        return body


def _refusal(status: int, body: bytes) -> ApiRefused | ApiUnreachable:
    try:
        answer = json.loads(body)
        description = str(answer["description"])[:200]
        wait = float(answer.get("parameters", {}).get("retry_after", 0))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ApiUnreachable(f"HTTP {status}")
    return ApiRefused(status, description, wait)
