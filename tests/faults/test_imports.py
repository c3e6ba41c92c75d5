"""An import killed between its batches: the same file again finishes it, and nothing is doubled."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions.importing import AT_ONCE
from storage.tables import Brand, Product, Variant
from tests.commerce.announced import Street
from tests.faults.bench import KILLED, SERVERS, Bench, Server, opened_bench
from tests.faults.report import Report
from tests.faults.test_kills import need_servers, times

pytestmark = [pytest.mark.processes, pytest.mark.timeout(1_800)]

BATCHES = 3


def write_products(path: Path, rows: int, currency: str) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(("sku", "title", "description", "category", "price", "currency", "stock"))
        for n in range(rows):
            sheet.writerow(
                (f"S{n:05}", f"Cup {n}", "A cup", "Cups", f"{n % 90 + 1}.00", currency, "7")
            )
    return path


async def products(bench: Bench) -> tuple[int, int, int]:
    """Products and variants of the file, and how many article numbers there are."""
    async with bench.database.read() as session:
        found = await session.execute(
            select(
                func.count(col(Product.id)),
                func.count(col(Variant.id)),
                func.count(func.distinct(col(Product.sku))),
            )
            .select_from(Product)
            .join(Variant, col(Variant.product_id) == col(Product.id), isouter=True)
            .where(col(Product.sku).like("S_____"))
        )
        one, two, three = found.one()
    return int(one), int(two), int(three)


@pytest.mark.parametrize("server", SERVERS)
async def test_import_killed_after_a_batch_is_finished_by_the_next(
    server: Server, nursery: str, tmp_path: Path, nightly: bool, faults: Report
) -> None:
    await need_servers(server)
    rows = AT_ONCE * BATCHES
    file = write_products(tmp_path / "products.csv", rows, "EUR")
    dose = times(server, nightly=nightly)
    for number in range(dose):
        async with opened_bench(server, tmp_path / str(number), nursery) as bench:
            await Street(bench.database).shelf()
            async with bench.database.read() as session:
                code = (await session.execute(select(col(Brand.code)))).scalar_one()
            batch = number % BATCHES + 1
            words = ("import", "products", str(file), "--brand", code)
            died = await bench.command(*words, crash=f"K22:{batch}")
            assert died.code == KILLED
            there = AT_ONCE * batch
            assert await products(bench) == (there, there, there)
            again = await bench.command(*words)
            assert again.code == 0
            assert f"{rows - there} created, 0 updated, {there} unchanged" in again.words()
            assert await products(bench) == (rows, rows, rows)
    faults.add("K22", server, dose, "the same file again finished it, nothing doubled")
