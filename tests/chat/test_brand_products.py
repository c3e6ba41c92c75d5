"""Putting up a product by the form, and changing it by buttons."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from playground import acts
from storage.database import Database
from storage.tables import Photo, PictureFile, Product, Variant
from tests.chat.brand_desk import add_product, fill_product, hub, owner, photo, picture
from tests.chat.shop import Shop, labels, shown


async def product_named(database: Database, title: str) -> Product | None:
    async with database.read() as session:
        rows = await session.execute(select(Product))
        return next((p for p in rows.scalars() if p.title.in_("en") == title), None)


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        found = await session.execute(select(func.count()).select_from(table))
        return found.scalar_one()


async def test_product_with_options_and_photos_can_be_found_and_bought(shop: Shop) -> None:
    olga, alice = owner(shop), shop.phone("Alice")
    form = await olga.tap(await hub(olga), "➕ New product")
    preview = await fill_product(olga, form)
    assert preview.photo
    assert "39.90" in shown(preview)
    assert "2 photos" in shown(preview)
    card = await olga.tap(preview, "✅ Confirm")
    assert "Red: $39.90, 12 in stock" in shown(card)
    product = await product_named(shop.database, "Paper Lamp")
    assert product is not None
    async with shop.database.read() as session:
        variants = await session.execute(
            select(col(Variant.price_minor), col(Variant.stock_left)).where(
                col(Variant.product_id) == product.id
            )
        )
        assert variants.all() == [(3990, 12), (3990, 12)]
        photos = await session.execute(
            select(col(PictureFile.file_id))
            .join(Photo, col(Photo.picture_key) == col(PictureFile.key))
            .where(col(Photo.product_id) == product.id)
        )
        assert len(photos.all()) == 2
    found = await alice.send("paper lamp")
    shown_product = await alice.tap(found, "Paper Lamp")
    assert shown_product.photo
    assert {"🛒 Buy Red · $39.90", "🛒 Buy Blue · $39.90"} <= set(labels(shown_product))


async def test_bad_answers_keep_the_form_and_say_why(shop: Shop) -> None:
    olga = owner(shop)
    form = await olga.tap(await hub(olga), "➕ New product")
    form = await olga.send("Paper Kite")
    form = await olga.send("纸鸢")
    form = await olga.send("Flies on days when nothing else does.")
    assert "tap one of the buttons" in shown(await olga.send("toys"))
    form = await olga.wait_for_text("On which shelf")
    form = await olga.tap(form, "🛋 Living")
    for typed in ("1e9", "٠", "inf", "-5", "1,5,5", "=1+1", "99999999999999999999"):
        assert "That is no price" in shown(await olga.send(typed)), typed
    form = await olga.send("12,50")
    assert "there twice" in shown(await olga.send("Red, red"))
    form = await olga.tap(await olga.wait_for_text("there twice"), "⏭ Skip")
    for typed in ("-1", "1.0", "one", "1000001", "10^9"):
        assert "whole number from 0" in shown(await olga.send(typed)), typed
    form = await olga.send("3")
    assert "✅ Done" not in labels(form)
    sent = await acts.document(olga.world, olga.person, olga.chat, b"x" * 100, "photo.png")
    assert "came as a file" in shown(await olga.next(sent.id))
    assert "Please send a photo" in shown(await olga.send("no photo"))
    form = await photo(olga, 10)
    assert "1 of at most 10" in shown(form)
    assert await product_named(shop.database, "Paper Kite") is None
    card = await olga.tap(await olga.tap(form, "✅ Done"), "✅ Confirm")
    assert "12.50, 3 in stock" in shown(card)


async def test_album_of_eleven_keeps_ten(shop: Shop) -> None:
    olga = owner(shop)
    form = await olga.tap(await hub(olga), "➕ New product")
    preview = await fill_product(olga, form)
    form = await olga.tap(preview, "⬅️ Back")
    assert "0 of at most 10" in shown(form)
    await acts.photos(olga.world, olga.person, olga.chat, [picture(20 * i) for i in range(10)])
    await olga.wait_for_text("10 of at most 10")
    form = await photo(olga, 250)
    assert "10 photos are the most" in shown(form)
    card = await olga.tap(await olga.tap(form, "✅ Done"), "✅ Confirm")
    assert "On the shelf" in shown(card)


async def test_cancel_midway_writes_nothing(shop: Shop) -> None:
    olga = owner(shop)
    before = await count(shop.database, Product)
    form = await olga.tap(await hub(olga), "➕ New product")
    await fill_product(olga, form)
    assert "Nothing was changed" in shown(await olga.send("/cancel"))
    assert await count(shop.database, Product) == before


async def test_confirm_tapped_twice_makes_one_product(shop: Shop) -> None:
    olga = owner(shop)
    before = await count(shop.database, Product)
    form = await olga.tap(await hub(olga), "➕ New product")
    preview = await fill_product(olga, form)
    first = await acts.press(shop.world, olga.person, preview, "✅ Confirm")
    second = await acts.press(shop.world, olga.person, preview, "✅ Confirm")
    await shop.world.wait_for(lambda: {first.state, second.state} == {"answered"})
    assert await count(shop.database, Product) == before + 1


async def test_price_stock_and_hiding_by_buttons(shop: Shop) -> None:
    olga, alice = owner(shop), shop.phone("Alice")
    card = await add_product(olga)
    form = await olga.tap(card, "💰 Price Red")
    assert "That is no price" in shown(await olga.send("cheap"))
    card = await olga.send("35")
    assert "Red: $35.00" in shown(card)
    await olga.tap(card, "📦 Stock Blue")
    card = await olga.send("0")
    assert "Blue: $39.90, 0 in stock" in shown(card)
    product = await product_named(shop.database, "Paper Lamp")
    assert product is not None
    assert product.from_minor == 3500
    hidden = await olga.tap(card, "🙈 Hide")
    assert "Hidden" in shown(hidden)
    assert "Hello" in shown(await alice.start(f"p{product.code}"))
    again = await olga.tap(hidden, "🟢 Show again")
    assert "On the shelf" in shown(again)
    assert "Paper Lamp" in shown(await alice.start(f"p{product.code}"))
    assert form.id


async def test_foreign_codes_are_not_found(shop: Shop) -> None:
    olga, eve = owner(shop), shop.phone("Eve")
    await add_product(olga)
    product = await product_named(shop.database, "Paper Lamp")
    assert product is not None
    async with shop.database.read() as session:
        rows = await session.execute(
            select(col(Variant.code)).where(col(Variant.product_id) == product.id)
        )
        variant = rows.scalars().first()
    home = await eve.start()
    for data in (
        f"bpo:{product.code}",
        f"bps:{product.code}:0",
        f"bpp:{variant}",
        f"bpq:{variant}",
        "bpo:zzzzzzzzzzzz",
    ):
        assert "Not found" in (await eve.press(home, data)).text, data
    async with shop.database.read() as session:
        assert (await session.get_one(Product, product.id)).state == "live"
