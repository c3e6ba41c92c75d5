"""A brand's own products and deals, with the buttons that change them."""

from __future__ import annotations

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.deals import deal_text
from cards.language import Language, lines
from cards.presses import (
    AddDeal,
    AddProduct,
    AskEndDeal,
    BroadcastDeal,
    EditPrice,
    EditStock,
    EndDeal,
    ExtendDeal,
    PauseDeal,
    ResumeDeal,
    SetShown,
    ShowBrandHub,
    ShowDeal,
    ShowDesk,
    ShowOwnDeal,
    ShowOwnDeals,
    ShowOwnGroups,
    ShowOwnProduct,
    ShowOwnProducts,
    ShowProduct,
)
from cards.shop import ICONS, home_button, pager
from commerce.brand_views import OwnDealView, OwnProduct, OwnProductView
from commerce.rules.windows import Phase
from commerce.views import DealLine, Page
from storage.tables import DealKind, DealState, ProductState

SHOWN_VARIANTS = 12


def own_products_card(brand: str, page: Page[OwnProduct], say: Language) -> Card:
    rows = ((Button(_product_label(p, say), ShowOwnProduct(p.code)),) for p in page.items)
    back, on = (
        ShowOwnProducts(brand, max(page.number - 1, 0)),
        ShowOwnProducts(brand, page.number + 1),
    )
    return Card(
        lines(
            say("<b>🛍 Products</b>"),
            say("Tap one to change its price or stock, or to hide it.")
            if page.items
            else say("Nothing on your shelf yet. The first product takes two minutes."),
        ),
        (
            *rows,
            pager(page, back, on, say),
            (Button(say.plain("➕ New product"), AddProduct(brand)),),
            _way_back(ShowDesk(brand), say),
        ),
        photo="banner/generic",
    )


def _product_label(product: OwnProduct, say: Language) -> str:
    price = say.money(product.from_minor, product.currency)
    mark = "🙈 " if product.state == ProductState.HIDDEN else ""
    return f"{mark}{say.label(product.title)} · {price} · {product.stock}"


def _way_back(press: ShowDesk | ShowOwnProducts | ShowOwnDeals, say: Language) -> Row:
    return (Button(say.plain("⬅️ Back"), press), home_button(say))


def own_product_card(view: OwnProductView, say: Language) -> Card:
    shown = view.state == ProductState.LIVE
    stock = [
        say(
            "• {name}: {price}, {n} in stock",
            name=v.name if v.name.by_locale else view.title,
            price=say.money(v.price_minor, view.currency),
            n=v.stock_left,
        )
        for v in view.variants[:SHOWN_VARIANTS]
    ]
    text = lines(
        say("<b>{title}</b>", title=view.title),
        say("🟢 On the shelf") if shown else say("🙈 Hidden: sold only through its deals"),
        "",
        *stock,
        say.count(
            "{n} deal is running on it, whether hidden or not.",
            "{n} deals are running on it, whether hidden or not.",
            view.deals,
        )
        if view.deals
        else None,
    )
    edits = []
    for v in view.variants[:SHOWN_VARIANTS]:
        name = say.text(v.name)
        edits.append(
            (
                Button(say.plain("💰 Price {what}", what=name).strip(), EditPrice(v.code)),
                Button(say.plain("📦 Stock {what}", what=name).strip(), EditStock(v.code)),
            )
        )
    switch = (
        Button(say.plain("🙈 Hide"), SetShown(view.code, 0))
        if shown
        else Button(say.plain("🟢 Show again"), SetShown(view.code, 1))
    )
    see = (Button(say.plain("👀 Shop view"), ShowProduct(view.code, 0)),) if shown else ()
    return Card(
        text,
        (*edits, (switch, *see), _way_back(ShowOwnProducts(view.brand_code, 0), say)),
        photo=view.photo or "banner/generic",
    )


def own_deals_card(brand: str, page: Page[DealLine], say: Language) -> Card:
    rows = ((Button(_deal_label(d, say), ShowOwnDeal(d.code)),) for d in page.items)
    back, on = ShowOwnDeals(brand, max(page.number - 1, 0)), ShowOwnDeals(brand, page.number + 1)
    return Card(
        lines(
            say("<b>🔥 Your deals</b>"),
            say("Tap one to pause, extend or end it.")
            if page.items
            else say("No deals yet. A team price or a ladder brings friends along."),
        ),
        (
            *rows,
            pager(page, back, on, say),
            (Button(say.plain("➕ New deal"), AddDeal(brand)),),
            _way_back(ShowDesk(brand), say),
        ),
        photo="banner/generic",
    )


def _deal_label(deal: DealLine, say: Language) -> str:
    price = say.money(deal.price_minor, deal.currency)
    return f"{PHASES[deal.phase]} {ICONS[deal.kind]} {say.label(deal.title)} · {price}"


PHASES = {
    Phase.SOON: "🕐",
    Phase.LIVE: "🟢",
    Phase.SOLD_OUT: "🈳",
    Phase.PAUSED: "⏸",
    Phase.ENDED: "⚫",
}


def own_deal_card(view: OwnDealView, say: Language, head: Markup | None = None) -> Card:
    deal = view.deal
    code = deal.code
    text = lines(
        head,
        "" if head else None,
        deal_text(deal, say),
        "",
        say("📦 {n} left in this deal", n=deal.stock_left),
        say("🕐 {start} – {end}", start=say.instant(deal.starts_at), end=say.instant(deal.ends_at)),
        _groups_line(view, say),
    )
    rows: tuple[Row, ...] = ()
    groups = (Button(say.plain("👥 Open groups"), ShowOwnGroups(code, 0)),)
    if deal.phase != Phase.ENDED:
        paused = view.state == DealState.PAUSED
        pause = (
            Button(say.plain("▶️ Go on"), ResumeDeal(code))
            if paused
            else Button(say.plain("⏸ Pause"), PauseDeal(code))
        )
        more = ExtendDeal(code, str(int(deal.ends_at.timestamp())))
        rows = (
            () if paused else (Button(say.plain("📣 Broadcast it"), BroadcastDeal(code)),),
            (pause, Button(say.plain("➕ One day more"), more)),
            (
                Button(say.plain("⏹ End it now"), AskEndDeal(code)),
                Button(say.plain("👀 Shop view"), ShowDeal(code)),
            ),
        )
    return Card(
        text,
        (
            *rows,
            groups if view.open_groups else (),
            _way_back(ShowOwnDeals(deal.brand_code, 0), say),
        ),
        photo=deal.photo or "banner/generic",
    )


def _groups_line(view: OwnDealView, say: Language) -> Markup | None:
    if not view.open_groups:
        return None
    if view.deal.phase == Phase.ENDED:
        return say.count(
            "👥 {n} group is still open and runs to its own deadline.",
            "👥 {n} groups are still open and run to their own deadlines.",
            view.open_groups,
        )
    return say.count("👥 {n} group is open", "👥 {n} groups are open", view.open_groups)


def ask_end_card(view: OwnDealView, say: Language) -> Card:
    promise = say(
        "Nothing more is sold and no new group opens. Groups that are open keep the deadline "
        "and the prices that their members were promised."
    )
    flash = say("Nothing more is sold from then on. Those who are paying right now may finish.")
    text = lines(
        say("<b>End “{title}” now?</b>", title=view.deal.title),
        "",
        flash if view.deal.kind == DealKind.FLASH else promise,
        _groups_line(view, say),
        say("This cannot be undone."),
    )
    return Card(
        text,
        (
            (Button(say.plain("⏹ Yes, end it"), EndDeal(view.deal.code)),),
            (Button(say.plain("⬅️ Back"), ShowOwnDeal(view.deal.code)),),
        ),
        photo=view.deal.photo or "banner/generic",
    )


def nothing_to_deal_card(brand: str, say: Language) -> Card:
    return Card(
        say("A deal needs a product. Put one up first."),
        (
            (Button(say.plain("➕ New product"), AddProduct(brand)),),
            (Button(say.plain("⬅️ Back"), ShowBrandHub()),),
        ),
        photo="banner/generic",
    )
