"""aiogram's session, with a short way for plain calls: JSON there, and the raw result back."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError
from aiogram.methods.base import TelegramMethod, TelegramType
from aiohttp import ClientError, ClientTimeout

from conversations.calls import Call

HEADERS = {"Content-Type": "application/json"}


class LeanSession(AiohttpSession):
    """What is no `Call` goes aiogram's own way: multipart forms out, models in."""

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        if isinstance(method, Call):
            return cast(TelegramType, await self._call(bot, method, timeout))
        return await super().make_request(bot, method, timeout)

    async def _call(self, bot: Bot, call: Call, timeout: int | None) -> Any:
        session = await self.create_session()
        try:
            async with session.post(
                self.api.api_url(token=bot.token, method=call.name),
                data=json.dumps(call.params, ensure_ascii=False).encode(),
                headers=HEADERS,
                timeout=ClientTimeout(total=self.timeout if timeout is None else timeout),
            ) as answer:
                status, body = answer.status, await answer.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=call, message="Request timeout error") from error
        except ClientError as error:
            words = f"{type(error).__name__}: {error}"
            raise TelegramNetworkError(method=call, message=words) from error
        return self._result(bot, call, status, body)

    def _result(self, bot: Bot, call: Call, status: int, body: bytes) -> Any:
        """The result; a refusal is read and named by aiogram itself."""
        try:
            answer = json.loads(body)
        except ValueError as error:
            said = body.decode(errors="replace")
            raise ClientDecodeError("Failed to decode object", error, said) from error
        if status == HTTPStatus.OK and isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        return self.check_response(bot, call, status, body.decode(errors="replace")).result
