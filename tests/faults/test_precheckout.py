"""Twenty thousand products are imported, and who pays meanwhile is answered within two seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from playground import acts
from playground.things import Message
from storage.tables import Brand
from tests.faults.bench import ROLES, SERVERS, Bench, Server, opened_bench
from tests.faults.buyers import Buyer, has
from tests.faults.report import Report
from tests.faults.scenes import Shopping
from tests.faults.test_imports import products, write_products
from tests.faults.test_kills import need_servers

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]

ROWS, FEWER, PAYERS = 20_000, 8_000, 30
MOST_SECONDS = 2.0
FEWEST = 5  # answers while the import was writing, or nothing was measured
BETWEEN_SECONDS = 0.5


@dataclass(slots=True)
class Rush:
    """How long each payer waited for the answer, and how many while rows were being written."""

    imported: int = 0
    while_writing: int = 0
    seconds: list[float] = field(default_factory=list)


@asynccontextmanager
async def paying_during_an_import(
    server: Server, nursery: str, folder: Path, rows: int, *, broken: tuple[str, ...] = ()
) -> AsyncIterator[Rush]:
    file = await asyncio.to_thread(write_products, folder / "products.csv", rows, "USD")
    async with opened_bench(server, folder / "bench", nursery, broken=broken) as bench:
        scene = Shopping(bench, 0, crowd=PAYERS)
        await scene.prepare()
        await bench.open(*ROLES[server])
        invoices = await asyncio.gather(*(invoice(buyer, scene.deal) for buyer in scene.buyers))
        async with bench.database.read() as session:
            brand = (await session.execute(select(col(Brand.code)))).scalar_one()
        words = ("import", "products", str(file), "--brand", brand)
        importing = asyncio.create_task(bench.command(*words))
        rush = Rush()
        for buyer, asked in zip(scene.buyers, invoices, strict=True):
            await _pay(bench, rush, buyer, asked, importing)
        assert (await importing).code == 0, bench.words()
        rush.imported = (await products(bench))[0]
        yield rush


async def invoice(buyer: Buyer, deal: str) -> Message:
    card = await buyer.open(f"d{deal}", "🎉")
    checkout = await buyer.press(card, "🎉", lambda m: has(m, "💳"))
    return await buyer.press(checkout, "💳", lambda m: m.invoice is not None)


async def _pay(
    bench: Bench, rush: Rush, buyer: Buyer, asked: Message, importing: asyncio.Task[object]
) -> None:
    """Pays while the import is at work, and counts apart who paid while it was writing."""
    if importing.done():
        return
    before = (await products(bench))[0]
    began = time.monotonic()
    paid = await acts.pay(buyer.world, buyer.person, asked)
    rush.seconds.append(time.monotonic() - began)
    assert paid.ok or rush.seconds[-1] > MOST_SECONDS, paid.error
    rush.while_writing += before > 0 and not importing.done()
    await asyncio.sleep(BETWEEN_SECONDS)


@pytest.mark.parametrize("server", SERVERS)
async def test_payer_is_answered_during_an_import(
    server: Server, nursery: str, tmp_path: Path, faults: Report
) -> None:
    await need_servers(server)
    async with paying_during_an_import(server, nursery, tmp_path, ROWS) as rush:
        assert rush.imported == ROWS
        assert rush.while_writing >= FEWEST
        assert max(rush.seconds) <= MOST_SECONDS
        dose = f"{ROWS:,} rows, {len(rush.seconds)} payments meanwhile"
        found = f"each pre-checkout answered within {max(rush.seconds):.2f} s"
        faults.add("an import while people pay", server, dose, found)


async def test_import_in_one_piece_is_noticed(nursery: str, tmp_path: Path) -> None:
    """On SQLite, which has one writer: all rows in one transaction keep the payers waiting."""
    build = ("import-in-one-piece",)
    async with paying_during_an_import("sqlite", nursery, tmp_path, FEWER, broken=build) as rush:
        assert rush.imported == FEWER
        assert max(rush.seconds) > MOST_SECONDS
