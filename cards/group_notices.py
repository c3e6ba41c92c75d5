"""What those in a group, or in line for it, are told later: invoices, offers, a new host."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cards.card import Button, Card
from cards.language import Language, lines
from cards.links import Links
from cards.presses import Pay, ShowCheckout, ShowDeal, ShowGroup
from storage.texts import LocalizedText

Facts = Mapping[str, Any]


def _title(facts: Facts) -> LocalizedText:
    return LocalizedText.from_json(facts["title"])


def _see(facts: Facts, say: Language) -> Button:
    return Button(say.plain("👥 See the group"), ShowGroup(facts["group"]))


def _again(facts: Facts, say: Language) -> Button:
    return Button(say.plain("👀 See the deal"), ShowDeal(facts["deal"]))


def invoice_due(facts: Facts, say: Language, links: Links) -> Card:
    currency = facts["currency"]
    amount = say.money(facts["amount_minor"], currency)
    until = say.countdown(datetime.fromisoformat(facts["until"]))
    return Card(
        lines(
            say("🎉 <b>Group complete: {title}</b>", title=_title(facts)),
            say("Everyone pays {price}.", price=say.money(facts["final_minor"], currency)),
            say("You promised a seat: please pay <b>{price}</b>.", price=amount),
            say("⏳ Your seat is kept for you; that ends {when}", when=until),
        ),
        (
            (Button(say.plain("💳 Pay {price}", price=amount), Pay(facts["checkout"])),),
            (Button(say.plain("🧾 My order"), ShowCheckout(facts["checkout"])), _see(facts, say)),
        ),
    )


def promise_over(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("<b>The group was not filled in time: {title}</b>", title=_title(facts)),
            say("Your promise binds you no more. Nothing was charged."),
        ),
        ((_see(facts, say),),),
    )


def seat_offered(facts: Facts, say: Language, links: Links) -> Card:
    amount = say.money(facts["amount_minor"], facts["currency"])
    until = say.countdown(datetime.fromisoformat(facts["until"]))
    return Card(
        lines(
            say("🎟 <b>A seat is free for you: {title}</b>", title=_title(facts)),
            say("You were next in line. It costs {price}.", price=amount),
            say("You promise now, and pay when the group succeeds.") if facts["promise"] else None,
            say("⏳ Your seat is kept for you; that ends {when}", when=until),
        ),
        ((Button(say.plain("🙋 Take the seat"), ShowCheckout(facts["checkout"])),),),
    )


def seat_passed_on(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("⌛ <b>Your seat is no longer kept for you: {title}</b>", title=_title(facts)),
            say("The time to pay for it is over. Nothing was charged."),
        ),
        ((_see(facts, say), _again(facts, say)),),
    )


def line_over(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("<b>No seat came free for you: {title}</b>", title=_title(facts)),
            say("The group is decided, and the line has ended. Open a group of your own?"),
        ),
        ((_again(facts, say),),),
    )


def host_changed(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("👑 <b>You are the host now: {title}</b>", title=_title(facts))
            if facts["you"]
            else say(
                "👑 <b>{host} is the host now: {title}</b>", host=facts["host"], title=_title(facts)
            ),
            say("The host before has left. The group goes on as it was."),
        ),
        ((_see(facts, say),),),
    )
