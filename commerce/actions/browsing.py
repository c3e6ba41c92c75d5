"""Looking around: home, shelves, products. Each costs at most two statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, literal_column, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.pricing import first_photo, lowest_price
from commerce.actions.shelving import PRODUCTS_A_PAGE, a_page_of, on_sale, quick_page
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
from storage.quick import QuickStatement
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Deal,
    DealState,
    Photo,
    Product,
    ProductState,
    Save,
    Variant,
)

HOME_DEALS, DEALS_A_PAGE, BRAND_DEALS = 5, 6, 6


async def home(actor: Actor, *, now: datetime) -> HomeView:
    """The live deals that end first."""
    page = await deals_page(actor, 0, now=now, size=HOME_DEALS)
    return HomeView(page.items)


async def deals_page(
    actor: Actor, page: int, *, now: datetime, size: int = DEALS_A_PAGE
) -> Page[DealLine]:
    """Live deals by their end, then those about to start."""
    rows = await DEALS.rows(actor.database, now=now, offset=page * size, limit=size + 1)
    found = [_deal_line(row, now) for row in rows]
    return Page(tuple(found[:size]), page, len(found) > size)


async def deals_of_brand(session: AsyncSession, brand_id: int, now: datetime) -> list[DealLine]:
    mine = DEALS.statement.where(col(Deal.brand_id) == brand_id)
    rows = await session.execute(mine, {"now": now, "offset": 0, "limit": BRAND_DEALS})
    return [_deal_line(row, now) for row in rows]


def _deals() -> QuickStatement:
    return QuickStatement(
        select(
            col(Deal.code),
            col(Deal.kind),
            col(Deal.title),
            lowest_price().label("price_minor"),
            col(Product.from_minor),
            col(Brand.currency),
            col(Deal.starts_at),
            col(Deal.ends_at),
            col(Deal.stock_left),
            first_photo().label("photo"),
        )
        .join(Product, col(Product.id) == col(Deal.product_id))
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .where(
            col(Deal.state) == DealState.LIVE,
            col(Brand.state) == BrandState.LIVE,
            col(Deal.stock_left) > 0,
            col(Deal.ends_at) > NOW,
        )
        .order_by(col(Deal.starts_at) > NOW, col(Deal.ends_at), col(Deal.id))
        .offset(bindparam("offset", type_=Integer))
        .limit(bindparam("limit", type_=Integer))
    )


def _deal_line(row: Any, now: datetime) -> DealLine:
    return DealLine(
        code=row.code,
        kind=row.kind,
        title=row.title,
        price_minor=row.price_minor,
        list_minor=row.from_minor,
        currency=row.currency,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        phase=phase(
            paused=False,
            ended=False,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            stock_left=row.stock_left,
            now=now,
        ),
        photo=row.photo,
    )


async def category(actor: Actor, code: str | None, page: int) -> CategoryView:
    """One shelf, or with no code the first ones. Raises NotFound."""
    if code is None:
        rows = await TOP_SHELVES.rows(actor.database)
        top = tuple(CategoryLine(row.code, row.name, row.emoji) for row in rows)
        return CategoryView(None, None, "", None, None, top, (), 0, more=False)
    found = await SHELVES.rows(actor.database, code=code)
    shelf = next((c for c in found if c.code == code), None)
    if shelf is None:
        raise NotFound
    children = [c for c in found if c.parent_id == shelf.id]
    products = await quick_page(actor.database, SHELVED, page, shelf=shelf.id)
    return CategoryView(
        code=shelf.code,
        name=shelf.name,
        emoji=shelf.emoji,
        parent=next((c.code for c in found if c.id == shelf.parent_id), None),
        picture=shelf.picture_key,
        children=tuple(CategoryLine(c.code, c.name, c.emoji) for c in children),
        products=products.items,
        page=page,
        more=products.more,
    )


def _shelves() -> QuickStatement:
    """A shelf, those on it, and the one it stands on."""
    me = select(Category).where(col(Category.code) == bindparam("code")).subquery()
    return QuickStatement(
        select(*CATEGORY)
        .join(
            me,
            (col(Category.id) == me.c.id)
            | (col(Category.parent_id) == me.c.id)
            | (col(Category.id) == me.c.parent_id),
        )
        .order_by(col(Category.position), col(Category.id))
    )


def _shelved() -> QuickStatement:
    """What lies on a shelf and on those below it."""
    shelf = bindparam("shelf", type_=Integer)
    on_it = select(col(Category.id)).where(
        (col(Category.id) == shelf) | (col(Category.parent_id) == shelf)
    )
    shelved = on_sale().where(col(Product.category_id).in_(on_it))
    return a_page_of(shelved.order_by(col(Product.id)))


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
    database = actor.database
    found = await PRODUCT.rows(database, code=code, person_id=actor.person_id)
    if not found:
        raise NotFound
    item = found[0]
    rows = await PHOTOS_AND_DEALS.rows(database, product_id=item.id, now=now)
    lines = [
        _deal_line(row._replace(from_minor=item.from_minor, currency=item.currency), now)
        for row in rows
        if row.code is not None
    ]
    return ProductView(
        code=item.code,
        title=item.title,
        description=item.description,
        brand_code=item.brand_code,
        brand_name=item.brand_name,
        brand_emoji=item.brand_emoji,
        category_code=item.category_code,
        currency=item.currency,
        variants=tuple(
            VariantLine(v.variant_code, v.variant_name, v.price_minor, v.stock_left) for v in found
        ),
        photos=tuple(p for _, p in sorted((r.place, r.photo) for r in rows if r.code is None)),
        deals=tuple(sorted(lines, key=lambda d: (d.phase != Phase.LIVE, d.ends_at))),
        saved=item.saved is not None,
    )


def _product() -> QuickStatement:
    """A line a variant."""
    return QuickStatement(
        select(
            col(Product.id),
            col(Product.code),
            col(Product.title),
            col(Product.description),
            col(Product.from_minor),
            col(Brand.code).label("brand_code"),
            col(Brand.name).label("brand_name"),
            col(Brand.emoji).label("brand_emoji"),
            col(Brand.currency),
            col(Category.code).label("category_code"),
            col(Variant.code).label("variant_code"),
            col(Variant.name).label("variant_name"),
            col(Variant.price_minor),
            col(Variant.stock_left),
            col(Save.person_id).label("saved"),
        )
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Category, col(Category.id) == col(Product.category_id))
        .join(Variant, col(Variant.product_id) == col(Product.id))
        .join(
            Save,
            (col(Save.product_id) == col(Product.id))
            & (col(Save.person_id) == bindparam("person_id")),
            isouter=True,
        )
        .where(
            col(Product.code) == bindparam("code"),
            col(Product.state) == ProductState.LIVE,
            col(Brand.state) == BrandState.LIVE,
        )
        .order_by(col(Variant.position), col(Variant.id))
    )


def _photos_and_deals() -> QuickStatement:
    """Both in one statement: a photo is a row without a deal's code."""
    mine = bindparam("product_id", type_=Integer)
    nothing = null()
    photos: Any = select(
        col(Photo.position).label("place"),
        col(Photo.picture_key).label("photo"),
        *(nothing.label(name) for name in LINE),
    ).where(col(Photo.product_id) == mine)
    deals: Any = select(
        literal_column("0").label("place"),
        nothing.label("photo"),
        col(Deal.code),
        col(Deal.kind),
        col(Deal.title),
        lowest_price().label("price_minor"),
        col(Deal.starts_at),
        col(Deal.ends_at),
        col(Deal.stock_left),
        nothing.label("from_minor"),
        nothing.label("currency"),
    ).where(
        col(Deal.product_id) == mine,
        col(Deal.state) == DealState.LIVE,
        col(Deal.ends_at) > NOW,
    )
    return QuickStatement(union_all(deals, photos))


NOW: Any = bindparam("now", type_=Deal.metadata.tables["deal"].c.ends_at.type)
CATEGORY = [*Category.metadata.tables["category"].c]
LINE = (
    *("code", "kind", "title", "price_minor", "starts_at", "ends_at", "stock_left"),
    *("from_minor", "currency"),
)
DEALS, SHELVES, SHELVED = _deals(), _shelves(), _shelved()
TOP_SHELVES = QuickStatement(
    select(*CATEGORY)
    .where(col(Category.parent_id).is_(None))
    .order_by(col(Category.position), col(Category.id))
)
PRODUCT, PHOTOS_AND_DEALS = _product(), _photos_and_deals()
