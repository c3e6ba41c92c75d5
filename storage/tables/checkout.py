"""A purchase on its way (checkout) and done (orders)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Table, choice, code, key, link, localized
from storage.texts import LocalizedText


class CheckoutState(StrEnum):
    OPEN = "open"  # stock (and seat) held until expires_at
    PAID = "paid"
    RELEASED = "released"


class OrderState(StrEnum):
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class Checkout(Table, table=True):
    """One payment in the making. Its code is the invoice payload."""

    __table_args__ = (Index("ix_checkout_state_expires_at", "state", "expires_at"),)
    id: int | None = key()
    code: str = code()
    bot_id: int = Field(sa_type=BigInteger)
    person_id: int = link("person.id")
    seat_id: int | None = link("seat.id", unique=True, index=False)
    state: CheckoutState = choice(CheckoutState)
    currency: str = Field(max_length=3)
    total_minor: int
    shipping_minor: int = 0
    address: str | None = None  # as written on the parcel, fixed when chosen
    expires_at: datetime
    created_at: datetime


class CheckoutLine(Table, table=True):
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
    id: int | None = key()
    checkout_id: int = link("checkout.id")
    brand_id: int = link("brand.id", index=False)
    variant_id: int = link("variant.id", index=False)
    deal_id: int | None = link("deal.id", index=False)
    quantity: int
    unit_minor: int


class Order(Table, table=True):
    __tablename__ = "purchase_order"
    __table_args__ = (
        UniqueConstraint("checkout_id", "brand_id"),
        Index("ix_purchase_order_brand_id_id", "brand_id", "id"),
    )
    id: int | None = key()
    code: str = code()
    checkout_id: int = link("checkout.id", index=False)
    brand_id: int = link("brand.id", index=False)
    person_id: int = link("person.id")
    group_id: int | None = link("group_buy.id")
    state: OrderState = choice(OrderState)
    currency: str = Field(max_length=3)
    total_minor: int
    shipping_minor: int = 0
    address: str
    created_at: datetime


class OrderLine(Table, table=True):
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
    id: int | None = key()
    order_id: int = link("purchase_order.id")
    variant_id: int = link("variant.id", index=False)
    deal_id: int | None = link("deal.id", index=False)
    title: LocalizedText = localized()
    quantity: int
    unit_minor: int
