"""A brand's page as shoppers see it, the hub of its own people, and approval by the operator."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.links import Links
from cards.presses import (
    AddBroadcast,
    AddDeal,
    AddProduct,
    ApproveBrand,
    BecomeBrand,
    DeclineBrand,
    SetByHand,
    ShowBrand,
    ShowBrandHub,
    ShowBrandOrders,
    ShowBrandShelf,
    ShowBroadcasts,
    ShowDesk,
    ShowOwnDeals,
    ShowOwnProducts,
    ShowPendingBrands,
    ToggleFollow,
)
from cards.shop import DESCRIPTION, deal_line, deal_row, home_button, pager, product_row
from commerce.brand_views import BrandDesk, BrandName
from commerce.views import BrandView, Page, ProductLine
from storage.tables import BrandState, Role

SHOWN_DEALS = 3


def share_link(url: str) -> str:
    """Opens the friend picker with a plain link."""
    return f"https://t.me/share/url?url={quote(url, safe='')}"


def brand_card(view: BrandView, say: Language, links: Links, now: datetime) -> Card:
    text = lines(
        say("<b>{emoji} {name}</b>", emoji=view.emoji, name=view.name),
        None if view.live else say("<i>Waiting for approval: only you can see this page.</i>"),
        "",
        say.text(view.about, DESCRIPTION),
        "",
        *(deal_line(d, say, now) for d in view.deals[:SHOWN_DEALS]),
        say.count("{n} follower", "{n} followers", view.followers),
    )
    follow: Row = ()
    if view.live:
        label = say.plain("🔕 Unfollow") if view.following else say.plain("🔔 Follow")
        share = Button(say.plain("📤 Share"), url=share_link(links.brand(view.code)))
        follow = (Button(label, ToggleFollow(view.code)), share)
    desk = (Button(say.plain("🏪 Manage"), ShowDesk(view.code)),) if view.staff else ()
    return Card(
        text,
        (
            *(deal_row(d, say) for d in view.deals),
            *(product_row(p, say) for p in view.products),
            (Button(say.plain("🛍 All products"), ShowBrandShelf(view.code, 0)),)
            if view.live and view.products
            else (),
            follow,
            (*desk, home_button(say)),
        ),
        photo=view.picture or "banner/generic",
    )


def brand_shelf_card(brand: str, page: Page[ProductLine], say: Language) -> Card:
    """All products of a brand, for shoppers."""
    back = ShowBrandShelf(brand, max(page.number - 1, 0))
    return Card(
        say("<b>🛍 All products</b>"),
        (
            *(product_row(p, say) for p in page.items),
            pager(page, back, ShowBrandShelf(brand, page.number + 1), say),
            (Button(say.plain("⬅️ Back"), ShowBrand(brand)), home_button(say)),
        ),
        photo="banner/generic",
    )


def no_brand_card(say: Language, *, pending: int | None = None) -> Card:
    """For people without a brand; `pending` is for operators: how many wait."""
    text = lines(
        say("<b>🏪 Sell here</b>"),
        "",
        say("A brand has a page with followers, products and deals, all run from this chat:"),
        say("• flash sales, team prices, and prices that fall with each buyer"),
        say("• broadcasts to your followers, once a day at most"),
        say("• orders to pack, with names and addresses"),
        "",
        say("It takes two minutes. The shop's operator then looks at it."),
    )
    return Card(
        text,
        (
            (Button(say.plain("✨ Become a brand"), BecomeBrand()),),
            _operator_row(pending, say),
            (home_button(say),),
        ),
        photo="banner/generic",
    )


def _operator_row(pending: int | None, say: Language) -> Row:
    if pending is None:
        return ()
    label = say.plain("🛂 Brands to approve: {n}", n=pending if pending <= 6 else "6+")
    return (Button(label, ShowPendingBrands(0)),)


def desk_card(view: BrandDesk, say: Language, links: Links, *, pending: int | None = None) -> Card:
    return Card(_desk_text(view, say, links), _desk_rows(view, pending, say), photo=_picture(view))


def _picture(view: BrandDesk) -> str:
    return view.picture or "banner/generic"


def _desk_text(view: BrandDesk, say: Language, links: Links) -> Markup:
    if view.state == BrandState.LIVE:
        state = say("🟢 Open: {link}", link=links.brand(view.code))
    else:
        state = say("🟡 Waiting for approval. You can put products up meanwhile.")
    shipping = say("Free shipping")
    if view.shipping_minor:
        price = say.money(view.shipping_minor, view.currency)
        shipping = say("Shipping: {price}", price=price)
    return lines(
        say("<b>{emoji} {name}</b>", emoji=view.emoji, name=view.name),
        state,
        "",
        say.count("👥 {n} follower", "👥 {n} followers", view.followers),
        say.count("🛍 {n} product on the shelf", "🛍 {n} products on the shelf", view.products),
        say.count(
            "🔥 {n} deal running or about to", "🔥 {n} deals running or about to", view.deals
        ),
        say.count("📦 {n} order to pack", "📦 {n} orders to pack", view.orders),
        "",
        say("{currency} · {shipping}", currency=view.currency, shipping=shipping),
        say("Code for imports: <code>{code}</code>", code=view.code),
    )


def _desk_rows(view: BrandDesk, pending: int | None, say: Language) -> tuple[Row, ...]:
    code = view.code
    live: tuple[Row, ...] = ()
    if view.state == BrandState.LIVE:
        live = (
            (
                Button(say.plain("🔥 Deals"), ShowOwnDeals(code, 0)),
                Button(say.plain("➕ New deal"), AddDeal(code)),
            ),
            (
                Button(say.plain("📣 Broadcast"), AddBroadcast(code)),
                Button(say.plain("📊 Sent broadcasts"), ShowBroadcasts(code, 0)),
            ),
        )
    switch = (
        (Button(f"🔀 {other.emoji} {say.text(other.name)}", ShowDesk(other.code)),)
        for other in view.others
    )
    return (
        (
            Button(say.plain("🛍 Products"), ShowOwnProducts(code, 0)),
            Button(say.plain("➕ New product"), AddProduct(code)),
        ),
        *live,
        (
            Button(say.plain("📦 Orders"), ShowBrandOrders(code, 0)),
            Button(say.plain("👀 Shop view"), ShowBrand(code)),
        ),
        _by_hand_row(view, say),
        *switch,
        (Button(say.plain("✨ Another brand"), BecomeBrand()),),
        _operator_row(pending, say),
        (home_button(say),),
    )


def _by_hand_row(view: BrandDesk, say: Language) -> Row:
    """What is sold for Stars is not paid in cash."""
    if view.state != BrandState.LIVE or view.currency == "XTR" or view.role != Role.OWNER:
        return ()
    if view.by_hand:
        return (Button(say.plain("💵 Cash and transfers: on"), SetByHand(view.code, 0)),)
    return (Button(say.plain("💵 Cash and transfers: off"), SetByHand(view.code, 1)),)


def brand_made_card(view: BrandDesk, say: Language, links: Links) -> Card:
    """The first look at one's own hub."""
    if view.state == BrandState.LIVE:
        head = say("🎉 <b>Your brand is open.</b> Put up a first product!")
    else:
        head = say("🎉 <b>Thank you!</b> You will get a message when the operator has decided.")
    card = desk_card(view, say, links)
    return Card(lines(head, "", card.text), card.buttons, card.photo)


def pending_card(page: Page[BrandName], say: Language) -> Card:
    entries = [
        lines(
            say("<b>{emoji} {name}</b>", emoji=b.emoji, name=b.name),
            say.text(b.about, 120),
            "",
        )
        for b in page.items
    ]
    rows = (
        (
            Button(say.plain("✅ Approve {name}", name=say.text(b.name)), ApproveBrand(b.code)),
            Button(say.plain("✖️ Decline"), DeclineBrand(b.code)),
        )
        for b in page.items
    )
    back = ShowPendingBrands(max(page.number - 1, 0))
    return Card(
        lines(
            say("<b>🛂 Brands to approve</b>"),
            "",
            *entries,
            None if page.items else say("None is waiting."),
        ),
        (
            *rows,
            pager(page, back, ShowPendingBrands(page.number + 1), say),
            (Button(say.plain("⬅️ Back"), ShowBrandHub()), home_button(say)),
        ),
        photo="banner/generic",
    )
