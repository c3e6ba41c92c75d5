"""Products from a file: created, updated, left alone; or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import browsing, searching
from commerce.actions.importing import Report, import_products
from commerce.refusals import NotFound
from storage.columns import id_of
from storage.database import Database
from storage.tables import Brand, Category, DealKind, Product, Variant
from storage.texts import LocalizedText
from tests.commerce.people import NOW, a_deal, some_people

REAL = Path(__file__).parents[1] / "data" / "products-en.csv"
HEAD = "sku,title,category,price,currency,stock"


@pytest.fixture
async def brand(database: Database) -> Brand:
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),))
    async with database.read() as session:
        return await session.get_one(Brand, deal.brand_id)


async def imported(
    database: Database, brand: Brand, path: Path, *, dry_run: bool = False
) -> Report:
    return await import_products(database, brand.code, path, dry_run=dry_run, now=NOW)


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "products.csv"
    path.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    return path


async def counts(database: Database) -> tuple[int, int, int]:
    async with database.read() as session:
        found = [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (Product, Variant, Category)
        ]
    return found[0], found[1], found[2]


async def test_real_file_is_imported_once_and_for_all(database: Database, brand: Brand) -> None:
    first = await imported(database, brand, REAL)
    assert first.troubles == ()
    assert (first.rows, first.created, first.updated, first.unchanged) == (194, 194, 0, 0)
    assert len(first.categories) == 24
    assert "Mens shirts" in first.categories
    assert await counts(database) == (195, 195, 25)
    again = await imported(database, brand, REAL)
    assert (again.created, again.updated, again.unchanged, again.categories) == (0, 0, 194, ())
    assert await counts(database) == (195, 195, 25)
    (actor,) = await some_people(database, 1)
    found = await searching.find_products(actor, "essence mascara", 0)
    assert [found.items[0].title.in_("en"), found.items[0].from_minor] == [
        "Essence Mascara Lash Princess",
        999,
    ]
    view = await browsing.product(actor, found.items[0].code, now=NOW)
    assert (view.variants[0].stock_left, view.photos) == (99, ())


async def test_dry_run_says_the_same_and_writes_nothing(database: Database, brand: Brand) -> None:
    before = await counts(database)
    dry = await imported(database, brand, REAL, dry_run=True)
    assert await counts(database) == before
    assert dry == await imported(database, brand, REAL)


async def test_one_bad_row_at_the_end_writes_nothing(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    before = await counts(database)
    good = [f"A-{n},Bowl {n},new shelf,12.90,USD,5" for n in range(2_000)]
    report = await imported(database, brand, written(tmp_path, *good, "B-1,Bowl,tea,x,USD,5"))
    assert [(t.row, t.column) for t in report.troubles] == [(2002, "price")]
    assert await counts(database) == before


async def test_changed_rows_are_updated_and_other_languages_stay(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    row = "A-1,Bowl,tea,12.90,USD,5"
    await imported(database, brand, written(tmp_path, row, "A-2,Cup,tea,3,USD,1"))
    async with database.begin() as session:
        product = await _by_sku(database, "A-1")
        product.title = LocalizedText.of(en="Bowl", zh="碗")
        await session.merge(product)
    changed = written(tmp_path, "A-1,Big bowl,Teaware,10,USD,7", "A-2,Cup,tea,3,USD,1")
    report = await imported(database, brand, changed)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert report.categories == ("Teaware",)
    product = await _by_sku(database, "A-1")
    assert product.title == LocalizedText.of(en="Big bowl", zh="碗")
    assert product.from_minor == 1_000
    async with database.read() as session:
        rows = await session.execute(
            select(col(Variant.price_minor), col(Variant.stock_left)).where(
                col(Variant.product_id) == product.id
            )
        )
        assert rows.all() == [(1_000, 7)]
    (actor,) = await some_people(database, 1)
    for words in ("big bowl", "碗"):
        found = await searching.find_products(actor, words, 0)
        assert [p.code for p in found.items] == [product.code], words


async def _by_sku(database: Database, sku: str) -> Product:
    async with database.read() as session:
        rows = await session.execute(select(Product).where(col(Product.sku) == sku))
        return rows.scalar_one()


async def test_rows_against_deals_and_variants_are_refused(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    cheap = await imported(database, brand, written(tmp_path, "SKU,Thing,things,15,USD,1"))
    assert [(t.row, t.column) for t in cheap.troubles] == [(2, "price")]
    product = await _by_sku(database, "SKU")
    async with database.begin() as session:
        session.add(
            Variant(
                code="abcdefghijkm",
                product_id=id_of(product),
                sku="V2",
                name=LocalizedText.of(en="Red"),
                price_minor=2_500,
                stock_left=1,
            )
        )
    report = await imported(database, brand, written(tmp_path, "SKU,Thing,things,20,USD,1"))
    assert "2 variants" in report.troubles[0].reason


async def test_shelves_are_found_by_name_in_any_spelling(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    path = written(tmp_path, "A-1,Bowl,THINGS,12.90,USD,5", "A-2,Cup,tea-ware,3,USD,1")
    report = await imported(database, brand, path)
    assert report.categories == ("Tea ware",)
    again = written(tmp_path, "A-3,Pot,Tea Ware,30,USD,1")
    assert (await imported(database, brand, again)).categories == ()


async def test_other_brands_skus_are_other_products(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    other = await a_deal(database, DealKind.FLASH, ((0, 100),))
    async with database.read() as session:
        second = await session.get_one(Brand, other.brand_id)
    path = written(tmp_path, "A-1,Bowl,tea,12.90,USD,5")
    assert (await imported(database, brand, path)).created == 1
    assert (await imported(database, second, path)).created == 1


async def test_unknown_brand_and_missing_file(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        await import_products(database, "zzzzzzzzzzzz", REAL, dry_run=True, now=NOW)
    with pytest.raises(FileNotFoundError):
        await imported(database, brand, tmp_path / "none.csv")


async def test_dry_run_of_a_bad_file_reports_as_the_import_does(
    database: Database, brand: Brand, tmp_path: Path
) -> None:
    path = written(tmp_path, "A-1,Bowl,tea,1E+05,EUR,5", "A-1,Bowl,tea,1,USD,5,6")
    report = await imported(database, brand, path)
    assert len(report.troubles) == 3
    assert replace(report) == await imported(database, brand, path, dry_run=True)
