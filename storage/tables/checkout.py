"""A purchase on its way (checkout) and done (orders)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big_key, choice, code, key, link, localized
from storage.texts import LocalizedText

ON_ITS_WAY = "state = 'shipped'"  # written out, or no partial index matches it


class CheckoutState(StrEnum):
    OPEN = "open"  # stock (and seat) held until expires_at
    PROMISED = "promised"  # a seat without money; open again, as an invoice, on success
    BY_HAND = "by_hand"  # cash or a transfer is on its way; the brand confirms it
    PAID = "paid"
    RELEASED = "released"


class OrderState(StrEnum):
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    RECEIVED = "received"
    CANCELLED = "cancelled"
    RETURNING = "returning"  # the buyer asked; the brand has not got it yet
    RETURNED = "returned"


class Checkout(Table, table=True):
    """One payment in the making. Its code is the invoice payload."""

    __table_args__ = (
        CheckConstraint(
            "total_minor >= 0 AND credit_minor >= 0 AND credit_minor <= total_minor",
            name="amounts",
        ),
        CheckConstraint("discount_minor >= 0", name="discount"),
        Index("ix_checkout_state_expires_at", "state", "expires_at"),
    )
    id: int | None = key()
    code: str = code()
    bot_id: int = Field(sa_type=BigInteger)
    person_id: int = link("person.id")
    seat_id: int | None = link("seat.id", unique=True, index=False)
    state: CheckoutState = choice(CheckoutState)
    currency: str = Field(max_length=3)
    total_minor: int  # goods less discount, plus shipping
    shipping_minor: int = 0
    discount_minor: int = 0
    credit_minor: int = 0  # of the total; held from the person's store credit
    coupon_id: int | None = link("coupon.id")
    address: str | None = None  # as written on the parcel, fixed when chosen
    country: str = ""  # of the address, as ISO 3166 where it is known
    invoiced: bool = False  # a promise that is due: payable though its group is decided
    expires_at: datetime
    created_at: datetime


class CheckoutParcel(Table, table=True):
    """A brand's part of a checkout: what its shipping costs and what a coupon takes off."""

    __tablename__ = "checkout_parcel"
    checkout_id: int = link("checkout.id", index=False, primary_key=True)
    brand_id: int = link("brand.id", primary_key=True)
    shipping_minor: int = 0
    discount_minor: int = 0


class CartLine(Table, table=True):
    """A variant that waits in a person's cart; nothing is held."""

    __tablename__ = "cart_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)
    person_id: int = link("person.id", index=False, primary_key=True)
    variant_id: int = link("variant.id", primary_key=True)
    quantity: int
    created_at: datetime


class ShippingRule(Table, table=True):
    """What a brand's parcel costs; `country` is ISO 3166, empty for everywhere else."""

    __tablename__ = "shipping_rule"
    __table_args__ = (CheckConstraint("flat_minor >= 0", name="flat"),)
    brand_id: int = link("brand.id", index=False, primary_key=True)
    country: str = Field(max_length=2, primary_key=True)
    flat_minor: int
    free_from_minor: int | None = None


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
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= total_minor", name="refunded"),
        Index("ix_purchase_order_brand_id_id", "brand_id", "id"),
        Index("ix_purchase_order_brand_id_state_id", "brand_id", "state", "id"),
        Index(
            "ix_purchase_order_on_its_way",
            "shipped_at",
            sqlite_where=text(ON_ITS_WAY),
            postgresql_where=text(ON_ITS_WAY),
        ),
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
    discount_minor: int = 0
    refunded_minor: int = 0  # given back on purpose, differences of groups aside
    address: str
    carrier: str = ""
    tracking: str = ""
    shipped_at: datetime | None = None
    received_at: datetime | None = None
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


class OrderEvent(Table, table=True):
    """A step of an order's life, in words of ours: who did it, when, and what was said."""

    __tablename__ = "order_event"
    id: int | None = big_key()
    order_id: int = link("purchase_order.id")
    kind: str = Field(max_length=24)
    actor_id: int | None = link("person.id", index=False)
    note: str = ""
    amount_minor: int = 0
    created_at: datetime
