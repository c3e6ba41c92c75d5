"""Products as lists show them, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.views import Page, ProductLine
from storage.database import Database
from storage.quick import QuickStatement
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
    """Page 0 is the first."""
    return _page(await session.execute(a_page_of(lines).statement, _window(page)), page)


def a_page_of(lines: Lines) -> QuickStatement:
    """The lines of one page, for `quick_page`."""
    offset, limit = bindparam("offset", type_=Integer), bindparam("limit", type_=Integer)
    return QuickStatement(lines.offset(offset).limit(limit))


async def quick_page(
    database: Database, lines: QuickStatement, page: int, **values: object
) -> Page[ProductLine]:
    return _page(await lines.rows(database, **_window(page), **values), page)


def _window(page: int) -> dict[str, int]:
    """One line more than is shown, to know whether there is a next page."""
    return {"offset": page * PRODUCTS_A_PAGE, "limit": PRODUCTS_A_PAGE + 1}


def _page(rows: Iterable[Any], page: int) -> Page[ProductLine]:
    found = [ProductLine(*row) for row in rows]
    return Page(tuple(found[:PRODUCTS_A_PAGE]), page, len(found) > PRODUCTS_A_PAGE)
