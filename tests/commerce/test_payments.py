"""Money is recorded once by its charge, and always ends in a seat, an order or a refund."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import groups, sweeps
from commerce.actions.checkout import buy_flash, cancel_checkout, show_checkout
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actor import Actor
from commerce.refusals import (
    Expired,
    GroupOver,
    HoldOver,
    NotFound,
    Refusal,
    WrongAmount,
)
from storage.database import Database
from storage.tables import (
    DealKind,
    GroupBuy,
    GroupState,
    LedgerEntry,
    Order,
    Outbox,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
)
from tests.commerce.people import NOW, a_deal, some_people

LATER = NOW + timedelta(minutes=1)
PRICE = 1_500


def charge(payload: str, number: int = 1, amount: int = PRICE) -> Charge:
    return Charge("pretend", f"charge-{number}", f"ch_{number}", payload, "USD", amount)


async def refunds(database: Database) -> list[tuple[RefundReason, int]]:
    async with database.read() as session:
        rows = await session.execute(
            select(col(Refund.reason), col(Refund.amount_minor)).order_by(col(Refund.id))
        )
        return [(reason, amount) for reason, amount in rows]


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def count_late(database: Database) -> int:
    async with database.read() as session:
        late = select(func.count()).where(col(Payment.state) == PaymentState.LATE)
        return (await session.execute(late)).scalar_one()


async def balanced(database: Database) -> bool:
    async with database.read() as session:
        rows = await session.execute(
            select(func.sum(col(LedgerEntry.amount_minor))).group_by(
                col(LedgerEntry.transaction_key)
            )
        )
        return all(total == 0 for total in rows.scalars())


async def flash_checkout(database: Database, buyer: Actor) -> str:
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), stock=5)
    return await buy_flash(buyer, deal.code, now=NOW)


async def test_one_charge_told_five_times_is_one_order(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await flash_checkout(database, buyer)
    await asyncio.gather(*(record_payment(buyer, charge(code), now=LATER) for _ in range(5)))
    assert [await count(database, t) for t in (Payment, Order, Outbox, Refund)] == [1, 1, 1, 0]
    assert await balanced(database)


async def test_second_charge_on_one_invoice_goes_back(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await flash_checkout(database, buyer)
    await asyncio.gather(*(record_payment(buyer, charge(code, n), now=LATER) for n in (1, 2)))
    assert await count(database, Order) == 1
    assert await refunds(database) == [(RefundReason.PAID_TWICE, PRICE)]
    assert await balanced(database)


@pytest.mark.parametrize("how", ["cancelled", "swept", "unknown", "wrong amount"])
async def test_money_for_nothing_left_goes_back(database: Database, how: str) -> None:
    [buyer] = await some_people(database, 1)
    code = await flash_checkout(database, buyer)
    paid = charge(code)
    match how:
        case "cancelled":
            await cancel_checkout(buyer, code, now=LATER)
        case "swept":
            assert await sweeps.end_holds(database, now=NOW + timedelta(minutes=11)) == 1
        case "unknown":
            paid = charge("nothing")
        case "wrong amount":
            paid = charge(code, amount=PRICE - 1)
    await record_payment(buyer, paid, now=LATER)
    assert await count(database, Order) == 0
    assert await refunds(database) == [(RefundReason.TOO_LATE, paid.amount_minor)]
    async with database.read() as session:
        payment = (await session.execute(select(Payment))).scalar_one()
    assert (payment.state, payment.refunded_minor) == (PaymentState.REFUNDED, paid.amount_minor)
    assert await balanced(database)


async def test_payment_after_the_deadline_decides_first_and_asks(database: Database) -> None:
    host, late = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    opened = await groups.open_group(host, deal.code, now=NOW)
    await record_payment(host, charge(opened.checkout_code, 1), now=LATER)
    over = NOW + timedelta(hours=24)
    joined = await groups.join_group(late, opened.group_code, now=over - timedelta(minutes=1))
    await record_payment(late, charge(joined.checkout_code, 2), now=over)
    async with database.read() as session:
        state = (await session.execute(select(col(GroupBuy.state)))).scalar_one()
    assert state == GroupState.FAILED
    assert await refunds(database) == [(RefundReason.GROUP_FAILED, PRICE)]
    assert await count_late(database) == 1
    assert await balanced(database)


async def test_last_payer_and_closers_decide_once(database: Database) -> None:
    host, last = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    opened = await groups.open_group(host, deal.code, now=NOW)
    await record_payment(host, charge(opened.checkout_code, 1), now=LATER)
    joined = await groups.join_group(last, opened.group_code, now=LATER)
    over = NOW + timedelta(hours=24)
    await asyncio.gather(
        record_payment(last, charge(joined.checkout_code, 2), now=over - timedelta(seconds=1)),
        *(sweeps.close_groups(database, now=over) for _ in range(4)),
    )
    async with database.read() as session:
        state = (await session.execute(select(col(GroupBuy.state)))).scalar_one()
    done = await refunds(database)
    if state == GroupState.SUCCEEDED:
        assert (await count(database, Order), done) == (2, [])
    else:
        assert (state, await count(database, Order)) == (GroupState.FAILED, 0)
        assert done == [(RefundReason.GROUP_FAILED, PRICE)]
        assert await count_late(database) == 1
    assert await balanced(database)


@pytest.mark.parametrize(
    ("problem", "refusal"),
    [
        ("amount", WrongAmount),
        ("currency", WrongAmount),
        ("payload", NotFound),
        ("another", NotFound),
        ("late", HoldOver),
        ("paid", Expired),
    ],
)
async def test_pre_checkout_refuses_what_does_not_fit(
    database: Database, problem: str, refusal: type[Refusal]
) -> None:
    buyer, other = await some_people(database, 2)
    code = await flash_checkout(database, buyer)
    payer, payload, currency, amount, now = buyer, code, "USD", PRICE, LATER
    match problem:
        case "amount":
            amount += 1
        case "currency":
            currency = "EUR"
        case "payload":
            payload = "somethingelse"
        case "another":
            payer = other
        case "late":
            now = NOW + timedelta(minutes=10)
        case "paid":
            await record_payment(buyer, charge(code), now=LATER)
    with pytest.raises(refusal):
        await confirm_checkout(payer, payload, currency, amount, now=now)


async def test_pre_checkout_keeps_the_hold_while_the_card_is_charged(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await flash_checkout(database, buyer)
    almost = NOW + timedelta(minutes=9, seconds=59)
    for _ in range(2):
        await confirm_checkout(buyer, code, "USD", PRICE, now=almost)
    assert await sweeps.end_holds(database, now=NOW + timedelta(minutes=11)) == 0
    assert (await show_checkout(buyer, code)).expires_at == almost + timedelta(minutes=2)


async def test_group_over_is_refused_before_money_moves(database: Database) -> None:
    [host] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    opened = await groups.open_group(host, deal.code, now=NOW + timedelta(days=2, minutes=-5))
    with pytest.raises((GroupOver, HoldOver)):
        await confirm_checkout(
            host, opened.checkout_code, "USD", PRICE, now=NOW + timedelta(days=2)
        )
