"""Switching cash and transfers on: where a transfer shall go."""

from __future__ import annotations

from cards.brands import desk_card
from commerce.actions import branding, by_hand
from conversations.form import Asking, Form, Step
from conversations.reading import read_text
from conversations.screen import Screen


class ByHandForm(Form, state="by_hand"):
    """Context: `brand`, the brand's code."""

    steps = (
        Step(
            "note",
            lambda a: a.say(
                "💵 <b>Cash and transfers</b>\nWhat should a buyer know: where to pay in cash, "
                "which account a transfer goes to? They see it once they choose to pay so."
            ),
            read_text(200),
            optional=True,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, kit = asking.answers, asking.kit
        brand = answers["brand"]
        await by_hand.set_by_hand(kit["actor"], brand, True, note=answers.get("note", ""))
        desk = await branding.brand_desk(kit["actor"], brand, now=kit["now"])
        assert desk is not None
        await screen.show(desk_card(desk, asking.say, kit["links"]))
