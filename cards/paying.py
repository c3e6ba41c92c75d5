"""The ways to pay on a checkout's card: what is used of store credit, and the buttons."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Row
from cards.language import Language
from cards.presses import KeepCredit, Pay, PlaceWithCredit, UseCredit
from commerce.views import CheckoutView


def credit_line(view: CheckoutView, say: Language) -> Markup | None:
    if not view.ways.credit_minor:
        return None
    used = say.money(view.ways.credit_minor, view.currency)
    return say("💰 From your store credit: {price}", price=used)


def pay_rows(view: CheckoutView, say: Language) -> tuple[Row, ...]:
    """Nothing can be paid before it is known where the parcel goes."""
    if not view.address:
        return ()
    price = say.money(view.to_pay_minor, view.currency)
    pay = Button(say.plain("💳 Pay {price}", price=price), Pay(view.code))
    if not view.to_pay_minor:
        pay = Button(say.plain("✅ Place the order"), PlaceWithCredit(view.code))
    return ((pay,), _credit_row(view, say))


def _credit_row(view: CheckoutView, say: Language) -> Row:
    usable = say.money(view.ways.usable_minor, view.currency)
    use = Button(say.plain("💰 Use {price} of credit", price=usable), UseCredit(view.code))
    keep = Button(say.plain("💰 Keep my credit"), KeepCredit(view.code))
    return (
        *((use,) if view.ways.usable_minor else ()),
        *((keep,) if view.ways.credit_minor else ()),
    )
