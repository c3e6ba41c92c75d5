"""The main job, end to end: open, share, join, pay, succeed, money back, order listed."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlmodel import col

from playground import acts
from playground.things import Chat, Message
from storage.database import Database
from storage.tables import LedgerEntry, Order, Refund, RefundState
from tests.chat.shop import Phone, Shop, labels, shown

HOUR = 3600


async def open_deal(phone: Phone, words: str) -> Message:
    """From home through the pages of deals to the one whose button says `words`."""
    page = await phone.tap(await phone.start(), "🔥")
    for _ in range(4):
        found = next((label for label in labels(page) if words in label), None)
        if found:
            return await phone.tap(page, found)
        page = await phone.tap(page, "▶️")
    raise AssertionError(f"no deal says {words}")


async def pay_for(phone: Phone, checkout: Message) -> None:
    """Adds an address, asks for the invoice, pays it."""
    card = await phone.address(await phone.tap(checkout, "📍"), f"{phone.person.first_name} Doe")
    last = max(phone.chat.messages)
    await phone.press(card, "💳")
    assert (await phone.pay(await phone.next(last))).ok


def share_query(message: Message) -> str:
    rows = (message.markup or {})["inline_keyboard"]
    return next(
        str(b["switch_inline_query_chosen_chat"]["query"])
        for row in rows
        for b in row
        if "switch_inline_query_chosen_chat" in b
    )


async def share(phone: Phone, message: Message, chat: Chat) -> Message:
    """Presses Share and picks the chat: the card that stands there then."""
    made = await acts.inline(phone.world, phone.person, share_query(message), chat=chat)
    assert made.results, (share_query(message), shown(message))
    return await acts.choose(phone.world, phone.person, made, made.results[0]["id"], chat)


async def join(phone: Phone, posted: Message) -> None:
    """Presses Join on a card in a chat and pays in private."""
    answer = await phone.press(posted, "🙋")
    await pay_for(phone, await phone.follow(answer.url))


async def ledger_sum(database: Database) -> dict[str, int]:
    async with database.read() as session:
        rows = await session.execute(
            select(
                col(LedgerEntry.transaction_key), func.sum(col(LedgerEntry.amount_minor))
            ).group_by(col(LedgerEntry.transaction_key))
        )
        return {key: int(total) for key, total in rows if total}


async def test_team_price_from_open_to_order(shop: Shop) -> None:
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    friends = shop.world.new_group("Tea friends", [alice.person, bob.person])
    deal = await open_deal(alice, "Two mugs")
    await pay_for(alice, await alice.tap(deal, "🎉"))
    receipt = await alice.wait_for_text("Your seat is paid")
    group = await alice.tap(receipt, "👥")
    assert "1 of 2 paid" in shown(group)

    posted = await share(alice, group, friends)
    await join(bob, posted)
    for phone in (alice, bob):
        assert "Group complete" in shown(await phone.wait_for_text("Group complete"))
    await shop.world.wait_for(lambda: "It worked" in shown(posted) and "It worked" in shown(group))
    assert "being prepared" in shown(await alice.send("/orders"))
    async with shop.database.read() as session:
        orders = (await session.execute(select(Order))).scalars().all()
    assert [o.total_minor for o in orders] == [1250 + 400, 1250 + 400]
    assert await ledger_sum(shop.database) == {}


async def test_ladder_gives_everybody_the_final_price(shop: Shop) -> None:
    phones = [shop.phone(name) for name in ("Ann", "Ben", "Cleo", "Dan")]
    friends = shop.world.new_group("Tea friends", [p.person for p in phones])
    deal = await open_deal(phones[0], "Tasting cups")
    await pay_for(phones[0], await phones[0].tap(deal, "🎉"))
    group = await phones[0].tap(await phones[0].wait_for_text("Your seat is paid"), "👥")
    posted = await share(phones[0], group, friends)
    for phone in phones[1:]:
        await join(phone, posted)
    await shop.world.wait_for(lambda: "4 of 6 paid" in shown(posted))
    shop.world.turn_clock(10 * HOUR)

    for number, phone in enumerate(phones):
        told = shown(await phone.wait_for_text("Group complete"))
        assert "Everyone pays $12.50" in told
        assert "$2.00 back" in told
        after = len(phones) - 1 - number
        assert (f"{after} joined after you" in told) == (after > 0)
        await phone.wait_for_text("Refund of $2.00: done")
    assert len(shop.world.provider_refunds) == 4
    order = await phones[0].tap(await phones[0].wait_for_text("Group complete"), "📦")
    assert "Total: $16.50" in shown(order)
    assert "$2.00 came back" in shown(order)
    assert await ledger_sum(shop.database) == {}


async def test_failed_group_sends_all_money_back(shop: Shop) -> None:
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Three totes")
    await pay_for(alice, await alice.tap(deal, "🎉"))
    group = await alice.tap(await alice.wait_for_text("Your seat is paid"), "👥")
    shop.world.turn_clock(25 * HOUR)
    await alice.wait_for_text("not filled in time")
    await alice.wait_for_text("Refund of $21.90: done")
    await shop.world.wait_for(lambda: "Not enough people" in shown(group))
    assert "No orders yet" in shown(await alice.send("/orders"))
    async with shop.database.read() as session:
        states = (await session.execute(select(col(Refund.state)))).scalars().all()
    assert states == [RefundState.DONE]
    assert await ledger_sum(shop.database) == {}


async def test_payment_after_the_hold_goes_back(shop: Shop) -> None:
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Two mugs")
    checkout = await alice.tap(deal, "🎉")
    card = await alice.address(await alice.tap(checkout, "📍"))
    last = max(alice.chat.messages)
    await alice.press(card, "💳")
    invoice = await alice.next(last)
    shop.world.turn_clock(11 * 60)
    paid = await alice.pay(invoice)
    assert not paid.ok
    assert "went back on the shelf" in (paid.error or "")


async def invoice_for(phone: Phone, words: str) -> Message:
    checkout = await phone.tap(await open_deal(phone, words), "🎉")
    card = await phone.address(await phone.tap(checkout, "📍"))
    last = max(phone.chat.messages)
    await phone.press(card, "💳")
    return await phone.next(last)


async def test_a_paid_invoice_cannot_be_paid_again(shop: Shop) -> None:
    alice = shop.phone("Alice")
    invoice = await invoice_for(alice, "Two mugs")
    assert (await alice.pay(invoice)).ok
    await alice.wait_for_text("Your seat is paid")
    again = await alice.pay(invoice)
    assert not again.ok
    assert "changed meanwhile" in again.error


async def test_anothers_invoice_cannot_be_paid(shop: Shop) -> None:
    alice, mallory = shop.phone("Alice"), shop.phone("Mallory")
    invoice = await invoice_for(alice, "Two mugs")
    group = shop.world.new_group("Tea friends", [alice.person, mallory.person])
    forwarded = await forward(shop, invoice, group)
    refused = await mallory.pay(forwarded)
    assert not refused.ok
    assert "Not found" in refused.error


async def forward(shop: Shop, invoice: Message, chat: Chat) -> Message:
    """A copy of the invoice where others see it, as a forwarded one keeps its Pay button."""
    copy = replace(invoice, chat_id=chat.id)
    shop.world.add_message(chat, copy)
    return copy


async def test_orders_lead_back_to_what_waits(shop: Shop) -> None:
    """A hold to pay for, then a paid seat in an open group, then the order alone."""
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    deal = await open_deal(alice, "Two mugs")
    await alice.tap(deal, "🎉")
    checkout = await alice.tap(await alice.send("/orders"), "💳")
    assert "Held for you" in shown(checkout)
    await pay_for(alice, checkout)
    await alice.wait_for_text("Your seat is paid")
    group = await alice.tap(await alice.send("/orders"), "👥")
    assert "1 of 2 paid" in shown(group)
    friends = shop.world.new_group("Tea friends", [alice.person, bob.person])
    await join(bob, await share(alice, group, friends))
    await alice.wait_for_text("Group complete")
    listed = await alice.send("/orders")
    assert [label for label in labels(listed) if label.startswith(("💳", "👥"))] == []
    assert "being prepared" in shown(listed)


async def test_holder_of_the_last_seat_finds_the_way_back(shop: Shop) -> None:
    alice, bob, cleo = (shop.phone(name) for name in ("Alice", "Bob", "Cleo"))
    people = [phone.person for phone in (alice, bob, cleo)]
    friends = shop.world.new_group("Tea friends", people)
    await pay_for(alice, await alice.tap(await open_deal(alice, "Two mugs"), "🎉"))
    group = await alice.tap(await alice.wait_for_text("Your seat is paid"), "👥")
    posted = await share(alice, group, friends)
    held = await bob.follow((await bob.press(posted, "🙋")).url)
    await shop.world.wait_for(lambda: "●◐" in shown(posted))
    assert "All 2 seats are taken" in (await cleo.press(posted, "🙋")).text
    await bob.tap(held, "🏠")
    await pay_for(bob, await bob.follow((await bob.press(posted, "🙋")).url))
    await shop.world.wait_for(lambda: "It worked" in shown(posted))
    assert labels(posted) == ["👀 See the deal"]


async def test_address_form_leads_back_to_its_order(shop: Shop) -> None:
    alice = shop.phone("Alice")
    order = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    for leave in ("✖️", "⬅️"):
        cancelled = await alice.tap(await alice.tap(order, "📍"), leave)
        order = await alice.tap(cancelled, "⬅️ Back")
        assert "Held for you" in shown(order)
    await alice.tap(order, "📍")
    order = await alice.tap(await alice.send("/cancel"), "⬅️ Back")
    assert "Held for you" in shown(order)


async def test_address_form_of_a_lost_hold_closes(shop: Shop) -> None:
    alice = shop.phone("Alice")
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    form = await alice.tap(checkout, "📍")
    for typed in ("Alice Doe", "8 Lantern Street", "Oxford"):
        form = await alice.send(typed)
    await alice.tap(form, "⏭")
    form = await alice.send("England")
    shop.world.turn_clock(11 * 60)
    answer = await alice.press(form, "⏭")
    assert "ten minutes are up" in answer.text

    over = await alice.tap(form, "⬅️ Back")
    assert "no longer held" in shown(over)
    assert "📍 Add address" not in labels(over)
    again = await alice.tap(await open_deal(alice, "Three totes"), "🎉")
    assert "8 Lantern Street" in shown(again)


async def test_who_did_not_pay_in_time_is_told_where_to_begin_again(shop: Shop) -> None:
    alice = shop.phone("Alice")
    await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    shop.world.turn_clock(11 * 60)
    told = await alice.wait_for_text("No longer held for you: Morning Mug")
    group = await alice.tap(told, "👀")
    assert "Called off" in shown(group)


async def test_group_opened_in_a_chat_has_one_card_there(shop: Shop) -> None:
    """Also when the button is tapped twice."""
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    friends = shop.world.new_group("Tea friends", [alice.person, bob.person])
    await acts.add_bot(shop.world, bob.person, friends)
    await bob.wait_for_text("a shop inside your chat", friends)
    await alice.start()
    await alice.press(await alice.send("/deals", friends), "Two mugs")
    deal = await alice.wait_for_text("Alone:", friends)
    for _ in range(2):
        assert "start=x" in (await alice.press(deal, "🎉")).url
    card = await alice.wait_for_text("Alice opened a group", friends)
    posted = [m for m in friends.messages.values() if "opened a group" in shown(m)]
    assert [m.id for m in posted] == [card.id]
    await join(bob, card)
    await shop.world.wait_for(lambda: "●" in shown(card))
