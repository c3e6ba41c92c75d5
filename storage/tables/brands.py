"""Brands, their staff, and who follows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from storage.columns import Table, choice, code, key, link, localized
from storage.texts import LocalizedText


class BrandState(StrEnum):
    PENDING = "pending"
    LIVE = "live"
    CLOSED = "closed"


class Role(StrEnum):
    OWNER = "owner"
    EDITOR = "editor"


class Brand(Table, table=True):
    id: int | None = key()
    code: str = code()
    name: LocalizedText = localized()
    about: LocalizedText = localized()
    welcome: LocalizedText = localized()
    emoji: str = "🛍"
    currency: str = Field(max_length=3)
    shipping_minor: int = 0
    by_hand: bool = False  # takes cash or a transfer, and confirms it itself
    by_hand_note: str = ""  # where to send a transfer, in the brand's own words
    state: BrandState = choice(BrandState)
    picture_key: str | None = None
    created_at: datetime


class Staff(Table, table=True):
    brand_id: int = link("brand.id", index=False, primary_key=True)
    person_id: int = link("person.id", primary_key=True)
    role: Role = choice(Role)


class Follow(Table, table=True):
    person_id: int = link("person.id", index=False, primary_key=True)
    brand_id: int = link("brand.id", primary_key=True)
    created_at: datetime
