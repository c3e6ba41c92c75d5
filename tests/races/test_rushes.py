"""200 buyers in 16 processes for 1, 10 or 100 pieces: exactly so many are sold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from commerce.actions import checkout, groups
from storage.database import Database
from storage.tables import CheckoutLine, DealKind, Seat, SeatState, Variant
from tests.commerce.people import NOW, a_deal, some_people
from tests.races import careless, group_books
from tests.races.racers import DONE, Job, job, race

pytestmark = pytest.mark.processes

BUYERS, RACERS = 200, 16
PLENTY = 1_000
STOCKS = (1, 10, 100)


def spread(jobs: list[Job]) -> list[list[Job]]:
    return [jobs[n::RACERS] for n in range(RACERS)]


async def rush(
    url: str, jobs: list[Job], without: Callable[[], None] | None = None
) -> Counter[str]:
    ends = await race(url, spread(jobs), without=without)
    return Counter(end for line in ends for end in line)


async def flash_buyers(database: Database, stock: int) -> list[Job]:
    people = await some_people(database, BUYERS)
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=stock)
    return [job(checkout.buy_flash, p, deal.code, now=NOW) for p in people]


async def shelf_buyers(database: Database, stock: int) -> list[Job]:
    """At list price."""
    people = await some_people(database, BUYERS)
    await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=PLENTY, variant_stock=stock)
    code = await only_variant(database)
    return [job(checkout.buy_variant, p, code, now=NOW) for p in people]


async def only_variant(database: Database) -> str:
    async with database.read() as session:
        return (await session.execute(select(col(Variant.code)))).scalar_one()


async def joiners(database: Database, seats: int) -> list[Job]:
    """One seat more than `seats`, and the host is in it."""
    host, *people = await some_people(database, BUYERS + 1)
    deal = await a_deal(database, DealKind.TEAM, ((seats + 1, 1_500),), stock=PLENTY)
    opened = await groups.open_group(host, deal.code, now=NOW)
    return [job(groups.join_group, p, opened.group_code, now=NOW) for p in people]


async def held(database: Database) -> int:
    async with database.read() as session:
        found = await session.execute(select(func.sum(col(CheckoutLine.quantity))))
        return found.scalar_one() or 0


async def seats_taken(database: Database) -> int:
    """Without the host's."""
    async with database.read() as session:
        found = await session.execute(
            select(func.count()).select_from(Seat).where(col(Seat.state) != SeatState.RELEASED)
        )
        return found.scalar_one() - 1


@pytest.mark.parametrize("stock", STOCKS)
async def test_flash_pieces_are_sold_once_each(
    database_url: str, database: Database, stock: int
) -> None:
    ends = await rush(database_url, await flash_buyers(database, stock))
    assert ends == {DONE: stock, "SoldOut": BUYERS - stock}
    assert await held(database) == stock
    books = await group_books.read_books(database)
    group_books.check_stock(books, stock, PLENTY)
    assert books.deal_left == 0


@pytest.mark.parametrize("stock", STOCKS)
async def test_pieces_at_list_price_are_held_once_each(
    database_url: str, database: Database, stock: int
) -> None:
    ends = await rush(database_url, await shelf_buyers(database, stock))
    assert ends == {DONE: stock, "SoldOut": BUYERS - stock}
    assert await held(database) == stock
    group_books.check_stock(await group_books.read_books(database), PLENTY, stock)


@pytest.mark.parametrize("seats", STOCKS)
async def test_seats_are_taken_once_each(database_url: str, database: Database, seats: int) -> None:
    if seats == 100:
        seats = 99  # a group is of 100 at most
    ends = await rush(database_url, await joiners(database, seats))
    assert ends == {DONE: seats, "GroupFull": BUYERS - seats}
    assert await seats_taken(database) == seats
    books = await group_books.read_books(database)
    group_books.check_all(books, deal_stock=PLENTY, variant_stock=PLENTY)


async def test_a_deal_and_the_list_price_share_one_stock(
    database_url: str, database: Database
) -> None:
    jobs = await two_ways_to_one_shelf(database, 10)
    ends = await rush(database_url, jobs)
    assert ends == {DONE: 10, "SoldOut": BUYERS - 10}
    group_books.check_stock(await group_books.read_books(database), PLENTY, 10)


async def two_ways_to_one_shelf(database: Database, stock: int) -> list[Job]:
    """Half of the buyers come by the flash deal, half by the product's page."""
    people = await some_people(database, BUYERS)
    deal = await a_deal(database, DealKind.FLASH, ((0, 1_500),), stock=PLENTY, variant_stock=stock)
    code = await only_variant(database)
    ways = (
        lambda p: job(checkout.buy_flash, p, deal.code, now=NOW),
        lambda p: job(checkout.buy_variant, p, code, now=NOW),
    )
    return [ways[n // RACERS % 2](p) for n, p in enumerate(people)]


async def without_check(database: Database, table: str, name: str) -> None:
    """PostgreSQL's last wall; a racer ignores SQLite's."""
    if database.dialect == "postgresql":
        async with database.begin() as session:
            await session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}"))


Buyers = Callable[[Database, int], Awaitable[list[Job]]]


@pytest.mark.parametrize(
    ("buyers", "table"),
    [(flash_buyers, "deal"), (shelf_buyers, "variant"), (two_ways_to_one_shelf, "variant")],
)
async def test_without_the_condition_stock_is_oversold(
    database_url: str, database: Database, buyers: Buyers, table: str
) -> None:
    """The negative control: these races do notice."""
    jobs = await buyers(database, 10)
    await without_check(database, table, "stock_left")
    ends = await rush(database_url, jobs, careless.stock_unchecked)
    assert ends[DONE] > 10
    assert await held(database) == ends[DONE]


async def test_without_the_condition_seats_are_oversold(
    database_url: str, database: Database
) -> None:
    jobs = await joiners(database, 10)
    await without_check(database, "group_buy", "seats_left")
    ends = await rush(database_url, jobs, careless.seats_unchecked)
    assert ends[DONE] > 10
    assert await seats_taken(database) == ends[DONE]


@pytest.mark.parametrize("buyers", [flash_buyers, shelf_buyers, two_ways_to_one_shelf])
async def test_without_the_condition_a_constraint_keeps_the_stock(
    database_url: str, database: Database, buyers: Buyers
) -> None:
    ends = await rush(database_url, await buyers(database, 10), careless.stock_for_all)
    assert ends == {DONE: 10, "IntegrityError": BUYERS - 10}
    assert await held(database) == 10


async def test_without_the_condition_a_constraint_keeps_the_seats(
    database_url: str, database: Database
) -> None:
    ends = await rush(database_url, await joiners(database, 10), careless.seats_for_all)
    assert ends == {DONE: 10, "IntegrityError": BUYERS - 10}
    assert await seats_taken(database) == 10
