"""Paying an invoice on the table while nobody but the pre-checkout answers: updates get lost."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import ClientSession

from playground import acts
from playground.payments import Paid
from playground.server import Running
from playground.things import Person


class Till:
    """Calls the Bot API as the shop would, and asks nobody before it says yes."""

    def __init__(self, table: Running, session: ClientSession) -> None:
        self._table = table
        self._session = session

    async def call(self, method: str, params: dict[str, Any]) -> Any:
        url = f"{self._table.base_url}/bot{self._table.world.bot.token}/{method}"
        async with self._session.post(url, json=params) as answer:
            body = await answer.json()
        assert body["ok"], body
        return body["result"]

    async def paid_in_stars(self, payer: Person, payload: str, amount: int) -> Paid:
        world = self._table.world
        await acts.start(world, payer)
        invoice = {
            "chat_id": payer.id,
            "title": "Wallpaper",
            "description": "For your phone",
            "payload": payload,
            "currency": "XTR",
            "provider_token": "",
            "prices": [{"label": "Wallpaper", "amount": amount}],
        }
        sent = await self.call("sendInvoice", invoice)
        paying = asyncio.create_task(
            acts.pay(world, payer, world.message(payer.id, sent["message_id"]))
        )
        await world.wait_for(lambda: world.checkouts)
        [query] = list(world.checkouts)
        await self.call("answerPreCheckoutQuery", {"pre_checkout_query_id": query, "ok": True})
        return await paying
