"""Notices about money that goes from hand to hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.card import Button, Card
from cards.language import Language, lines
from cards.links import Links
from cards.presses import ConfirmByHand, DeclineByHand, HandedBack, ShowDeals, ShowHome
from storage.texts import LocalizedText

Facts = Mapping[str, Any]


def _bought(facts: Facts, say: Language) -> Markup:
    title = LocalizedText.from_json(facts["title"])
    return say("{buyer}: {title}", buyer=facts["buyer"], title=title)


def cash_coming(facts: Facts, say: Language, links: Links) -> Card:
    price = say.money(facts["amount_minor"], facts["currency"])
    until = datetime.fromisoformat(facts["until"])
    return Card(
        lines(
            say("💵 <b>{price} is coming to you by cash or transfer</b>", price=price),
            _bought(facts, say),
            say("Please say when it is there. It is held until {when}.", when=say.instant(until)),
        ),
        (
            (
                Button(say.plain("✅ Received"), ConfirmByHand(facts["checkout"])),
                Button(say.plain("✖️ Not received"), DeclineByHand(facts["checkout"])),
            ),
        ),
    )


def cash_missing(facts: Facts, say: Language, links: Links) -> Card:
    title = LocalizedText.from_json(facts["title"])
    return Card(
        lines(
            say("<b>The brand has not received your payment: {title}</b>", title=title),
            say("It is no longer held for you. If you did pay, please ask the brand."),
        ),
        (
            (
                Button(say.plain("🔥 All deals"), ShowDeals(0)),
                Button(say.plain("🏠 Home"), ShowHome()),
            ),
        ),
    )


def hand_back(facts: Facts, say: Language, links: Links) -> Card:
    price = say.money(facts["amount_minor"], facts["currency"])
    return Card(
        lines(
            say("↩️ <b>Please give {price} back by hand</b>", price=price),
            _bought(facts, say),
            say("It was paid to you by cash or transfer, and goes back the same way."),
        ),
        ((Button(say.plain("✅ Handed back"), HandedBack(facts["refund"])),),),
    )


def refund_waits(facts: Facts, say: Language, links: Links) -> Card:
    """For operators: what the provider said last, and since when."""
    price = say.money(facts["amount_minor"], facts["currency"])
    since = datetime.fromisoformat(facts["since"])
    return Card(
        lines(
            say(
                "⚠️ <b>A refund of {price} waits since {when}</b>",
                price=price,
                when=say.instant(since),
            ),
            say(
                "Provider: {name}. Tries: {n}. It goes on being tried.",
                name=facts["by"],
                n=facts["attempts"],
            ),
            say("Last answer: {error}", error=facts["error"]) if facts["error"] else None,
            say("<code>{code}</code>", code=facts["refund"]),
        )
    )


MONEY_NOTICES: dict[str, Callable[[Facts, Language, Links], Card]] = {
    "cash_coming": cash_coming,
    "cash_missing": cash_missing,
    "hand_back": hand_back,
    "refund_waits": refund_waits,
}
