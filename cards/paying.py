"""The ways to pay on a checkout's card, and what is shown while money goes from hand to hand."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.presses import (
    CancelCheckout,
    KeepCredit,
    Pay,
    PayByHand,
    PlaceWithCredit,
    ShowBrandHub,
    ShowOrders,
    UseCredit,
)
from cards.shop import home_button
from commerce.views import CheckoutView


def credit_line(view: CheckoutView, say: Language) -> Markup | None:
    if not view.ways.credit_minor:
        return None
    used = say.money(view.ways.credit_minor, view.currency)
    return say("💰 From your store credit: {price}", price=used)


def pay_rows(view: CheckoutView, say: Language) -> tuple[Row, ...]:
    """Nothing can be paid before it is known where the parcel goes."""
    if not view.address and not view.ways.stars:
        return ()
    if not view.to_pay_minor:
        place = Button(say.plain("✅ Place the order"), PlaceWithCredit(view.code))
        return ((place,), _credit_row(view, say))
    price = say.money(view.to_pay_minor, view.currency)
    pay = Button(say.plain("💳 Pay {price}", price=price), Pay(view.code))
    cash = Button(say.plain("💵 Cash or transfer"), PayByHand(view.code))
    return ((pay,), (cash,) if view.ways.by_hand else (), _credit_row(view, say))


def _credit_row(view: CheckoutView, say: Language) -> Row:
    usable = say.money(view.ways.usable_minor, view.currency)
    use = Button(say.plain("💰 Use {price} of credit", price=usable), UseCredit(view.code))
    keep = Button(say.plain("💰 Keep my credit"), KeepCredit(view.code))
    return tuple(
        button
        for button, offered in ((use, view.ways.usable_minor), (keep, view.ways.credit_minor))
        if offered
    )


def whole_only(say: Language) -> Markup:
    """What who pays by hand must know before."""
    return say("💵 Paid by cash or transfer, a difference comes back as store credit.")


def by_hand_card(view: CheckoutView, say: Language) -> Card:
    """Held until the brand says that the money came."""
    price = say.money(view.to_pay_minor, view.currency)
    text = lines(
        say("<b>💵 {price} by cash or transfer</b>", price=price),
        "",
        say("<i>{note}</i>", note=view.ways.note) if view.ways.note else None,
        say("The brand confirms when it has come; you get a message."),
        whole_only(say) if view.group_code else None,
        "",
        say("⏳ Held for you; the hold ends {when}", when=say.countdown(view.expires_at)),
    )
    cancel = Button(say.plain("✖️ Cancel"), CancelCheckout(view.code))
    orders = Button(say.plain("📦 Orders"), ShowOrders(0))
    return Card(
        text, ((cancel, orders), (home_button(say),)), photo=view.lines[0].photo or "banner/generic"
    )


def received_card(say: Language) -> Card:
    return _said(say("✅ <b>Received.</b> The buyer has been told."), say)


def not_received_card(say: Language) -> Card:
    return _said(say("✖️ <b>Not received.</b> It is for sale again; the buyer has been told."), say)


def handed_back_card(say: Language) -> Card:
    return _said(say("↩️ <b>Handed back.</b> The buyer has been told."), say)


def _said(words: Markup, say: Language) -> Card:
    brand = Button(say.plain("🏪 To your brand"), ShowBrandHub())
    return Card(words, ((brand, home_button(say)),), photo="banner/orders")
