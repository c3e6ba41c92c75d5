"""Looking around: home, shelves, products. Each costs at most two statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.lookup import phase_of
from commerce.actions.pricing import first_photo, lowest_price
from commerce.actions.shelving import PRODUCTS_A_PAGE, on_sale, read_page
from commerce.actor import Actor
from commerce.refusals import NotFound
from commerce.rules.windows import Phase, phase
from commerce.views import (
    CategoryLine,
    CategoryView,
    DealLine,
    HomeView,
    Page,
    ProductLine,
    ProductView,
    VariantLine,
)
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Deal,
    DealKind,
    DealState,
    Photo,
    Product,
    ProductState,
    Save,
    Variant,
)

HOME_DEALS, DEALS_A_PAGE = 5, 6


async def home(actor: Actor, *, now: datetime) -> HomeView:
    """The live deals that end first."""
    page = await deals_page(actor, 0, now=now, size=HOME_DEALS)
    return HomeView(page.items)


async def deals_page(
    actor: Actor, page: int, *, now: datetime, size: int = DEALS_A_PAGE
) -> Page[DealLine]:
    """Live deals by their end, then those about to start."""
    async with actor.database.read() as session:
        found = await _deal_lines(
            session, (col(Deal.ends_at) > now,), now, offset=page * size, limit=size + 1
        )
    return Page(tuple(found[:size]), page, len(found) > size)


async def deals_of_brand(session: AsyncSession, brand_id: int, now: datetime) -> list[DealLine]:
    return await _deal_lines(
        session, (col(Deal.brand_id) == brand_id, col(Deal.ends_at) > now), now, offset=0, limit=6
    )


async def _deal_lines(
    session: AsyncSession, which: Sequence[Any], now: datetime, *, offset: int, limit: int
) -> list[DealLine]:
    rows = await session.execute(
        select(Deal, col(Product.from_minor), col(Brand.currency), lowest_price(), first_photo())
        .join(Product, col(Product.id) == col(Deal.product_id))
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .where(
            col(Deal.state) == DealState.LIVE,
            col(Brand.state) == BrandState.LIVE,
            col(Deal.stock_left) > 0,
            *which,
        )
        .order_by(col(Deal.starts_at) > now, col(Deal.ends_at), col(Deal.id))
        .offset(offset)
        .limit(limit)
    )
    return [
        DealLine(
            code=deal.code,
            kind=deal.kind,
            title=deal.title,
            price_minor=lowest,
            list_minor=list_minor,
            currency=currency,
            starts_at=deal.starts_at,
            ends_at=deal.ends_at,
            phase=phase_of(deal, now),
            photo=picture,
        )
        for deal, list_minor, currency, lowest, picture in rows
    ]


async def category(actor: Actor, code: str | None, page: int) -> CategoryView:
    """One shelf, or with no code the first ones. Raises NotFound."""
    async with actor.database.read() as session:
        if code is None:
            return await _top(session)
        me = select(Category).where(col(Category.code) == code).subquery()
        rows = await session.execute(
            select(Category)
            .join(
                me,
                (col(Category.id) == me.c.id)
                | (col(Category.parent_id) == me.c.id)
                | (col(Category.id) == me.c.parent_id),
            )
            .order_by(col(Category.position), col(Category.id))
        )
        found = rows.scalars().all()
        shelf = next((c for c in found if c.code == code), None)
        if shelf is None:
            raise NotFound
        children = [c for c in found if c.parent_id == shelf.id]
        products = await _products(session, [shelf.id, *(c.id for c in children)], page)
    parent = next((c.code for c in found if c.id == shelf.parent_id), None)
    return CategoryView(
        code=shelf.code,
        name=shelf.name,
        emoji=shelf.emoji,
        parent=parent,
        picture=shelf.picture_key,
        children=tuple(CategoryLine(c.code, c.name, c.emoji) for c in children),
        products=products.items,
        page=page,
        more=products.more,
    )


async def _top(session: AsyncSession) -> CategoryView:
    rows = await session.execute(
        select(Category)
        .where(col(Category.parent_id).is_(None))
        .order_by(col(Category.position), col(Category.id))
    )
    children = tuple(CategoryLine(c.code, c.name, c.emoji) for c in rows.scalars())
    return CategoryView(None, None, "", None, None, children, (), 0, more=False)


async def _products(
    session: AsyncSession, categories: Sequence[int | None], page: int
) -> Page[ProductLine]:
    shelved = on_sale().where(col(Product.category_id).in_(categories))
    return await read_page(session, shelved.order_by(col(Product.id)), page)


async def products_of_brand(session: AsyncSession, brand_id: int) -> tuple[ProductLine, ...]:
    rows = await session.execute(
        select(col(Product.code), col(Product.title), col(Product.from_minor), col(Brand.currency))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(col(Product.brand_id) == brand_id, col(Product.state) == ProductState.LIVE)
        .order_by(col(Product.id))
        .limit(PRODUCTS_A_PAGE)
    )
    return tuple(ProductLine(*row) for row in rows)


async def product(actor: Actor, code: str, *, now: datetime) -> ProductView:
    """A product of a live brand. Raises NotFound."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Product, Brand, col(Category.code), Variant, col(Save.person_id))
            .join(Brand, col(Brand.id) == col(Product.brand_id))
            .join(Category, col(Category.id) == col(Product.category_id))
            .join(Variant, col(Variant.product_id) == col(Product.id))
            .join(
                Save,
                (col(Save.product_id) == col(Product.id))
                & (col(Save.person_id) == actor.person_id),
                isouter=True,
            )
            .where(
                col(Product.code) == code,
                col(Product.state) == ProductState.LIVE,
                col(Brand.state) == BrandState.LIVE,
            )
            .order_by(col(Variant.position), col(Variant.id))
        )
        found = rows.all()
        if not found:
            raise NotFound
        item, brand, category_code, _, saved = found[0]
        photos, deals = await _photos_and_deals(session, item, brand.currency, now)
    return ProductView(
        code=item.code,
        title=item.title,
        description=item.description,
        brand_code=brand.code,
        brand_name=brand.name,
        brand_emoji=brand.emoji,
        category_code=category_code,
        currency=brand.currency,
        variants=tuple(
            VariantLine(v.code, v.name, v.price_minor, v.stock_left) for _, _, _, v, _ in found
        ),
        photos=photos,
        deals=deals,
        saved=saved is not None,
    )


async def _photos_and_deals(
    session: AsyncSession, item: Product, currency: str, now: datetime
) -> tuple[tuple[str, ...], tuple[DealLine, ...]]:
    """Both in one statement: a photo is a row without a deal's code."""
    nothing = null()
    photos: Any = select(
        col(Photo.position).label("place"),
        col(Photo.picture_key).label("picture"),
        *(nothing.label(n) for n in ("code", "kind", "title", "price", "starts", "ends", "stock")),
    ).where(col(Photo.product_id) == item.id)
    deals = select(
        literal(0),
        nothing,
        col(Deal.code),
        col(Deal.kind),
        col(Deal.title),
        lowest_price(),
        col(Deal.starts_at),
        col(Deal.ends_at),
        col(Deal.stock_left),
    ).where(
        col(Deal.product_id) == item.id,
        col(Deal.state) == DealState.LIVE,
        col(Deal.ends_at) > now,
    )
    rows: Sequence[Any] = (await session.execute(union_all(deals, photos))).all()
    pictures = sorted((r[0], r[1]) for r in rows if r[2] is None)
    lines = tuple(
        DealLine(
            code=code,
            kind=DealKind(kind),
            title=title,
            price_minor=price,
            list_minor=item.from_minor,
            currency=currency,
            starts_at=starts,
            ends_at=ends,
            phase=phase(
                paused=False, ended=False, starts_at=starts, ends_at=ends, stock_left=stock, now=now
            ),
            photo=None,
        )
        for _, _, code, kind, title, price, starts, ends, stock in rows
        if code is not None
    )
    on = sorted(lines, key=lambda d: (d.phase != Phase.LIVE, d.ends_at))
    return tuple(key for _, key in pictures), tuple(on)
