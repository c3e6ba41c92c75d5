"""A refund job is one cashier's at a time, is booked once, and never gives back too much."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions.checkout import buy_flash
from commerce.actions.payments import Charge, record_payment
from commerce.actions.refunding import (
    LEASE,
    MoreThanPaid,
    RefundJob,
    claim_refunds,
    give_back_money,
    refund_done,
    refund_failed,
)
from storage.database import Database
from storage.tables import (
    Checkout,
    DealKind,
    LedgerEntry,
    Outbox,
    Refund,
    RefundReason,
    RefundState,
)
from tests.commerce.people import NOW, a_deal, some_people

PRICE = 1_500
POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
SECOND = timedelta(seconds=1)


async def refunds(database: Database, count: int) -> None:
    """Jobs for charges of checkouts that nobody knows."""
    [buyer] = await some_people(database, 1)
    for n in range(count):
        charge = Charge("pretend", f"c{n}", f"ch_{n}", "nothing", "USD", PRICE)
        await record_payment(buyer, charge, now=NOW)


async def claim(
    database: Database, limit: int = 9, *, after: timedelta = SECOND
) -> list[RefundJob]:
    return await claim_refunds(database, limit, now=NOW + after)


async def states(database: Database) -> list[RefundState]:
    async with database.read() as session:
        rows = await session.execute(select(col(Refund.state)).order_by(col(Refund.id)))
        return list(rows.scalars())


async def test_a_claimed_refund_is_one_cashiers(database: Database) -> None:
    await refunds(database, 2)
    assert await claim(database, after=-SECOND) == []
    first, second = await claim(database, 1), await claim(database, 1)
    assert [job.key for job in (*first, *second)] == [f"too_late:pretend:c{n}" for n in (0, 1)]
    assert await claim(database) == []
    lost = await claim(database, after=LEASE + SECOND)
    assert [(job.version, job.attempts) for job in lost] == [(2, 2), (2, 2)]


async def test_a_refund_that_is_done_is_done(database: Database) -> None:
    await refunds(database, 1)
    [job] = await claim(database)
    for _ in range(2):
        await refund_done(database, job, now=NOW)
    await refund_failed(database, job, "too late", now=NOW)
    assert await states(database) == [RefundState.DONE]
    assert await claim(database, after=timedelta(days=1)) == []
    async with database.read() as session:
        told = (
            select(func.count()).select_from(Outbox).where(col(Outbox.notice) == "refund_arrived")
        )
        booked = select(func.sum(col(LedgerEntry.amount_minor))).where(
            col(LedgerEntry.account) == "provider:pretend"
        )
        assert (await session.execute(told)).scalar_one() == 1
        assert (await session.execute(booked)).scalar_one() == 0


async def test_a_cashier_that_lost_its_claim_puts_nothing_off(database: Database) -> None:
    await refunds(database, 1)
    [mine] = await claim(database)
    [theirs] = await claim(database, after=LEASE + SECOND)
    await refund_failed(database, mine, "slow", now=NOW)
    assert await states(database) == [RefundState.CLAIMED]
    await refund_failed(database, theirs, "down", now=NOW)
    assert await states(database) == [RefundState.DUE]


@POSTGRES
async def test_two_cashiers_at_once_claim_different_refunds(database: Database) -> None:
    """What another is just taking is stepped over, not waited for."""
    await refunds(database, 2)
    async with database.begin() as session:
        first = select(Refund).order_by(col(Refund.id)).limit(1).with_for_update()
        await session.execute(first)
        assert [job.key for job in await claim(database)] == ["too_late:pretend:c1"]


async def test_more_than_was_paid_does_not_go_back(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    code = await buy_flash(buyer, deal.code, now=NOW)
    await record_payment(buyer, Charge("pretend", "c", "ch", code, "USD", PRICE), now=NOW)
    with pytest.raises(MoreThanPaid):
        await give_back(database, PRICE + 1)
    assert await states(database) == []


async def give_back(database: Database, amount_minor: int) -> None:
    async with database.begin() as session:
        paid = (await session.execute(select(Checkout))).scalar_one()
        await give_back_money(session, paid, RefundReason.CANCELLED, amount_minor, now=NOW)
