"""A deal and a group as living cards: the same in private, in a chat, and inline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.fitting import NAME, cut
from cards.language import Language, lines
from cards.links import Links, share_query
from cards.presses import (
    BuyFlash,
    JoinGroup,
    OpenGroup,
    ShowDeal,
    ShowDeals,
    ShowGroup,
    ShowProduct,
    ShowSeat,
    WaitForSeat,
)
from cards.shop import ICONS, home_button
from commerce.rules.ladder import Tier, next_tier, price_at
from commerce.rules.windows import Phase
from commerce.views import DealView, GroupView
from storage.tables import DealKind, GroupState

DOTS = 20


def deal_card(view: DealView, say: Language, now: datetime) -> Card:
    """In private: everything one can do with a deal."""
    return Card(
        deal_text(view, say),
        (
            *_deal_actions(view, say),
            (
                _onward(view, say),
                Button(say.plain("🔍 Product"), ShowProduct(view.product_code, 0)),
                home_button(say),
            ),
        ),
        photo=view.photo or "banner/generic",
    )


def _onward(view: DealView, say: Language) -> Button:
    """To friends; from a deal that is over, to the others."""
    if view.phase in (Phase.ENDED, Phase.SOLD_OUT):
        return Button(say.plain("🔥 All deals"), ShowDeals(0))
    return Button(say.plain("📤 Share"), share=share_query("d", view.code))


def _deal_actions(view: DealView, say: Language) -> tuple[Row, ...]:
    if view.phase != Phase.LIVE:
        return ()
    if view.kind == DealKind.FLASH:
        price = say.money(view.price_minor, view.currency)
        return ((Button(say.plain("⚡ Buy now · {price}", price=price), BuyFlash(view.code)),),)
    price = say.money(view.tiers[0].price_minor, view.currency)
    joins = tuple(
        (
            Button(
                say.plain(
                    "🙋 Join {host}: {paid} of {seats}",
                    host=cut(g.host_name, NAME),
                    paid=g.taken,
                    seats=g.capacity,
                ),
                ShowGroup(g.code),
            ),
        )
        for g in view.groups
    )
    opening = Button(say.plain("🎉 Open a group · {price}", price=price), OpenGroup(view.code))
    return (*joins, (opening,))


def posted_deal_card(view: DealView, say: Language, links: Links) -> Card:
    """In chats: stateless, follows its deal, and sends everybody on in private."""
    rows: tuple[Row, ...] = ()
    if view.phase in (Phase.LIVE, Phase.SOON):
        rows = (
            (Button(say.plain("👀 See the deal"), url=links.deal(view.code)),),
            (Button(say.plain("📤 Share"), share=share_query("d", view.code)),),
        )
        if view.kind != DealKind.FLASH and view.phase == Phase.LIVE:
            opening = Button(say.plain("🎉 Open a group here"), OpenGroup(view.code))
            rows = ((opening,), *rows)
    return Card(deal_text(view, say), rows, photo=view.photo or "banner/generic")


def deal_text(view: DealView, say: Language) -> Markup:
    over = view.phase in (Phase.ENDED, Phase.SOLD_OUT)
    title = say("<b>{icon} {title}</b>", icon=ICONS[view.kind], title=view.title)
    return lines(
        Markup("<s>{}</s>").format(title) if over else title,
        say("{emoji} {brand}", emoji=view.brand_emoji, brand=view.brand_name),
        "",
        *_prices(view, say),
        "",
        say("🤝 You promise a seat now, and pay when the group has succeeded.")
        if view.by_promise and not over
        else None,
        _phase_line(view, say),
        say.count("One a person", "Up to {n} a person", view.per_person)
        if not over and view.per_person
        else None,
    )


def _prices(view: DealView, say: Language) -> list[Markup]:
    before = say.money(view.list_minor, view.currency)
    if view.kind == DealKind.FLASH:
        price = say.money(view.price_minor, view.currency)
        return [say("<b>{price}</b> instead of <s>{before}</s>", price=price, before=before)]
    return [
        say("Alone: <s>{before}</s>", before=before),
        *ladder_lines(view.tiers, None, view.currency, say),
    ]


def ladder_lines(
    tiers: Sequence[Tier], paid: int | None, currency: str, say: Language
) -> list[Markup]:
    """One line a tier; reached ones are ticked when `paid` is given."""
    marked = []
    for tier in tiers:
        mark = "✅" if paid is not None and paid >= tier.buyers else "▫️"
        line = say.count(
            "{mark} from {n} buyer: <b>{price}</b>",
            "{mark} from {n} buyers: <b>{price}</b>",
            tier.buyers,
            mark=mark,
            price=say.money(tier.price_minor, currency),
        )
        marked.append(line)
    return marked


def _phase_line(view: DealView, say: Language) -> Markup:
    match view.phase:
        case Phase.SOON:
            return say("🕐 Starts {when}", when=say.countdown(view.starts_at))
        case Phase.LIVE:
            few = view.stock_left <= 10
            left = say.count("only {n} left", "only {n} left", view.stock_left) if few else None
            ends = say("⏳ Ends {when}", when=say.countdown(view.ends_at))
            return ends + Markup(" · ") + left if left else ends
        case Phase.SOLD_OUT:
            return say("<b>Sold out.</b> Thank you all!")
        case Phase.PAUSED:
            return say("⏸ Paused by the brand. Please look again later.")
        case Phase.ENDED:
            return say("<b>Over.</b> It ended {when}.", when=say.instant(view.ends_at))


def group_card(view: GroupView, say: Language, links: Links, *, private: bool = False) -> Card:
    """The one living card of a group buy. In private it has a way back."""
    label = say.plain("👀 See the deal")
    deal = (
        Button(label, ShowDeal(view.deal_code))
        if private
        else Button(label, url=links.deal(view.deal_code))
    )
    rows: tuple[Row, ...] = ((deal,),)
    if view.state == GroupState.OPEN:  # joining stays while seats are held: who holds one goes on
        joining = Button(_join_label(view, say), JoinGroup(view.code))
        invite = Button(say.plain("📤 Invite friends"), share=share_query("g", view.code))
        wait = Button(say.plain("⏳ Wait for a seat"), WaitForSeat(view.code))
        rows = ((joining,), () if view.seats_left else (wait,), (invite, deal))
    if private:
        seat = Button(say.plain("🎟 My seat"), ShowSeat(view.code))
        rows = (*rows, (seat, home_button(say)))
    return Card(group_text(view, say), rows, photo=view.photo or "banner/generic")


def _join_label(view: GroupView, say: Language) -> str:
    price = say.money(price_at(view.tiers, view.counted), view.currency)
    return say.plain("🙋 Join · {price}", price=price)


def group_text(view: GroupView, say: Language) -> Markup:
    return lines(
        say("<b>{icon} {title}</b>", icon=ICONS[view.kind], title=view.title),
        say("{emoji} {brand}", emoji=view.brand_emoji, brand=view.brand_name),
        "",
        _headline(view, say),
        _count(view, say),
        _who(view, say),
        "",
        say("Alone: <s>{before}</s>", before=say.money(view.list_minor, view.currency)),
        *ladder_lines(view.tiers, _reached(view), view.currency, say),
        *_outlook(view, say),
    )


def _count(view: GroupView, say: Language) -> Markup:
    """Who has paid and who has promised, apart: a promise is no payment yet."""
    if not view.by_promise:
        return say(
            "{bar} {paid} of {seats} paid", bar=_bar(view), paid=view.paid, seats=view.capacity
        )
    if view.state == GroupState.SUCCEEDED:
        return say(
            "{bar} {paid} paid, {n} have yet to pay", bar=_bar(view), paid=view.paid, n=view.held
        )
    return say(
        "{bar} {n} of {seats} in: {paid} paid, {promised} promised",
        bar=_bar(view),
        n=view.counted,
        seats=view.capacity,
        paid=view.paid,
        promised=view.promised,
    )


def _reached(view: GroupView) -> int:
    """The buyers of the last tier that counts: after success the one whose price was reached."""
    if view.state != GroupState.SUCCEEDED or view.accepted or view.final_minor is None:
        return view.counted
    final = view.final_minor
    return max((t.buyers for t in view.tiers if t.price_minor >= final), default=view.counted)


def _bar(view: GroupView) -> str:
    if view.capacity > DOTS:
        full = view.counted * 10 // view.capacity
        return "●" * full + "○" * (10 - full)
    return "●" * view.paid + "◉" * view.promised + "◐" * view.held + "○" * view.seats_left


def _headline(view: GroupView, say: Language) -> Markup:
    match view.state:
        case GroupState.OPEN:
            return say("<b>{host}</b> opened a group. Join in!", host=view.host_name)
        case GroupState.SUCCEEDED:
            price = say.money(view.final_minor or 0, view.currency)
            if view.accepted:
                return say(
                    "🎉 <b>The brand took this smaller group.</b> Everyone pays <b>{price}</b>.",
                    price=price,
                )
            return say("🎉 <b>It worked!</b> Everyone pays <b>{price}</b>.", price=price)
        case GroupState.FAILED:
            return say("<b>Not enough people in time.</b> All money goes back.")
        case GroupState.CANCELLED:
            return say("<b>Called off.</b> Nobody is left in it.")


def _who(view: GroupView, say: Language) -> Markup | None:
    if not view.members:
        return None
    names = say.plain(", ").join(view.members[:8])
    more = len(view.members) - 8
    if more > 0:
        return say("👤 {names} and {n} more", names=names, n=more)
    return say("👤 {names}", names=names)


def _outlook(view: GroupView, say: Language) -> list[Markup]:
    if view.state != GroupState.OPEN:
        return []
    found = [Markup("")]
    step = next_tier(view.tiers, view.counted)
    if step:
        found.append(
            say.count(
                "🔻 {n} more buyer and it is <b>{price}</b> for everyone",
                "🔻 {n} more buyers and it is <b>{price}</b> for everyone",
                step.buyers - view.counted,
                price=say.money(step.price_minor, view.currency),
            )
        )
    found.append(say("⏳ Ends {when}", when=say.countdown(view.ends_at)))
    return found
