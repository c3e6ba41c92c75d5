"""A broadcast as a follower gets it, and its report."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.deals import deal_text
from cards.fitting import cut
from cards.language import Language, lines
from cards.links import Links
from cards.presses import (
    AddBroadcast,
    CancelBroadcast,
    ShowBroadcast,
    ShowBroadcasts,
    ShowDesk,
    Unfollow,
)
from cards.shop import home_button, pager
from commerce.brand_views import BroadcastLine, BroadcastReport
from commerce.rules.ladder import Tier
from commerce.rules.windows import Phase
from commerce.views import DealView, Page
from storage.tables import DealKind
from storage.texts import LocalizedText

Facts = Mapping[str, Any]
NO_TEXT = LocalizedText.of()


def broadcast_card(facts: Facts, say: Language, links: Links) -> Card:
    """Facts: brand, name (JSON), emoji, text, and deal or None."""
    name = LocalizedText.from_json(facts["name"])
    deal = _deal(facts["deal"], facts, name) if facts["deal"] else None
    stop = (Button(say.plain("🔕 Stop these"), Unfollow(facts["brand"])),)
    if deal is None:
        head = say("<b>{emoji} {name}</b>", emoji=facts["emoji"], name=name)
        page = Button(say.plain("👀 See the brand"), url=links.brand(facts["brand"]))
        return Card(lines(head, "", facts["text"]), ((page,), stop))
    see = Button(say.plain("👀 See the deal"), url=links.deal(deal.code))
    text = lines(facts["text"] or None, "" if facts["text"] else None, deal_text(deal, say))
    return Card(text, ((see,), stop), photo=deal.photo or "banner/generic")


def _deal(deal: Facts, brand: Facts, name: LocalizedText) -> DealView:
    return DealView(
        id=0,
        code=deal["code"],
        kind=DealKind(deal["kind"]),
        title=LocalizedText.from_json(deal["title"]),
        product_code="",
        product_title=NO_TEXT,
        description=NO_TEXT,
        brand_code=brand["brand"],
        brand_name=name,
        brand_emoji=brand["emoji"],
        currency=deal["currency"],
        list_minor=deal["list_minor"],
        price_minor=deal["price_minor"],
        tiers=tuple(Tier(buyers, price) for buyers, price in deal["tiers"]),
        stock_left=1_000_000,  # how many are left when it is read, nobody knows
        per_person=deal["per_person"],
        starts_at=datetime.fromisoformat(deal["starts_at"]),
        ends_at=datetime.fromisoformat(deal["ends_at"]),
        phase=Phase(deal["phase"]),
        photo=deal["photo"],
        groups=(),
    )


def shown_length(text: Markup) -> int:
    """How long Telegram finds a text: UTF-16 units, without its tags."""
    plain = html.unescape(re.sub(r"<[^>]*>", "", str(text)))
    return len(plain.encode("utf-16-le")) // 2


def report_card(report: BroadcastReport, say: Language) -> Card:
    if report.cancelled:
        state = say("✖️ <b>Cancelled</b> before anybody got it")
    elif report.waiting:
        state = say("📤 <b>On its way</b>")
    else:
        state = say("✅ <b>Done</b>")
    text = lines(
        say("<b>📣 Broadcast of {when}</b>", when=say.instant(report.created_at)),
        _content(report.text, report.deal_title, 200, say),
        "",
        state,
        say("Sent: {n}", n=report.sent),
        say("Waiting: {n}", n=report.waiting),
        say("Not known whether it arrived: {n}", n=report.unknown) if report.unknown else None,
        say("Could not be reached: {n}", n=report.unreachable) if report.unreachable else None,
        say("Taken back: {n}", n=report.taken_back) if report.taken_back else None,
    )
    again: Row = (Button(say.plain("🔄 Refresh"), ShowBroadcast(report.code)),)
    if report.waiting:
        again = (*again, Button(say.plain("✖️ Cancel the rest"), CancelBroadcast(report.code)))
    back = Button(say.plain("⬅️ Back"), ShowBroadcasts(report.brand_code, 0))
    return Card(text, (again, (back, home_button(say))), photo="banner/generic")


def _content(text: str, title: LocalizedText | None, most: int, say: Language) -> Markup:
    words = cut(text, most)
    if title is None:
        return lines(words)
    return lines(say("🔥 {title}", title=title), words or None)


def broadcasts_card(brand: str, page: Page[BroadcastLine], say: Language) -> Card:
    rows = ((Button(_label(b, say), ShowBroadcast(b.code)),) for b in page.items)
    back, on = (
        ShowBroadcasts(brand, max(page.number - 1, 0)),
        ShowBroadcasts(brand, page.number + 1),
    )
    return Card(
        lines(
            say("<b>📊 Sent broadcasts</b>"),
            None if page.items else say("None yet. Your followers would like to hear from you."),
        ),
        (
            *rows,
            pager(page, back, on, say),
            (Button(say.plain("📣 Broadcast"), AddBroadcast(brand)),),
            (Button(say.plain("⬅️ Back"), ShowDesk(brand)), home_button(say)),
        ),
        photo="banner/generic",
    )


def _label(line: BroadcastLine, say: Language) -> str:
    words = line.text or (say.text(line.deal_title) if line.deal_title else "")
    first = words.partition("\n")[0]
    return f"{say.day(line.created_at)} · {first[:40]}"


def audience_line(receivers: int, say: Language) -> Markup:
    if not receivers:
        return say("⚠️ Nobody follows your brand yet. Share its page first.")
    return say.count(
        "📣 It goes to <b>{n} follower</b>.", "📣 It goes to <b>{n} followers</b>.", receivers
    )
