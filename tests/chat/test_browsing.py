"""Browsing: one message, edited in place, from home to a product and back."""

from __future__ import annotations

from tests.chat.shop import Shop, labels, shown


async def test_home_shows_the_deals_that_end_first(shop: Shop) -> None:
    alice = shop.phone("Alice")
    home = await alice.start()
    assert "Hello Alice!" in shown(home)
    assert "Dusk Lamp" in shown(home)
    assert home.photo


async def test_shelves_open_in_place_and_back_works(shop: Shop) -> None:
    alice = shop.phone("Alice")
    home = await alice.start()
    shelves = await alice.tap(home, "🗂")
    assert shelves.id == home.id
    tea = await alice.tap(shelves, "🍵")
    assert "Teaware" in " ".join(labels(tea))
    product = await alice.tap(tea, next(label for label in labels(tea) if "·" in label))
    assert any(label.startswith("🛒") for label in labels(product))
    again = await alice.tap(product, "⬅️")
    assert shown(again) == shown(tea)
    assert len(alice.world.private(alice.person).messages) == 2
