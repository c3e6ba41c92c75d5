"""What an order is after the sale, as its buyer and its brand see it: plain values, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commerce.rules.orders import Move
from commerce.views import Page
from storage.tables import OrderState, RefundReason, RefundState
from storage.texts import LocalizedText


class Shelf(StrEnum):
    """Where an order lies on its brand's desk."""

    PACK = "pack"
    SHIP = "ship"
    ON_ITS_WAY = "way"
    RETURNS = "returns"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ParcelLine:
    title: LocalizedText
    quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class BackLine:
    """Money on its way back, or back; `credit` where it becomes store credit."""

    amount_minor: int
    state: RefundState
    reason: RefundReason
    credit: bool


@dataclass(frozen=True, slots=True)
class EventLine:
    kind: str
    at: datetime
    note: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of an order. `moves` is what the reader may do with it now."""

    code: str
    state: OrderState
    brand_code: str
    brand_name: LocalizedText
    buyer: str
    currency: str
    lines: tuple[ParcelLine, ...]
    shipping_minor: int
    discount_minor: int
    credit_minor: int
    total_minor: int
    refunded_minor: int
    backs: tuple[BackLine, ...]
    address: str
    carrier: str
    tracking: str
    created_at: datetime
    events: tuple[EventLine, ...]
    group_code: str | None
    moves: frozenset[Move]
    may_give_back: bool

    @property
    def left_minor(self) -> int:
        return self.total_minor - self.refunded_minor


@dataclass(frozen=True, slots=True)
class ParcelView:
    """An order in a brand's list: what goes into the parcel, and where to."""

    code: str
    state: OrderState
    lines: tuple[ParcelLine, ...]
    total_minor: int
    currency: str
    buyer: str
    address: str


@dataclass(frozen=True, slots=True)
class OrderDesk:
    """One shelf of a brand's orders; `counts` of those that somebody waits for."""

    brand_code: str
    shelf: Shelf
    page: Page[ParcelView]
    counts: dict[Shelf, int]
