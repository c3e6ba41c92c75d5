"""Becoming a brand, its page, its hub, and the operator's word."""

from __future__ import annotations

from sqlalchemy import func, select

from playground import acts
from storage.database import Database
from storage.tables import Brand, BrandState, Follow
from tests.chat.brand_desk import become_brand, hub, owner
from tests.chat.shop import Shop, labels, shown


async def brand_named(database: Database, name: str) -> Brand:
    async with database.read() as session:
        rows = await session.execute(select(Brand))
        return next(b for b in rows.scalars() if b.name.in_("en") == name)


async def follows(database: Database) -> int:
    async with database.read() as session:
        found = await session.execute(select(func.count()).select_from(Follow))
        return found.scalar_one()


async def test_brand_waits_for_the_operator_and_is_told(shop: Shop) -> None:
    operator, mia = owner(shop), shop.phone("Mia")
    await operator.start()
    made = await become_brand(mia)
    assert "Waiting for approval" in shown(made)
    brand = await brand_named(shop.database, "Paper Boat")
    assert (brand.state, brand.currency, brand.shipping_minor) == (BrandState.PENDING, "EUR", 450)
    told = await operator.wait_for_text("Mia wants to open a brand: Paper Boat")
    pending = await operator.tap(told, "👀")
    assert "strong paper" in shown(pending)
    after = await operator.tap(pending, "✅ Approve Paper Boat")
    assert "None is waiting" in shown(after)
    news = await mia.wait_for_text("Paper Boat is open")
    desk = await mia.tap(news, "🏪")
    assert "🟢 Open" in shown(desk)
    assert "New deal" in " ".join(labels(desk))


async def test_declined_brand_may_apply_again(shop: Shop) -> None:
    operator, mia = owner(shop), shop.phone("Mia")
    await operator.start()
    await become_brand(mia)
    again = await mia.press(await hub(mia), "✨ Another")
    assert "waiting for approval" in again.text
    pending = await operator.tap(await operator.wait_for_text("Mia wants"), "👀")
    await operator.tap(pending, "✖️ Decline")
    await mia.wait_for_text("was not approved")
    assert "Become a brand" in " ".join(labels(await hub(mia)))
    stale = await operator.press(
        pending, f"by:{(await brand_named(shop.database, 'Paper Boat')).code}"
    )
    assert "changed meanwhile" in stale.text


async def test_forms_explain_bad_answers_and_stay(shop: Shop) -> None:
    mia = shop.phone("Mia")
    form = await mia.tap(await hub(mia), "✨")
    assert "2 to 40" in shown(await mia.send("\u200b\u202e\u3164"))
    form = await mia.send("<b>Bold</b> & Co")
    form = await mia.tap(form, "⏭ Skip")
    assert "10 to 300" in shown(await mia.send("short"))
    form = await mia.send("Bold things for bold people, and <i>tags</i>.")
    assert "single emoji" in shown(await mia.send("abc"))
    form = await mia.send("🧵")
    form = await mia.tap(form, "USD")
    for typed in ("1e9", "-1", "NaN", "9,999,999.99", "free"):
        form = await mia.send(typed)
        assert "That is no price" in shown(form)
    form = await mia.tap(form, "Free shipping")
    assert "<b>Bold</b> & Co" in shown(form)
    assert "tags" in shown(form)
    form = await mia.tap(form, "⬅️ Back")
    assert "shipping cost" in shown(form)
    cancelled = await mia.send("/cancel")
    assert "Nothing was changed" in shown(cancelled)
    async with shop.database.read() as session:
        count = await session.execute(select(func.count()).select_from(Brand))
        assert count.scalar_one() == 3


async def test_confirm_tapped_twice_makes_one_brand(shop: Shop) -> None:
    mia = shop.phone("Mia")
    form = await mia.tap(await hub(mia), "✨")
    for answer in ("Paper Boat", None, "We fold boats and lamps from paper."):
        form = await mia.send(answer) if answer else await mia.tap(form, "⏭ Skip")
    form = await mia.tap(form, "🧶")
    form = await mia.tap(form, "EUR")
    form = await mia.tap(form, "Free")
    first = await acts.press(shop.world, mia.person, form, "✅ Confirm")
    second = await acts.press(shop.world, mia.person, form, "✅ Confirm")
    await shop.world.wait_for(lambda: {first.state, second.state} == {"answered"})
    assert "closed already" in second.text
    async with shop.database.read() as session:
        count = await session.execute(select(func.count()).select_from(Brand))
        assert count.scalar_one() == 4


async def test_brand_page_by_link_follow_and_stop(shop: Shop) -> None:
    alice = shop.phone("Alice")
    brand = await brand_named(shop.database, "Slow Kiln Studio")
    page = await alice.start(f"b{brand.code}")
    assert "Two potters" in shown(page)
    assert "0 followers" in shown(page)
    assert not any(label.startswith("🏪") for label in labels(page))
    page = await alice.tap(page, "🔔 Follow")
    assert "1 follower" in shown(page)
    assert await follows(shop.database) == 1
    for _ in range(2):
        answer = await alice.press(page, f"fu:{brand.code}")
        assert "Slow Kiln Studio will not write to you any more" in answer.text
    assert await follows(shop.database) == 0


async def test_all_products_of_a_brand_are_paged(shop: Shop) -> None:
    alice = shop.phone("Alice")
    brand = await brand_named(shop.database, "Nine Bends Tea House")
    shelf = await alice.tap(await alice.start(f"b{brand.code}"), "🛍 All products")
    first = [label for label in labels(shelf) if "·" in label and len(label) > 1]
    assert len(first) == 6
    shelf = await alice.tap(shelf, "▶️")
    second = [label for label in labels(shelf) if "·" in label and len(label) > 1]
    assert not set(first) & set(second)
    product = await alice.tap(shelf, second[0])
    assert "Nine Bends Tea House" in shown(product)
    assert "Not found" in (await alice.press(product, "bg:zzzzzzzzzzzz:0")).text


async def test_pending_brand_is_nobodys_but_its_owners(shop: Shop) -> None:
    mia, eve = shop.phone("Mia"), shop.phone("Eve")
    await become_brand(mia)
    code = (await brand_named(shop.database, "Paper Boat")).code
    assert "only you can see" in shown(await mia.start(f"b{code}"))
    home = await eve.start(f"b{code}")
    assert "Hello Eve" in shown(home)
    for forged in (
        f"bd:{code}",
        f"bo:{code}:0",
        f"bp:{code}:0",
        f"bpa:{code}",
        f"b:{code}",
        f"bg:{code}:0",
    ):
        answer = await eve.press(home, forged)
        assert "Not found" in answer.text, forged
    for forged in (f"by:{code}", "bw:0"):
        assert "Only the operator" in (await eve.press(home, forged)).text
    assert (await brand_named(shop.database, "Paper Boat")).state == BrandState.PENDING


async def test_owner_of_several_brands_switches(shop: Shop) -> None:
    olga = owner(shop)
    desk = await hub(olga)
    assert "Nine Bends" in shown(desk)
    other = await olga.tap(desk, "🔀 🏺")
    assert "Slow Kiln" in shown(other)
    assert "Last Tram" in " ".join(labels(other))
    orders = await olga.tap(other, "📦")
    assert "No orders wait" in shown(orders)
    page = await olga.tap(await olga.tap(orders, "⬅️"), "👀")
    assert "Two potters" in shown(page)
