"""8 writers, 2 readers, a kill -9 every 1 to 3 seconds: no snapshot is ever wrong."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from commerce.actions import refunding, sweeps
from storage.codes import new_code
from storage.database import Database, open_database
from storage.tables import Deal, DealKind, Variant
from storage.texts import LocalizedText
from tests import services, templates
from tests.commerce.people import a_deal, some_people
from tests.conftest import need
from tests.faults import tellers
from tests.faults.tellers import Branch
from tests.races import careless, group_books
from tests.races.racers import PROCESSES

pytestmark = pytest.mark.processes

WRITERS, READERS, PEOPLE = 8, 2, 24
BETWEEN_KILLS = (1.0, 3.0)
NOTICED_SECONDS = 90
LEAST = 10  # a machine may be slow, but an idle bank proves nothing


@dataclass(slots=True)
class Bank:
    branch: Branch
    database: Database
    without: Callable[[], None] | None = None
    writers: list[ForkServerProcess] = field(default_factory=list)
    readers: list[ForkServerProcess] = field(default_factory=list)
    lines: list[Connection] = field(default_factory=list)
    kills: int = 0

    def employ_writer(self) -> None:
        given = (self.branch, self.without)
        self.writers.append(PROCESSES.Process(target=tellers.write, args=given, daemon=True))
        self.writers[-1].start()

    def employ_reader(self) -> None:
        ours, theirs = PROCESSES.Pipe()
        given = (self.branch, theirs)
        self.readers.append(PROCESSES.Process(target=tellers.audit, args=given, daemon=True))
        self.readers[-1].start()
        theirs.close()
        self.lines.append(ours)

    def kill(self, writer: ForkServerProcess) -> None:
        writer.kill()
        writer.join()
        writer.close()
        self.writers.remove(writer)

    def alarm(self) -> str | None:
        """What a reader has to say before it was asked."""
        return next((line.recv() for line in self.lines if line.poll()), None)

    async def work(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, random.uniform(*BETWEEN_KILLS)))
            assert self.alarm() is None
            assert self.troubles() == []
            self.kill(random.choice(self.writers))
            self.kills += 1
            self.employ_writer()

    def troubles(self) -> list[str]:
        return [path.read_text() for path in self.branch.troubles.iterdir()]

    def close(self) -> list[int | str]:
        """Everybody goes, the writers in the middle of whatever they do. What the readers say."""
        for writer in list(self.writers):
            self.kill(writer)
        for line in self.lines:
            line.send("stop")
        said = [line.recv() if line.poll(30) else "nothing" for line in self.lines]
        for reader in self.readers:
            reader.join(30)
            reader.close()
        return said


@asynccontextmanager
async def opened(server: str, without: Callable[[], None] | None = None) -> AsyncIterator[Bank]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if server == "postgres":
            copy = templates.postgres_copy("empty", templates.nothing_more)
            url = await stack.enter_async_context(copy)
        else:
            url = await templates.sqlite_copy(folder / "k.db", "empty", templates.nothing_more)
        database = open_database(url)
        stack.push_async_callback(database.close)
        troubles = folder / "troubles"
        troubles.mkdir()
        bank = Bank(await a_branch(database, url, troubles), database, without)
        yield bank


async def a_branch(database: Database, url: str, troubles: Path) -> Branch:
    people = await some_people(database, PEOPLE)
    tiers = tuple((tier.buyers, tier.price_minor) for tier in tellers.TIERS)
    deal = await a_deal(
        database,
        DealKind.LADDER,
        tiers,
        stock=tellers.DEAL_STOCK,
        variant_stock=tellers.VARIANT_STOCK,
        per_person=1_000,
    )
    async with database.begin() as session:
        await session.execute(update(Deal).values(group_minutes=30))
        first = (await session.execute(select(Variant))).scalar_one()
        second = Variant(
            code=new_code(),
            product_id=first.product_id,
            sku="W",
            name=LocalizedText.of(en="Other"),
            price_minor=first.price_minor,
            stock_left=first.stock_left,
        )
        session.add(second)
    nowhere = tuple(replace(p, database=None) for p in people)  # type: ignore[arg-type]
    return Branch(url, nowhere, deal.code, (first.code, second.code), time.time(), troubles)


async def settle(bank: Bank) -> None:
    """Long after: every hold, group, choice and refund has come to its end."""
    now = bank.branch.now() + timedelta(days=4)
    for sweep in (sweeps.end_holds, sweeps.close_groups, sweeps.end_deals, sweeps.end_choices):
        while await sweep(bank.database, now=now):
            continue
    while jobs := await refunding.claim_refunds(bank.database, 100, now=now):
        for job in jobs:
            await refunding.refund_done(bank.database, job, now=now)


async def a_working_day(bank: Bank, seconds: float) -> None:
    for _ in range(WRITERS):
        bank.employ_writer()
    for _ in range(READERS):
        bank.employ_reader()
    try:
        await bank.work(seconds)
    finally:
        said = bank.close()
    assert bank.troubles() == []
    assert bank.kills >= seconds / 4
    assert [word for word in said if not isinstance(word, int)] == []
    assert min(int(snapshots) for snapshots in said) >= LEAST
    busy = await tellers.check_books(bank.database)
    await settle(bank)
    books = await tellers.check_books(bank.database)
    group_books.check_all_is_over(books)
    assert min(len(rows) for rows in (busy.groups, busy.payments, busy.refunds)) >= LEAST


async def servers() -> tuple[str, ...]:
    return ("sqlite", "postgres") if await services.postgres_server() else ("sqlite",)


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(120, marks=pytest.mark.timeout(400)),
        pytest.param(600, marks=(pytest.mark.nightly, pytest.mark.timeout(1_200))),
    ],
)
async def test_every_snapshot_is_true_whoever_is_killed(seconds: int) -> None:
    """Both databases at once, to save time."""
    async with AsyncExitStack() as stack:
        banks = [await stack.enter_async_context(opened(name)) for name in await servers()]
        async with asyncio.TaskGroup() as days:
            for bank in banks:
                days.create_task(a_working_day(bank, seconds))
    need("PostgreSQL", len(banks) == 2)


async def noticed(bank: Bank) -> str:
    """What a reader says of a bank whose writers are careless."""
    for _ in range(4):
        bank.employ_writer()
    bank.employ_reader()
    until = time.monotonic() + NOTICED_SECONDS
    try:
        while time.monotonic() < until:
            await asyncio.sleep(0.1)
            if (said := bank.alarm()) is not None:
                return str(said)
    finally:
        for writer in list(bank.writers):
            bank.kill(writer)
    return "nothing"


@pytest.mark.parametrize(
    ("careless_step", "seen"),
    [
        (careless.half_a_movement, ("unbalanced == 0",)),
        (careless.refunding_double, ("overdrawn", "check_ledger")),
        (careless.giving_back_double, ("check_stock",)),
    ],
)
async def test_a_broken_step_is_noticed(
    careless_step: Callable[[], None], seen: tuple[str, ...]
) -> None:
    """The negative control. For the first the database's own scale is taken away as well."""
    async with AsyncExitStack() as stack:
        banks = [
            await stack.enter_async_context(opened(name, careless_step)) for name in await servers()
        ]
        for bank in banks:
            async with bank.database.begin() as session:
                await session.execute(text(WITHOUT_SCALE[bank.database.dialect]))
        async with asyncio.TaskGroup() as watches:
            said = [watches.create_task(noticed(bank)) for bank in banks]
    words = [word.result() for word in said]
    assert [word for word in words if not any(sign in word for sign in seen)] == []
    need("PostgreSQL", len(banks) == 2)


WITHOUT_SCALE = {
    "sqlite": "DROP TRIGGER ledger_entry_weigh",
    "postgresql": "DROP TRIGGER ledger_entry_balance ON ledger_entry",
}
