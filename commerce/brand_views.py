"""What a brand's own people see: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commerce.views import DealView, GroupView, VariantLine
from storage.tables import BrandState, DealState, GroupState, ProductState, Role
from storage.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class BrandName:
    code: str
    name: LocalizedText
    about: LocalizedText
    emoji: str
    state: BrandState


@dataclass(frozen=True, slots=True)
class BrandDesk:
    """A brand's hub. `orders` counts those that wait to be packed."""

    code: str
    name: LocalizedText
    emoji: str
    picture: str | None
    state: BrandState
    role: Role
    currency: str
    shipping_minor: int
    followers: int
    products: int
    deals: int
    orders: int
    others: tuple[BrandName, ...]
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class OwnProduct:
    code: str
    title: LocalizedText
    state: ProductState
    from_minor: int
    currency: str
    stock: int


@dataclass(frozen=True, slots=True)
class OwnProductView:
    code: str
    brand_code: str
    title: LocalizedText
    description: LocalizedText
    state: ProductState
    currency: str
    variants: tuple[VariantLine, ...]
    photo: str | None
    deals: int

    @property
    def lowest_minor(self) -> int:
        return min(v.price_minor for v in self.variants)

    @property
    def stock(self) -> int:
        return sum(v.stock_left for v in self.variants)


@dataclass(frozen=True, slots=True)
class OwnVariant:
    code: str
    name: LocalizedText
    product_code: str
    product_title: LocalizedText
    currency: str
    price_minor: int
    stock_left: int


@dataclass(frozen=True, slots=True)
class OwnDealView:
    deal: DealView
    state: DealState
    open_groups: int


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """An open group of an own deal."""

    code: str
    host_name: str
    paid: int
    promised: int
    capacity: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OwnGroupView:
    """`price_minor` is what everybody pays if it is accepted now."""

    group: GroupView
    price_minor: int
    deal_ends_at: datetime

    @property
    def open(self) -> bool:
        return self.group.state == GroupState.OPEN


@dataclass(frozen=True, slots=True)
class BroadcastLine:
    code: str
    text: str
    deal_title: LocalizedText | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastReport:
    """How far a broadcast is. Unknown: it may have arrived, Telegram cannot be asked."""

    code: str
    brand_code: str
    text: str
    deal_title: LocalizedText | None
    created_at: datetime
    cancelled: bool
    sent: int
    waiting: int
    unknown: int
    unreachable: int
    taken_back: int
