"""Products from a file: all rows are checked first, and nothing is written when one is bad."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.refusals import NotFound
from commerce.rules.importing import (
    MOST_BYTES,
    Trouble,
    Ware,
    read_sheet,
    shelf_key,
    shelf_name,
)
from storage import posted, search
from storage.codes import new_code
from storage.columns import id_of
from storage.crash import crash_point
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Deal,
    DealState,
    Product,
    ProductState,
    Variant,
)
from storage.texts import LocalizedText

AT_ONCE = 50  # rows a transaction, so that the shop sells on meanwhile
# SQLite has one writer, and who waits looks every tenth of a second whether it is free.
REST_SECONDS = {"sqlite": 0.1}
RUNNING = (DealState.LIVE, DealState.PAUSED)


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, or in a dry run would be; with troubles, nothing was."""

    brand: LocalizedText
    currency: str
    rows: int
    created: int
    updated: int
    unchanged: int
    categories: tuple[str, ...]
    ignored: tuple[str, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A product that is there, with its variants."""

    product: Product
    variants: tuple[Variant, ...]


@dataclass(slots=True)
class _Stand:
    """The brand and what is on its shelves before the import."""

    brand: Brand
    listed: dict[str, _Listed]
    shelves: dict[str, int]
    positions: int
    deals: dict[int, int]  # the highest price of a running deal, by product


async def import_products(
    database: Database, brand_code: str, path: Path, *, dry_run: bool, now: datetime
) -> Report:
    """Creates and updates by (brand, sku); importing the same file again changes nothing.

    Rows are written some hundred at a time: what stops in the middle is finished by importing
    again. Raises NotFound for a brand that is not there, OSError for a file that cannot be read.
    """
    async with database.read() as session:
        stand = await _stand(session, brand_code)
    data = await asyncio.to_thread(_load, path)
    sheet = await asyncio.to_thread(read_sheet, data, stand.brand.currency)
    troubles = (*sheet.troubles, *_against(stand, sheet.wares))
    new = [w for w in sheet.wares if w.sku not in stand.listed]
    changed = [w for w in sheet.wares if w.sku in stand.listed and _differs(stand, w)]
    shelves = _missing_shelves(stand, sheet.wares)
    if not troubles and not dry_run:
        await _write(database, stand, shelves, [*new, *changed], now)
    return Report(
        brand=stand.brand.name,
        currency=stand.brand.currency,
        rows=sheet.rows,
        created=len(new),
        updated=len(changed),
        unchanged=len(sheet.wares) - len(new) - len(changed),
        categories=tuple(shelves.values()),
        ignored=sheet.ignored,
        troubles=tuple(sorted(troubles, key=lambda t: t.row)),
    )


def _load(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


async def _stand(session: AsyncSession, brand_code: str) -> _Stand:
    found = await session.execute(
        select(Brand).where(col(Brand.code) == brand_code, col(Brand.state) != BrandState.CLOSED)
    )
    brand = found.scalar_one_or_none()
    if brand is None:
        raise NotFound
    rows = await session.execute(
        select(Product, Variant)
        .join(Variant, col(Variant.product_id) == col(Product.id))
        .where(col(Product.brand_id) == brand.id)
    )
    listed: dict[str, _Listed] = {}
    for product, variant in rows:
        before = listed.get(product.sku)
        listed[product.sku] = _Listed(product, (*(before.variants if before else ()), variant))
    categories = (await session.execute(select(Category))).scalars().all()
    deals = await session.execute(
        select(col(Deal.product_id), func.max(col(Deal.price_minor)))
        .where(col(Deal.brand_id) == brand.id, col(Deal.state).in_(RUNNING))
        .group_by(col(Deal.product_id))
    )
    return _Stand(
        brand=brand,
        listed=listed,
        shelves={shelf_key(n): id_of(c) for c in categories for _, n in c.name.by_locale},
        positions=max((c.position for c in categories), default=-1) + 1,
        deals={product_id: price for product_id, price in deals},  # noqa: C416
    )


def _against(stand: _Stand, wares: Sequence[Ware]) -> list[Trouble]:
    """What the shop says against rows that are right by themselves."""
    troubles = []
    for ware in wares:
        there = stand.listed.get(ware.sku)
        if there is None:
            continue
        if len(there.variants) > 1:
            reason = f"this product has {len(there.variants)} variants; change it in the chat"
            troubles.append(Trouble(ware.row, "sku", reason))
        if stand.deals.get(id_of(there.product), 0) >= ware.price_minor:
            reason = "a running deal of this product costs as much or more"
            troubles.append(Trouble(ware.row, "price", reason))
    return troubles


def _differs(stand: _Stand, ware: Ware) -> bool:
    there = stand.listed[ware.sku]
    product, variant = there.product, there.variants[0]
    return (
        product.title != _written(product.title, ware.title)
        or product.description != _written(product.description, ware.description)
        or product.category_id != stand.shelves.get(shelf_key(ware.category))
        or product.tags != _tags(ware)
        or (variant.price_minor, variant.stock_left) != (ware.price_minor, ware.stock)
    )


def _written(before: LocalizedText, english: str) -> LocalizedText:
    """The file speaks English; what was written in other languages stays."""
    return LocalizedText.of(**(dict(before.by_locale) | {"en": english}))


def _tags(ware: Ware) -> str:
    return " ".join((*ware.tags, ware.maker)).strip()


def _missing_shelves(stand: _Stand, wares: Sequence[Ware]) -> dict[str, str]:
    """Names of shelves to be made, by their key, in the order of the file."""
    wanted = {shelf_key(w.category): shelf_name(w.category) for w in reversed(wares)}
    order = dict.fromkeys(shelf_key(w.category) for w in wares)
    return {key: wanted[key] for key in order if key not in stand.shelves}


async def _write(
    database: Database,
    stand: _Stand,
    shelves: Mapping[str, str],
    wares: Sequence[Ware],
    now: datetime,
) -> None:
    if shelves:
        async with database.begin() as session:
            await _make_shelves(session, stand, shelves)
    for start in range(0, len(wares), AT_ONCE):
        async with database.begin() as session:
            for ware in wares[start : start + AT_ONCE]:
                if ware.sku in stand.listed:
                    await _change(session, stand, ware)
                else:
                    await _create(session, stand, ware, now)
        crash_point("K22")
        await asyncio.sleep(REST_SECONDS.get(database.dialect, 0.0))


async def _make_shelves(session: AsyncSession, stand: _Stand, names: Mapping[str, str]) -> None:
    made = {
        key: Category(code=new_code(), name=LocalizedText.of(en=name), position=position)
        for position, (key, name) in enumerate(names.items(), stand.positions)
    }
    session.add_all(made.values())
    await session.flush()
    stand.shelves |= {key: id_of(category) for key, category in made.items()}


async def _create(session: AsyncSession, stand: _Stand, ware: Ware, now: datetime) -> None:
    product = Product(
        code=new_code(),
        brand_id=id_of(stand.brand),
        category_id=stand.shelves[shelf_key(ware.category)],
        sku=ware.sku,
        title=LocalizedText.of(en=ware.title),
        description=LocalizedText.of(en=ware.description),
        tags=_tags(ware),
        state=ProductState.LIVE,
        from_minor=ware.price_minor,
        created_at=now,
    )
    session.add(product)
    await session.flush()
    session.add(
        Variant(
            code=new_code(),
            product_id=id_of(product),
            sku=ware.sku,
            name=LocalizedText.of(),
            price_minor=ware.price_minor,
            stock_left=ware.stock,
        )
    )
    await _index(session, stand, product)


async def _change(session: AsyncSession, stand: _Stand, ware: Ware) -> None:
    there = stand.listed[ware.sku]
    product, variant = there.product, there.variants[0]
    product.title = _written(product.title, ware.title)
    product.description = _written(product.description, ware.description)
    product.tags = _tags(ware)
    await session.execute(
        update(Product)
        .where(col(Product.id) == product.id)
        .values(
            title=product.title,
            description=product.description,
            tags=product.tags,
            category_id=stand.shelves[shelf_key(ware.category)],
            from_minor=ware.price_minor,
        )
    )
    await session.execute(
        update(Variant)
        .where(col(Variant.id) == variant.id)
        .values(price_minor=ware.price_minor, stock_left=ware.stock)
    )
    await _index(session, stand, product)
    await _redraw_deals(session, id_of(product))


async def _index(session: AsyncSession, stand: _Stand, product: Product) -> None:
    words = (product.title.all(), product.description.all(), product.tags, stand.brand.name.all())
    await search.index_product(session, id_of(product), *words)


async def _redraw_deals(session: AsyncSession, product_id: int) -> None:
    rows = await session.execute(
        select(col(Deal.id)).where(col(Deal.product_id) == product_id, col(Deal.state).in_(RUNNING))
    )
    ids = [i for i in rows.scalars() if i is not None]
    if ids:
        await posted.stale(session, "deal", *ids)
