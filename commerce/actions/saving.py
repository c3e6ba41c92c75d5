"""Saved products, and following brands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import col

from commerce.actions.browsing import deals_of_brand, products_of_brand
from commerce.actions.shelving import on_sale, read_page
from commerce.actor import Actor, begin
from commerce.refusals import NotFound
from commerce.views import BrandView, Page, ProductLine
from storage.tables import (
    Brand,
    BrandState,
    Follow,
    Product,
    ProductState,
    Save,
    Staff,
)


async def toggle_saved(actor: Actor, product_code: str, *, now: datetime) -> bool:
    """Whether the product is saved afterwards. Raises NotFound."""
    async with begin(actor, f"product {product_code}") as session:
        found = await session.execute(
            select(col(Product.id)).where(
                col(Product.code) == product_code, col(Product.state) == ProductState.LIVE
            )
        )
        product_id = found.scalar_one_or_none()
        if product_id is None:
            raise NotFound
        gone = await session.execute(
            delete(Save)
            .where(col(Save.person_id) == actor.person_id, col(Save.product_id) == product_id)
            .returning(col(Save.product_id))
        )
        if gone.first() is not None:
            return False
        session.add(Save(person_id=actor.person_id, product_id=product_id, created_at=now))
        return True


async def saved_products(actor: Actor, page: int) -> Page[ProductLine]:
    """Newest first."""
    mine = (
        on_sale()
        .join(Save, col(Save.product_id) == col(Product.id))
        .where(col(Save.person_id) == actor.person_id)
        .order_by(col(Save.created_at).desc(), col(Product.id))
    )
    async with actor.database.read() as session:
        return await read_page(session, mine, page)


async def toggle_follow(actor: Actor, brand_code: str, *, now: datetime) -> bool:
    """Whether the actor follows the brand afterwards. Raises NotFound."""
    async with begin(actor, f"brand {brand_code}") as session:
        found = await session.execute(
            select(col(Brand.id)).where(
                col(Brand.code) == brand_code, col(Brand.state) == BrandState.LIVE
            )
        )
        brand_id = found.scalar_one_or_none()
        if brand_id is None:
            raise NotFound
        gone = await session.execute(
            delete(Follow)
            .where(col(Follow.person_id) == actor.person_id, col(Follow.brand_id) == brand_id)
            .returning(col(Follow.brand_id))
        )
        if gone.first() is not None:
            return False
        session.add(Follow(person_id=actor.person_id, brand_id=brand_id, created_at=now))
        return True


async def brand_page(actor: Actor, code: str, *, now: datetime) -> BrandView:
    """A live brand's page, or one's own while it waits for approval. Raises NotFound."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Brand, col(Follow.person_id), col(Staff.person_id))
            .join(
                Follow,
                (col(Follow.brand_id) == col(Brand.id))
                & (col(Follow.person_id) == actor.person_id),
                isouter=True,
            )
            .join(
                Staff,
                (col(Staff.brand_id) == col(Brand.id)) & (col(Staff.person_id) == actor.person_id),
                isouter=True,
            )
            .where(col(Brand.code) == code)
        )
        row = rows.one_or_none()
        if row is None or (row[0].state != BrandState.LIVE and row[2] is None):
            raise NotFound
        brand, follows, staff = row
        followers = await session.execute(
            select(func.count()).select_from(Follow).where(col(Follow.brand_id) == brand.id)
        )
        return BrandView(
            code=brand.code,
            name=brand.name,
            about=brand.about,
            emoji=brand.emoji,
            picture=brand.picture_key,
            followers=followers.scalar_one(),
            following=follows is not None,
            live=brand.state == BrandState.LIVE,
            staff=staff is not None,
            currency=brand.currency,
            deals=tuple(await deals_of_brand(session, brand.id or 0, now)),
            products=await products_of_brand(session, brand.id or 0),
        )
