"""Search by plain text in any language, with price bounds understood in words."""

from __future__ import annotations

from sqlmodel import col

from commerce.actions.shelving import on_sale, read_page
from commerce.actor import Actor
from commerce.rules.queries import understand
from commerce.views import Page, ProductLine
from storage import search
from storage.tables import Product


async def find_products(actor: Actor, typed: str, page: int) -> Page[ProductLine]:
    """Best match first; nothing for a query without a word that can be searched."""
    query = understand(typed)
    async with actor.database.read() as session:
        matching = search.matching(actor.database.dialect, query.words)
        if matching is None and not query.bounded:
            return Page((), page, more=False)
        statement = on_sale()
        if matching is not None:
            statement = statement.join(matching, matching.c.rowid == col(Product.id)).order_by(
                matching.c.rank
            )
        if query.at_least_minor is not None:
            statement = statement.where(col(Product.from_minor) >= query.at_least_minor)
        if query.at_most_minor is not None:
            statement = statement.where(col(Product.from_minor) <= query.at_most_minor)
        return await read_page(session, statement.order_by(col(Product.id)), page)
