"""What is told to people later: each notice's facts in words, in the receiver's language.

Money is worded as a state ("Order 7K2F: paid"), so that hearing it twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.broadcasts import broadcast_card
from cards.card import Button, Card
from cards.chats import deal_digest
from cards.group_notices import (
    host_changed,
    invoice_due,
    line_over,
    promise_over,
    seat_offered,
    seat_passed_on,
)
from cards.language import Language, lines
from cards.late import late_card
from cards.links import Links
from cards.money_notices import MONEY_NOTICES
from cards.order_notices import order_moved, sold_order_moved
from cards.orders import short
from cards.presses import (
    Press,
    ShowDeal,
    ShowDesk,
    ShowGroup,
    ShowHome,
    ShowOrder,
    ShowOrders,
    ShowPendingBrands,
    ShowProduct,
)
from commerce.payment import CREDIT
from commerce.views import LateView
from storage.tables import RefundReason
from storage.texts import LocalizedText

Facts = Mapping[str, Any]
Words = Callable[[Facts, Language, Links], Card]


def _title(facts: Facts) -> LocalizedText:
    return LocalizedText.from_json(facts["title"])


def order_placed(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("🧾 <b>Order {code}: paid</b>", code=short(facts["order"])),
            say("{title} × {n}", title=_title(facts), n=facts["quantity"]),
            say("Paid: {price}", price=say.money(facts["amount_minor"], facts["currency"])),
        ),
        ((Button(say.plain("📦 See the order"), ShowOrder(facts["order"])),),),
    )


def seat_paid(facts: Facts, say: Language, links: Links) -> Card:
    missing = facts["capacity"] - facts["paid"]
    see = Button(say.plain("👥 See the group"), ShowGroup(facts["group"]))
    invite = Button(say.plain("📤 Invite friends"), share=f"g.{facts['group']}")
    return Card(
        lines(
            say("🧾 <b>Your seat is paid</b>"),
            say("{title} × {n}", title=_title(facts), n=facts["quantity"]),
            say("Paid: {price}", price=say.money(facts["amount_minor"], facts["currency"])),
            say.count("{n} seat is still free.", "{n} seats are still free.", missing)
            if missing
            else None,
            say("Invite friends: the price falls, and the difference comes back to you.")
            if missing
            else None,
        ),
        ((see, invite) if missing else (see,),),
    )


def group_succeeded(facts: Facts, say: Language, links: Links) -> Card:
    currency = facts["currency"]
    return Card(
        lines(
            say("🎉 <b>Group complete: {title}</b>", title=_title(facts)),
            say("Everyone pays {price}.", price=say.money(facts["final_minor"], currency)),
            *_difference(facts, say),
            say("Order {code} is being prepared.", code=short(facts["order"])),
        ),
        (
            (
                Button(say.plain("📦 See the order"), ShowOrder(facts["order"])),
                Button(say.plain("👥 See the group"), ShowGroup(facts["group"])),
            ),
        ),
    )


def _difference(facts: Facts, say: Language) -> Iterator[Markup]:
    """What comes back because others joined: to the card, as store credit, or some of each."""
    credit_minor = facts.get("credit_minor", 0)
    card_minor, after = facts["back_minor"] - credit_minor, facts["joined_after"]
    back = say.money(card_minor, facts["currency"])
    if card_minor and after:
        yield say.count(
            "{n} joined after you: <b>{back}</b> back to your card.",
            "{n} joined after you: <b>{back}</b> back to your card.",
            after,
            back=back,
        )
    elif card_minor:
        yield say("<b>{back}</b> back to your card.", back=back)
    if credit_minor:
        price = say.money(credit_minor, facts["currency"])
        yield say("<b>{back}</b> back to you as store credit.", back=price)


def group_failed(facts: Facts, say: Language, links: Links) -> Card:
    return Card(
        lines(
            say("<b>The group was not filled in time: {title}</b>", title=_title(facts)),
            say(
                "{price} is on its way back to you. There is nothing you need to do.",
                price=say.money(facts["amount_minor"], facts["currency"]),
            ),
        ),
        (
            (
                Button(say.plain("👥 See the group"), ShowGroup(facts["group"])),
                Button(say.plain("🏠 Home"), ShowHome()),
            ),
        ),
    )


def payment_late(facts: Facts, say: Language, links: Links) -> Card:
    return late_card(
        LateView(
            facts["checkout"],
            waits=True,
            title=_title(facts),
            amount_minor=facts["amount_minor"],
            currency=facts["currency"],
            decide_by=datetime.fromisoformat(facts["decide_by"]),
            group_minor=facts["group_minor"],
            new_group=facts["new_group"],
            single_minor=facts["single_minor"],
        ),
        say,
    )


def refund_started(facts: Facts, say: Language, links: Links) -> Card:
    price = say.money(facts["amount_minor"], facts["currency"])
    match facts["reason"]:
        case RefundReason.PAID_TWICE:
            why = say("This was paid before, so the second payment goes back.")
        case RefundReason.CHOSEN:
            why = say("Your late payment goes back, the way it came.")
        case RefundReason.SURPLUS:
            why = say("You had paid more than what you chose costs.")
        case _:
            why = say("Your payment came when it was no longer held for you.")
    return Card(lines(say("↩️ <b>Refund of {price}: on its way</b>", price=price), why))


def refund_arrived(facts: Facts, say: Language, links: Links) -> Card:
    price = say.money(facts["amount_minor"], facts["currency"])
    if facts.get("by") == CREDIT:
        done = say(
            "↩️ <b>Refund of {price}: done.</b> It is store credit now, "
            "for your next order in this currency.",
            price=price,
        )
    else:
        done = say("↩️ <b>Refund of {price}: done.</b> It went back the way you paid.", price=price)
    return Card(
        done,
        ((Button(say.plain("📦 Orders"), ShowOrders(0)),),),
    )


def brand_waiting(facts: Facts, say: Language, links: Links) -> Card:
    name = LocalizedText.from_json(facts["name"])
    return Card(
        say("🛂 <b>{owner} wants to open a brand: {name}</b>", owner=facts["owner"], name=name),
        ((Button(say.plain("👀 Look at it"), ShowPendingBrands(0)),),),
    )


def brand_approved(facts: Facts, say: Language, links: Links) -> Card:
    name = LocalizedText.from_json(facts["name"])
    return Card(
        say("🎉 <b>{name} is open.</b> Shoppers can find it from now on.", name=name),
        ((Button(say.plain("🏪 To your brand"), ShowDesk(facts["brand"])),),),
    )


def brand_declined(facts: Facts, say: Language, links: Links) -> Card:
    name = LocalizedText.from_json(facts["name"])
    return Card(
        say("<b>{name} was not approved.</b> You may apply again with /brand.", name=name),
        ((Button(say.plain("🏠 Home"), ShowHome()),),),
    )


def hold_over(facts: Facts, say: Language, links: Links) -> Card:
    again: Press = ShowProduct(facts["product"], 0)
    if facts["group"]:
        again = ShowGroup(facts["group"])
    elif facts["deal"]:
        again = ShowDeal(facts["deal"])
    return Card(
        lines(
            say("⌛ <b>No longer held for you: {title}</b>", title=_title(facts)),
            say("The brand has not confirmed your payment in time.")
            if facts.get("by_hand")
            else say("The ten minutes are over. Nothing was charged."),
        ),
        ((Button(say.plain("👀 See it again"), again),),),
    )


def standing_still(facts: Facts, say: Language, links: Links) -> Card:
    heads: dict[str, Callable[[], Markup]] = {
        "updates": lambda: say("🚨 <b>Updates are not being handled</b>"),
        "messages": lambda: say("🚨 <b>Messages are not being sent</b>"),
        "payments": lambda: say("🚨 <b>A payment has found no order and no refund</b>"),
    }
    waiting = say.count("{n} is waiting.", "{n} are waiting.", facts["count"])
    oldest = say("The oldest has waited for {minutes} min.", minutes=facts["minutes"])
    return Card(lines(heads[facts["what"]](), waiting, oldest))


NOTICES: dict[str, Words] = {
    **MONEY_NOTICES,
    "order_placed": order_placed,
    "seat_paid": seat_paid,
    "hold_over": hold_over,
    "order_moved": order_moved,
    "sold_order_moved": sold_order_moved,
    "seat_offered": seat_offered,
    "seat_passed_on": seat_passed_on,
    "line_over": line_over,
    "host_changed": host_changed,
    "invoice_due": invoice_due,
    "promise_over": promise_over,
    "group_succeeded": group_succeeded,
    "group_failed": group_failed,
    "payment_late": payment_late,
    "refund_started": refund_started,
    "refund_arrived": refund_arrived,
    "brand_waiting": brand_waiting,
    "brand_approved": brand_approved,
    "brand_declined": brand_declined,
    "broadcast": broadcast_card,
    "deal_digest": deal_digest,
    "standing_still": standing_still,
}


def notice_card(notice: str, facts: Facts, say: Language, links: Links) -> Card:
    """Raises KeyError for a notice that this version does not know."""
    return NOTICES[notice](facts, say, links)


def heading(notice: str, facts: Facts, say: Language) -> Markup | None:
    """The line above a living card that says why it is posted now, or None."""
    stage = STAGES.get(str(facts.get("stage")))
    return stage(say) if notice == "deal_ending" and stage else None


STAGES: dict[str, Callable[[Language], Markup]] = {
    "24h": lambda say: say("⏰ <b>Ends within a day</b>"),
    "3h": lambda say: say("⏰ <b>Ends within three hours</b>"),
    "30m": lambda say: say("⏰ <b>Last call: ends within half an hour</b>"),
}
