"""A brand's open groups: taken although they are small, or given a day more."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.deals import group_text
from cards.fitting import NAME, cut
from cards.language import Language, lines
from cards.presses import (
    AcceptGroup,
    AskAcceptGroup,
    ExtendGroup,
    ShowGroup,
    ShowOwnDeal,
    ShowOwnGroup,
    ShowOwnGroups,
)
from cards.shop import home_button, pager
from commerce.brand_views import OwnGroup, OwnGroupView
from commerce.views import Page


def own_groups_card(deal: str, page: Page[OwnGroup], say: Language) -> Card:
    back = ShowOwnGroups(deal, max(page.number - 1, 0))
    on = ShowOwnGroups(deal, page.number + 1)
    return Card(
        lines(
            say("<b>👥 Open groups</b>"),
            say("Tap one to take it as it is, or to give it more time.")
            if page.items
            else say("No group is open right now."),
        ),
        (
            *((Button(_label(g, say), ShowOwnGroup(g.code)),) for g in page.items),
            pager(page, back, on, say),
            (Button(say.plain("⬅️ Back"), ShowOwnDeal(deal)), home_button(say)),
        ),
        photo="banner/generic",
    )


def _label(group: OwnGroup, say: Language) -> str:
    taken = group.paid + group.promised
    return f"👥 {cut(group.host_name, NAME)} · {taken}/{group.capacity}"


def own_group_card(view: OwnGroupView, say: Language) -> Card:
    group = view.group
    back = Button(say.plain("⬅️ Back"), ShowOwnGroups(group.deal_code, 0))
    see = Button(say.plain("👀 Shop view"), ShowGroup(group.code))
    return Card(
        group_text(group, say),
        (*_changes(view, say), (back, see), (home_button(say),)),
        photo=group.photo or "banner/generic",
    )


def _changes(view: OwnGroupView, say: Language) -> tuple[Row, ...]:
    group = view.group
    accept = Button(say.plain("🤝 Take this group as it is"), AskAcceptGroup(group.code))
    ends = str(int(group.ends_at.timestamp()))
    longer = Button(say.plain("➕ One day more"), ExtendGroup(group.code, ends))
    return (
        (accept,) if view.open and group.counted else (),
        (longer,) if view.open and group.ends_at < view.deal_ends_at else (),
    )


def ask_accept_card(view: OwnGroupView, say: Language) -> Card:
    group = view.group
    price = say.money(view.price_minor, group.currency)
    return Card(
        lines(
            say("<b>Take this group as it is?</b>"),
            "",
            _who(view, say),
            say("The group succeeds now, and everyone pays <b>{price}</b>.", price=price),
            say("This cannot be undone."),
        ),
        (
            (Button(say.plain("🤝 Yes, take it"), AcceptGroup(group.code)),),
            (Button(say.plain("⬅️ Back"), ShowOwnGroup(group.code)),),
        ),
        photo=group.photo or "banner/generic",
    )


def _who(view: OwnGroupView, say: Language) -> Markup:
    return say(
        "{paid} paid, {promised} promised.", paid=view.group.paid, promised=view.group.promised
    )
