"""An order by phone: packed, sent, received, sent back; cancelled; partly paid back; explained."""

from __future__ import annotations

import csv
import io

from playground.things import Message
from tests.chat.brand_desk import hub, owner
from tests.chat.shop import Phone, Shop, labels, shown
from tests.chat.test_group_story import ledger_sum, open_deal, pay_for

DAY = 24 * 3600


async def buy(phone: Phone) -> Message:
    """A flash deal, paid; the order's card."""
    deal = await open_deal(phone, "⚡")
    await pay_for(phone, await phone.tap(deal, "⚡"))
    return await phone.tap(await phone.wait_for_text(": paid"), "📦")


async def sold(brand: Phone, order: Message) -> Message:
    """The same order on the brand's desk: reached through whichever of its brands sold it."""
    short = shown(order).split()[2]
    desk = await hub(brand)
    for _ in range(9):
        shelf = await brand.tap(desk, "📦 Orders")
        if any(label.startswith(short) for label in labels(shelf)):
            return await brand.tap(shelf, short)
        desk = await brand.tap(shelf, "⬅️ Back")
        desk = await brand.tap(desk, "🔀")
    raise AssertionError(f"no brand has order {short}")


async def test_order_goes_out_and_comes_back(shop: Shop) -> None:
    brand, alice = owner(shop), shop.phone("Alice")
    await brand.start()
    order = await buy(alice)
    assert "✖️ Cancel the order" in labels(order)
    card = await brand.tap(await sold(brand, order), "📦 It is packed")
    await alice.wait_for_text(": packed")
    late = await alice.press(order, "✖️ Cancel")
    assert "changed meanwhile" in late.text
    form = await brand.tap(card, "🚚 It is sent")
    form = await brand.tap(form, "DHL")
    card = await brand.send("JD014600003")
    assert "on its way" in shown(card)
    told = await alice.wait_for_text(": on its way")
    assert "JD014600003" in shown(told)
    order = await alice.tap(await alice.tap(told, "📦"), "🏡 I have it")
    assert "received" in shown(order)
    await brand.wait_for_text(": received")
    form = await alice.tap(order, "↩️ Send it back")
    order = await alice.tap(form, "💔")
    assert "on its way back" in shown(order)
    card = await brand.tap(await brand.wait_for_text("wants to send it back"), "📦")
    form = await brand.tap(card, "↩️ It is back")
    form = await brand.tap(form, "All of it")
    assert "cannot be taken back" in shown(form)
    card = await brand.tap(form, "✅ Confirm")
    assert "returned" in shown(card)
    await alice.wait_for_text(": returned")
    await alice.wait_for_text(": done")
    assert await ledger_sum(shop.database) == {}


async def test_buyer_cancels_and_asks_why(shop: Shop) -> None:
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    order = await buy(alice)
    code = shown(order).split()[2]
    order = await alice.tap(await alice.tap(order, "✖️ Cancel"), "✖️ Yes")
    assert "cancelled" in shown(order)
    await alice.wait_for_text(": done")
    told = shown(await alice.send(f"/why {code}"))
    for words in ("Price", "paid, card", "the order was cancelled", "is back, card", "Messages"):
        assert words in told
    assert "Not found" in shown(await bob.send(f"/why {code}"))
    assert "send the code" in shown(await bob.send("/why"))


async def test_owner_gives_a_part_back_and_exports(shop: Shop) -> None:
    brand, alice = owner(shop), shop.phone("Alice")
    await brand.start()
    order = await buy(alice)
    card = await sold(brand, order)
    form = await brand.tap(card, "💚")
    assert "At most" in shown(await brand.send("99999"))
    form = await brand.send("1.50")
    form = await brand.send("=Sorry")
    form = await brand.tap(form, "✅ Confirm")
    assert "$1.50" in shown(form)
    note = await alice.wait_for_text("the brand gives a part back")
    assert "“=Sorry”" in shown(note)
    await alice.wait_for_text("Refund of $1.50: done")
    shelf = await brand.tap(form, "⬅️ Back")
    last = max(brand.chat.messages)
    await brand.press(shelf, "📄")
    file = await brand.next(last)
    assert file.document is not None
    data = file.document.content
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(row["state"], row["order_refunded"]) for row in rows] == [("paid", "1.50")]


async def test_silence_counts_as_received(shop: Shop) -> None:
    brand, alice = owner(shop), shop.phone("Alice")
    await brand.start()
    card = await brand.tap(await sold(brand, await buy(alice)), "📦 It is packed")
    form = await brand.tap(await brand.tap(card, "🚚 It is sent"), "UPS")
    await brand.tap(form, "⏭ Skip")
    await alice.wait_for_text(": on its way")
    shop.world.turn_clock(14 * DAY)
    assert "sent 14 days ago" in shown(await alice.wait_for_text(": received"))
