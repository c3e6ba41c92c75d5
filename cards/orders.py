"""A shopper's orders."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.presses import ShowCheckout, ShowGroup, ShowOrder, ShowOrders
from cards.shop import home_button, pager
from commerce.views import OrderView, Page, WaitingView
from storage.tables import OrderState


def state_word(state: OrderState, say: Language) -> str:
    match state:
        case OrderState.PAID:
            return say.plain("✅ paid, being prepared")
        case OrderState.PACKED:
            return say.plain("📦 packed")
        case OrderState.SHIPPED:
            return say.plain("🚚 on its way")
        case OrderState.RECEIVED:
            return say.plain("🏡 received")
        case OrderState.CANCELLED:
            return say.plain("✖️ cancelled")
        case OrderState.RETURNING:
            return say.plain("↩️ on its way back")
        case OrderState.RETURNED:
            return say.plain("↩️ returned")


def orders_card(
    page: Page[OrderView],
    say: Language,
    waiting: tuple[WaitingView, ...] = (),
    credits_: tuple[tuple[str, int], ...] = (),
) -> Card:
    """Orders, the newest first; above them what waits for its payment or its group."""
    none = not page.items and not waiting
    text = lines(
        say("<b>📦 My orders</b>"),
        _credits(credits_, say),
        "",
        say("⏳ Not complete yet: tap to pay 💳 or to see your group 👥.") if waiting else None,
        *(order_line(o, say) for o in page.items),
        say("No orders yet. The deals are waiting on the home page.") if none else None,
    )
    rows: tuple[Row, ...] = (
        *(_waiting_row(w, say) for w in waiting),
        *(
            (Button(f"{short(o.code)} · {say.text(o.title)}", ShowOrder(o.code)),)
            for o in page.items
        ),
    )
    more = pager(page, ShowOrders(max(page.number - 1, 0)), ShowOrders(page.number + 1), say)
    return Card(text, (*rows, more, (home_button(say),)), photo="banner/orders")


def _credits(credits_: tuple[tuple[str, int], ...], say: Language) -> Markup | None:
    """Of every currency in which there is any; it can be used for brands with that currency."""
    if not credits_:
        return None
    amounts = " · ".join(say.money(minor, currency) for currency, minor in credits_)
    return say("💰 Store credit: {amounts}", amounts=amounts)


def _waiting_row(waiting: WaitingView, say: Language) -> Row:
    title = say.label(waiting.title)
    if waiting.group_code is None:
        price = say.money(waiting.total_minor, waiting.currency)
        return (Button(f"💳 {title} · {price}", ShowCheckout(waiting.checkout_code)),)
    seats = f"{waiting.paid}/{waiting.capacity}"
    return (Button(f"👥 {title} · {seats}", ShowGroup(waiting.group_code)),)


def short(code: str) -> str:
    """Enough of a code to talk about."""
    return code[:4].upper()


def order_line(order: OrderView, say: Language) -> Markup:
    more = say.count(" and {n} more", " and {n} more", order.more) if order.more else ""
    return say(
        "<b>{code}</b> {title} × {n}{more}, {price}: {state}",
        code=short(order.code),
        title=order.title,
        n=order.quantity,
        more=more,
        price=say.money(order.total_minor, order.currency),
        state=state_word(order.state, say),
    )
