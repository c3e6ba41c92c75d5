"""The way to pay: what is held, where it goes, what it costs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.paying import by_hand_card, credit_line, pay_rows, whole_only
from cards.presses import (
    AskLeave,
    CancelCheckout,
    ChooseQuantity,
    ChooseVariant,
    EnterAddress,
    Nothing,
    PromiseSeat,
    ShowDeals,
    ShowGroup,
    ShowOrders,
)
from cards.shop import home_button, pairs
from commerce.actions.checkout import Invoice
from commerce.payment import needs_address
from commerce.views import CheckoutLineView, CheckoutView


def checkout_card(view: CheckoutView, say: Language, now: datetime) -> Card:
    """To pay while it is held; what became of it after that."""
    if view.paid:
        return _paid_card(view, say)
    if view.by_hand and now < view.expires_at:
        return by_hand_card(view, say)
    if view.promised:
        return _promised_card(view, say)
    if not view.open or view.expires_at <= now:
        return _over_card(view, say)
    line = view.lines[0]
    text = lines(
        say("<b>🧾 Your order</b>"),
        "",
        _wanted(line, view.currency, say),
        _shipping(view, say),
        credit_line(view, say),
        say("<b>To pay: {price}</b>", price=say.money(view.to_pay_minor, view.currency))
        if view.promise_minutes is None
        else say("<b>At most: {price}</b>", price=say.money(view.to_pay_minor, view.currency)),
        "",
        _where_to(view, say),
        "",
        _promise(view, say),
        say("⏳ Held for you; the hold ends {when}", when=say.countdown(view.expires_at)),
    )
    return Card(text, _open_buttons(view, say), photo=line.photo or "banner/generic")


def _wanted(line: CheckoutLineView, currency: str, say: Language) -> Markup:
    price = say.money(line.unit_minor * line.quantity, currency)
    if not say.text(line.variant):
        return say("{title} × {n}: {price}", title=line.title, n=line.quantity, price=price)
    return say(
        "{title} {option} × {n}: {price}",
        title=line.title,
        option=line.variant,
        n=line.quantity,
        price=price,
    )


def _shipping(view: CheckoutView, say: Language) -> Markup | None:
    if view.ways.stars:
        return None
    price = say.money(view.shipping_minor, view.currency)
    return say("Shipping: {price}", price=price) if view.shipping_minor else say("Free shipping")


def _where_to(view: CheckoutView, say: Language) -> Markup:
    if view.ways.stars:
        return say("📲 Digital: nothing is sent by post.")
    if view.address:
        return say("📍 {address}", address=view.address)
    return say("📍 Where should it go? Please add an address.")


def _promise(view: CheckoutView, say: Language) -> str | None:
    if view.group_code is None:
        return None
    if view.invoiced:
        return say("🤝 The group has succeeded. This is its final price.")
    if view.promise_minutes is not None:
        return say(
            "🤝 You pay nothing now. When the group succeeds you get an invoice at the final "
            "price, and {n} minutes to pay it.",
            n=view.promise_minutes,
        )
    if view.ways.stars:
        return say(
            "👥 If the group gets cheaper, the difference comes back as store credit. "
            "If it fails, all your Stars come back."
        )
    promise = say(
        "👥 If the group gets cheaper, the difference comes back to your card. "
        "If it fails, everything does."
    )
    return lines(promise, whole_only(say)) if view.ways.by_hand else promise


def _open_buttons(view: CheckoutView, say: Language) -> tuple[Row, ...]:
    choices = [
        Button(
            ("● " if v.code == view.chosen else "") + say.text(v.name),
            ChooseVariant(view.code, v.code),
        )
        for v in view.choices
        if v.stock_left or v.code == view.chosen
    ]
    words = say.plain("✏️ Change address") if view.address else say.plain("📍 Add address")
    address = () if view.ways.stars else (Button(words, EnterAddress(view.code)),)
    return (
        *(pairs(choices) if len(choices) > 1 else ()),
        _quantity_row(view),
        *(pay_rows(view, say) if view.promise_minutes is None else _promise_rows(view, say)),
        (
            *address,
            Button(say.plain("✖️ Cancel"), CancelCheckout(view.code)),
        ),
        (home_button(say),),
    )


def _promise_rows(view: CheckoutView, say: Language) -> tuple[Row, ...]:
    if not view.address:
        return ()
    return ((Button(say.plain("🤝 Promise"), PromiseSeat(view.code)),),)


def _quantity_row(view: CheckoutView) -> Row:
    if view.most <= 1:
        return ()
    n = view.lines[0].quantity
    return (
        Button("➖", ChooseQuantity(view.code, n - 1)) if n > 1 else Button("·", Nothing()),
        Button(f"× {n}", Nothing()),
        Button("➕", ChooseQuantity(view.code, n + 1)) if n < view.most else Button("·", Nothing()),
    )


def _promised_card(view: CheckoutView, say: Language) -> Card:
    buttons: tuple[Row, ...] = ((home_button(say),),)
    if view.group_code:
        see = Button(say.plain("👥 See the group"), ShowGroup(view.group_code))
        leave = Button(say.plain("🚪 Leave"), AskLeave(view.group_code))
        buttons = ((see, leave), *buttons)
    return Card(
        lines(
            say("🤝 <b>Your seat is promised.</b>"),
            say("You pay nothing now. When the group succeeds, an invoice comes to you here."),
        ),
        buttons,
        photo=view.lines[0].photo or "banner/generic",
    )


def _paid_card(view: CheckoutView, say: Language) -> Card:
    total = say.money(view.total_minor, view.currency)
    group: Row = ()
    if view.group_code:
        group = (Button(say.plain("👥 See the group"), ShowGroup(view.group_code)),)
    return Card(
        lines(say("✅ <b>Paid: {price}</b>", price=total), say("Thank you!")),
        (group, (Button(say.plain("📦 Orders"), ShowOrders(0)), home_button(say))),
        photo=view.lines[0].photo or "banner/generic",
    )


def _over_card(view: CheckoutView, say: Language) -> Card:
    group: Row = ()
    if view.group_code:
        group = (Button(say.plain("👥 See the group"), ShowGroup(view.group_code)),)
    return Card(
        lines(
            say("<b>This is no longer held for you.</b>"),
            say("Nothing was charged. You can simply start again."),
        ),
        (group, (Button(say.plain("🔥 All deals"), ShowDeals(0)), home_button(say))),
        photo=view.lines[0].photo or "banner/generic",
    )


def invoice_params(invoice: Invoice, provider_token: str, say: Language) -> dict[str, Any]:
    """Fields of sendInvoice. The payload is the checkout's code."""
    return {
        "title": invoice.title,
        "description": invoice.description,
        "payload": invoice.code,
        "provider_token": provider_token,
        "currency": invoice.currency,
        "prices": _prices(invoice, say),
        "start_parameter": f"x{invoice.code}",
    }


def _prices(invoice: Invoice, say: Language) -> list[dict[str, Any]]:
    """Line by line; an invoice in Stars has one line only."""
    left = invoice.items_minor + invoice.shipping_minor - invoice.credit_minor
    if not needs_address(invoice.currency):
        return [{"label": invoice.title, "amount": left}]
    prices = [{"label": invoice.title, "amount": invoice.items_minor}]
    if invoice.shipping_minor:
        prices.append({"label": say.plain("Shipping"), "amount": invoice.shipping_minor})
    if invoice.credit_minor:
        prices.append({"label": say.plain("Store credit"), "amount": -invoice.credit_minor})
    return prices
