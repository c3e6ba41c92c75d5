"""The playground's pretend card: refundable in part, by a key, as a payment company offers it."""

from __future__ import annotations

from aiohttp import ClientError, ClientSession, ClientTimeout

from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused

TIMEOUT = ClientTimeout(total=15)


class PretendCard:
    def __init__(self, base: str, token: str) -> None:
        self._url = f"{base}/pretend/refunds"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._session: ClientSession | None = None

    async def refund(self, job: RefundJob) -> None:
        body = {
            "charge": job.provider_charge_id,
            "amount": job.amount_minor,
            "currency": job.currency,
            "key": job.key,
        }
        if self._session is None:
            self._session = ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.post(self._url, json=body, headers=self._headers) as answer:
                if answer.status != 200:
                    raise RefundRefused(f"{answer.status} {(await answer.text())[:200]}")
        except (ClientError, TimeoutError) as error:
            raise RefundRefused(type(error).__name__) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
