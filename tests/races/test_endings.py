"""Money, cancelling, the clock and the last buyer meet at one moment, in processes of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import checkout, deciding, groups, sweeps
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.rules.ladder import Tier
from storage.database import Database
from storage.tables import (
    Deal,
    DealKind,
    GroupBuy,
    GroupState,
    Order,
    Outbox,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
)
from tests.commerce.people import NOW, a_deal, some_people
from tests.races import careless, group_books
from tests.races.racers import DONE, Job, job, race

pytestmark = pytest.mark.processes

PRICE = 1_500
LADDER = (Tier(2, PRICE), Tier(3, 1_300))
OVER = NOW + timedelta(days=1)
ALMOST = OVER - timedelta(seconds=1)
ROUNDS = pytest.mark.parametrize(
    "rounds", [15, pytest.param(300, marks=(pytest.mark.nightly, pytest.mark.timeout(900)))]
)


def charge(code: str, number: object = 1) -> Charge:
    return Charge("pretend", f"charge-{number}-{code}", f"ch_{number}_{code}", code, "USD", PRICE)


def paying(who: Actor, code: str, number: object = 1) -> Job:
    return job(record_payment, who, charge(code, number), now=NOW)


async def flash_holds(
    database: Database, count: int, *, minutes_apart: int = 0
) -> list[tuple[Actor, str]]:
    """People, each with the last piece but `count` - 1 in hand."""
    people = await some_people(database, count)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), stock=count)
    return [
        (who, await checkout.buy_flash(who, deal.code, now=NOW + timedelta(minutes=late)))
        for late, who in ((n * minutes_apart, who) for n, who in enumerate(people))
    ]


async def counts(database: Database, *tables: type) -> list[int]:
    async with database.read() as session:
        return [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        ]


async def late(database: Database) -> int:
    """How many payments wait for their payer's choice."""
    async with database.read() as session:
        waits = select(func.count()).where(col(Payment.state) == PaymentState.LATE)
        return (await session.execute(waits)).scalar_one()


async def reasons(database: Database) -> Counter[RefundReason]:
    async with database.read() as session:
        return Counter((await session.execute(select(col(Refund.reason)))).scalars())


async def check(database: Database, stock: int, tiers: Sequence[Tier] = ()) -> None:
    books = await group_books.read_books(database)
    group_books.check_all(books, deal_stock=stock, variant_stock=1_000, tiers=tiers)


def flat(ends: list[list[str]]) -> Counter[str]:
    return Counter(end for line in ends for end in line)


# One charge, told five times, at two workers.


async def tell_five_times(
    url: str, database: Database, without: Callable[[], None] | None = None
) -> Counter[str]:
    held = await flash_holds(database, 4)
    lines = [[paying(*hold) for hold in held for _ in range(times)] for times in (3, 2)]
    return flat(await race(url, lines, without=without))


async def test_a_charge_told_five_times_is_one_order(database_url: str, database: Database) -> None:
    assert await tell_five_times(database_url, database) == {DONE: 20}
    assert await counts(database, Payment, Order, Outbox, Refund) == [4, 4, 4, 0]
    await check(database, 4)


async def test_without_its_key_a_charge_counts_five_times(
    database_url: str, database: Database
) -> None:
    await tell_five_times(database_url, database, careless.charges_by_message)
    assert await counts(database, Payment, Order, Refund) == [20, 4, 16]


# Two charges on one invoice: telegram lets an invoice be paid by many.


async def pay_twice(
    url: str, database: Database, without: Callable[[], None] | None = None
) -> Counter[str]:
    held = await flash_holds(database, 8)
    lines = [[paying(*hold, number) for hold in held] for number in (1, 2)]
    return flat(await race(url, lines, in_step=True, without=without))


async def test_of_two_charges_on_an_invoice_one_goes_back(
    database_url: str, database: Database
) -> None:
    assert await pay_twice(database_url, database) == {DONE: 16}
    assert await counts(database, Payment, Order) == [16, 8]
    assert await reasons(database) == {RefundReason.PAID_TWICE: 8}
    await check(database, 8)


async def test_without_the_condition_both_charges_want_an_order(
    database_url: str, database: Database
) -> None:
    """The last wall holds: one order a checkout and brand."""
    ends = await pay_twice(database_url, database, careless.paying_anyway)
    assert ends == {DONE: 8, "IntegrityError": 8}


# Paid at the moment when it is let go.


@ROUNDS
async def test_who_pays_while_cancelling_gets_the_goods_or_the_money(
    database_url: str, database: Database, rounds: int
) -> None:
    held = await flash_holds(database, rounds)
    letting_go = [job(checkout.cancel_checkout, who, code, now=NOW) for who, code in held]
    ends = await race(database_url, [letting_go, [paying(*hold) for hold in held]], in_step=True)
    assert ends[1] == [DONE] * rounds
    back = await reasons(database)
    assert (await counts(database, Order))[0] + back[RefundReason.TOO_LATE] == rounds
    await check(database, rounds)


@ROUNDS
async def test_who_pays_when_the_hold_ends_gets_the_goods_or_the_money(
    database_url: str, database: Database, rounds: int
) -> None:
    """And so does the next in line, who wants the piece that may become free."""
    held = await flash_holds(database, rounds, minutes_apart=1)
    async with database.read() as session:
        deal = (await session.execute(select(col(Deal.code)))).scalar_one()
    others = await some_people(database, rounds, first=5_000)
    over = [NOW + timedelta(minutes=n + 10) for n in range(rounds)]
    lines = [
        [job(sweeps.end_holds, None, now=moment) for moment in over],
        [paying(*hold) for hold in held],
        [
            job(checkout.buy_flash, who, deal, now=moment)
            for who, moment in zip(others, over, strict=True)
        ],
    ]
    ends = await race(database_url, lines, in_step=True)
    assert ends[0] == ends[1] == [DONE] * rounds
    assert set(ends[2]) <= {DONE, "SoldOut"}
    back = await reasons(database)
    assert (await counts(database, Order))[0] + back[RefundReason.TOO_LATE] == rounds
    await check(database, rounds)


@pytest.mark.parametrize("how", ["cancelled", "swept", "sold out"])
async def test_without_the_condition_what_was_let_go_is_sold_again(
    database_url: str, database: Database, how: str
) -> None:
    [(who, code)] = await flash_holds(database, 1)
    over = NOW + timedelta(minutes=11)
    first = [job(checkout.cancel_checkout, who, code, now=NOW)]
    if how != "cancelled":
        first = [job(sweeps.end_holds, None, now=over)]
    if how == "sold out":
        [other] = await some_people(database, 1, first=5_000)
        async with database.read() as session:
            deal = (await session.execute(select(col(Deal.code)))).scalar_one()
        first.append(job(checkout.buy_flash, other, deal, now=over))
    late = [*first, paying(who, code)]
    assert await race(database_url, [late], without=careless.paying_anyway) == [[DONE] * len(late)]
    with pytest.raises(AssertionError):
        await check(database, 1)


# Four closers, the last payer and one more who joins, when the group's time is over.


async def groups_at_their_end(database: Database, count: int) -> list[list[Job]]:
    """Of each group the host has paid, a friend is paying, and a third is about to join."""
    people = await some_people(database, 3 * count)
    deal = await a_deal(
        database,
        DealKind.LADDER,
        tuple((tier.buyers, tier.price_minor) for tier in LADDER),
        stock=3 * count,
    )
    lines: list[list[Job]] = [[] for _ in range(6)]
    for n in range(count):
        host, friend, third = people[3 * n : 3 * n + 3]
        opened = await groups.open_group(host, deal.code, now=NOW)
        await record_payment(host, charge(opened.checkout_code), now=NOW)
        joined = await groups.join_group(friend, opened.group_code, now=ALMOST)
        group_id = await id_of_group(database, opened.group_code)
        for closer in range(4):
            lines[closer].append(job(deciding.decide_group, None, group_id, now=OVER))
        pay = job(record_payment, friend, charge(joined.checkout_code), now=ALMOST)
        lines[4].append(pay)
        lines[5].append(job(groups.join_group, third, opened.group_code, now=ALMOST))
    return lines


async def id_of_group(database: Database, code: str) -> int:
    async with database.read() as session:
        found = await session.execute(select(col(GroupBuy.id)).where(col(GroupBuy.code) == code))
        return found.scalar_one() or 0


@ROUNDS
async def test_closers_and_the_last_payer_end_a_group_once(
    database_url: str, database: Database, rounds: int
) -> None:
    lines = await groups_at_their_end(database, rounds)
    ends = await race(database_url, lines, in_step=True)
    assert flat(ends[:5]) == {DONE: 5 * rounds}
    assert set(ends[5]) <= {DONE, "GroupOver"}
    async with database.read() as session:
        rows = await session.execute(
            select(col(GroupBuy.state), func.count()).group_by(col(GroupBuy.state))
        )
        states = {state: count for state, count in rows}  # noqa: C416
    assert sum(states.values()) == rounds
    assert set(states) <= {GroupState.SUCCEEDED, GroupState.FAILED}
    won, lost = states.get(GroupState.SUCCEEDED, 0), states.get(GroupState.FAILED, 0)
    assert await counts(database, Order) == [2 * won]
    assert await reasons(database) == Counter({RefundReason.GROUP_FAILED: lost})
    assert await late(database) == lost
    await check(database, 3 * rounds, LADDER)


async def test_without_lock_and_condition_a_group_ends_twice(
    database_url: str, database: Database
) -> None:
    """A closer has looked; the last seat is paid, and all have their orders; the closer closes."""
    host, friend = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),), stock=2)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await record_payment(host, charge(opened.checkout_code), now=NOW)
    joined = await groups.join_group(friend, opened.group_code, now=ALMOST)
    wait = job(careless.nothing, None)
    closer = [
        job(careless.look_at_group, None, await id_of_group(database, opened.group_code)),
        wait,
        job(careless.decide_as_seen, None, now=OVER),
    ]
    payer = [wait, job(record_payment, friend, charge(joined.checkout_code), now=ALMOST), wait]
    ends = await race(database_url, [closer, payer], in_step=True, without=careless.closing_again)
    assert flat(ends) == {DONE: 6}
    with pytest.raises(AssertionError):
        await check(database, 2, LADDER[:1])
