"""One late payment, one choice: two taps, and a tap against the end of the day."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import choosing, groups, sweeps
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.refusals import Expired
from commerce.rules.ladder import Tier
from storage.database import Database, open_database
from storage.tables import DealKind, Payment, PaymentState, Refund, RefundReason
from tests.commerce.people import NOW, a_deal, some_people
from tests.races import group_books
from tests.races.racers import DONE, job, race
from tests.races.stops import Stop, stands

PRICE, STOCK = 1_500, 200
LATE = NOW + timedelta(minutes=11)
NEXT_DAY = LATE + timedelta(hours=24)


async def late_payers(database: Database, count: int) -> list[tuple[Actor, str]]:
    """Hosts whose group was called off before their money came, with their checkouts."""
    people = await some_people(database, count)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),), stock=STOCK, variant_stock=STOCK)
    opened = [await groups.open_group(p, deal.code, now=NOW) for p in people]
    await sweeps.end_holds(database, now=LATE)
    for who, group in zip(people, opened, strict=True):
        code = group.checkout_code
        charge = Charge("pretend", f"c-{code}", f"ch_{code}", code, "USD", PRICE)
        await record_payment(who, charge, now=LATE)
    assert await waiting(database) == count
    return [(who, group.checkout_code) for who, group in zip(people, opened, strict=True)]


async def waiting(database: Database) -> int:
    async with database.read() as session:
        late = select(func.count()).where(col(Payment.state) == PaymentState.LATE)
        return (await session.execute(late)).scalar_one()


async def check(database: Database) -> None:
    books = await group_books.read_books(database)
    tiers = (Tier(2, PRICE),)
    group_books.check_all(books, deal_stock=STOCK, variant_stock=STOCK, tiers=tiers)


@pytest.mark.processes
@pytest.mark.parametrize("rounds", [15, pytest.param(200, marks=pytest.mark.nightly)])
async def test_of_three_choices_one_counts(
    database_url: str, database: Database, rounds: int
) -> None:
    """Two taps at two doors, and the end of the day, in processes of their own."""
    payers = await late_payers(database, rounds)
    ends = await race(
        database_url,
        [
            [job(choosing.choose_next_group, who, code, now=LATE) for who, code in payers],
            [job(choosing.choose_refund, who, code, now=LATE) for who, code in payers],
            [job(sweeps.end_choices, None, now=NEXT_DAY) for _ in payers],
        ],
        in_step=True,
    )
    assert set(ends[0]) | set(ends[1]) <= {DONE, "Expired"}
    assert ends[2] == [DONE] * rounds
    assert await waiting(database) == 0
    async with database.read() as session:
        back = Counter((await session.execute(select(col(Refund.reason)))).scalars())
    seated = ends[0].count(DONE)
    assert back[RefundReason.CHOSEN] == rounds - seated
    await check(database)


@pytest.fixture
async def door(database_url: str, database: Database) -> AsyncIterator[Database]:
    async with AsyncExitStack() as stack:
        one = open_database(database_url, pool_size=2)
        stack.push_async_callback(one.close)
        yield one


async def choose_at_the_end_of_the_day(database: Database, door: Database) -> None:
    """The clock has seen that the money waits; before it acts, its payer takes a seat."""
    [(who, code)] = await late_payers(database, 1)
    first = "BEGIN IMMEDIATE" if database.dialect == "sqlite" else "payment.id ="
    stop = Stop(door, first)
    sweeping = asyncio.create_task(sweeps.end_choices(door, now=NEXT_DAY))
    await stands(sweeping, stop)
    assert stop.reached.is_set()
    await choosing.choose_next_group(replace(who, database=database), code, now=LATE)
    stop.go.set()
    await sweeping


async def test_who_has_chosen_is_not_refunded_as_well(database: Database, door: Database) -> None:
    await choose_at_the_end_of_the_day(database, door)
    await check(database)


async def whatever_it_is(session: AsyncSession, *which: ColumnElement[bool]) -> Payment | None:
    """`no_longer_late` without its condition."""
    found = await session.execute(select(Payment).where(which[0]))
    return found.scalar_one_or_none()


async def test_without_the_condition_money_is_given_twice(
    database: Database, door: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "no_longer_late", whatever_it_is)
    await choose_at_the_end_of_the_day(database, door)
    with pytest.raises(AssertionError):
        await check(database)


async def tap_twice(database: Database, door: Database) -> list[type | None]:
    """Money back at one door, a seat at the other, before the first has come to its end."""
    [(who, code)] = await late_payers(database, 1)
    stop = Stop(door, "INSERT INTO refund")
    first = asyncio.create_task(choosing.choose_refund(replace(who, database=door), code, now=LATE))
    await stands(first, stop)
    second = asyncio.create_task(choosing.choose_next_group(who, code, now=LATE))
    await stands(second)
    stop.go.set()
    ends = await asyncio.gather(first, second, return_exceptions=True)
    return [type(end) if isinstance(end, BaseException) else None for end in ends]


async def test_of_two_taps_the_first_counts(database: Database, door: Database) -> None:
    assert await tap_twice(database, door) == [None, Expired]
    await check(database)


async def nobody_waits(session: AsyncSession, actor: Actor) -> None:
    """`one_at_a_time` without its lock."""


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_without_the_condition_both_taps_count(
    database: Database, door: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "no_longer_late", whatever_it_is)
    monkeypatch.setattr(choosing, "one_at_a_time", nobody_waits)
    assert await tap_twice(database, door) == [None, None]
    with pytest.raises(AssertionError):
        await check(database)
