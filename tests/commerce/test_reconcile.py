"""The books of a busy day agree with themselves, and whatever is bent is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Update, delete, insert, select, update
from sqlmodel import col

from commerce.actions import by_hand, groups, ledger, spending, sweeps
from commerce.actions.checkout import buy_flash, cancel_checkout
from commerce.actions.comparing import Theirs, ours_and_theirs
from commerce.actions.payments import Charge, record_payment
from commerce.actions.reconciling import differences
from commerce.actions.refunding import claim_refunds, refund_done
from commerce.actions.statement import movements_of
from commerce.payment import CREDIT
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    Checkout,
    Credit,
    DealKind,
    GroupBuy,
    Order,
    Payment,
    PaymentState,
    Refund,
    Role,
    Staff,
)
from tests.commerce.balances import give_credit
from tests.commerce.people import BOT, NOW, a_deal, some_people

PRICE = 1_500
OVER = NOW + timedelta(days=3)
HELD = "held"


async def a_day(database: Database) -> None:
    """A ladder that gets cheaper, a group that fails, a charge too late, cash, credit held."""
    people = await some_people(database, 4)
    number = iter(range(1, 99))

    async def pay(who: int, code: str, amount: int) -> None:
        n = next(number)
        charge = Charge("pretend", f"c{n}", f"ch_{n}", code, "USD", amount)
        await record_payment(people[who], charge, now=NOW)

    ladder = await a_deal(database, DealKind.LADDER, ((1, PRICE), (2, 600)))
    await give_credit(database, people[0], 1_300, now=NOW)
    opened = await groups.open_group(people[0], ladder.code, now=NOW)
    await spending.use_credit(people[0], opened.checkout_code, now=NOW)
    await pay(0, opened.checkout_code, 200)
    joined = await groups.join_group(people[1], opened.group_code, now=NOW)
    await pay(1, joined.checkout_code, PRICE)
    await pay(1, joined.checkout_code, PRICE)
    team = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    await pay(2, (await groups.open_group(people[2], team.code, now=NOW)).checkout_code, PRICE)
    await sweeps.close_groups(database, now=NOW + timedelta(days=1))
    await give_credit(database, people[3], 500, now=OVER)
    for n, end in enumerate((HELD, "cash", "cancelled")):
        flash = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
        code = await buy_flash(people[3], flash.code, now=NOW)
        if end == HELD:
            await spending.use_credit(people[3], code, now=NOW)
        elif end == "cash":
            await takes_cash(database, people[n].person_id)
            await by_hand.pay_by_hand(people[3], code, now=NOW)
            await by_hand.confirm_by_hand(people[n], code, now=NOW)
        else:
            await cancel_checkout(people[3], code, now=NOW)
    for job in (await claim_refunds(database, 100, now=OVER))[:-1]:
        await refund_done(database, job, now=OVER)


async def takes_cash(database: Database, person_id: int) -> None:
    async with database.begin() as session:
        await session.execute(update(Brand).values(by_hand=True))
        brands = (await session.execute(select(Brand))).scalars().all()
        session.add_all(
            Staff(brand_id=id_of(brand), person_id=person_id, role=Role.OWNER) for brand in brands
        )


async def test_a_days_books_agree(database: Database) -> None:
    await a_day(database)
    assert await differences(database) == []
    async with database.read() as session:
        states = set((await session.execute(select(col(Payment.state)))).scalars())
        held = (await session.execute(select(col(Checkout.credit_minor)))).scalars().all()
    assert states == {PaymentState.FULFILLED, PaymentState.REFUNDED}
    assert sorted(held)[-2:] == [500, 1_300]


def bent(table: Any, **values: Any) -> Callable[[], Update]:
    return lambda: update(table).where(col(table.id) == 1).values(**values)


@pytest.mark.parametrize(
    ("bend", "named"),
    [
        (bent(Order, total_minor=601), {"order", "owed to brand"}),
        (bent(GroupBuy, seats_left=1), {"group"}),
        (bent(GroupBuy, paid=1), {"group"}),
        (bent(Refund, amount_minor=1), {"charge", "with provider", "refunds on the way by"}),
        (bent(Payment, refunded_minor=1), {"charge"}),
        (bent(Payment, state=PaymentState.RECEIVED), {"charge"}),
        (bent(Payment, amount_minor=300), {"charge", "with provider"}),
        (lambda: update(Credit).values(balance_minor=7), {"store credit of person"}),
        (
            lambda: (
                update(Checkout).where(col(Checkout.credit_minor) == 500).values(credit_minor=499)
            ),
            {"credit in checkout"},
        ),
        (lambda: delete(Refund).where(col(Refund.id) == 2), {"charge", "with provider"}),
    ],
)
async def test_what_is_bent_is_named(
    database: Database, bend: Callable[[], Any], named: set[str]
) -> None:
    await a_day(database)
    async with database.begin() as session:
        await session.execute(bend())
    found = await differences(database)
    assert found != []
    for one in found:
        assert any(one.what.startswith(name) for name in named), str(one)


async def test_movement_that_no_row_explains_is_named(database: Database) -> None:
    await a_day(database)
    async with database.begin() as session:
        moved = {"provider:pretend": 5, "credit:1": -5}
        await ledger.post(session, "from nowhere", "USD", moved, now=NOW)
    assert [one.what for one in await differences(database)] == [
        "with provider pretend in USD",
        "store credit of person 1 in USD",
    ]


async def test_payment_without_its_movement_is_named(database: Database) -> None:
    [someone] = await some_people(database, 1)
    async with database.begin() as session:
        await session.execute(
            insert(Payment).values(
                provider="pretend",
                charge_id="c9",
                provider_charge_id="ch_9",
                bot_id=BOT,
                person_id=someone.person_id,
                state=PaymentState.RECEIVED,
                currency="USD",
                amount_minor=5,
                refunded_minor=0,
                received_at=NOW,
            )
        )
    assert [str(one) for one in await differences(database)] == [
        "charge c9, booked: should be 5, is 0",
        "charge c9, waiting: should be 5, is 0",
        "charge c9: should be an order or a refund, is neither",
        "with provider pretend in USD: should be 5, is 0",
    ]


async def test_providers_list_is_compared_charge_by_charge(database: Database) -> None:
    await a_day(database)
    listed = [
        Theirs("ch_1", 200, 200),
        Theirs("ch_2", PRICE, 900),
        Theirs("ch_3", PRICE, PRICE),
        Theirs("ch_4", PRICE, 0),
    ]
    compared = [
        str(one) for one in await ours_and_theirs(database, "pretend", listed, complete=True)
    ]
    async with database.read() as session:
        due = await session.execute(
            select(col(Payment.provider_charge_id))
            .join(Refund, col(Refund.payment_id) == col(Payment.id))
            .where(col(Refund.done_at).is_(None))
        )
    assert (compared, due.scalars().all()) == ([], ["ch_4"])
    wrong = [Theirs("ch_1", 201, 200), Theirs("ch_2", PRICE, 901), *listed[3:], Theirs("x", 1, 0)]
    for complete in (True, False):
        compared = [
            str(one) for one in await ours_and_theirs(database, "pretend", wrong, complete=complete)
        ]
        assert compared == [
            "pretend charge ch_1, amount there: should be 200, is 201",
            "pretend charge ch_2, refunded there: should be 900, is 901",
            "pretend charge ch_3: should be listed there, is missing",
            *(["pretend charge x: should be known here, is missing"] if complete else []),
        ]


async def test_statement_tells_every_step_of_a_purchase(database: Database) -> None:
    await a_day(database)
    async with database.read() as session:
        checkout = await session.get_one(Checkout, 1)
        movements = await movements_of(session, checkout)
    assert [m.kind for m in movements] == [
        "credit-held",
        "charge",
        "charge",
        "refund-asked",
        "refund-asked",
        "order",
        "refund-done",
        "refund-done",
    ]
    assert all(sum(amount for _, amount in m.moved) == 0 for m in movements)
    assert CREDIT in {m.key.split(":")[1] for m in movements}
