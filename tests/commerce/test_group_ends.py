"""What the end of a group gives back: goods, seats, a person's share; and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import deciding, groups, sweeps
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.refusals import OverLimit
from storage.database import Database
from storage.tables import (
    Checkout,
    Deal,
    DealKind,
    GroupBuy,
    GroupState,
    Order,
    Outbox,
    Payment,
    Refund,
    RefundReason,
)
from tests.commerce.people import BOT, NOW, a_deal, some_people

PRICE = 1_500
OVER = NOW + timedelta(days=1)


async def pay(actor: Actor, code: str) -> None:
    charge = Charge("pretend", f"charge-{code}", f"ch_{code}", code, "USD", PRICE)
    await record_payment(actor, charge, now=NOW)


async def a_lonely_group(database: Database, host: Actor, deal: Deal) -> int:
    """Only its host has paid. Its id."""
    opened = await groups.open_group(host, deal.code, now=NOW)
    await pay(host, opened.checkout_code)
    async with database.read() as session:
        found = await session.execute(
            select(col(GroupBuy.id)).where(col(GroupBuy.code) == opened.group_code)
        )
        return found.scalar_one() or 0


async def test_who_was_in_a_failed_group_may_try_again(database: Database) -> None:
    [host] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),), per_person=1)
    failed = await a_lonely_group(database, host, deal)
    assert await deciding.decide_group(database, failed, now=OVER) == GroupState.FAILED
    again = await groups.open_group(host, deal.code, now=OVER)
    await pay(host, again.checkout_code)
    with pytest.raises(OverLimit):
        await groups.open_group(host, deal.code, now=OVER)


@pytest.mark.parametrize("reached", [True, False])
async def test_second_charge_after_the_deadline_counts_for_nobody(
    database: Database, reached: bool
) -> None:
    """It arrives before the clock has looked: the group is decided without it."""
    host, friend = await some_people(database, 2)
    deal = await a_deal(database, DealKind.LADDER, ((2, PRICE), (3, PRICE - 100)), stock=10)
    await a_lonely_group(database, host, deal)
    async with database.read() as session:
        code = (await session.execute(select(col(GroupBuy.code)))).scalar_one()
        paid = (await session.execute(select(col(Checkout.code)))).scalar_one()
    if reached:
        await pay(friend, (await groups.join_group(friend, code, now=NOW)).checkout_code)
    again = Charge("pretend", "charge-again", "ch_again", paid, "USD", PRICE)
    await record_payment(host, again, now=OVER)
    async with database.read() as session:
        orders = (await session.execute(select(func.count()).select_from(Order))).scalar_one()
        left = (await session.execute(select(col(Deal.stock_left)))).scalar_one()
        back = await session.execute(
            select(col(Refund.reason)).join(Payment).order_by(col(Payment.id))
        )
    assert (orders, left) == ((2, 8) if reached else (0, 10))
    twice = [RefundReason.PAID_TWICE]
    assert list(back.scalars()) == (twice if reached else [RefundReason.GROUP_FAILED, *twice])


@pytest.mark.parametrize("ends", ["succeeds", "fails"])
async def test_everybody_hears_from_the_bot_they_bought_at(database: Database, ends: str) -> None:
    host, friend = await some_people(database, 2)
    friend = replace(friend, bot_id=BOT + 1)
    deal = await a_deal(database, DealKind.TEAM, ((3 if ends == "fails" else 2, PRICE),))
    group_id = await a_lonely_group(database, host, deal)
    async with database.read() as session:
        code = (await session.execute(select(col(GroupBuy.code)))).scalar_one()
    joined = await groups.join_group(friend, code, now=NOW)
    await pay(friend, joined.checkout_code)
    await deciding.decide_group(database, group_id, now=OVER)
    async with database.read() as session:
        rows = await session.execute(
            select(col(Outbox.chat_id), col(Outbox.bot_id)).where(
                col(Outbox.notice).in_(["group_succeeded", "group_failed"])
            )
        )
        told = {chat_id: bot_id for chat_id, bot_id in rows}  # noqa: C416
    assert told == {host.telegram_id: BOT, friend.telegram_id: BOT + 1}


@pytest.mark.parametrize("batch", [1, 200])
async def test_a_row_that_cannot_be_settled_stops_no_other(
    database: Database, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first group says that all its seats are free: a constraint keeps it from one more."""
    monkeypatch.setattr(sweeps, "BATCH", batch)
    people = await some_people(database, 3)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    opened = [await groups.open_group(p, deal.code, now=NOW) for p in people]
    async with database.begin() as session:
        found = await session.execute(
            select(GroupBuy).where(col(GroupBuy.code) == opened[0].group_code)
        )
        found.scalar_one().seats_left = 2
    later = NOW + timedelta(minutes=11)
    swept = [await sweeps.end_holds(database, now=later) for _ in range(3)]
    assert swept == ([1, 1, 0] if batch == 1 else [2, 0, 0])
    async with database.read() as session:
        states = await session.execute(select(col(GroupBuy.state)).order_by(col(GroupBuy.id)))
        assert list(states.scalars()) == [
            GroupState.OPEN,
            GroupState.CANCELLED,
            GroupState.CANCELLED,
        ]


async def test_what_is_swept_is_swept_once(database: Database) -> None:
    people = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    for person in people:
        await a_lonely_group(database, person, deal)
    after = NOW + timedelta(days=3)
    assert [await sweeps.close_groups(database, now=after) for _ in range(2)] == [2, 0]
    assert [await sweeps.end_deals(database, now=after) for _ in range(2)] == [1, 0]
