"""A brand's own products: putting them up, and changing what they cost and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.branding import own_brand
from commerce.actor import Actor, begin
from commerce.brand_views import OwnProduct, OwnProductView, OwnVariant
from commerce.refusals import BadDeal, NotFound
from commerce.rules.money import MAX_MINOR
from commerce.views import CategoryLine, Page, VariantLine
from storage import posted, search
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Deal,
    DealState,
    Photo,
    Product,
    ProductState,
    Staff,
    Variant,
)
from storage.texts import LocalizedText

PAGE = 6
MOST_PHOTOS, MOST_OPTIONS, MOST_STOCK = 10, 12, 1_000_000
GENERAL = "general"  # stands for the one shelf of a shop that has none yet
RUNNING = (DealState.LIVE, DealState.PAUSED)


@dataclass(frozen=True, slots=True)
class NewProduct:
    """`category` is a code or GENERAL, `photos` are picture keys; an option becomes a variant."""

    brand: str
    title: LocalizedText
    description: LocalizedText
    category: str
    price_minor: int
    stock: int
    options: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()


async def list_product(actor: Actor, new: NewProduct, *, now: datetime) -> str:
    """Puts it on the shelf; its code. Raises NotFound for a foreign brand or no such shelf."""
    code = new_code()
    _require_sound(new)
    async with begin(actor, f"product {code}") as session:
        brand = await own_brand(session, actor, new.brand)
        product = Product(
            code=code,
            brand_id=id_of(brand),
            category_id=await _shelf(session, new.category),
            sku=f"chat-{code}",
            title=new.title,
            description=new.description,
            state=ProductState.LIVE,
            from_minor=new.price_minor,
            created_at=now,
        )
        session.add(product)
        await session.flush()
        product_id = id_of(product)
        session.add_all(_variants(product_id, new))
        session.add_all(
            Photo(product_id=product_id, position=position, picture_key=key)
            for position, key in enumerate(new.photos)
        )
        words = (new.title.all(), new.description.all(), brand.name.all(), *new.options)
        await search.index_product(session, product_id, *words)
    return code


def _require_sound(new: NewProduct) -> None:
    """What no form lets through."""
    if not 0 < new.price_minor <= MAX_MINOR or not 0 <= new.stock <= MOST_STOCK:
        raise ValueError("price or stock out of range")
    if len(new.photos) > MOST_PHOTOS or len(set(new.options)) > MOST_OPTIONS:
        raise ValueError("too many photos or options")


def _variants(product_id: int, new: NewProduct) -> list[Variant]:
    return [
        Variant(
            code=new_code(),
            product_id=product_id,
            sku=str(position + 1),
            name=LocalizedText.of(en=option),
            price_minor=new.price_minor,
            stock_left=new.stock,
            position=position,
        )
        for position, option in enumerate(new.options or ("",))
    ]


async def _shelf(session: AsyncSession, code: str) -> int:
    if code == GENERAL:
        return await _general(session)
    found = await session.execute(select(col(Category.id)).where(col(Category.code) == code))
    shelf = found.scalar_one_or_none()
    if shelf is None:
        raise NotFound
    return shelf


async def _general(session: AsyncSession) -> int:
    found = await session.execute(select(col(Category.id)).order_by(col(Category.id)).limit(1))
    shelf = found.scalar_one_or_none()
    if shelf is not None:
        return shelf
    made = Category(
        code=new_code(), name=LocalizedText.of(en="General", zh="综合"), emoji="🛍", position=0
    )
    session.add(made)
    await session.flush()
    return id_of(made)


async def shelves(actor: Actor) -> tuple[CategoryLine, ...]:
    """The first shelves, each followed by its own."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Category).order_by(col(Category.position), col(Category.id))
        )
        found = rows.scalars().all()
    ordered: list[Category] = []
    for top in (c for c in found if c.parent_id is None):
        ordered += [top, *(c for c in found if c.parent_id == top.id)]
    return tuple(CategoryLine(c.code, c.name, c.emoji) for c in ordered)


async def own_products(
    actor: Actor, brand_code: str, page: int, *, words: str = "", live: bool = False
) -> Page[OwnProduct]:
    """Newest first; with `words` what they find, the best match first. Raises NotFound."""
    async with actor.database.read() as session:
        brand = await own_brand(session, actor, brand_code)
        stock = (
            select(func.coalesce(func.sum(col(Variant.stock_left)), 0))
            .where(col(Variant.product_id) == col(Product.id))
            .correlate(Product)
            .scalar_subquery()
        )
        statement = select(Product, stock).where(col(Product.brand_id) == brand.id)
        if live:
            statement = statement.where(col(Product.state) == ProductState.LIVE)
        matching = search.matching(actor.database.dialect, words)
        if words and matching is None:
            return Page((), page, more=False)
        if matching is not None:
            statement = statement.join(matching, matching.c.rowid == col(Product.id)).order_by(
                matching.c.rank
            )
        rows = await session.execute(
            statement.order_by(col(Product.id).desc()).offset(page * PAGE).limit(PAGE + 1)
        )
        found = [
            OwnProduct(p.code, p.title, p.state, p.from_minor, brand.currency, int(left))
            for p, left in rows
        ]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)


async def own_product(actor: Actor, code: str) -> OwnProductView:
    """Raises NotFound, also for another brand's."""
    async with actor.database.read() as session:
        product, brand = await own_product_row(session, actor, code)
        variants = await session.execute(
            select(Variant)
            .where(col(Variant.product_id) == product.id)
            .order_by(col(Variant.position), col(Variant.id))
        )
        photo = await session.execute(
            select(col(Photo.picture_key)).where(
                col(Photo.product_id) == product.id, col(Photo.position) == 0
            )
        )
        return OwnProductView(
            code=product.code,
            brand_code=brand.code,
            title=product.title,
            description=product.description,
            state=product.state,
            currency=brand.currency,
            variants=tuple(
                VariantLine(v.code, v.name, v.price_minor, v.stock_left) for v in variants.scalars()
            ),
            photo=photo.scalar_one_or_none(),
            deals=len(await _running(session, id_of(product))),
        )


async def own_product_row(session: AsyncSession, actor: Actor, code: str) -> tuple[Product, Brand]:
    found = await session.execute(
        select(Product, Brand)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Product.code) == code,
            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def _running(session: AsyncSession, product_id: int) -> Sequence[Deal]:
    rows = await session.execute(
        select(Deal).where(col(Deal.product_id) == product_id, col(Deal.state).in_(RUNNING))
    )
    return rows.scalars().all()


async def own_variant(actor: Actor, code: str) -> OwnVariant:
    """Raises NotFound, also for another brand's."""
    async with actor.database.read() as session:
        variant, product, brand = await _own_variant_row(session, actor, code)
        return OwnVariant(
            code=variant.code,
            name=variant.name,
            product_code=product.code,
            product_title=product.title,
            currency=brand.currency,
            price_minor=variant.price_minor,
            stock_left=variant.stock_left,
        )


async def _own_variant_row(
    session: AsyncSession, actor: Actor, code: str
) -> tuple[Variant, Product, Brand]:
    found = await session.execute(
        select(Variant, Product, Brand)
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Variant.code) == code,
            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


async def set_price(actor: Actor, variant_code: str, price_minor: int) -> str:
    """The product's code. Raises NotFound; BadDeal where a running deal would cost as much."""
    async with begin(actor) as session:
        variant, product, _ = await _own_variant_row(session, actor, variant_code)
        deals = await _running(session, id_of(product))
        if any(deal.price_minor >= price_minor for deal in deals):
            raise BadDeal("price")
        await session.execute(
            update(Variant).where(col(Variant.id) == variant.id).values(price_minor=price_minor)
        )
        lowest = (
            select(func.min(col(Variant.price_minor)))
            .where(col(Variant.product_id) == product.id)
            .scalar_subquery()
        )
        await session.execute(
            update(Product).where(col(Product.id) == product.id).values(from_minor=lowest)
        )
        if deals:
            await posted.stale(session, "deal", *(id_of(deal) for deal in deals))
        return product.code


async def set_stock(actor: Actor, variant_code: str, stock: int) -> str:
    """What lies on the shelf now, beside what is held for payers. The product's code."""
    async with begin(actor) as session:
        variant, product, _ = await _own_variant_row(session, actor, variant_code)
        await session.execute(
            update(Variant).where(col(Variant.id) == variant.id).values(stock_left=stock)
        )
        return product.code


async def set_shown(actor: Actor, product_code: str, *, shown: bool) -> None:
    """Hidden products are in no list and cannot be bought alone. Raises NotFound."""
    state = ProductState.LIVE if shown else ProductState.HIDDEN
    async with begin(actor) as session:
        product, _ = await own_product_row(session, actor, product_code)
        await session.execute(
            update(Product).where(col(Product.id) == product.id).values(state=state)
        )
