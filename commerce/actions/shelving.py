"""Products as lists show them, a page at a time."""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.views import Page, ProductLine
from storage.tables import Brand, BrandState, Product, ProductState
from storage.texts import LocalizedText

PRODUCTS_A_PAGE = 6

Lines: TypeAlias = "Select[str, LocalizedText, int, str]"


def on_sale() -> Lines:
    """Lines of what anybody may buy; narrow and order it, then read a page of it."""
    return (
        select(col(Product.code), col(Product.title), col(Product.from_minor), col(Brand.currency))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(col(Product.state) == ProductState.LIVE, col(Brand.state) == BrandState.LIVE)
    )


async def read_page(session: AsyncSession, lines: Lines, page: int) -> Page[ProductLine]:
    """Page 0 is the first. One line more than shown is read, to know whether there is a next."""
    rows = await session.execute(lines.offset(page * PRODUCTS_A_PAGE).limit(PRODUCTS_A_PAGE + 1))
    found = [ProductLine(*row) for row in rows]
    return Page(tuple(found[:PRODUCTS_A_PAGE]), page, len(found) > PRODUCTS_A_PAGE)
