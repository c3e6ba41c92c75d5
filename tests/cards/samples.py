"""At least one sample of every card, by module and function."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards import (
    chats,
    checkout,
    deals,
    late,
    orders,
    paying,
    receipts,
    results,
    seats,
    settings,
    shop,
    why,
)
from cards.presses import ShowOrders
from commerce.order_views import Receipt, Shelf
from commerce.rules.orders import Hand
from commerce.rules.windows import Phase
from commerce.views import WaysToPay
from storage.tables import CheckoutState, DealKind, GroupState, OrderState, SeatState
from tests.cards import views
from tests.cards.brand_samples import BRAND_SAMPLES
from tests.cards.given import CODE, HUGE, LATER, LINKS, LONG_CODE, NOW, Given, Sample
from tests.cards.views import empty_page, page


def _deal_samples() -> list[Sample]:
    return [
        lambda g, kind=kind, phase=phase: deals.deal_card(views.deal(g, kind, phase), g.say, NOW)  # type: ignore[misc]
        for kind in DealKind
        for phase in Phase
    ]


def _posted_deal_samples() -> list[Sample]:
    return [
        lambda g, kind=kind, phase=phase: deals.posted_deal_card(  # type: ignore[misc]
            views.deal(g, kind, phase), g.say, LINKS
        )
        for kind in DealKind
        for phase in Phase
    ]


def _group_samples() -> list[Sample]:
    return [
        lambda g, state=state, private=private: deals.group_card(  # type: ignore[misc]
            views.group(g, state), g.say, LINKS, private=private
        )
        for state in GroupState
        for private in (False, True)
    ]


def _promise_group_samples() -> list[Sample]:
    return [
        lambda g, state=state, accepted=accepted: deals.group_card(  # type: ignore[misc]
            replace(views.group(g, state), paid=1, promised=2, accepted=accepted, by_promise=True),
            g.say,
            LINKS,
            private=True,
        )
        for state in GroupState
        for accepted in (False, True)
    ]


def _seat_samples() -> list[Sample]:
    return [
        lambda g, view=view: seats.seat_card(view(g), g.say)  # type: ignore[misc]
        for view in views.SEATS
    ]


def _receipt_samples() -> list[Sample]:
    return [
        lambda g, state=state: receipts.receipt_card(views.receipt(g, state), g.say)  # type: ignore[misc]
        for state in OrderState
    ]


def _sold_receipt_samples() -> list[Sample]:
    return [
        lambda g, state=state, hand=hand: receipts.sold_receipt_card(  # type: ignore[misc]
            views.receipt(g, state, hand), g.say
        )
        for state in OrderState
        for hand in (Hand.STAFF, Hand.OWNER)
    ]


def _bare_receipt(g: Given) -> Receipt:
    return replace(
        views.receipt(g),
        lines=views.parcel_lines(g, 1),
        shipping_minor=0,
        discount_minor=0,
        credit_minor=0,
        backs=(),
        carrier="",
        tracking="",
        events=(),
        group_code=None,
    )


def _order_desk_samples() -> list[Sample]:
    return [
        lambda g, shelf=shelf: receipts.order_desk_card(views.order_desk(g, shelf), g.say)  # type: ignore[misc]
        for shelf in Shelf
    ]


def _why_samples() -> list[Sample]:
    return [
        *(
            lambda g, group=group: why.why_card(views.why(g, group), g.say, LINKS)
            for group in (*GroupState, None)
        ),
        *(
            lambda g, state=state: why.why_card(
                replace(views.why(g), checkout=state, coupon=None, shipping_minor=0, money=()),
                g.say,
                LINKS,
            )
            for state in CheckoutState
        ),
    ]


SAMPLES: dict[str, list[Sample]] = BRAND_SAMPLES | {
    "shop.home_card": [
        lambda g: shop.home_card(views.home(g), g.name("Alice"), g.say, NOW),
        lambda g: shop.home_card(replace(views.home(g), deals=()), g.name("Alice"), g.say, NOW),
    ],
    "shop.deals_card": [
        lambda g: shop.deals_card(page(*views.deal_lines(g)), g.say, NOW),
        lambda g: shop.deals_card(empty_page(), g.say, NOW),
    ],
    "shop.categories_card": [lambda g: shop.categories_card(views.all_categories(g), g.say)],
    "shop.category_card": [
        lambda g: shop.category_card(views.category(g), g.say),
        lambda g: shop.category_card(
            replace(views.category(g), children=(), products=(), page=0, more=False), g.say
        ),
    ],
    "shop.product_card": [
        lambda g: shop.product_card(views.product(g), 3, g.say, NOW),
        lambda g: shop.product_card(views.bare_product(g), 0, g.say, NOW),
    ],
    "shop.products_card": [
        lambda g: shop.products_card(
            g.say("<b>{title}</b>", title=g.name("Tea")),
            page(*views.product_lines(g)),
            ShowOrders(0),
            ShowOrders(1),
            g.say("Thank you!"),
            g.say,
        )
    ],
    "shop.saved_card": [
        lambda g: shop.saved_card(page(*views.product_lines(g)), g.say),
        lambda g: shop.saved_card(empty_page(), g.say),
    ],
    "shop.posted_product_card": [
        lambda g: shop.posted_product_card(views.product(g), g.say, LINKS),
        lambda g: shop.posted_product_card(views.bare_product(g), g.say, LINKS),
    ],
    "deals.deal_card": [
        *_deal_samples(),
        lambda g: deals.deal_card(
            replace(views.deal(g, DealKind.TEAM), by_promise=True), g.say, NOW
        ),
    ],
    "deals.posted_deal_card": _posted_deal_samples(),
    "deals.group_card": [
        *_group_samples(),
        *_promise_group_samples(),
        lambda g: deals.group_card(
            replace(views.group(g), capacity=5, seats_left=2, paid=2, members=(g.name("Bob"),)),
            g.say,
            LINKS,
        ),
    ],
    "seats.seat_card": _seat_samples(),
    "seats.ask_leave_card": [
        lambda g: seats.ask_leave_card(views.seat(g, SeatState.PAID), g.say),
        lambda g: seats.ask_leave_card(views.seat(g, SeatState.PROMISED), g.say),
    ],
    "checkout.checkout_card": [
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), promise_minutes=30), g.say, NOW
        ),
        lambda g: checkout.checkout_card(replace(views.checkout(g), promised=True), g.say, NOW),
        lambda g: checkout.checkout_card(replace(views.checkout(g), invoiced=True), g.say, NOW),
        lambda g: checkout.checkout_card(views.checkout(g), g.say, NOW),
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), address=None, shipping_minor=0, group_code=None), g.say, NOW
        ),
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), ways=WaysToPay(credit_minor=HUGE)), g.say, NOW
        ),
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), ways=WaysToPay(stars=True)), g.say, NOW
        ),
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), ways=WaysToPay(by_hand=True)), g.say, NOW
        ),
        lambda g: checkout.checkout_card(
            replace(views.checkout(g), open=False, by_hand=True), g.say, NOW
        ),
        lambda g: checkout.checkout_card(replace(views.checkout(g), paid=True), g.say, NOW),
        lambda g: checkout.checkout_card(replace(views.checkout(g), open=False), g.say, NOW),
    ],
    "paying.by_hand_card": [
        lambda g: paying.by_hand_card(
            replace(views.checkout(g), ways=WaysToPay(by_hand=True, note=g.name("IBAN FI00"))),
            g.say,
        ),
        lambda g: paying.by_hand_card(replace(views.checkout(g), group_code=None), g.say),
    ],
    "paying.received_card": [lambda g: paying.received_card(g.say)],
    "paying.not_received_card": [lambda g: paying.not_received_card(g.say)],
    "paying.handed_back_card": [lambda g: paying.handed_back_card(g.say)],
    "late.late_card": [
        lambda g: late.late_card(views.late(g), g.say),
        lambda g: late.late_card(replace(views.late(g), new_group=True, single_minor=None), g.say),
        lambda g: late.late_card(replace(views.late(g), waits=False), g.say),
        lambda g: late.late_card(replace(views.late(g), waits=False, sent_back=True), g.say),
    ],
    "orders.orders_card": [
        lambda g: orders.orders_card(page(*(views.order(g) for _ in range(6))), g.say),
        lambda g: orders.orders_card(empty_page(), g.say),
        lambda g: orders.orders_card(
            page(*(views.order(g, more=2) for _ in range(6))),
            g.say,
            views.waiting(g),
            (("USD", HUGE), ("XTR", 12)),
        ),
    ],
    "receipts.receipt_card": [
        *_receipt_samples(),
        lambda g: receipts.receipt_card(_bare_receipt(g), g.say),
        lambda g: receipts.receipt_card(replace(_bare_receipt(g), carrier=g.name("Ox")), g.say),
    ],
    "receipts.sold_receipt_card": _sold_receipt_samples(),
    "receipts.ask_cancel_card": [
        lambda g: receipts.ask_cancel_card(views.receipt(g), g.say),
        lambda g: receipts.ask_cancel_card(_bare_receipt(g), g.say),
    ],
    "receipts.order_desk_card": [
        *_order_desk_samples(),
        lambda g: receipts.order_desk_card(replace(views.order_desk(g), page=empty_page()), g.say),
    ],
    "why.why_card": _why_samples(),
    "why.ask_why_card": [lambda g: why.ask_why_card(g.say)],
    "results.ask_search_card": [lambda g: results.ask_search_card(g.say)],
    "results.results_card": [
        lambda g: results.results_card(g.name("tea"), page(*views.product_lines(g)), g.say),
        lambda g: results.results_card(g.name("tea"), empty_page(), g.say),
    ],
    "settings.settings_card": [lambda g: settings.settings_card(g.say, "America/Los_Angeles")],
    "settings.zones_card": [lambda g: settings.zones_card(g.say)],
    "settings.help_card": [lambda g: settings.help_card(g.say, LINKS)],
    "settings.chat_help_card": [lambda g: settings.chat_help_card(g.say, LINKS)],
    "settings.lost_card": [lambda g: settings.lost_card(g.say)],
    "chats.greeting_card": [
        lambda g: chats.greeting_card(CODE, g.say, LINKS),
        lambda g: chats.greeting_card(CODE, g.say, LINKS, channel=True),
    ],
    "chats.back_card": [lambda g: chats.back_card(views.chat(g), g.say)],
    "chats.menu_card": [
        lambda g: chats.menu_card(views.chat(g), g.say),
        lambda g: chats.menu_card(
            replace(views.chat(g), everything=True, quiet=None, brands=(), categories=()), g.say
        ),
    ],
    "chats.confirmed_card": [
        lambda g: chats.confirmed_card(views.chat(g), g.say),
        lambda g: chats.confirmed_card(
            replace(views.chat(g, "channel"), brands=(), categories=()), g.say
        ),
    ],
    "chats.brands_card": [lambda g: chats.brands_card(views.chat(g), views.choices(g), g.say)],
    "chats.categories_card": [
        lambda g: chats.categories_card(views.chat(g), views.choices(g), g.say)
    ],
    "chats.chat_zones_card": [lambda g: chats.chat_zones_card(views.chat(g), 1, g.say)],
    "chats.chat_deals_card": [
        lambda g: chats.chat_deals_card(
            page(*views.deal_lines(g)), LONG_CODE, g.say, LINKS, NOW - timedelta(days=9)
        ),
        lambda g: chats.chat_deals_card(empty_page(), LONG_CODE, g.say, LINKS, NOW),
    ],
    "chats.deal_digest": [
        lambda g: chats.deal_digest(
            {
                "deals": [
                    {
                        "code": LONG_CODE,
                        "kind": "ladder",
                        "title": g.json("Teapot", "茶壶"),
                        "price_minor": 1999,
                        "currency": "EUR",
                        "ends_at": LATER.isoformat(),
                    }
                ]
                * 8,
                "more": 3,
            },
            g.say,
            LINKS,
        )
    ],
    "chats.faceless_card": [lambda g: chats.faceless_card(g.say)],
}
