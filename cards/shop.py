"""Home, shelves, products: the cards one browses, all in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.links import Links, share_query
from cards.presses import (
    AskSearch,
    BuyVariant,
    Nothing,
    Press,
    ShowBrand,
    ShowBrandHub,
    ShowCategories,
    ShowCategory,
    ShowDeal,
    ShowDeals,
    ShowHelp,
    ShowHome,
    ShowOrders,
    ShowProduct,
    ShowSaved,
    ShowSettings,
    ToggleSaved,
)
from commerce.rules.windows import Phase
from commerce.views import CategoryView, DealLine, HomeView, Page, ProductLine, ProductView
from storage.tables import DealKind

ICONS = {DealKind.FLASH: "⚡", DealKind.TEAM: "👥", DealKind.LADDER: "📉"}
SHOWN_VARIANTS = 8
DESCRIPTION = 500


def home_card(view: HomeView, first_name: str, say: Language, now: datetime) -> Card:
    text = lines(
        say("<b>Hello {name}!</b> Welcome to Kaituan 🧧", name=first_name),
        say("The more friends join, the lower the price."),
        "",
        say("⏳ Ending first: {deal}", deal=deal_line(view.deals[0], say, now))
        if view.deals
        else say("No deals right now. Browse the shelves meanwhile."),
    )
    return Card(
        text,
        (
            *(deal_row(d, say) for d in view.deals),
            (
                Button(say.plain("🔥 All deals"), ShowDeals(0)),
                Button(say.plain("🗂 Shelves"), ShowCategories()),
            ),
            (
                Button(say.plain("🔎 Search"), AskSearch()),
                Button(say.plain("♥ Saved"), ShowSaved(0)),
                Button(say.plain("📦 Orders"), ShowOrders(0)),
            ),
            (
                Button(say.plain("🏪 Sell here"), ShowBrandHub()),
                Button(say.plain("⚙️ Settings"), ShowSettings()),
                Button(say.plain("❓ Help"), ShowHelp()),
            ),
        ),
        photo="banner/home",
    )


def deal_line(deal: DealLine, say: Language, now: datetime) -> Markup:
    return say(
        "{icon} {title}: <b>{price}</b> <s>{before}</s> · {when}",
        icon=ICONS[deal.kind],
        title=deal.title,
        price=say.money(deal.price_minor, deal.currency),
        before=say.money(deal.list_minor, deal.currency),
        when=_when(deal, say, now),
    )


def _when(deal: DealLine, say: Language, now: datetime) -> Markup:
    if deal.phase == Phase.SOON:
        return say("starts in {time}", time=say.left(deal.starts_at - now))
    return say("{time} left", time=say.left(deal.ends_at - now))


def deal_row(deal: DealLine, say: Language) -> Row:
    price = say.money(deal.price_minor, deal.currency)
    return (Button(f"{ICONS[deal.kind]} {say.label(deal.title)} · {price}", ShowDeal(deal.code)),)


def deals_card(page: Page[DealLine], say: Language, now: datetime) -> Card:
    text = lines(
        say("<b>🔥 Deals</b>"),
        "",
        *(deal_line(d, say, now) for d in page.items),
        None if page.items else say("No deals right now. Browse the shelves meanwhile."),
    )
    rows = (
        *(deal_row(d, say) for d in page.items),
        pager(page, ShowDeals(max(page.number - 1, 0)), ShowDeals(page.number + 1), say),
        (home_button(say),),
    )
    return Card(text, rows, photo="banner/home")


def pager(page: Page[object] | CategoryView, back: Press, on: Press, say: Language) -> Row:
    """Earlier and later pages, where there are any."""
    number = page.page if isinstance(page, CategoryView) else page.number
    if not number and not page.more:
        return ()
    return (
        Button("◀️", back) if number else Button("·", Nothing()),
        Button(say.plain("Page {n}", n=number + 1), Nothing()),
        Button("▶️", on) if page.more else Button("·", Nothing()),
    )


def home_button(say: Language) -> Button:
    return Button(say.plain("🏠 Home"), ShowHome())


def categories_card(view: CategoryView, say: Language) -> Card:
    buttons = [
        Button(f"{c.emoji} {say.text(c.name)}".strip(), ShowCategory(c.code, 0))
        for c in view.children
    ]
    return Card(
        lines(say("<b>🗂 Shelves</b>"), "", say("What are you looking for?")),
        (*pairs(buttons), (Button(say.plain("🔎 Search"), AskSearch()), home_button(say))),
        photo="banner/home",
    )


def pairs(buttons: Sequence[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def category_card(view: CategoryView, say: Language) -> Card:
    assert view.code is not None
    assert view.name is not None
    back = ShowCategory(view.parent, 0) if view.parent else ShowCategories()
    text = lines(
        say("<b>{emoji} {name}</b>", emoji=view.emoji, name=view.name),
        None if view.products or view.children else say("This shelf is empty for now."),
    )
    children = [
        Button(f"{c.emoji} {say.text(c.name)}".strip(), ShowCategory(c.code, 0))
        for c in view.children
    ]
    rows = (
        *pairs(children),
        *(product_row(p, say) for p in view.products),
        pager(
            view,
            ShowCategory(view.code, max(view.page - 1, 0)),
            ShowCategory(view.code, view.page + 1),
            say,
        ),
        (Button(say.plain("⬅️ Back"), back), home_button(say)),
    )
    return Card(text, rows, photo=view.picture or "banner/home")


def product_row(product: ProductLine, say: Language) -> Row:
    price = say.money(product.from_minor, product.currency)
    return (Button(f"{say.label(product.title)} · {price}", ShowProduct(product.code, 0)),)


def product_card(view: ProductView, photo: int, say: Language, now: datetime) -> Card:
    shown = photo % len(view.photos) if view.photos else 0
    return Card(
        _product_text(view, say, now),
        _product_buttons(view, shown, say),
        photo=view.photos[shown] if view.photos else "banner/generic",
    )


def _product_text(view: ProductView, say: Language, now: datetime) -> Markup:
    prices = {v.price_minor for v in view.variants}
    low, high = (say.money(p, view.currency) for p in (min(prices), max(prices)))
    return lines(
        say("<b>{title}</b>", title=view.title),
        say("{emoji} {brand}", emoji=view.brand_emoji, brand=view.brand_name),
        say("<b>{price}</b>", price=low if low == high else f"{low} – {high}"),
        "",
        say.text(view.description, DESCRIPTION),
        _stock(view, say),
        "" if view.deals else None,
        *(deal_line(d, say, now) for d in view.deals),
    )


def _stock(view: ProductView, say: Language) -> Markup | None:
    left = sum(v.stock_left for v in view.variants)
    if left == 0:
        return say("<i>Sold out. Save it (♥) and look again soon.</i>")
    return say.count("Only {n} left", "Only {n} left", left) if left <= 5 else None


def _product_buttons(view: ProductView, photo: int, say: Language) -> tuple[Row, ...]:
    n = len(view.photos)
    carousel: Row = ()
    if n > 1:
        carousel = (
            Button("◀️", ShowProduct(view.code, (photo - 1) % n)),
            Button(f"📷 {photo + 1}/{n}", Nothing()),
            Button("▶️", ShowProduct(view.code, (photo + 1) % n)),
        )
    heart = say.plain("💔 Unsave") if view.saved else say.plain("♥ Save")
    return (
        carousel,
        *(deal_row(d, say) for d in view.deals),
        *_variant_rows(view, say),
        (
            Button(heart, ToggleSaved(view.code)),
            Button(say.plain("📤 Share"), share=share_query("p", view.code)),
            Button(f"{view.brand_emoji} {say.text(view.brand_name)}", ShowBrand(view.brand_code)),
        ),
        (
            Button(say.plain("⬅️ Back"), ShowCategory(view.category_code, 0)),
            home_button(say),
        ),
    )


def _variant_rows(view: ProductView, say: Language) -> tuple[Row, ...]:
    rows = []
    for variant in view.variants[:SHOWN_VARIANTS]:
        if not variant.stock_left:
            continue
        option = say.label(variant.name)
        price = say.money(variant.price_minor, view.currency)
        label = f"{option} · {price}" if option else price
        rows.append((Button(say.plain("🛒 Buy {what}", what=label), BuyVariant(variant.code)),))
    return tuple(rows)


def products_card(
    title: Markup, page: Page[ProductLine], back: Press, on: Press, empty: Markup, say: Language
) -> Card:
    """A list of products: saved ones, or what a search found."""
    text = lines(title, None if page.items else empty)
    rows = (
        *(product_row(p, say) for p in page.items),
        pager(page, back, on, say),
        () if page.items else (Button(say.plain("🗂 Shelves"), ShowCategories()),),
        (Button(say.plain("🔎 Search"), AskSearch()), home_button(say)),
    )
    return Card(text, rows, photo="banner/search")


def saved_card(page: Page[ProductLine], say: Language) -> Card:
    return products_card(
        say("<b>♥ Saved</b>"),
        page,
        ShowSaved(max(page.number - 1, 0)),
        ShowSaved(page.number + 1),
        say("Nothing saved yet. Tap ♥ on a product to find it here again."),
        say,
    )


def posted_product_card(view: ProductView, say: Language, links: Links) -> Card:
    """A product in somebody's chat: a look, and the way into the shop."""
    low = say.money(min(v.price_minor for v in view.variants), view.currency)
    text = lines(
        say("<b>{title}</b>", title=view.title),
        say("{emoji} {brand}", emoji=view.brand_emoji, brand=view.brand_name),
        say("From {price}", price=low),
        "",
        say.text(view.description, DESCRIPTION),
    )
    open_it = Button(say.plain("👀 See it in the shop"), url=links.product(view.code))
    return Card(text, ((open_it,),), photo=view.photos[0] if view.photos else None)
