"""Broadcasts: preview, test, confirm, delivery, report, and the button that stops them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from playground import acts
from playground.things import Message
from storage.database import Database
from storage.tables import Brand, Broadcast, Deal
from tests.chat.brand_desk import hub, owner
from tests.chat.shop import Phone, Shop, labels, shown


async def tea_house(database: Database) -> Brand:
    async with database.read() as session:
        rows = await session.execute(select(Brand).order_by(col(Brand.id)).limit(1))
        return rows.scalar_one()


async def broadcasts(database: Database) -> int:
    async with database.read() as session:
        found = await session.execute(select(func.count()).select_from(Broadcast))
        return found.scalar_one()


async def follow(shop: Shop, *names: str) -> list[Phone]:
    code = (await tea_house(shop.database)).code
    phones = [shop.phone(name) for name in names]
    for phone in phones:
        await phone.tap(await phone.start(f"b{code}"), "🔔 Follow")
    return phones


async def write(phone: Phone, text: str) -> Message:
    """A broadcast of text alone, up to the preview."""
    form = await phone.tap(await hub(phone), "📣 Broadcast")
    await phone.tap(form, "⏭ Skip")
    return await phone.send(text)


async def test_text_goes_to_all_followers_once_a_day(shop: Shop) -> None:
    olga = owner(shop)
    alice, bob = await follow(shop, "Alice", "Bob")
    check = await write(olga, "New <b>leaves</b> are in.\n\nCome and taste!")
    assert "It goes to 2 followers" in shown(check)
    await olga.tap(check, "🧪")
    test = await olga.next(check.id)
    assert "🔕 Stop these" in labels(test)
    assert await broadcasts(shop.database) == 0
    report = await olga.tap(check, "✅ Send it to 2")
    for phone in (alice, bob):
        got = await phone.wait_for_text("New <b>leaves</b> are in.\n\nCome and taste!")
        assert "🔕 Stop these" in labels(got)
    report = await olga.tap(report, "🔄 Refresh")
    assert "Sent: 2" in shown(report)
    again = await write(olga, "One more thing")
    answer = await olga.press(again, "✅ Send it")
    assert "Your followers got a broadcast today" in answer.text
    assert await broadcasts(shop.database) == 1


async def test_stop_in_a_broadcast_unfollows_and_leaves_the_message(shop: Shop) -> None:
    olga = owner(shop)
    alice, bob = await follow(shop, "Alice", "Bob")
    await olga.tap(await write(olga, "Good morning"), "✅ Send it to 2")
    got = await alice.wait_for_text("Good morning")
    answer = await alice.press(got, "🔕 Stop these")
    assert answer.alert
    assert answer.message is not None
    assert "Good morning" in shown(answer.message)
    await bob.wait_for_text("Good morning")
    shop.world.clock.advance(25 * 3600)
    check = await write(olga, "Good morning again")
    assert "It goes to 1 follower." in shown(check)


async def test_deal_with_words_fits_into_a_caption(shop: Shop) -> None:
    olga = owner(shop)
    (alice,) = await follow(shop, "Alice")
    form = await olga.tap(await hub(olga), "📣 Broadcast")
    deal = next(label for label in labels(form) if label[0] not in "⏭⬅✖▶")
    await olga.tap(form, deal)
    assert "Too long by" in shown(await olga.send("x" * 1024))
    check = await olga.send("Only until tonight:")
    assert check.photo
    await olga.tap(check, "✅ Send it to 1")
    got = await alice.wait_for_text("Only until tonight:")
    assert got.photo
    assert deal in shown(got)


async def test_text_over_the_limit_is_refused_at_once(shop: Shop) -> None:
    olga = owner(shop)
    form = await olga.tap(await hub(olga), "📣 Broadcast")
    await olga.tap(form, "⏭ Skip")
    assert "Too long by" in shown(await olga.send("🍵" * 2_000))
    check = await olga.send("y" * 3_800)
    assert "Nobody follows your brand yet" in shown(check)
    assert not any(label.startswith("✅") for label in labels(check))
    answer = await olga.press(check, "fa:3:send")
    assert await broadcasts(shop.database) == 0
    assert not answer.alert


async def test_deal_is_offered_for_broadcast_from_its_own_card(shop: Shop) -> None:
    olga = owner(shop)
    (alice,) = await follow(shop, "Alice")
    listed = await olga.tap(await hub(olga), "🔥 Deals")
    own = await olga.tap(listed, "🟢")
    form = await olga.tap(own, "📣 Broadcast it")
    check = await olga.tap(form, "⏭ Skip")
    first = await acts.press(shop.world, olga.person, check, "✅ Send it to 1")
    second = await acts.press(shop.world, olga.person, check, "✅ Send it to 1")
    await shop.world.wait_for(lambda: {first.state, second.state} == {"answered"})
    assert await broadcasts(shop.database) == 1
    await alice.wait_for_text("⏳ Ends")


async def test_foreign_codes_are_not_found(shop: Shop) -> None:
    olga, eve = owner(shop), shop.phone("Eve")
    await follow(shop, "Alice")
    await olga.tap(await write(olga, "Hello"), "✅ Send it to 1")
    async with shop.database.read() as session:
        code = (await session.execute(select(col(Broadcast.code)))).scalar_one()
        deal = (await session.execute(select(col(Deal.code)).limit(1))).scalar_one()
    brand = (await tea_house(shop.database)).code
    home = await eve.start()
    for data in (f"bco:{code}", f"bcx:{code}", f"bc:{brand}:0", f"bca:{brand}", f"bcd:{deal}"):
        assert "Not found" in (await eve.press(home, data)).text, data
