"""Deals by the form, with the preview that chats will see; paused, extended, ended by buttons."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from playground import acts
from playground.things import Message
from storage.database import Database
from storage.tables import Commitment, Deal, DealState, DealTier
from tests.chat.brand_desk import hub, owner
from tests.chat.shop import Phone, Shop, labels, shown


async def deals(database: Database) -> list[Deal]:
    async with database.read() as session:
        rows = await session.execute(select(Deal).order_by(col(Deal.id)))
        return list(rows.scalars())


async def tiers(database: Database, deal: Deal) -> list[tuple[int, int]]:
    async with database.read() as session:
        rows = await session.execute(
            select(col(DealTier.buyers), col(DealTier.price_minor))
            .where(col(DealTier.deal_id) == deal.id)
            .order_by(col(DealTier.buyers))
        )
        return [(buyers, price) for buyers, price in rows]


async def choose_product(phone: Phone, words: str = "gaiwan") -> tuple[Message, str]:
    """Starts the form and finds the product by a word; the next question and the label."""
    form = await phone.tap(await hub(phone), "➕ New deal")
    assert any(label.startswith("▶️ More") for label in labels(form))
    form = await phone.tap(form, "▶️ More")
    assert any(label.startswith("◀️ Earlier") for label in labels(form))
    form = await phone.send("no such thing")
    form = await phone.tap(form, "🤷 Nothing")
    assert any(label.startswith("▶️ More") for label in labels(form))
    form = await phone.send(words)
    assert f"Found for “{words}”" in shown(form)
    assert "↩️ Show all" in labels(form)
    label = next(label for label in labels(form) if "·" in label)
    return await phone.tap(form, label), label


async def flash(phone: Phone, price: str = "1.50") -> Message:
    form, _ = await choose_product(phone, "tea")
    form = await phone.tap(form, "⚡ Flash sale")
    form = await phone.send(price)
    form = await phone.tap(form, "Now")
    form = await phone.tap(form, "After 6 hours")
    form = await phone.send("5")
    form = await phone.tap(form, "2")
    form = await phone.send("Tea for two")
    return await phone.tap(form, "✅ Confirm")


async def test_flash_sale_from_form_to_shoppers_home(shop: Shop) -> None:
    olga, alice = owner(shop), shop.phone("Alice")
    card = await flash(olga)
    assert "Your deal is up" in shown(card)
    assert "$1.50 instead of" in shown(card)
    assert "📣 Broadcast it" in labels(card)
    made = (await deals(shop.database))[-1]
    assert (made.price_minor, made.stock_left, made.per_person) == (150, 5, 2)
    assert "Tea for two" in shown(await alice.start(f"d{made.code}"))


async def test_ladder_says_what_is_wrong_with_it(shop: Shop) -> None:
    olga = owner(shop)
    form, _ = await choose_product(olga, "tea")
    form = await olga.tap(form, "📉 Price ladder")
    for typed, words in (
        ("cheap", "Please write it like"),
        ("3=1.5e1", "Please write it like"),
        ("1=3, 5=2", "must rise and prices fall"),
        ("3=2, 5=3", "must rise and prices fall"),
        ("5=3, 3=2", "must rise and prices fall"),
        ("3=3, 101=2", "Please write it like"),
        ("3=9000, 5=3", "must be below that"),
    ):
        assert words in shown(await olga.send(typed)), typed
    form = await olga.send("3=3,00; 5=2,50; 8=2,00")
    assert "like 18:30" in shown(await olga.send("soon"))
    assert "in the future" in shown(await olga.send("2001-01-01 10:00"))
    form = await olga.send("23:59")
    assert "in the future" in shown(await olga.send("2999-01-01 10:00"))
    form = await olga.tap(await olga.wait_for_text("in the future, within a year"), "After a day")
    assert "At least one full group: 8" in shown(await olga.send("7"))
    assert "whole number" in shown(await olga.send("-8"))
    form = await olga.send("8")
    assert "from 1 to 100" in shown(await olga.send("0"))
    form = await olga.send("4")
    form = await olga.tap(form, "🤝 Promise")
    form = await olga.tap(form, "⏭ Skip")
    assert "You promise a seat now" in shown(form)
    assert "from 3 buyers: $3.00" in shown(form)
    card = await olga.tap(form, "✅ Confirm")
    assert "from 8 buyers: $2.00" in shown(card)
    made = (await deals(shop.database))[-1]
    assert await tiers(shop.database, made) == [(3, 300), (5, 250), (8, 200)]
    assert made.commitment == Commitment.PROMISE


async def test_team_price_back_and_other_kind(shop: Shop) -> None:
    olga = owner(shop)
    form, label = await choose_product(olga, "tea")
    form = await olga.tap(form, "👥 Team price")
    for typed in ("1", "101", "two"):
        assert "2 to 100" in shown(await olga.send(typed))
    form = await olga.send("4")
    assert "must be below that" in shown(await olga.send("99999"))
    form = await olga.tap(await olga.wait_for_text("must be below"), "⬅️ Back")
    form = await olga.tap(form, "⬅️ Back")
    form = await olga.tap(form, "👥 Team price")
    form = await olga.send("3")
    form = await olga.send("2")
    form = await olga.tap(form, "In an hour")
    form = await olga.tap(form, "After 3 days")
    form = await olga.send("9")
    form = await olga.tap(form, "1")
    form = await olga.tap(form, "💳 Pay now")
    preview = await olga.tap(form, "⏭ Skip")
    assert "🕐 Starts" in shown(preview)
    before = len(await deals(shop.database))
    first = await acts.press(shop.world, olga.person, preview, "✅ Confirm")
    second = await acts.press(shop.world, olga.person, preview, "✅ Confirm")
    await shop.world.wait_for(lambda: {first.state, second.state} == {"answered"})
    after = await deals(shop.database)
    assert len(after) == before + 1
    assert await tiers(shop.database, after[-1]) == [(3, 200)]
    assert label.startswith(after[-1].title.in_("en"))


async def test_cancel_midway_writes_nothing(shop: Shop) -> None:
    olga = owner(shop)
    before = len(await deals(shop.database))
    form, _ = await choose_product(olga, "tea")
    form = await olga.tap(form, "⚡ Flash sale")
    assert "Nothing was changed" in shown(await olga.tap(form, "✖️ Cancel"))
    assert len(await deals(shop.database)) == before


async def test_posted_card_follows_pause_extend_and_end(shop: Shop) -> None:
    olga, alice = owner(shop), shop.phone("Alice")
    group = shop.world.new_group("Tea lovers", [alice.person, olga.person])
    card = await flash(olga)
    made = (await deals(shop.database))[-1]
    asked = await acts.inline(shop.world, alice.person, f"d.{made.code}", chat=group)
    posted = await acts.choose(shop.world, alice.person, asked, asked.results[0]["id"], group)

    async def says(words: str) -> None:
        await shop.world.wait_for(lambda: words in shown(group.messages[posted.id]), timeout=20)

    paused = await olga.tap(card, "⏸ Pause")
    await says("Paused by the brand")
    again = await olga.tap(paused, "▶️ Go on")
    await says("⏳ Ends")
    first = await olga.press(again, "➕ One day more")
    assert first.message is not None
    twice = await olga.press(again, f"blx:{made.code}:{int(made.ends_at.timestamp())}")
    assert "changed meanwhile" in twice.text
    longer = (await deals(shop.database))[-1]
    assert longer.ends_at - made.ends_at == timedelta(days=1)
    sure = await olga.tap(first.message, "⏹ End it now")
    assert "cannot be undone" in shown(sure)
    over = await olga.tap(sure, "⏹ Yes")
    assert "Over." in shown(over)
    await says("Over.")
    answer = await alice.press(await alice.start(), f"bf:{made.code}")
    assert "This deal is over" in answer.text


async def test_foreign_codes_are_not_found(shop: Shop) -> None:
    eve = shop.phone("Eve")
    home = await eve.start()
    deal = (await deals(shop.database))[0]
    end = int(deal.ends_at.timestamp())
    for data in (
        f"blo:{deal.code}",
        f"blp:{deal.code}",
        f"ble:{deal.code}",
        f"bly:{deal.code}",
        f"blx:{deal.code}:{end}",
        f"blx:{deal.code}:now",
        f"bcd:{deal.code}",
        "bly:zzzzzzzzzzzz",
    ):
        assert "Not found" in (await eve.press(home, data)).text, data
    async with shop.database.read() as session:
        ended = await session.execute(
            select(func.count()).select_from(Deal).where(col(Deal.state) != DealState.LIVE)
        )
        assert ended.scalar_one() == 0
