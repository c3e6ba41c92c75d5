"""Money that came too late: it is safe, and its payer chooses."""

from __future__ import annotations

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.presses import LateGroup, LateRefund, LateSingle, ShowDeals, ShowOrders
from cards.shop import home_button
from commerce.views import LateView


def late_card(view: LateView, say: Language) -> Card:
    """Three ways on while it waits; what became of it after that."""
    if not view.waits:
        return _settled_card(view, say)
    title = view.title or ""
    return Card(
        lines(
            say("⌛ <b>Your payment came late: {title}</b>", title=title),
            say(
                "Your {price} is safe, but nothing was held for you any more. What shall we do?",
                price=say.money(view.amount_minor, view.currency),
            ),
            _surplus(view, say),
            say("If you choose nothing, it goes back to you {when}.", when=_when(view, say)),
        ),
        _choices(view, say),
    )


def _when(view: LateView, say: Language) -> str:
    assert view.decide_by is not None
    return say.countdown(view.decide_by)


def _surplus(view: LateView, say: Language) -> str | None:
    """Said before it is chosen, where a choice costs less than was paid."""
    costs = (view.group_minor, view.single_minor)
    if any(cost is not None and cost < view.amount_minor for cost in costs):
        return say("What you paid too much comes back.")
    return None


def _choices(view: LateView, say: Language) -> tuple[Row, ...]:
    rows: list[Row] = []
    if view.group_minor is not None:
        price = say.money(view.group_minor, view.currency)
        words = (
            say.plain("🎉 Open a new group · {price}", price=price)
            if view.new_group
            else say.plain("👥 Join the next group · {price}", price=price)
        )
        rows.append((Button(words, LateGroup(view.checkout_code)),))
    if view.single_minor is not None:
        price = say.money(view.single_minor, view.currency)
        words = say.plain("🛍 Buy it alone · {price}", price=price)
        rows.append((Button(words, LateSingle(view.checkout_code)),))
    back = say.plain("↩️ Money back")
    return (*rows, (Button(back, LateRefund(view.checkout_code)),))


def _settled_card(view: LateView, say: Language) -> Card:
    words = (
        say("↩️ <b>This payment goes back to you.</b> There is nothing you need to do.")
        if view.sent_back
        else say("✅ <b>This is settled.</b> Your orders show what became of it.")
    )
    return Card(
        words,
        (
            (Button(say.plain("📦 Orders"), ShowOrders(0)),),
            (Button(say.plain("🔥 All deals"), ShowDeals(0)), home_button(say)),
        ),
    )
