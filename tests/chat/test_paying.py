"""Ways to pay beside the card, on phones: cash that a brand confirms, store credit, Stars."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions import credit
from commerce.actions.reconciling import differences
from commerce.rules import accounts
from playground.things import Message
from storage.database import Database
from storage.tables import Brand, Checkout, Person
from tests.chat.brand_desk import hub, owner
from tests.chat.shop import Phone, Shop, labels, shown
from tests.chat.test_group_story import open_deal


async def at_checkout(phone: Phone) -> Message:
    """With an address."""
    checkout = await phone.tap(await open_deal(phone, "Two mugs"), "🎉")
    return await phone.address(await phone.tap(checkout, "📍"))


async def give(database: Database, phone: Phone, amount_minor: int) -> None:
    async with database.begin() as session:
        found = await session.execute(
            select(col(Person.id)).where(col(Person.telegram_id) == phone.person.id)
        )
        await credit.give(
            session,
            found.scalar_one() or 0,
            "USD",
            amount_minor,
            key="reward:1",
            source=accounts.REWARDS,
            now=datetime.fromtimestamp(phone.world.clock.now(), UTC),
        )


async def left_to_pay(database: Database) -> int:
    async with database.read() as session:
        checkout = (await session.execute(select(Checkout))).scalar_one()
        return checkout.total_minor - checkout.credit_minor


async def test_cash_is_confirmed_by_the_brand(shop: Shop) -> None:
    alice, olga = shop.phone("Alice"), owner(shop)
    await olga.start()
    card = await alice.tap(await at_checkout(alice), "💵")
    assert "by cash or transfer" in shown(card)
    assert "FI21" in shown(card)
    asked = await olga.wait_for_text("is coming to you by cash or transfer")
    assert "✅ Received" in labels(asked)
    done = await olga.tap(asked, "✅")
    assert "Received." in shown(done)
    await alice.wait_for_text("Your seat is paid")
    assert await differences(shop.database) == []


async def test_cash_that_did_not_come_is_told(shop: Shop) -> None:
    alice, olga = shop.phone("Alice"), owner(shop)
    await olga.start()
    await alice.tap(await at_checkout(alice), "💵")
    asked = await olga.wait_for_text("is coming to you by cash or transfer")
    assert "Not received." in shown(await olga.tap(asked, "✖️"))
    await alice.wait_for_text("The brand has not received your payment")


async def test_owner_switches_cash_on_and_off(shop: Shop) -> None:
    olga = owner(shop)
    desk = await hub(olga)
    if "💵 Cash and transfers: on" in labels(desk):
        desk = await olga.tap(desk, "💵")
    assert "💵 Cash and transfers: off" in labels(desk)
    await olga.tap(desk, "💵")
    desk = await olga.send("Cash at the door")
    assert "💵 Cash and transfers: on" in labels(desk)
    async with shop.database.read() as session:
        notes = (await session.execute(select(col(Brand.by_hand_note)))).scalars().all()
    assert "Cash at the door" in notes


async def test_credit_is_used_and_kept_again(shop: Shop) -> None:
    alice = shop.phone("Alice")
    card = await at_checkout(alice)
    total = await left_to_pay(shop.database)
    await give(shop.database, alice, total // 2)
    await alice.tap(card, "✖️ Cancel")
    card = await alice.tap(await at_another(alice), "💰 Use")
    assert "From your store credit" in shown(card)
    card = await alice.tap(card, "💰 Keep")
    assert "From your store credit" not in shown(card)


async def at_another(phone: Phone) -> Message:
    return await phone.tap(await open_deal(phone, "Two mugs"), "🎉")


async def test_credit_alone_pays_by_one_tap(shop: Shop) -> None:
    alice = shop.phone("Alice")
    card = await at_checkout(alice)
    await alice.tap(card, "✖️ Cancel")
    await give(shop.database, alice, 50_000)
    orders = await alice.send("/orders")
    assert "Store credit: $500.00" in shown(orders)
    card = await alice.tap(await at_another(alice), "💰 Use")
    paid = await alice.tap(card, "✅ Place")
    assert "Paid" in shown(paid)
    await alice.wait_for_text("Your seat is paid")
    assert await differences(shop.database) == []


async def test_stars_need_no_address(shop: Shop) -> None:
    alice = shop.phone("Alice")
    async with shop.database.begin() as session:
        await session.execute(update(Brand).values(currency="XTR"))
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    assert "Digital" in shown(checkout)
    assert [label for label in labels(checkout) if label.startswith(("📍", "💵"))] == []
    last = max(alice.chat.messages)
    await alice.press(checkout, "💳")
    invoice = await alice.next(last)
    assert (invoice.invoice is not None, (await alice.pay(invoice)).ok) == (True, True)
    await alice.wait_for_text("Your seat is paid")
    assert await differences(shop.database) == []
