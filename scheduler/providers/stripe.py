"""Refunds through Stripe, for cards that Telegram charged with Stripe as the provider.

Stripe's library weighs some 12 MB: import this module only where its key is set. It speaks through
aiohttp, which every process has loaded anyway; a thread each would outlive a stop.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import stripe
from aiohttp import ClientError, ClientSession, ClientTimeout

from commerce.actions.comparing import Theirs
from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused

API = "https://api.stripe.com"
TIMEOUT = ClientTimeout(total=15)  # three calls fit into the minute for which a job is leased
MARK = "kaituan_refund"  # the job's key in the refund's metadata
CAME_TO_NOTHING = frozenset({"failed", "canceled"})
IN_HUNDREDTHS = frozenset({"ISK", "UGX"})  # whole units everywhere else, hundredths at Stripe
PATIENCE = 6  # tries, some five minutes, before a stored error is left behind
PAGE = 100
LONGEST = 200

logging.getLogger("stripe").setLevel(logging.WARNING)  # else two lines a call, with Stripe's words


class Line(stripe.HTTPClient):
    """How Stripe's library speaks. Its own client on aiohttp lets half a reply lie about open."""

    name = "aiohttp"

    def __init__(self) -> None:
        super().__init__()
        self._session: ClientSession | None = None

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | None = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        if self._session is None:
            self._session = ClientSession(timeout=TIMEOUT)
        ask = self._session.request(
            method, url, headers=headers, data=post_data, allow_redirects=False
        )
        try:
            async with ask as reply:
                return await reply.read(), reply.status, reply.headers
        except (ClientError, TimeoutError) as error:
            unheard = stripe.APIConnectionError(type(error).__name__)  # type: ignore[no-untyped-call]
            raise unheard from error

    async def close_async(self) -> None:
        if self._session is not None:
            await self._session.close()


class StripeCards:
    """Whole and partial refunds, each made once.

    Stripe forgets an idempotency key after a day, so the charge's refunds are looked through for
    ours before each try, however old the job is.
    """

    complete = False  # the account may serve other shops too

    def __init__(self, key: str, *, base: str = API) -> None:
        self._key = key
        self._line = Line()
        stripe_ = stripe.StripeClient(
            key,
            base_addresses={"api": base},
            http_client=self._line,
            max_network_retries=0,  # the cashier tries again
        ).v1
        self._refunds, self._charges = stripe_.refunds, stripe_.charges

    async def refund(self, job: RefundJob) -> None:
        try:
            await self._refund_once(job)
        except stripe.StripeError as error:
            if error.code == "charge_already_refunded":
                return
            raise RefundRefused(self._said(error)) from None  # its words may quote the key

    async def charges(self) -> list[Theirs]:
        """By their own ids and by those of their intents: newer payments are named by these."""
        found: list[Theirs] = []
        try:
            page = await self._charges.list_async({"limit": PAGE})
            async for charge in page.auto_paging_iter():
                amount, back = (
                    our_amount(minor, charge.currency)
                    for minor in (charge.amount, charge.amount_refunded)
                )
                found.append(Theirs(charge.id, amount, back))
                if charge.payment_intent:
                    found.append(Theirs(str(charge.payment_intent), amount, back))
        except stripe.StripeError as error:
            raise RefundRefused(self._said(error)) from None
        return found

    async def _refund_once(self, job: RefundJob) -> None:
        states = await self._states(job)
        if any(state not in CAME_TO_NOTHING for state in states):
            return
        key = f"{job.key}:{len(states)}" if states else job.key
        made = await self._create_or_renew(job, key)
        if made.status in CAME_TO_NOTHING:
            raise RefundRefused(f"Stripe's refund {made.id} {made.status}")

    async def _states(self, job: RefundJob) -> list[str | None]:
        """How the refunds that were made for this job stand."""
        params: stripe.params.RefundListParams = {"limit": PAGE}
        if _is_intent(job):
            params["payment_intent"] = job.provider_charge_id
        else:
            params["charge"] = job.provider_charge_id
        page = await self._refunds.list_async(params)
        return [made.status async for made in page.auto_paging_iter() if _is_ours(made, job)]

    async def _create_or_renew(self, job: RefundJob, key: str) -> stripe.Refund:
        """Stripe answers a repeated key with the first answer for a day, errors too.

        A no that stays so is left behind after a while, since nothing was made then. A 5xx is
        not: a refund may have been made in spite of it, so its key is kept until Stripe forgets.
        """
        try:
            return await self._create(job, key)
        except stripe.StripeError as error:
            if job.attempts <= PATIENCE or not _is_stored_no(error):
                raise
        return await self._create(job, f"{key}:try-{job.attempts}")

    async def _create(self, job: RefundJob, key: str) -> stripe.Refund:
        params: stripe.params.RefundCreateParams = {"metadata": {MARK: job.key}}
        if _is_intent(job):
            params["payment_intent"] = job.provider_charge_id
        else:
            params["charge"] = job.provider_charge_id
        if not job.whole:  # without an amount it is what is left, after refunds by hand too
            params["amount"] = _stripe_amount(job)
        return await self._refunds.create_async(params, {"idempotency_key": key})

    def _said(self, error: stripe.StripeError) -> str:
        """What went wrong, for the operator."""
        status = error.http_status
        if isinstance(error, stripe.AuthenticationError):
            return f"{status} Stripe does not accept the STRIPE_API_KEY"
        if status is None:
            return f"Stripe does not answer ({error.user_message})"
        if status == 429 or status >= 500:
            return f"Stripe answered {status}"
        words = (error.user_message or "").replace(self._key, "***")
        return f"{status} {words}"[:LONGEST]

    async def close(self) -> None:
        await self._line.close_async()


def _is_intent(job: RefundJob) -> bool:
    """Newer payments are named by their intent (pi_), older ones by their charge (ch_, py_)."""
    return job.provider_charge_id.startswith("pi_")


def _is_ours(refund: stripe.Refund, job: RefundJob) -> bool:
    marks = refund.metadata
    return marks is not None and MARK in marks and marks[MARK] == job.key


def _is_stored_no(error: stripe.StripeError) -> bool:
    replayed = (error.headers or {}).get("Idempotent-Replayed") == "true"
    return replayed and 400 <= (error.http_status or 0) < 500


def our_amount(minor: int, currency: str) -> int:
    """Back from Stripe's units; it writes currencies in small letters."""
    return minor // 100 if currency.upper() in IN_HUNDREDTHS else minor


def _stripe_amount(job: RefundJob) -> int:
    return job.amount_minor * 100 if job.currency in IN_HUNDREDTHS else job.amount_minor
