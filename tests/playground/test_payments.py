"""Paying: asked within the time, charged, told; many times; refunded in part or in Stars."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice, PreCheckoutQuery
from telegram.ext import ExtBot

from playground import acts
from playground.dispatch import run_call
from playground.payments import Paid, withdraw_stars
from playground.server import Running
from playground.things import Json, Message, Person
from playground.world import World
from tests.playground.shared import INVOICE, STARS, Api

BEARER = {"Authorization": "Bearer 284685063:TEST:pretend-card"}


async def _invoice(world: World, api: Api, person: Person, fields: Json = INVOICE) -> Message:
    world.flood.on = False
    await acts.start(world, person)
    sent = await api.ok("sendInvoice", {"chat_id": person.id, **fields})
    return world.message(person.id, sent["message_id"])


async def _answering(world: World, api: Api, answer: Json, times: int = 1) -> None:
    """Answer the next pre-checkout queries, whatever else comes."""
    offset = 0
    while times:
        for update in await api.ok("getUpdates", {"offset": offset, "timeout": 5}):
            offset = update["update_id"] + 1
            query = update.get("pre_checkout_query")
            if query and query["id"] in world.checkouts:
                times -= 1
                asked = {"pre_checkout_query_id": query["id"], **answer}
                await api.ok("answerPreCheckoutQuery", asked)


async def _pay(world: World, api: Api, person: Person, message: Message, **more: Any) -> Paid:
    answering = asyncio.create_task(_answering(world, api, {"ok": True}))
    paid = await acts.pay(world, person, message, **more)
    await answering
    return paid


async def test_paid_invoice_brings_a_payment_message(
    world: World, alice: Person, bot: Bot, api: Api
) -> None:
    await acts.start(world, alice)
    sent = await bot.send_invoice(
        alice.id,
        title="Tea",
        description="Green tea",
        payload="order:1",
        currency="USD",
        prices=[LabeledPrice(label="Tea", amount=1250)],
        provider_token="284685063:TEST:pretend-card",
    )
    assert sent.invoice is not None
    assert sent.invoice.total_amount == 1250
    paid = await _pay(world, api, alice, world.message(alice.id, sent.message_id))
    assert (paid.ok, paid.total) == (True, 1250)
    updates = await bot.get_updates(-1)
    assert updates[0].message is not None
    told = updates[0].message.successful_payment
    assert told is not None
    assert (told.currency, told.total_amount, told.invoice_payload) == ("USD", 1250, "order:1")
    assert told.telegram_payment_charge_id == paid.charge_id
    assert told.provider_payment_charge_id == paid.provider_charge_id
    assert world.violations == []


async def test_same_invoice_is_paid_twice_by_two_charges(
    world: World, alice: Person, api: Api
) -> None:
    message = await _invoice(world, api, alice)
    first = await _pay(world, api, alice, message)
    second = await _pay(world, api, alice, message)
    assert first.charge_id != second.charge_id
    assert len(world.charges) == 2
    assert message.invoice is not None
    assert message.invoice.paid_by == [alice.id, alice.id]


async def test_refused_checkout_charges_nothing(world: World, alice: Person, api: Api) -> None:
    message = await _invoice(world, api, alice)
    no = {"ok": False, "error_message": "Sold out."}
    answering = asyncio.create_task(_answering(world, api, no))
    paid = await acts.pay(world, alice, message)
    await answering
    assert (paid.ok, paid.error) == (False, "Sold out.")
    assert world.charges == {}


async def test_late_answer_charges_nothing_and_is_too_old(
    world: World, alice: Person, api: Api
) -> None:
    assert world.checkout_seconds == 10.0
    world.checkout_seconds = 0.1
    message = await _invoice(world, api, alice)
    paid = await acts.pay(world, alice, message)
    assert (paid.ok, paid.error) == (False, "The bot did not answer in time.")
    update = (await api.ok("getUpdates", {"offset": -1}))[0]
    late = {"pre_checkout_query_id": update["pre_checkout_query"]["id"], "ok": True}
    assert "query is too old" in await api.error("answerPreCheckoutQuery", late)
    assert world.charges == {}
    assert world.violations == []


async def test_tip_and_order_info_are_told(world: World, alice: Person, api: Api) -> None:
    fields = {**INVOICE, "max_tip_amount": 500, "need_email": True, "need_shipping_address": True}
    message = await _invoice(world, api, alice, fields)
    paid = await _pay(world, api, alice, message, tip=200)
    assert paid.total == 1450
    assert paid.message is not None
    info = paid.message.fields["successful_payment"]["order_info"]
    assert sorted(info) == ["email", "shipping_address"]


async def test_flexible_invoice_asks_for_shipping(world: World, alice: Person, api: Api) -> None:
    fields = {**INVOICE, "need_shipping_address": True, "is_flexible": True}
    message = await _invoice(world, api, alice, fields)
    paying = asyncio.create_task(acts.pay(world, alice, message))
    queue = world.queues[world.bot.id]
    await world.wait_for(lambda: queue.pending and queue.pending[-1].kind == "shipping_query")
    post = {"id": "post", "title": "Post", "prices": [{"label": "Post", "amount": 300}]}
    answer = {
        "shipping_query_id": queue.pending[-1].payload["id"],
        "ok": True,
        "shipping_options": [post],
    }
    await api.ok("answerShippingQuery", answer)
    await _answering(world, api, {"ok": True})
    paid = await paying
    assert paid.total == 1550
    assert paid.message is not None
    assert paid.message.fields["successful_payment"]["shipping_option_id"] == "post"


async def test_invoice_link_is_paid_in_the_private_chat(
    world: World, alice: Person, ext: "ExtBot[None]", api: Api
) -> None:
    from telegram import LabeledPrice as Price

    link = await ext.create_invoice_link(
        "Tea", "Green tea", "order:2", "XTR", [Price("Tea", 50)], provider_token=""
    )
    answering = asyncio.create_task(_answering(world, api, {"ok": True}))
    paid = await acts.pay_link(world, alice, link)
    await answering
    assert paid.ok
    assert paid.message is not None
    assert paid.message.chat_id == alice.id


async def test_stars_are_refunded_once_and_whole(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]", api: Api
) -> None:
    message = await _invoice(world, api, alice, {**STARS, "prices": [{"label": "a", "amount": 70}]})
    paid = await _pay(world, api, alice, message)
    assert (await bot.get_my_star_balance()).amount == 70
    assert await bot.refund_star_payment(alice.id, paid.charge_id)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(alice.id, paid.charge_id)
    log = (await ext.get_star_transactions()).transactions
    assert [(entry.id, entry.amount, entry.receiver is None) for entry in log] == [
        (paid.charge_id, 70, True),
        (paid.charge_id, 70, False),
    ]
    assert (await bot.get_my_star_balance()).amount == 0
    told = (await bot.get_updates(-1))[0].message
    assert told is not None
    assert told.refunded_payment is not None
    assert told.refunded_payment.telegram_payment_charge_id == paid.charge_id
    assert world.violations == []


async def test_refund_with_too_few_stars_is_refused(world: World, alice: Person, api: Api) -> None:
    message = await _invoice(world, api, alice, STARS)
    paid = await _pay(world, api, alice, message)
    withdraw_stars(world, world.bot.id, 1000)
    asked = {"user_id": alice.id, "telegram_payment_charge_id": paid.charge_id}
    assert "BALANCE_TOO_LOW" in await api.error("refundStarPayment", asked)


class Company:
    """The pretend payment company's HTTP side."""

    def __init__(self, table: Running, session: aiohttp.ClientSession) -> None:
        self.url, self.session = f"{table.base_url}/pretend", session

    async def refund(self, charge: str, amount: int, key: str, **more: Any) -> tuple[int, Json]:
        body = {"charge": charge, "amount": amount, "currency": "USD", "key": key, **more}
        async with self.session.post(f"{self.url}/refunds", json=body, headers=BEARER) as answer:
            return answer.status, await answer.json()

    async def charges(self) -> list[Json]:
        async with self.session.get(f"{self.url}/charges?after=0", headers=BEARER) as answer:
            found: list[Json] = (await answer.json())["charges"]
            return found


async def test_card_is_refunded_in_parts_and_by_key_once(
    world: World, alice: Person, api: Api
) -> None:
    company = Company(api.table, api.session)
    paid = await _pay(world, api, alice, await _invoice(world, api, alice))
    charge = paid.provider_charge_id
    status, first = await company.refund(charge, 1000, "k1")
    assert (status, first["status"], first["amount"]) == (200, "succeeded", 1000)
    assert await company.refund(charge, 1000, "k1") == (200, first)
    assert (await company.refund(charge, 900, "k1"))[0] == 409
    assert await company.refund(charge, 251, "k2") == (402, {"error": "charge_exceeded"})
    assert (await company.refund(charge, 250, "k3"))[0] == 200
    assert [(one["charge"], one["refunded"]) for one in await company.charges()] == [(charge, 1250)]


async def test_card_refund_wrong_requests(world: World, alice: Person, api: Api) -> None:
    company = Company(api.table, api.session)
    paid = await _pay(world, api, alice, await _invoice(world, api, alice))
    charge = paid.provider_charge_id
    assert (await company.refund("ch_none", 1, "k1"))[0] == 404
    assert (await company.refund(charge, 0, "k2"))[0] == 400
    assert (await company.refund(charge, 1, "k3", currency="EUR"))[0] == 400
    async with api.session.post(f"{company.url}/refunds", json={}) as answer:
        assert answer.status == 401
    assert [one["refunded"] for one in await company.charges()] == [0]


async def test_card_refund_lost_after_its_effect_is_safe_to_repeat(
    world: World, alice: Person, api: Api
) -> None:
    company = Company(api.table, api.session)
    paid = await _pay(world, api, alice, await _invoice(world, api, alice))
    world.faults.plan("reset", when="after", method="pretend/refunds")
    with pytest.raises(aiohttp.ClientError):
        await company.refund(paid.provider_charge_id, 500, "k1")
    assert (await company.refund(paid.provider_charge_id, 500, "k1"))[0] == 200
    assert [one["refunded"] for one in await company.charges()] == [500]


async def test_forwarded_invoice_is_paid_by_another(
    world: World, alice: Person, bob: Person, api: Api
) -> None:
    message = await _invoice(world, api, alice)
    await acts.start(world, bob)
    copy = await api.ok(
        "forwardMessage",
        {"chat_id": bob.id, "from_chat_id": alice.id, "message_id": message.id},
    )
    paid = await _pay(world, api, bob, world.message(bob.id, copy["message_id"]))
    assert paid.ok
    assert [charge.user for charge in world.charges.values()] == [bob.id]


async def test_pre_checkout_reaches_the_second_client(
    world: World, alice: Person, bot: Bot, api: Api
) -> None:
    message = await _invoice(world, api, alice)
    paying = asyncio.create_task(acts.pay(world, alice, message))
    queue = world.queues[world.bot.id]
    await world.wait_for(lambda: queue.pending and queue.pending[-1].kind == "pre_checkout_query")
    query = (await bot.get_updates(-1))[0].pre_checkout_query
    assert isinstance(query, PreCheckoutQuery)
    assert await query.answer(ok=True)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await query.answer(ok=True)
    assert (await paying).ok


async def test_two_answers_in_one_breath_count_once(world: World, alice: Person, api: Api) -> None:
    message = await _invoice(world, api, alice)
    paying = asyncio.create_task(acts.pay(world, alice, message))
    await world.wait_for(lambda: world.checkouts)
    answer = {"pre_checkout_query_id": next(iter(world.checkouts)), "ok": True}
    statuses = [
        (await run_call(world, world.bot, "answerPreCheckoutQuery", answer, {}))[0]
        for _ in range(2)
    ]
    assert statuses == [200, 400]
    assert (await paying).ok
