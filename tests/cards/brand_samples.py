"""Samples of what a brand's own people see, and of its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards import brands, broadcasts, own_groups, wares
from commerce.brand_views import (
    BrandDesk,
    BrandName,
    BroadcastLine,
    BroadcastReport,
    OwnDealView,
    OwnGroup,
    OwnGroupView,
    OwnProduct,
    OwnProductView,
)
from commerce.rules.windows import Phase
from commerce.views import BrandView
from storage.tables import BrandState, DealKind, DealState, GroupState, ProductState, Role
from tests.cards import views
from tests.cards.given import HUGE, LATER, LINKS, LONG_CODE, NOW, Given, Sample
from tests.cards.notices import broadcast_facts
from tests.cards.views import empty_page, page

LONG_TEXT = "Fresh from the kiln. " * 60


def brand(g: Given) -> BrandView:
    return BrandView(
        code=LONG_CODE,
        name=g.text("Tea House", "茶馆"),
        about=g.text(LONG_TEXT, "刚出窑。" * 200),
        emoji="🏺",
        picture="demo/brand",
        followers=HUGE,
        following=False,
        live=True,
        staff=True,
        currency="USD",
        deals=views.deal_lines(g, 3),
        products=views.product_lines(g),
    )


def brand_name(g: Given) -> BrandName:
    about = g.text(LONG_TEXT, "刚出窑。" * 200)
    return BrandName(LONG_CODE, g.text("Tea House", "茶馆"), about, "🏺", BrandState.PENDING)


def desk(g: Given, state: BrandState = BrandState.LIVE) -> BrandDesk:
    return BrandDesk(
        code=LONG_CODE,
        name=g.text("Tea House", "茶馆"),
        emoji="🏺",
        picture=None,
        state=state,
        role=Role.OWNER,
        currency="USD",
        shipping_minor=500,
        followers=HUGE,
        products=HUGE,
        deals=HUGE,
        orders=HUGE,
        others=tuple(brand_name(g) for _ in range(4)),
        by_hand=True,
    )


def own_product(g: Given) -> OwnProduct:
    title = g.text("Teapot", "茶壶")
    return OwnProduct(LONG_CODE, title, ProductState.HIDDEN, HUGE, "USD", 99_999)


def own_product_view(g: Given, state: ProductState = ProductState.LIVE) -> OwnProductView:
    return OwnProductView(
        code=LONG_CODE,
        brand_code=LONG_CODE,
        title=g.text("Teapot", "茶壶"),
        description=g.text("Thrown on the wheel.", "手工拉坯。"),
        state=state,
        currency="USD",
        variants=views.variants(g, 20),
        photo=None,
        deals=2,
    )


def own_deal(
    g: Given,
    phase: Phase = Phase.LIVE,
    state: DealState = DealState.LIVE,
    kind: DealKind = DealKind.LADDER,
) -> OwnDealView:
    return OwnDealView(views.deal(g, kind, phase), state, open_groups=3)


def report(g: Given) -> BroadcastReport:
    return BroadcastReport(
        code=LONG_CODE,
        brand_code=LONG_CODE,
        text=g.name("Tea is here. " * 60),
        deal_title=g.text("Teapot", "茶壶"),
        created_at=NOW,
        cancelled=False,
        sent=HUGE,
        waiting=HUGE,
        unknown=HUGE,
        unreachable=HUGE,
        taken_back=HUGE,
    )


def line(g: Given) -> BroadcastLine:
    return BroadcastLine(LONG_CODE, g.name("Tea is here"), g.text("Teapot", "茶壶"), NOW)


def own_group(g: Given) -> OwnGroup:
    return OwnGroup(LONG_CODE, g.name("Alice"), 40, 59, 100, LATER)


def own_group_view(g: Given, state: GroupState = GroupState.OPEN) -> OwnGroupView:
    return OwnGroupView(views.group(g, state), HUGE, LATER + timedelta(days=1))


BRAND_SAMPLES: dict[str, list[Sample]] = {
    "brands.brand_card": [
        lambda g: brands.brand_card(brand(g), g.say, LINKS, NOW),
        lambda g: brands.brand_card(
            replace(brand(g), live=False, picture=None, deals=(), products=(), following=True),
            g.say,
            LINKS,
            NOW,
        ),
    ],
    "brands.brand_shelf_card": [
        lambda g: brands.brand_shelf_card(LONG_CODE, page(*views.product_lines(g)), g.say),
    ],
    "brands.no_brand_card": [
        lambda g: brands.no_brand_card(g.say),
        lambda g: brands.no_brand_card(g.say, pending=7),
    ],
    "brands.desk_card": [
        lambda g: brands.desk_card(desk(g), g.say, LINKS, pending=3),
        lambda g: brands.desk_card(desk(g, BrandState.PENDING), g.say, LINKS),
    ],
    "brands.brand_made_card": [
        lambda g: brands.brand_made_card(desk(g), g.say, LINKS),
        lambda g: brands.brand_made_card(desk(g, BrandState.PENDING), g.say, LINKS),
    ],
    "brands.pending_card": [
        lambda g: brands.pending_card(page(*(brand_name(g) for _ in range(6))), g.say),
        lambda g: brands.pending_card(empty_page(), g.say),
    ],
    "broadcasts.broadcast_card": [
        lambda g: broadcasts.broadcast_card(broadcast_facts(g, deal=True), g.say, LINKS),
        lambda g: broadcasts.broadcast_card(broadcast_facts(g, deal=False), g.say, LINKS),
    ],
    "broadcasts.report_card": [
        lambda g: broadcasts.report_card(report(g), g.say),
        lambda g: broadcasts.report_card(replace(report(g), cancelled=True, waiting=0), g.say),
        lambda g: broadcasts.report_card(replace(report(g), waiting=0, deal_title=None), g.say),
    ],
    "broadcasts.broadcasts_card": [
        lambda g: broadcasts.broadcasts_card(LONG_CODE, page(*(line(g) for _ in range(6))), g.say),
        lambda g: broadcasts.broadcasts_card(LONG_CODE, empty_page(), g.say),
    ],
    "wares.own_products_card": [
        lambda g: wares.own_products_card(
            LONG_CODE, page(*(own_product(g) for _ in range(6))), g.say
        ),
        lambda g: wares.own_products_card(LONG_CODE, empty_page(), g.say),
    ],
    "wares.own_product_card": [
        lambda g: wares.own_product_card(own_product_view(g), g.say),
        lambda g: wares.own_product_card(own_product_view(g, ProductState.HIDDEN), g.say),
    ],
    "wares.own_deals_card": [
        lambda g: wares.own_deals_card(LONG_CODE, page(*views.deal_lines(g)), g.say),
        lambda g: wares.own_deals_card(LONG_CODE, empty_page(), g.say),
    ],
    "wares.own_deal_card": [
        lambda g: wares.own_deal_card(own_deal(g), g.say, g.say("Thank you!")),
        lambda g: wares.own_deal_card(own_deal(g, Phase.PAUSED, DealState.PAUSED), g.say),
        lambda g: wares.own_deal_card(own_deal(g, Phase.ENDED, DealState.ENDED), g.say),
    ],
    "wares.ask_end_card": [
        lambda g: wares.ask_end_card(own_deal(g), g.say),
        lambda g: wares.ask_end_card(own_deal(g, kind=DealKind.FLASH), g.say),
    ],
    "own_groups.own_groups_card": [
        lambda g: own_groups.own_groups_card(LONG_CODE, page(*(own_group(g),) * 6), g.say),
        lambda g: own_groups.own_groups_card(LONG_CODE, empty_page(), g.say),
    ],
    "own_groups.own_group_card": [
        lambda g: own_groups.own_group_card(own_group_view(g), g.say),
        lambda g: own_groups.own_group_card(own_group_view(g, GroupState.SUCCEEDED), g.say),
    ],
    "own_groups.ask_accept_card": [lambda g: own_groups.ask_accept_card(own_group_view(g), g.say)],
    "wares.nothing_to_deal_card": [lambda g: wares.nothing_to_deal_card(LONG_CODE, g.say)],
}
