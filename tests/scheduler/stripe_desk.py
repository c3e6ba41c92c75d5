"""Stripe on a table: the three calls that we make, as strict and as forgetful as Stripe."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web
from aiohttp.test_utils import TestServer

KEY = "sk_test_Canary4242424242"
LISTED = {"charge", "payment_intent", "limit", "starting_after"}
TAKEN = {"charge", "payment_intent", "amount", "metadata[kaituan_refund]"}

Trouble = Literal["lost", "cut", "garbage", "silence", 402, 429, 500, 503]
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, object]


@dataclass
class StripeDesk:
    """`charges` are the amounts by charge id, in Stripe's units; `troubles` come one a refund."""

    charges: dict[str, int]
    refunds: list[dict[str, object]] = field(default_factory=list)
    troubles: deque[Trouble] = field(default_factory=deque)
    down: bool = False
    makes: str = "succeeded"
    page: int = 100
    asked: list[tuple[str, str]] = field(default_factory=list)  # key, amount
    looked: int = 0
    base: str = ""
    kept: dict[str, tuple[dict[str, str], Answer]] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def forget_keys(self) -> None:
        """What Stripe does when they are a day old."""
        self.kept.clear()

    def back(self, charge: str) -> int:
        return sum(
            int(str(made["amount"]))
            for made in self.refunds
            if charge in (made["charge"], made["payment_intent"]) and made["status"] != "failed"
        )

    def refund_by_hand(self, charge: str, amount: int) -> None:
        self._make(charge, amount, {})

    async def list_refunds(self, request: web.Request) -> web.StreamResponse:
        self.looked += 1
        if self.down:
            return _hang_up(request)
        if (no := _unwelcome(request, request.query, LISTED)) is not None:
            return _sent(no)
        charge = request.query.get("charge") or request.query["payment_intent"]
        if charge not in self.charges:
            return _sent(_no_such(charge))
        found = [m for m in reversed(self.refunds) if charge in (m["charge"], m["payment_intent"])]
        after = request.query.get("starting_after")
        start = [m["id"] for m in found].index(after) + 1 if after else 0
        size = min(self.page, int(request.query.get("limit", "10")))
        body = {
            "object": "list",
            "url": "/v1/refunds",
            "data": found[start : start + size],
            "has_more": len(found) > start + size,
        }
        return _sent(Answer(200, body))

    async def list_charges(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return _hang_up(request)
        if (no := _unwelcome(request, request.query, {"limit", "starting_after"})) is not None:
            return _sent(no)
        found = [self._charge(name, amount) for name, amount in self.charges.items()]
        after = request.query.get("starting_after")
        start = [c["id"] for c in found].index(after) + 1 if after else 0
        body = {
            "object": "list",
            "url": "/v1/charges",
            "data": found[start : start + self.page],
            "has_more": len(found) > start + self.page,
        }
        return _sent(Answer(200, body))

    def _charge(self, name: str, amount: int) -> dict[str, object]:
        """One that is named by its intent has an id of its own too."""
        intent = name.startswith("pi_")
        return {
            "id": f"ch_of_{name}" if intent else name,
            "object": "charge",
            "amount": amount,
            "amount_refunded": self.back(name),
            "currency": "isk" if name == "ch_isk" else "usd",
            "payment_intent": name if intent else None,
        }

    async def create_refund(self, request: web.Request) -> web.StreamResponse:
        if self.down:
            return _hang_up(request)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (no := _unwelcome(request, form, TAKEN)) is not None:
            return _sent(no)
        key = request.headers["Idempotency-Key"]
        self.asked.append((key, form.get("amount", "all")))
        if key in self.kept:
            return self._again(key, form)
        trouble = self.troubles.popleft() if self.troubles else None
        match trouble:
            case "cut":
                return _hang_up(request)
            case "garbage":
                return web.Response(text="<html>busy</html>", status=200)
            case 429 | 503:
                return _sent(_wrong(trouble, "rate_limit", "busy"))  # nothing began: not kept
            case 402 | 500:
                answer = _wrong(trouble, "odd", f"no, said to {KEY}")
            case _:
                answer = self._refund(form)
        self.kept[key] = (form, answer)
        if trouble == "silence":
            return await _dribble(request)
        return _hang_up(request) if trouble == "lost" else _sent(answer)

    def _again(self, key: str, form: dict[str, str]) -> web.Response:
        first, answer = self.kept[key]
        if form != first:
            return _sent(_wrong(400, "idempotency_error", "Keys can only be used with the same"))
        return _sent(answer, {"Idempotent-Replayed": "true"})

    def _refund(self, form: Fields) -> Answer:
        charge = form.get("charge") or form["payment_intent"]
        if charge not in self.charges:
            return _no_such(charge)
        left = self.charges[charge] - self.back(charge)
        if left == 0:
            return _wrong(400, "charge_already_refunded", f"Charge {charge} has been refunded.")
        amount = int(form.get("amount", left))
        if not 0 < amount <= left:
            return _wrong(400, "amount_too_large", f"Refund amount is greater than {left}")
        return Answer(200, self._make(charge, amount, form))

    def _make(self, charge: str, amount: int, form: Fields) -> dict[str, object]:
        intent = charge.startswith("pi_")
        mark = form.get("metadata[kaituan_refund]")
        made: dict[str, object] = {
            "id": f"re_{next(self.numbers)}",
            "object": "refund",
            "amount": amount,
            "charge": f"ch_of_{charge}" if intent else charge,
            "payment_intent": charge if intent else None,
            "metadata": {"kaituan_refund": mark} if mark else {},
            "status": self.makes,
        }
        self.refunds.append(made)
        return dict(made)


@asynccontextmanager
async def opened(desk: StripeDesk) -> AsyncIterator[StripeDesk]:
    app = web.Application()
    app.router.add_get("/v1/refunds", desk.list_refunds)
    app.router.add_get("/v1/charges", desk.list_charges)
    app.router.add_post("/v1/refunds", desk.create_refund)
    async with TestServer(app) as server:
        desk.base = f"http://{server.host}:{server.port}"
        yield desk


def _unwelcome(request: web.Request, fields: Fields, known: set[str]) -> Answer | None:
    if request.headers.get("Authorization") != f"Bearer {KEY}":
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return _wrong(401, "", f"Invalid API Key provided: {given}")
    if unknown := set(fields) - known:
        return _wrong(400, "parameter_unknown", f"Received unknown parameters: {unknown}")
    return None


def _no_such(charge: str) -> Answer:
    return _wrong(404, "resource_missing", f"No such charge: '{charge}'")


def _wrong(status: int, code: str, message: str) -> Answer:
    kind = code if code == "idempotency_error" else "invalid_request_error"
    return Answer(status, {"error": {"type": kind, "code": code, "message": message}})


def _sent(answer: Answer, headers: Fields | None = None) -> web.Response:
    text = json.dumps(answer.body)
    return web.Response(
        status=answer.status, text=text, content_type="application/json", headers=headers
    )


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _dribble(request: web.Request) -> web.StreamResponse:
    """A reply that never comes to its end."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id":')
    while request.transport is not None and not request.transport.is_closing():
        await response.write(b" ")
        await asyncio.sleep(0.02)
    return response
