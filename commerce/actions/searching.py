"""Search by plain text in any language, with price bounds understood in words."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from commerce.actor import Actor
from commerce.rules.queries import understand
from commerce.views import Page, ProductLine
from storage import search
from storage.tables import Brand, BrandState, Product, ProductState

PAGE = 6


async def find_products(actor: Actor, typed: str, page: int) -> Page[ProductLine]:
    """Best match first; nothing for a query without a word that can be searched."""
    query = understand(typed)
    async with actor.database.read() as session:
        matching = search.matching(actor.database.dialect, query.words)
        if matching is None and not query.bounded:
            return Page((), page, more=False)
        statement = (
            select(
                col(Product.code), col(Product.title), col(Product.from_minor), col(Brand.currency)
            )
            .join(Brand, col(Brand.id) == col(Product.brand_id))
            .where(col(Product.state) == ProductState.LIVE, col(Brand.state) == BrandState.LIVE)
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        if matching is not None:
            statement = statement.join(matching, matching.c.rowid == col(Product.id)).order_by(
                matching.c.rank
            )
        if query.at_least_minor is not None:
            statement = statement.where(col(Product.from_minor) >= query.at_least_minor)
        if query.at_most_minor is not None:
            statement = statement.where(col(Product.from_minor) <= query.at_most_minor)
        rows = (await session.execute(statement.order_by(col(Product.id)))).all()
    found = [ProductLine(*row) for row in rows]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)
