"""Deals and the group buys they open."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
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


class Commitment(StrEnum):
    """How a seat of a deal's groups is taken."""

    PAY_NOW = "pay_now"
    PROMISE = "promise"  # without money; invoiced at the final price when the group succeeds


class GroupState(StrEnum):
    OPEN = "open"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SeatState(StrEnum):
    HELD = "held"
    PROMISED = "promised"
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
    commitment: Commitment = choice(Commitment, default=Commitment.PAY_NOW)
    pay_minutes: int = 30  # to pay a promised or freed seat
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
        CheckConstraint("promised >= 0 AND paid + promised <= capacity", name="promised"),
        Index("ix_group_buy_state_ends_at", "state", "ends_at"),
    )
    id: int | None = key()
    code: str = code()
    deal_id: int = link("deal.id")
    host_id: int = link("person.id")
    state: GroupState = choice(GroupState)
    capacity: int
    seats_left: int  # neither held, promised nor paid
    paid: int = 0
    promised: int = 0
    accepted: bool = False  # the brand took it although it was smaller than asked for
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


class WaiterState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is held for them
    SERVED = "served"
    GONE = "gone"


class Waiter(Table, table=True):
    """Somebody in line for a full group, by time."""

    __table_args__ = (
        Index(
            "uq_waiter_in_line",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'offered')"),
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
        Index("ix_waiter_group_id_state", "group_id", "state", "id"),
    )
    id: int | None = key()
    group_id: int = link("group_buy.id", index=False)
    person_id: int = link("person.id")
    bot_id: int = Field(sa_type=BigInteger)
    state: WaiterState = choice(WaiterState)
    seat_id: int | None = link("seat.id")
    created_at: datetime


class GiftState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    RETURNED = "returned"


class SeatGift(Table, table=True):
    """A paid seat of its buyer's that a friend may take over by link."""

    __tablename__ = "seat_gift"
    __table_args__ = (Index("ix_seat_gift_state_expires_at", "state", "expires_at"),)
    id: int | None = key()
    code: str = code()
    seat_id: int = link("seat.id")
    state: GiftState = choice(GiftState)
    friend_id: int | None = link("person.id", index=False)
    expires_at: datetime
    created_at: datetime


class TypedOrder(Table, table=True):
    """What somebody wrote under a group's card ("+2~3 red M"): the message edits the order."""

    __tablename__ = "typed_order"
    __table_args__ = (UniqueConstraint("chat_id", "message_id"),)
    id: int | None = key()
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int = Field(sa_type=BigInteger)
    group_id: int = link("group_buy.id")
    person_id: int = link("person.id", index=False)
    seat_id: int | None = link("seat.id")
    least: int
    most: int
    created_at: datetime
