"""Coupons: made by a brand or the operator, taken or typed by shoppers, used by checkouts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Table, code, key, link


class Coupon(Table, table=True):
    """Percent or amount off; `word` is what people type, in capitals."""

    __table_args__ = (
        CheckConstraint("uses_left >= 0", name="uses_left"),
        CheckConstraint("(percent > 0) <> (amount_minor > 0)", name="one_kind"),
        CheckConstraint("percent >= 0 AND percent <= 100", name="percent"),
    )
    id: int | None = key()
    code: str = code()
    word: str = Field(max_length=24, unique=True)
    brand_id: int | None = link("brand.id")  # None: of the whole shop
    category_id: int | None = link("category.id", index=False)
    product_id: int | None = link("product.id", index=False)
    currency: str = Field(max_length=3)
    percent: int = 0
    amount_minor: int = 0
    min_spend_minor: int = 0
    uses_left: int
    per_person: int = 1
    starts_at: datetime
    ends_at: datetime
    days: int | None = None  # valid so long after it was taken, and never past `ends_at`
    closed: bool = False
    created_at: datetime


class CouponTaken(Table, table=True):
    """A coupon in somebody's pocket."""

    __tablename__ = "coupon_taken"
    __table_args__ = (Index("ix_coupon_taken_ends_at", "ends_at"),)
    coupon_id: int = link("coupon.id", index=False, primary_key=True)
    person_id: int = link("person.id", primary_key=True)
    taken_at: datetime
    ends_at: datetime
    reminded_at: datetime | None = None


class CouponUse(Table, table=True):
    """One use by one checkout; given back when nothing comes of it."""

    __tablename__ = "coupon_use"
    __table_args__ = (UniqueConstraint("checkout_id"),)
    id: int | None = key()
    coupon_id: int = link("coupon.id")
    person_id: int = link("person.id")
    checkout_id: int = link("checkout.id", index=False)
    discount_minor: int
    given_back: bool = False
    created_at: datetime
