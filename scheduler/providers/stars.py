"""Telegram Stars: given back as a whole by the Bot API, which also lists what came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from commerce.actions.comparing import Theirs
from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused

TIMEOUT = ClientTimeout(total=15)
PAGE = 100  # as many as one call lists
BACK_ALREADY = "CHARGE_ALREADY_REFUNDED"


class Stars:
    """A second call for the same charge is refused by Telegram, so a repeat is harmless."""

    complete = True

    def __init__(self, base: str, token: str) -> None:
        self._root = f"{base}/bot{token}"
        self._session: ClientSession | None = None

    async def refund(self, job: RefundJob) -> None:
        if not job.whole:
            raise RefundRefused("Stars go back as a whole only")
        if job.telegram_id is None:
            raise RefundRefused("the payer's account is forgotten")
        params = {"user_id": job.telegram_id, "telegram_payment_charge_id": job.charge_id}
        answer = await self._call("refundStarPayment", params)
        said = str(answer.get("description", ""))
        if not answer.get("ok") and BACK_ALREADY not in said:
            raise RefundRefused(said[:200] or "no usable answer")

    async def listed(self, position: int) -> Sequence[Mapping[str, Any]]:
        """The bot's transactions from this position on, the oldest first, at most a hundred.

        Raises RefundRefused.
        """
        answer = await self._call("getStarTransactions", {"offset": position, "limit": PAGE})
        try:
            return list(answer["result"]["transactions"])
        except (KeyError, TypeError):
            said = str(answer.get("description", "no usable answer"))
            raise RefundRefused(said[:200]) from None

    async def charges(self) -> list[Theirs]:
        """What buyers paid and what of it went back, through the whole list."""
        paid: dict[str, int] = {}
        back: dict[str, int] = {}
        position = 0
        while page := await self.listed(position):
            for line in page:
                partner = line.get("source") or line.get("receiver") or {}
                if partner.get("transaction_type") == "invoice_payment":
                    side = paid if "source" in line else back
                    side[str(line["id"])] = int(line["amount"])
            position += len(page)
        return [Theirs(id_, amount, back.get(id_, 0)) for id_, amount in paid.items()]

    async def _call(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._session is None:
            self._session = ClientSession(timeout=TIMEOUT)
        try:
            async with self._session.post(f"{self._root}/{method}", json=params) as answer:
                body = await answer.json(content_type=None)
        except (ClientError, TimeoutError, ValueError) as error:
            # The error's own words may hold the address, and with it the token.
            raise RefundRefused(type(error).__name__) from None
        return body if isinstance(body, dict) else {}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
