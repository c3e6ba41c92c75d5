"""Puts the demo shop into an empty database: brands, products, deals, pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import search
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database
from storage.demo.catalog import BRANDS, CATEGORIES, CURRENCY, DEALS, PRODUCTS
from storage.demo.drawing import BANNERS, draw_banner, draw_product
from storage.demo.goods import DemoDeal, DemoProduct, DemoVariant, Words
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Commitment,
    Deal,
    DealKind,
    DealState,
    DealTier,
    Person,
    Photo,
    Picture,
    Product,
    ProductState,
    Role,
    Staff,
    Variant,
)
from storage.texts import LocalizedText

GROUP_MINUTES = 24 * 60
SHIPPING_MINOR = 400
WORTH_A_POOL = 40
BY_SKU = {product.sku: product for product in PRODUCTS}


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture to be drawn: a banner, or one photo of a product."""

    key: str
    sku: str | None = None
    index: int = 0


Draw = Callable[[Drawing], bytes]


class AlreadySeeded(Exception):
    """There is a shop in this database; the demo does not mix into it."""


def draw(drawing: Drawing) -> bytes:
    if drawing.sku is None:
        return draw_banner(drawing.key.partition("/")[2])
    return draw_product(BY_SKU[drawing.sku], drawing.index)


def banners() -> list[Drawing]:
    """What every installation shows at the top of its own cards."""
    return [Drawing(f"banner/{name}") for name in BANNERS]


def photos() -> list[Drawing]:
    return [
        Drawing(f"demo/{product.sku}/{index}", product.sku, index)
        for product in PRODUCTS
        for index in range(product.photos)
    ]


async def furnish(
    database: Database, wanted: list[Drawing] | None = None, draw_one: Draw | None = None
) -> int:
    """Draws the pictures that are not there yet, on all processors. How many."""
    wanted = banners() if wanted is None else wanted
    async with database.read() as session:
        rows = await session.execute(select(col(Picture.key)))
        there = set(rows.scalars().all())
    missing = [d for d in wanted if d.key not in there]
    if not missing:
        return 0
    drawn = await asyncio.to_thread(_draw_all, missing, draw_one)
    insert = sqlite.insert if database.dialect == "sqlite" else postgresql.insert
    pictures = [
        {"key": drawing.key, "mime": "image/jpeg", "data": data}
        for drawing, data in zip(missing, drawn, strict=True)
    ]
    async with database.begin() as session:  # another process may have drawn the same
        connection = await session.connection()
        await connection.execute(insert(Picture).on_conflict_do_nothing(), pictures)
    return len(missing)


def _draw_all(drawings: list[Drawing], draw_one: Draw | None) -> list[bytes]:
    if draw_one is not None or len(drawings) < WORTH_A_POOL:
        return [(draw_one or draw)(d) for d in drawings]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(draw, drawings, chunksize=4))


async def seed(
    database: Database,
    *,
    now: datetime,
    owner_telegram_id: int | None,
    draw_one: Draw | None = None,
) -> None:
    """The whole demo shop; `owner_telegram_id` becomes the owner of its brands.

    Raises AlreadySeeded when there is a brand already.
    """
    async with database.read() as session:
        if (await session.execute(select(col(Brand.id)).limit(1))).first() is not None:
            raise AlreadySeeded
    await furnish(database, [*banners(), *photos()], draw_one)
    async with database.begin() as session:
        brands = await _brands(session, owner_telegram_id, now)
        categories = await _categories(session)
        products = await _products(session, brands, categories, now)
        await _deals(session, products, now)


async def _brands(
    session: AsyncSession, owner_telegram_id: int | None, now: datetime
) -> dict[str, Brand]:
    made = {
        brand.key: Brand(
            code=new_code(),
            name=_text(brand.name),
            about=_text(brand.about),
            welcome=_text(brand.welcome),
            emoji=brand.emoji,
            currency=CURRENCY,
            shipping_minor=SHIPPING_MINOR,
            by_hand=brand.by_hand_note is not None,
            by_hand_note=brand.by_hand_note or "",
            state=BrandState.LIVE,
            picture_key=f"banner/{brand.key}",
            created_at=now,
        )
        for brand in BRANDS
    }
    session.add_all(made.values())
    await session.flush()
    if owner_telegram_id is not None:
        owner = await _person(session, owner_telegram_id, now)
        session.add_all(
            Staff(brand_id=id_of(brand), person_id=id_of(owner), role=Role.OWNER)
            for brand in made.values()
        )
    return made


async def _person(session: AsyncSession, telegram_id: int, now: datetime) -> Person:
    found = await session.execute(select(Person).where(col(Person.telegram_id) == telegram_id))
    person = found.scalar_one_or_none()
    if person is None:
        person = Person(telegram_id=telegram_id, first_name="—", created_at=now, seen_at=now)
        session.add(person)
        await session.flush()
    return person


async def _categories(session: AsyncSession) -> dict[str, Category]:
    made: dict[str, Category] = {}
    for position, category in enumerate(CATEGORIES):
        parent = made[category.parent].id if category.parent else None
        made[category.key] = Category(
            code=new_code(),
            parent_id=parent,
            name=_text(category.name),
            emoji=category.emoji,
            position=position,
            picture_key=f"banner/{category.key}",
        )
        session.add(made[category.key])
        await session.flush()
    return made


async def _products(
    session: AsyncSession,
    brands: dict[str, Brand],
    categories: dict[str, Category],
    now: datetime,
) -> dict[str, Product]:
    made = {
        product.sku: Product(
            code=new_code(),
            brand_id=id_of(brands[product.brand]),
            category_id=id_of(categories[product.category]),
            sku=product.sku,
            title=_text(product.title),
            description=_text(product.description),
            tags=" ".join(product.tags),
            state=ProductState.LIVE,
            from_minor=min(v.price_minor for v in product.variants),
            created_at=now,
        )
        for product in PRODUCTS
    }
    session.add_all(made.values())
    await session.flush()
    for product in PRODUCTS:
        await _stock(session, product, made[product.sku], brands[product.brand])
    return made


async def _stock(session: AsyncSession, product: DemoProduct, row: Product, brand: Brand) -> None:
    assert row.id is not None
    session.add_all(
        Variant(
            code=new_code(),
            product_id=row.id,
            sku=variant.sku,
            name=_options(variant),
            price_minor=variant.price_minor,
            stock_left=variant.stock,
            position=position,
        )
        for position, variant in enumerate(product.variants)
    )
    session.add_all(
        Photo(product_id=row.id, position=index, picture_key=f"demo/{product.sku}/{index}")
        for index in range(product.photos)
    )
    await search.index_product(
        session,
        row.id,
        row.title.all(),
        row.description.all(),
        row.tags,
        brand.name.all(),
    )


async def _deals(session: AsyncSession, products: dict[str, Product], now: datetime) -> None:
    for deal in DEALS:
        product = products[deal.product]
        tiers = _tiers(deal)
        row = Deal(
            code=new_code(),
            brand_id=product.brand_id,
            product_id=id_of(product),
            kind=DealKind(deal.kind),
            title=_text(deal.title),
            state=DealState.LIVE,
            starts_at=now + timedelta(minutes=deal.starts_in_minutes),
            ends_at=now + timedelta(minutes=deal.ends_in_minutes),
            price_minor=tiers[0][1] if tiers else deal.price_minor or 0,
            stock_left=deal.stock,
            per_person=deal.per_person_cap,
            group_minutes=GROUP_MINUTES,
            commitment=Commitment.PROMISE if deal.promise else Commitment.PAY_NOW,
            created_at=now + timedelta(minutes=min(deal.starts_in_minutes, 0)),
        )
        session.add(row)
        await session.flush()
        session.add_all(
            DealTier(deal_id=id_of(row), buyers=buyers, price_minor=price)
            for buyers, price in tiers
        )


def _tiers(deal: DemoDeal) -> tuple[tuple[int, int], ...]:
    if deal.kind == "team":
        assert deal.team_size is not None
        assert deal.price_minor is not None
        return ((deal.team_size, deal.price_minor),)
    return deal.tiers


def _text(words: Words) -> LocalizedText:
    return LocalizedText.of(en=words.en, zh=words.zh)


def _options(variant: DemoVariant) -> LocalizedText:
    en = " · ".join(value.en for _, value in variant.options)
    zh = " · ".join(value.zh for _, value in variant.options)
    return LocalizedText.of(en=en, zh=zh)
