"""What is told of an order after the sale: to its buyer, and to its brand's people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from cards.card import Button, Card
from cards.language import Language, lines
from cards.links import Links
from cards.orders import short
from cards.presses import ShowOrder, ShowSoldOrder
from cards.receipts import tracking_line
from commerce.rules.orders import AUTO_RECEIPT, RETURNING, Move
from storage.texts import LocalizedText

Facts = Mapping[str, Any]


def order_moved(facts: Facts, say: Language, links: Links) -> Card:
    """To the buyer. Money is worded as a state."""
    see = Button(say.plain("📦 See the order"), ShowOrder(facts["order"]))
    note = facts["note"] if facts["move"] not in (Move.SHIP, Move.ASK_RETURN) else ""
    return Card(
        lines(
            _buyer_headline(facts, say),
            _what(facts, say),
            *_buyer_words(facts, say),
            say("“{note}”", note=note) if note else None,
        ),
        ((see,),),
    )


def _buyer_headline(facts: Facts, say: Language) -> Markup:
    code = short(facts["order"])
    match facts["move"]:
        case Move.PACK:
            return say("📦 <b>Order {code}: packed</b>", code=code)
        case Move.SHIP:
            return say("🚚 <b>Order {code}: on its way</b>", code=code)
        case Move.RECEIVE:
            return say("🏡 <b>Order {code}: received</b>", code=code)
        case Move.CANCEL:
            return say("✖️ <b>Order {code}: cancelled</b>", code=code)
        case Move.TAKE_BACK:
            return say("↩️ <b>Order {code}: returned</b>", code=code)
        case _:
            return say("💚 <b>Order {code}: the brand gives a part back</b>", code=code)


def _buyer_words(facts: Facts, say: Language) -> list[Markup | None]:
    match facts["move"]:
        case Move.PACK:
            return [say("It leaves soon. From now on it cannot be cancelled.")]
        case Move.SHIP:
            return [tracking_line(facts["carrier"], facts["tracking"], say)]
        case Move.RECEIVE:
            return [
                say(
                    "It was sent {sent} days ago, so it counts as received. "
                    "You can still ask for a return within {n} days.",
                    sent=AUTO_RECEIPT.days,
                    n=RETURNING.days,
                )
            ]
        case _:
            return [_on_its_way(facts, say)]


def _on_its_way(facts: Facts, say: Language) -> Markup | None:
    if not facts["amount_minor"]:
        return None
    price = say.money(facts["amount_minor"], facts["currency"])
    return say("{price} is on its way back to you. There is nothing you need to do.", price=price)


def _what(facts: Facts, say: Language) -> Markup:
    title = LocalizedText.from_json(facts["title"])
    if facts["more"]:
        return say.count("{title} and {n} more", "{title} and {n} more", facts["more"], title=title)
    return escape(say.text(title))


def sold_order_moved(facts: Facts, say: Language, links: Links) -> Card:
    """To the brand's people."""
    see = Button(say.plain("📦 See the order"), ShowSoldOrder(facts["order"]))
    headline, words = _brand_words(facts, say)
    note = facts["note"]
    return Card(
        lines(headline, _what(facts, say), words, say("“{note}”", note=note) if note else None),
        ((see,),),
    )


def _brand_words(facts: Facts, say: Language) -> tuple[Markup, Markup | None]:
    code = short(facts["order"])
    match facts["move"]:
        case Move.CANCEL:
            return (
                say("✖️ <b>Order {code}: cancelled by its buyer</b>", code=code),
                say("Nothing needs to be packed; the pieces are back on the shelf."),
            )
        case Move.ASK_RETURN:
            return (
                say("↩️ <b>Order {code}: the buyer wants to send it back</b>", code=code),
                say("When it is back, the owner gives the money back there."),
            )
        case Move.KEEP:
            return say("👍 <b>Order {code}: the buyer keeps it after all</b>", code=code), None
        case _:
            return say("🏡 <b>Order {code}: received</b>", code=code), None
