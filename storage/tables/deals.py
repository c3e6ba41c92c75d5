"""Deals and the group buys they open."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from storage.columns import Table, choice, code, key, link, localized
from storage.texts import LocalizedText


class DealKind(StrEnum):
    FLASH = "flash"
    TEAM = "team"
    LADDER = "ladder"


class DealState(StrEnum):
    DRAFT = "draft"
    LIVE = "live"  # whether it is soon, on or over is a matter of `now`
    PAUSED = "paused"
    ENDED = "ended"


class GroupState(StrEnum):
    OPEN = "open"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SeatState(StrEnum):
    HELD = "held"
    PAID = "paid"
    RELEASED = "released"


class Deal(Table, table=True):
    __table_args__ = (
        CheckConstraint("stock_left >= 0", name="stock_left"),
        CheckConstraint("ends_at > starts_at", name="window"),
        Index("ix_deal_state_ends_at", "state", "ends_at"),
    )
    id: int | None = key()
    code: str = code()
    brand_id: int = link("brand.id")
    product_id: int = link("product.id")
    kind: DealKind = choice(DealKind)
    title: LocalizedText = localized()
    state: DealState = choice(DealState)
    starts_at: datetime
    ends_at: datetime
    price_minor: int  # flash: the price; team and ladder: the first tier's
    stock_left: int
    per_person: int = 1
    group_minutes: int = 24 * 60
    created_at: datetime


class DealTier(Table, table=True):
    """From `buyers` paid seats on, everyone pays `price_minor`."""

    deal_id: int = link("deal.id", index=False, primary_key=True)
    buyers: int = Field(primary_key=True)
    price_minor: int


class GroupBuy(Table, table=True):
    __tablename__ = "group_buy"
    __table_args__ = (
        CheckConstraint("seats_left >= 0 AND seats_left <= capacity", name="seats_left"),
        CheckConstraint("paid >= 0 AND paid <= capacity", name="paid"),
        Index("ix_group_buy_state_ends_at", "state", "ends_at"),
    )
    id: int | None = key()
    code: str = code()
    deal_id: int = link("deal.id")
    host_id: int = link("person.id")
    state: GroupState = choice(GroupState)
    capacity: int
    seats_left: int  # neither held nor paid
    paid: int = 0
    opened_at: datetime
    ends_at: datetime
    decided_at: datetime | None = None
    final_minor: int | None = None


class Seat(Table, table=True):
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index(
            "uq_seat_taken",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=text("state != 'released'"),
            postgresql_where=text("state != 'released'"),
        ),
    )
    id: int | None = key()
    group_id: int = link("group_buy.id", index=False)
    person_id: int = link("person.id")
    variant_id: int = link("variant.id")
    quantity: int = 1
    state: SeatState = choice(SeatState)
    price_minor: int  # promised when the seat was taken
    taken_at: datetime
