"""Money that came too late, on the phone: the hold ends between "go ahead" and the charge."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.payments import Charge, record_payment
from playground.records import Charge as Taken
from storage.tables import Checkout, Person
from tests.chat.shop import Phone, Shop, labels, shown
from tests.chat.test_group_story import ledger_sum, open_deal
from tests.commerce.people import actor


async def pays_after_all(shop: Shop, phone: Phone) -> None:
    """What Telegram tells when the card was charged a moment too late."""
    async with shop.database.read() as session:
        person = select(Person).where(col(Person.telegram_id) == phone.person.id)
        who = actor(shop.database, (await session.execute(person)).scalar_one())
        newest = select(Checkout).where(col(Checkout.person_id) == who.person_id)
        rows = await session.execute(newest.order_by(col(Checkout.id).desc()).limit(1))
        held = rows.scalar_one()
    charge = Charge("pretend", "late-1", "ch_late", held.code, held.currency, held.total_minor)
    shop.world.charges["late-1"] = Taken(
        charge_id="late-1",
        provider_id="ch_late",
        bot=shop.world.bot.id,
        user=phone.person.id,
        chat=phone.chat.id,
        currency=held.currency,
        amount=held.total_minor,
        payload=held.code,
        at=shop.world.clock.now(),
        provider_token=next(iter(shop.world.provider_tokens)),
    )
    await record_payment(replace(who, bot_id=held.bot_id), charge, now=shop.clock.now())


async def called_off(shop: Shop) -> Phone:
    """Alice opened a group; her hold ran out, so it was called off; then her money came."""
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Two mugs")
    await alice.address(await alice.tap(await alice.tap(deal, "🎉"), "📍"))
    shop.world.turn_clock(11 * 60)
    await alice.wait_for_text("No longer held for you")
    await pays_after_all(shop, alice)
    return alice


async def test_late_money_opens_a_new_group(shop: Shop) -> None:
    alice = await called_off(shop)
    asked = await alice.wait_for_text("Your payment came late")
    assert labels(asked) == ["🎉 Open a new group · $16.50", "↩️ Money back"]
    group = await alice.tap(asked, "🎉")
    assert "1 of 2 paid" in shown(group)
    assert await ledger_sum(shop.database) == {}


async def test_late_money_goes_back_when_it_shall(shop: Shop) -> None:
    alice = await called_off(shop)
    asked = await alice.wait_for_text("Your payment came late")
    assert "goes back to you" in shown(await alice.tap(asked, "↩️"))
    await alice.wait_for_text("Refund of $16.50: done")
    assert await ledger_sum(shop.database) == {}


async def test_late_money_goes_back_after_a_day(shop: Shop) -> None:
    alice = await called_off(shop)
    await alice.wait_for_text("Your payment came late")
    shop.world.turn_clock(24 * 3600)
    await alice.wait_for_text("Refund of $16.50: done")
    assert await ledger_sum(shop.database) == {}
