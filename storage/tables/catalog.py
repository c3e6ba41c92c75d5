"""What is for sale, and its pictures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from storage.columns import Table, choice, code, key, link, localized
from storage.texts import LocalizedText


class ProductState(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    HIDDEN = "hidden"


class Category(Table, table=True):
    id: int | None = key()
    code: str = code()
    parent_id: int | None = link("category.id")
    name: LocalizedText = localized()
    emoji: str = ""
    position: int = 0
    picture_key: str | None = None


class Product(Table, table=True):
    __table_args__ = (
        UniqueConstraint("brand_id", "sku"),
        Index("ix_product_category_id_state", "category_id", "state", "id"),
    )
    id: int | None = key()
    code: str = code()
    brand_id: int = link("brand.id", index=False)
    category_id: int = link("category.id", index=False)
    sku: str
    title: LocalizedText = localized()
    description: LocalizedText = localized()
    tags: str = ""
    state: ProductState = choice(ProductState)
    from_minor: int  # the lowest list price of its variants, for lists and search
    created_at: datetime


class Variant(Table, table=True):
    __table_args__ = (
        UniqueConstraint("product_id", "sku"),
        CheckConstraint("stock_left >= 0", name="stock_left"),
        CheckConstraint("price_minor > 0", name="price"),
    )
    id: int | None = key()
    code: str = code()
    product_id: int = link("product.id", index=False)
    sku: str
    name: LocalizedText = localized()  # "Red · M"; empty for the only variant
    price_minor: int
    stock_left: int
    position: int = 0


class Photo(Table, table=True):
    product_id: int = link("product.id", index=False, primary_key=True)
    position: int = Field(primary_key=True)
    picture_key: str


class Picture(Table, table=True):
    """The bytes of a picture that we drew; a photo sent by a brand has only file ids."""

    key: str = Field(primary_key=True)
    mime: str = "image/jpeg"
    data: bytes = Field(sa_type=LargeBinary)


class PictureFile(Table, table=True):
    """Telegram's file id of a picture; ids are valid for one bot only."""

    bot_id: int = Field(sa_type=BigInteger, primary_key=True)
    key: str = Field(primary_key=True)
    file_id: str


class Save(Table, table=True):
    person_id: int = link("person.id", index=False, primary_key=True)
    product_id: int = link("product.id", primary_key=True)
    created_at: datetime
