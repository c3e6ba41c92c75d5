"""Where a parcel goes is nobody's business in a group: the way to pay opens in private."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from cards.presses import CancelCheckout, ShowCheckout
from playground import acts
from storage.tables import Checkout, CheckoutState
from tests.chat.shop import Shop, shown
from tests.chat.test_group_story import open_deal, share


async def checkouts(shop: Shop) -> list[tuple[str, CheckoutState]]:
    async with shop.database.read() as session:
        rows = await session.execute(select(col(Checkout.code), col(Checkout.state)))
        return [(code, state) for code, state in rows]


async def test_checkout_pressed_in_a_group_leads_to_the_private_chat(shop: Shop) -> None:
    alice = shop.phone("Alice")
    friends = shop.world.new_group("Tea friends", [alice.person])
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    card = await alice.address(await alice.tap(checkout, "📍"))
    assert "12 Tea Lane" in shown(card)
    posted = await share(alice, await open_deal(alice, "Two mugs"), friends)
    [(code, _)] = await checkouts(shop)
    before = shown(posted)
    for press in (ShowCheckout(code), CancelCheckout(code)):
        answer = await acts.press_and_wait(shop.world, alice.person, posted, press.pack())
        assert (f"start=x{code}" in answer.url, shown(posted)) == (True, before)
    assert all("Tea Lane" not in shown(m) for m in friends.messages.values())
    assert await checkouts(shop) == [(code, CheckoutState.RELEASED)]
