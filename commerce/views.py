"""What actions return for cards to show: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from commerce.rules.ladder import Tier
from commerce.rules.windows import Phase
from storage.tables import DealKind, GroupState, OrderState, SeatState
from storage.texts import LocalizedText

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal in a list. `price_minor` is the lowest that it can reach."""

    code: str
    kind: DealKind
    title: LocalizedText
    price_minor: int
    list_minor: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    phase: Phase
    photo: str | None


@dataclass(frozen=True, slots=True)
class HomeView:
    deals: tuple[DealLine, ...]


@dataclass(frozen=True, slots=True)
class CategoryLine:
    code: str
    name: LocalizedText
    emoji: str


@dataclass(frozen=True, slots=True)
class ProductLine:
    code: str
    title: LocalizedText
    from_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A shelf: its sub-shelves and one page of products. `code` is None for the whole shop."""

    code: str | None
    name: LocalizedText | None
    emoji: str
    parent: str | None
    picture: str | None
    children: tuple[CategoryLine, ...]
    products: tuple[ProductLine, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class VariantLine:
    code: str
    name: LocalizedText
    price_minor: int
    stock_left: int


@dataclass(frozen=True, slots=True)
class ProductView:
    code: str
    title: LocalizedText
    description: LocalizedText
    brand_code: str
    brand_name: LocalizedText
    brand_emoji: str
    category_code: str
    currency: str
    variants: tuple[VariantLine, ...]
    photos: tuple[str, ...]
    deals: tuple[DealLine, ...]
    saved: bool


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that somebody could join, on a deal's page."""

    code: str
    host_name: str
    taken: int
    capacity: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DealView:
    id: int
    code: str
    kind: DealKind
    title: LocalizedText
    product_code: str
    product_title: LocalizedText
    description: LocalizedText
    brand_code: str
    brand_name: LocalizedText
    brand_emoji: str
    currency: str
    list_minor: int
    price_minor: int
    tiers: tuple[Tier, ...]
    stock_left: int
    per_person: int
    starts_at: datetime
    ends_at: datetime
    phase: Phase
    photo: str | None
    groups: tuple[OpenGroup, ...]
    by_promise: bool = False


@dataclass(frozen=True, slots=True)
class GroupView:
    id: int
    code: str
    state: GroupState
    deal_code: str
    kind: DealKind
    title: LocalizedText
    brand_name: LocalizedText
    brand_emoji: str
    currency: str
    list_minor: int
    tiers: tuple[Tier, ...]
    capacity: int
    seats_left: int
    paid: int
    host_name: str
    members: tuple[str, ...]
    ends_at: datetime
    final_minor: int | None
    photo: str | None
    promised: int = 0
    accepted: bool = False
    by_promise: bool = False

    @property
    def counted(self) -> int:
        """Seats that count for the price."""
        return self.paid + self.promised

    @property
    def held(self) -> int:
        return self.capacity - self.seats_left - self.counted


@dataclass(frozen=True, slots=True)
class SeatView:
    """What one person has in a group: a seat in some state, a place in line, or neither."""

    group_code: str
    group_state: GroupState
    title: LocalizedText
    photo: str | None
    state: SeatState | None = None
    checkout_code: str = ""
    amount_minor: int = 0
    currency: str = ""
    until: datetime | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class CheckoutLineView:
    title: LocalizedText
    variant: LocalizedText
    quantity: int
    unit_minor: int
    photo: str | None


@dataclass(frozen=True, slots=True)
class WaysToPay:
    """`credit_minor` of the total is held from store credit, `usable_minor` more could be."""

    credit_minor: int = 0
    usable_minor: int = 0
    by_hand: bool = False  # the brand takes cash or a transfer; `note` says where to
    note: str = ""
    stars: bool = False  # paid in Telegram Stars: digital, and refunded only as a whole


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A purchase on its way. `choices` are the variants one may still switch to."""

    code: str
    open: bool
    paid: bool
    lines: tuple[CheckoutLineView, ...]
    currency: str
    shipping_minor: int
    total_minor: int
    address: str | None
    expires_at: datetime
    group_code: str | None
    choices: tuple[VariantLine, ...]
    chosen: str
    most: int
    by_hand: bool = False  # money is on its way to the brand, which confirms it
    ways: WaysToPay = WaysToPay()
    promise_minutes: int | None = None  # where a promise is asked for instead of money
    promised: bool = False
    invoiced: bool = False

    @property
    def to_pay_minor(self) -> int:
        return self.total_minor - self.ways.credit_minor


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order in its buyer's list: its first line, and how many `more` there are."""

    code: str
    state: OrderState
    title: LocalizedText
    quantity: int
    more: int
    currency: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Begun, and not an order yet: to be paid, or paid and in an open group, `group_code`."""

    checkout_code: str
    title: LocalizedText
    total_minor: int
    currency: str
    group_code: str | None
    paid: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T_co]):
    items: tuple[T_co, ...]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class BrandView:
    code: str
    name: LocalizedText
    about: LocalizedText
    emoji: str
    picture: str | None
    followers: int
    following: bool
    live: bool
    staff: bool
    currency: str
    deals: tuple[DealLine, ...]
    products: tuple[ProductLine, ...]


@dataclass(frozen=True, slots=True)
class LateView:
    """Money that came too late, and what each choice costs; None where it cannot be had."""

    checkout_code: str
    waits: bool  # for its payer's choice
    sent_back: bool = False
    title: LocalizedText | None = None
    amount_minor: int = 0
    currency: str = ""
    decide_by: datetime | None = None
    group_minor: int | None = None
    new_group: bool = False  # none is open that could be joined
    single_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ChatView:
    """A group chat or channel and what it hears of. `quiet` is in minutes after midnight."""

    code: str
    telegram_id: int
    kind: str
    title: str
    active: bool
    locale: str
    timezone: str
    quiet: tuple[int, int] | None
    posts_a_day: int
    everything: bool
    brands: tuple[LocalizedText, ...]
    categories: tuple[LocalizedText, ...]


@dataclass(frozen=True, slots=True)
class OnOff:
    """Something that is chosen or not."""

    code: str
    name: LocalizedText
    emoji: str
    on: bool
