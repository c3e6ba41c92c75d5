"""A person's own seat in a group: what it is, and how to leave."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.presses import (
    AskLeave,
    JoinGroup,
    LeaveGroup,
    LeaveLine,
    ShowCheckout,
    ShowGroup,
    ShowSeat,
)
from cards.shop import home_button
from commerce.views import SeatView
from storage.tables import GroupState, SeatState


def seat_card(view: SeatView, say: Language) -> Card:
    """In private alone."""
    back = Button(say.plain("👥 See the group"), ShowGroup(view.group_code))
    return Card(
        lines(say("<b>🎟 My seat: {title}</b>", title=view.title), "", _state(view, say)),
        (*_actions(view, say), (back, home_button(say))),
        photo=view.photo or "banner/generic",
    )


def _state(view: SeatView, say: Language) -> Markup:
    price = say.money(view.amount_minor, view.currency) if view.currency else ""
    match view.state:
        case SeatState.HELD if view.until is not None:
            return say(
                "⏳ A seat is held for you, but not yet taken; the hold ends {when}",
                when=say.countdown(view.until),
            )
        case SeatState.PROMISED:
            return say("🤝 You promised a seat. You pay when the group succeeds, at its price.")
        case SeatState.PAID:
            return say("✅ Your seat is paid: {price}.", price=price)
        case _:
            return _without_seat(view, say)


def _without_seat(view: SeatView, say: Language) -> Markup:
    if view.place:
        return say(
            "⏳ You are number {n} in line. The next free seat is kept for whoever is first; "
            "you get a message when it is you.",
            n=view.place,
        )
    return say("You have no seat in this group.")


def _actions(view: SeatView, say: Language) -> tuple[Row, ...]:
    undecided = view.group_state == GroupState.OPEN
    if view.state is None and view.place:
        return ((Button(say.plain("🚪 Leave the line"), LeaveLine(view.group_code)),),)
    if view.state is None:
        join = Button(say.plain("🙋 Join"), JoinGroup(view.group_code))
        return ((join,),) if undecided else ()
    order = Button(say.plain("🧾 My order"), ShowCheckout(view.checkout_code))
    leave = Button(say.plain("🚪 Leave"), AskLeave(view.group_code))
    if undecided or view.state == SeatState.HELD:
        return ((order, leave),)
    return ((order,),)


def ask_leave_card(view: SeatView, say: Language) -> Card:
    paid = view.state == SeatState.PAID
    price = say.money(view.amount_minor, view.currency) if paid else ""
    return Card(
        lines(
            say("<b>🚪 Leave this group? {title}</b>", title=view.title),
            say("All of your {price} goes back to you.", price=price)
            if paid
            else say("Nothing was charged."),
            say("Your seat goes to whoever is next in line, or becomes free."),
        ),
        (
            (Button(say.plain("🚪 Yes, leave"), LeaveGroup(view.group_code)),),
            (Button(say.plain("⬅️ Back"), ShowSeat(view.group_code)),),
        ),
        photo=view.photo or "banner/generic",
    )
