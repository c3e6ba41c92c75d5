"""Views as cards get them, full to the brim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from commerce.actions.order_desk import PAGE
from commerce.order_views import (
    BackLine,
    EventLine,
    OrderDesk,
    ParcelLine,
    ParcelView,
    Receipt,
    Shelf,
)
from commerce.rules.ladder import Tier
from commerce.rules.orders import Hand, Move, moves
from commerce.rules.windows import Phase
from commerce.views import (
    CategoryLine,
    CategoryView,
    ChatView,
    CheckoutLineView,
    CheckoutView,
    DealLine,
    DealView,
    GroupView,
    HomeView,
    LateView,
    OnOff,
    OpenGroup,
    OrderView,
    Page,
    ProductLine,
    ProductView,
    SeatView,
    VariantLine,
    WaitingView,
    WaysToPay,
)
from commerce.why_views import GroupStep, MoneyStep, PriceLine, Told, Why
from storage.tables import (
    DealKind,
    GroupState,
    OrderState,
    OutboxState,
    RefundReason,
    RefundState,
    SeatState,
)
from storage.texts import LocalizedText
from tests.cards.given import HUGE, LATER, LONG_CODE, NOW, Given

T = TypeVar("T")
LADDER = (Tier(2, HUGE), Tier(5, HUGE - 100), Tier(20, HUGE - 200), Tier(100, HUGE - 300))


def page(*items: T) -> Page[T]:
    return Page(items, 1, True)


def empty_page() -> Page[T]:
    return Page((), 0, False)


def deal_line(g: Given, kind: DealKind = DealKind.LADDER) -> DealLine:
    return DealLine(
        code=LONG_CODE,
        kind=kind,
        title=g.text("Teapot, fired twice", "双烧茶壶"),
        price_minor=HUGE - 300,
        list_minor=HUGE,
        currency="USD",
        starts_at=NOW - timedelta(days=1),
        ends_at=LATER,
        phase=Phase.LIVE,
        photo="demo/teapot",
    )


def deal_lines(g: Given, n: int = 6) -> tuple[DealLine, ...]:
    soon = replace(deal_line(g, DealKind.FLASH), phase=Phase.SOON, starts_at=LATER)
    return (*(deal_line(g) for _ in range(n - 1)), soon)


def home(g: Given) -> HomeView:
    return HomeView(deal_lines(g, 5))


def product_line(g: Given) -> ProductLine:
    return ProductLine(LONG_CODE, g.text("Oolong tea", "乌龙茶"), HUGE, "USD")


def product_lines(g: Given, n: int = 6) -> tuple[ProductLine, ...]:
    return tuple(product_line(g) for _ in range(n))


def category(g: Given) -> CategoryView:
    child = CategoryLine(LONG_CODE, g.text("Tea", "茶"), "🍵")
    return CategoryView(
        code=LONG_CODE,
        name=g.text("Kitchen", "厨房"),
        emoji="🍳",
        parent=LONG_CODE,
        picture="banner/home",
        children=(child,) * 8,
        products=product_lines(g),
        page=1,
        more=True,
    )


def all_categories(g: Given) -> CategoryView:
    whole = category(g)
    return replace(whole, code=None, name=None, parent=None, products=(), page=0, more=False)


def variants(g: Given, n: int = 8) -> tuple[VariantLine, ...]:
    line = VariantLine(LONG_CODE, g.text("Red · M", "红色 · M"), HUGE, 3)
    return (*((line,) * (n - 1)), replace(line, price_minor=HUGE - 5, stock_left=0))


def product(g: Given) -> ProductView:
    return ProductView(
        code=LONG_CODE,
        title=g.text("Teapot", "茶壶"),
        description=g.text("Thrown on the wheel. " * 60, "手工拉坯。" * 200),
        brand_code=LONG_CODE,
        brand_name=g.text("Kiln Hill", "窑山"),
        brand_emoji="🏺",
        category_code=LONG_CODE,
        currency="USD",
        variants=variants(g),
        photos=("demo/teapot", "demo/teapot-2"),
        deals=deal_lines(g, 3),
        saved=True,
    )


def bare_product(g: Given) -> ProductView:
    variant = VariantLine(LONG_CODE, LocalizedText.of(), 500, 0)
    return replace(product(g), variants=(variant,), photos=(), deals=(), saved=False)


def deal(g: Given, kind: DealKind, phase: Phase = Phase.LIVE) -> DealView:
    group = OpenGroup(LONG_CODE, g.name("Alice"), 99, 100, LATER)
    return DealView(
        id=1,
        code=LONG_CODE,
        kind=kind,
        title=g.text("Teapot, fired twice", "双烧茶壶"),
        product_code=LONG_CODE,
        product_title=g.text("Teapot", "茶壶"),
        description=g.text("Thrown on the wheel.", "手工拉坯。"),
        brand_code=LONG_CODE,
        brand_name=g.text("Kiln Hill", "窑山"),
        brand_emoji="🏺",
        currency="USD",
        list_minor=HUGE,
        price_minor=HUGE - 300,
        tiers=() if kind == DealKind.FLASH else LADDER,
        stock_left=3,
        per_person=2,
        starts_at=LATER if phase == Phase.SOON else NOW,
        ends_at=LATER,
        phase=phase,
        photo="demo/teapot",
        groups=() if kind == DealKind.FLASH else (group,) * 3,
    )


def group(g: Given, state: GroupState = GroupState.OPEN) -> GroupView:
    return GroupView(
        id=1,
        code=LONG_CODE,
        state=state,
        deal_code=LONG_CODE,
        kind=DealKind.LADDER,
        title=g.text("Teapot, fired twice", "双烧茶壶"),
        brand_name=g.text("Kiln Hill", "窑山"),
        brand_emoji="🏺",
        currency="USD",
        list_minor=HUGE,
        tiers=LADDER,
        capacity=100,
        seats_left=88,
        paid=11,
        host_name=g.name("Alice"),
        members=tuple(g.name("Bob") for _ in range(11)),
        ends_at=LATER,
        final_minor=HUGE - 200 if state == GroupState.SUCCEEDED else None,
        photo=None,
    )


def checkout(g: Given) -> CheckoutView:
    title, option = g.text("Teapot", "茶壶"), g.text("Red", "红色")
    return CheckoutView(
        code=LONG_CODE,
        open=True,
        paid=False,
        lines=(CheckoutLineView(title, option, 3, HUGE, "demo/teapot"),),
        currency="USD",
        shipping_minor=500,
        total_minor=HUGE,
        address=g.name("Alice Chen\n1 Tea Lane\n00100 Helsinki"),
        expires_at=NOW + timedelta(minutes=10),
        group_code=LONG_CODE,
        choices=variants(g),
        chosen=LONG_CODE,
        most=5,
        ways=WaysToPay(credit_minor=HUGE // 2, usable_minor=HUGE // 4),
    )


def late(g: Given) -> LateView:
    return LateView(
        LONG_CODE,
        waits=True,
        title=g.text("Teapot", "茶壶"),
        amount_minor=HUGE,
        currency="USD",
        decide_by=LATER,
        group_minor=HUGE - 300,
        single_minor=HUGE,
    )


def order(g: Given, state: OrderState = OrderState.PAID, more: int = 0) -> OrderView:
    return OrderView(
        code=LONG_CODE,
        state=state,
        title=g.text("Teapot", "茶壶"),
        quantity=3,
        more=more,
        currency="USD",
        total_minor=HUGE,
    )


def parcel_lines(g: Given, n: int = 7) -> tuple[ParcelLine, ...]:
    return tuple(ParcelLine(g.text("Teapot", "茶壶"), 3, HUGE) for _ in range(n))


def receipt(g: Given, state: OrderState = OrderState.PAID, hand: Hand = Hand.BUYER) -> Receipt:
    """With every line that an order can have."""
    kinds = (*Move, "give_back")
    return Receipt(
        code=LONG_CODE,
        state=state,
        brand_code=LONG_CODE,
        brand_name=g.text("Kiln Hill", "窑山"),
        buyer=g.name("Alice"),
        currency="USD",
        lines=parcel_lines(g),
        shipping_minor=500,
        discount_minor=200,
        credit_minor=300,
        total_minor=HUGE,
        refunded_minor=300,
        backs=tuple(
            BackLine(100, state, RefundReason.GOODWILL, credit)
            for state, credit in (
                (RefundState.DONE, True),
                (RefundState.DONE, False),
                (RefundState.DUE, False),
            )
        ),
        address=g.name("Alice Chen\n1 Tea Lane\n00100 Helsinki"),
        carrier="DHL",
        tracking=g.name("JD014600003"),
        created_at=NOW,
        events=tuple(EventLine(kind, NOW, g.name("Alice said"), 100) for kind in kinds),
        group_code=LONG_CODE,
        moves=moves(state, hand, received_at=NOW, now=NOW),
        may_give_back=hand == Hand.OWNER,
    )


def order_desk(g: Given, shelf: Shelf = Shelf.PACK) -> OrderDesk:
    parcel = ParcelView(
        code=LONG_CODE,
        state=OrderState.PAID,
        lines=parcel_lines(g, 3),
        total_minor=HUGE,
        currency="USD",
        buyer=g.name("Alice"),
        address=g.name("Alice Chen\n1 Tea Lane\n00100 Helsinki"),
    )
    counts = dict.fromkeys((Shelf.PACK, Shelf.SHIP, Shelf.ON_ITS_WAY, Shelf.RETURNS), 99)
    return OrderDesk(LONG_CODE, shelf, page(*(parcel,) * PAGE), counts)


def why(g: Given, group: GroupState | None = GroupState.SUCCEEDED) -> Why:
    """With a line of every kind."""
    step = GroupStep(group, 99, 20, HUGE, HUGE - 200) if group else None
    kinds = ("charge", "order", "credit-held", "credit-released", "refund-done", "grant")
    ways = ("pretend", "stars", "cash", "credit", "credit", "")
    asked = [MoneyStep("refund-asked", NOW, 100, "credit", reason) for reason in RefundReason]
    others = [MoneyStep(k, NOW, 100, w, None) for k, w in zip(kinds, ways, strict=True)]
    failed = {"group": LONG_CODE, "title": g.json("Teapot", "茶壶")}
    facts = {"amount_minor": 100, "currency": "USD"} | failed
    return Why(
        code=LONG_CODE,
        checkout=None,
        currency="USD",
        lines=(
            PriceLine(g.text("Teapot", "茶壶"), 3, HUGE, HUGE, g.text("Two pots", "两把壶")),
            *(PriceLine(g.text("Cup", "茶杯"), 1, 900, 900, None) for _ in range(9)),
        ),
        group=step,
        coupon=g.name("TEA10"),
        discount_minor=100,
        shipping_minor=500,
        total_minor=HUGE,
        credit_minor=100,
        money=(*others, *asked[: len(asked) // 2]) if group else (*asked[6:], *others),
        events=(EventLine("pack", NOW, "", 0), EventLine("give_back", NOW, g.name("Sorry"), 100)),
        told=(
            *(Told("group_failed", facts, NOW, state, mine=True) for state in OutboxState),
            Told("of_tomorrow", {}, NOW, OutboxState.SENT, mine=False),
        ),
    )


def waiting(g: Given) -> tuple[WaitingView, ...]:
    title = g.text("Teapot", "茶壶")
    to_pay = WaitingView(LONG_CODE, title, HUGE, "USD", group_code=None, paid=0, capacity=0)
    seated = replace(to_pay, group_code=LONG_CODE, paid=99, capacity=100)
    return (to_pay, seated) * 4


def chat(g: Given, kind: str = "supergroup") -> ChatView:
    return ChatView(
        code=LONG_CODE,
        telegram_id=-1001,
        kind=kind,
        title=g.name("Tea friends"),
        active=True,
        locale=g.say.locale,
        timezone="Asia/Shanghai",
        quiet=(22 * 60, 8 * 60),
        posts_a_day=6,
        everything=False,
        brands=tuple(g.text("Kiln Hill", "窑山") for _ in range(5)),
        categories=tuple(g.text("Tea", "茶") for _ in range(5)),
    )


def choices(g: Given) -> Page[OnOff]:
    return page(*(OnOff(LONG_CODE, g.text("Tea", "茶"), "🍵", bool(n % 2)) for n in range(8)))


def seat(g: Given, state: SeatState | None, place: int = 0) -> SeatView:
    return SeatView(
        group_code=LONG_CODE,
        group_state=GroupState.OPEN,
        title=g.text("Teapot", "茶壶"),
        photo="demo/teapot",
        state=state,
        checkout_code=LONG_CODE,
        amount_minor=HUGE,
        currency="USD",
        until=LATER,
        place=place,
    )


SEATS: tuple[Callable[[Given], SeatView], ...] = (
    lambda g: seat(g, None),
    lambda g: seat(g, None, 3),
    lambda g: seat(g, SeatState.HELD),
    lambda g: seat(g, SeatState.PROMISED),
    lambda g: seat(g, SeatState.PAID),
    lambda g: replace(seat(g, SeatState.PAID), group_state=GroupState.SUCCEEDED),
)
