"""How an order, a checkout or a group came about, in plain words."""

from __future__ import annotations

from markupsafe import Markup, escape

from cards.card import Button, Card
from cards.fitting import cut
from cards.language import Language, lines
from cards.links import Links
from cards.notices import notice_card
from cards.orders import short
from cards.presses import ShowOrders
from cards.receipts import event_words
from cards.shop import home_button
from commerce.payment import CASH, CREDIT, STARS
from commerce.why_views import GroupStep, MoneyStep, PriceLine, Told, Why
from storage.tables import CheckoutState, GroupState, OutboxState, RefundReason

SHOWN_LINES, SHOWN_STEPS = 8, 12
HEADLINE = 90


def why_card(why: Why, say: Language, links: Links) -> Card:
    """The price step by step, then the money, what was done, and what was told."""
    parts = (
        (say("<b>Price</b>"), _price(why, say)),
        (say("<b>Money</b>"), [_money(m, why.currency, say) for m in why.money[-SHOWN_STEPS:]]),
        (
            say("<b>Steps</b>"),
            [
                _dated(say.instant(e.at), event_words(e, why.currency, say))
                for e in why.events[-SHOWN_STEPS:]
            ],
        ),
        (say("<b>Messages</b>"), [_told(t, say, links) for t in why.told[-SHOWN_STEPS:]]),
    )
    text = lines(
        say("<b>🔍 How {code} came about</b>", code=short(why.code)),
        _stands(why.checkout, say),
        *(line for head, body in parts if body for line in ("", head, *body)),
    )
    return Card(text, ((Button(say.plain("📦 Orders"), ShowOrders(0)), home_button(say)),))


def ask_why_card(say: Language) -> Card:
    """/why without a code."""
    return Card(
        lines(
            say("Please send the code with it, such as <code>/why 7K2F</code>."),
            say("It stands on the order and in its messages."),
        ),
        ((Button(say.plain("📦 Orders"), ShowOrders(0)), home_button(say)),),
    )


def _stands(state: CheckoutState | None, say: Language) -> Markup | None:
    match state:
        case None:
            return None
        case CheckoutState.PAID:
            return say("Paid, and not an order yet or not any more.")
        case CheckoutState.RELEASED:
            return say("Never an order: what was held is back on the shelf.")
        case _:
            return say("Not an order yet.")


def _price(why: Why, say: Language) -> list[Markup | None]:
    def money(minor: int) -> str:
        return say.money(minor, why.currency)

    more = len(why.lines) - SHOWN_LINES
    return [
        *(_line(line, why.currency, say) for line in why.lines[:SHOWN_LINES]),
        say.count("… and {n} more line", "… and {n} more lines", more) if more > 0 else None,
        *(_group(why.group, why.currency, say) if why.group else ()),
        _discount(why, say),
        say("Shipping: {price}", price=money(why.shipping_minor))
        if why.shipping_minor
        else say("Free shipping"),
        say("<b>Total: {price}</b>", price=money(why.total_minor)),
        say("Of it from store credit: {price}", price=money(why.credit_minor))
        if why.credit_minor
        else None,
    ]


def _line(line: PriceLine, currency: str, say: Language) -> Markup:
    facts = {
        "title": line.title,
        "n": line.quantity,
        "price": say.money(line.unit_minor, currency),
        "list": say.money(line.list_minor, currency),
        "deal": line.deal,
    }
    if line.deal is None:
        return say("{title}: {n} × {price}", **facts)
    return say("{title}: {n} × {price} in “{deal}”; alone it is {list} today", **facts)


def _group(group: GroupStep, currency: str, say: Language) -> list[Markup | None]:
    joined = say.money(group.joined_minor or 0, currency)
    final = None
    match group.state:
        case GroupState.SUCCEEDED:
            price = say.money(group.final_minor or 0, currency)
            final = say("The group succeeded: everybody pays {price}.", price=price)
        case GroupState.FAILED:
            final = say("The group was not filled in time, so all money goes back.")
        case GroupState.CANCELLED:
            final = say("The group was called off.")
        case GroupState.OPEN:
            final = say("The group is still open.")
    return [
        say("Price when the seat was taken: {price}", price=joined),
        say.count("{n} piece was paid for", "{n} pieces were paid for", group.paid),
        say.count(
            "Tier reached: from {n} piece", "Tier reached: from {n} pieces", group.tier_buyers
        )
        if group.tier_buyers
        else None,
        final,
    ]


def _discount(why: Why, say: Language) -> Markup | None:
    if not why.discount_minor:
        return None
    price = say.money(why.discount_minor, why.currency)
    if why.coupon:
        return say("Coupon {word}: −{price}", word=why.coupon, price=price)
    return say("Discount: −{price}", price=price)


def _money(step: MoneyStep, currency: str, say: Language) -> Markup:
    price, by = say.money(step.amount_minor, currency), _way(step.by, say)
    match step.kind:
        case "charge":
            what = say("{price} paid, {way}", price=price, way=by)
        case "order":
            what = say("{price} to the brand, for the order", price=price)
        case "refund-asked":
            why = _reason(step.reason, say)
            what = say(
                "{price} started on its way back, {way}: {why}", price=price, way=by, why=why
            )
        case "refund-done":
            what = say("{price} is back, {way}", price=price, way=by)
        case "credit-held":
            what = say("{price} of store credit set aside", price=price)
        case "credit-released":
            what = say("{price} of store credit free again", price=price)
        case _:
            what = say("{price} moved in the books", price=price)
    return _dated(say.instant(step.at), what)


def _way(by: str, say: Language) -> str:
    return {
        CREDIT: say.plain("store credit"),
        STARS: say.plain("Telegram Stars"),
        CASH: say.plain("cash or a transfer"),
    }.get(by, say.plain("card"))


def _reason(reason: RefundReason | None, say: Language) -> str:
    return {
        RefundReason.GROUP_FAILED: say.plain("the group was not filled"),
        RefundReason.DIFFERENCE: say.plain("the group made it cheaper"),
        RefundReason.TOO_LATE: say.plain("it came when nothing was held any more"),
        RefundReason.CHOSEN: say.plain("the payer wanted it back"),
        RefundReason.LEFT: say.plain("the seat was given up"),
        RefundReason.UNCLAIMED: say.plain("nobody took the friend's seat"),
        RefundReason.TOLERANCE: say.plain("fewer pieces were needed"),
        RefundReason.SURPLUS: say.plain("more was paid than it costs"),
        RefundReason.PAID_TWICE: say.plain("it was paid twice"),
        RefundReason.CANCELLED: say.plain("the order was cancelled"),
        RefundReason.RETURNED: say.plain("it was sent back"),
        RefundReason.GOODWILL: say.plain("the brand gave a part back"),
    }.get(reason or RefundReason.CHOSEN, "")


def _told(told: Told, say: Language, links: Links) -> Markup:
    try:
        words = _headline(notice_card(told.notice, told.facts, say, links).text)
    except KeyError:  # written by another version
        words = told.notice
    state = {
        OutboxState.SENT: say.plain("delivered"),
        OutboxState.UNKNOWN: say.plain("sent, nobody knows whether it arrived"),
        OutboxState.DEAD: say.plain("could not be delivered"),
        OutboxState.CANCELLED: say.plain("taken back"),
    }.get(told.state, say.plain("about to be sent"))
    what = say("“{words}”: {state}", words=cut(words, HEADLINE), state=state)
    return _dated(say.instant(told.at), what)


def _headline(text: Markup) -> str:
    return Markup(str(text).partition("\n")[0]).striptags()


def _dated(when: str, what: Markup) -> Markup:
    return Markup("<i>{}</i> {}").format(escape(when), what)
