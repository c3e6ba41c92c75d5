"""The playground's pretend card: refundable in part, by a key, as a payment company offers it."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from commerce.actions.comparing import Theirs
from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused

TIMEOUT = ClientTimeout(total=15)


class PretendCard:
    complete = True

    def __init__(self, base: str, token: str) -> None:
        self._root = f"{base}/pretend"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: ClientSession | None = None

    async def refund(self, job: RefundJob) -> None:
        body = {
            "charge": job.provider_charge_id,
            "amount": job.amount_minor,
            "currency": job.currency,
            "key": job.key,
        }
        await self._ask("POST", "refunds", json=body)

    async def charges(self) -> list[Theirs]:
        answer = await self._ask("GET", "charges", params={"after": "0"})
        return [
            Theirs(one["charge"], one["amount"], one["refunded"])
            for one in json.loads(answer)["charges"]
        ]

    async def _ask(self, method: str, path: str, **more: Any) -> str:
        if self._session is None:
            self._session = ClientSession(timeout=TIMEOUT, headers=self._headers)
        try:
            async with self._session.request(method, f"{self._root}/{path}", **more) as answer:
                words = await answer.text()
                if answer.status != 200:
                    raise RefundRefused(f"{answer.status} {words[:200]}")
                return words
        except (ClientError, TimeoutError) as error:
            raise RefundRefused(type(error).__name__) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
