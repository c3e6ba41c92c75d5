"""One person who hammers is slowed down; others, and money, are not."""

from __future__ import annotations

import pytest

from tests.chat.shop import Shop, shown


@pytest.mark.clocked
async def test_hammering_is_answered_with_a_request_for_patience(shop: Shop) -> None:
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    home = await alice.start()
    answers = [await alice.press(home, "n") for _ in range(65)]
    assert "very fast" in answers[-1].text
    assert "very fast" not in answers[0].text
    assert "Hello Bob" in shown(await bob.start())
