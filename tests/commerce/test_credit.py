"""Store credit is spent once, comes back whole, and every unit of it stands in the ledger."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, groups, spending, sweeps
from commerce.actions.checkout import (
    buy_flash,
    buy_variant,
    cancel_checkout,
    choose_quantity,
    prepare_invoice,
    show_checkout,
)
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actions.refunding import (
    MoreThanPaid,
    claim_refunds,
    give_back_money,
    refund_done,
)
from commerce.actor import Actor
from commerce.payment import Provider
from commerce.refusals import Expired, NoCredit, Refusal, WrongAmount
from commerce.rules.spending import usable_credit
from storage.database import Database
from storage.tables import (
    Checkout,
    CheckoutState,
    Credit,
    DealKind,
    Order,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    Variant,
)
from tests.commerce.balances import account_balances, credit_left, give_credit
from tests.commerce.people import NOW, a_deal, some_people

PRICE = 1_500
LATER = NOW + timedelta(minutes=1)
OVER = NOW + timedelta(days=3)


def charge(payload: str, amount: int, number: int = 1, provider: str = "pretend") -> Charge:
    return Charge(provider, f"c{number}", f"ch_{number}", payload, "USD", amount)


async def a_checkout(database: Database, credit_minor: int) -> tuple[Actor, str]:
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), per_person=9)
    if credit_minor:
        await give_credit(database, buyer, credit_minor, now=NOW)
    return buyer, await buy_flash(buyer, deal.code, now=NOW)


async def payments(database: Database) -> list[tuple[str, int, int, PaymentState]]:
    async with database.read() as session:
        rows = await session.execute(select(Payment).order_by(col(Payment.id)))
        return [
            (p.provider, p.amount_minor, p.refunded_minor, p.state) for p in rows.scalars().all()
        ]


async def carry_out(database: Database) -> list[tuple[str, int]]:
    """What the cashier does, twice. By whom, and how much."""
    jobs = await claim_refunds(database, 100, now=OVER)
    for job in (*jobs, *jobs):
        await refund_done(database, job, now=OVER)
    return [(job.provider, job.amount_minor) for job in jobs]


async def test_credit_pays_a_part_and_the_card_the_rest(database: Database) -> None:
    buyer, code = await a_checkout(database, 400)
    await spending.use_credit(buyer, code, now=NOW)
    assert await credit_left(database, buyer) == 0
    invoice = await prepare_invoice(buyer, code, Provider("pretend", "t"), now=NOW)
    assert (invoice.items_minor, invoice.credit_minor) == (PRICE, 400)
    with pytest.raises(WrongAmount):
        await confirm_checkout(buyer, code, "USD", PRICE, now=NOW)
    await confirm_checkout(buyer, code, "USD", PRICE - 400, now=NOW)
    await record_payment(buyer, charge(code, PRICE - 400), now=LATER)
    assert await payments(database) == [
        ("pretend", PRICE - 400, 0, PaymentState.FULFILLED),
        ("credit", 400, 0, PaymentState.FULFILLED),
    ]
    books = await account_balances(database)
    assert {name.partition(":")[0]: amount for name, amount in books.items()} == {
        "rewards": 400,
        "provider": PRICE - 400,
        "brand": -PRICE,
    }


async def test_credit_alone_pays_by_one_tap(database: Database) -> None:
    buyer, code = await a_checkout(database, 2_000)
    with pytest.raises(WrongAmount):
        await spending.place_with_credit(buyer, code, now=NOW)
    await spending.use_credit(buyer, code, now=NOW)
    assert (await show_checkout(buyer, code)).to_pay_minor == 0
    with pytest.raises(Expired):
        await prepare_invoice(buyer, code, Provider("pretend", "t"), now=NOW)
    await spending.place_with_credit(buyer, code, now=NOW)
    with pytest.raises(Expired):
        await spending.place_with_credit(buyer, code, now=NOW)
    assert await payments(database) == [("credit", PRICE, 0, PaymentState.FULFILLED)]
    assert await credit_left(database, buyer) == 500
    assert (await show_checkout(buyer, code)).paid


async def test_credit_can_be_kept_again(database: Database) -> None:
    buyer, code = await a_checkout(database, 400)
    for _ in range(2):
        await spending.use_credit(buyer, code, now=NOW)
        with pytest.raises(NoCredit):
            await spending.use_credit(buyer, code, now=NOW)
        await spending.keep_credit(buyer, code, now=NOW)
    assert await credit_left(database, buyer) == 400


@pytest.mark.parametrize("how", ["cancelled", "over"])
async def test_what_is_not_bought_gives_its_credit_back(database: Database, how: str) -> None:
    buyer, code = await a_checkout(database, 400)
    await spending.use_credit(buyer, code, now=NOW)
    if how == "cancelled":
        await cancel_checkout(buyer, code, now=NOW)
        await cancel_checkout(buyer, code, now=NOW)
    else:
        assert await sweeps.end_holds(database, now=NOW + timedelta(minutes=11)) == 1
    assert await credit_left(database, buyer) == 400


async def test_fewer_pieces_need_less_credit(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    await give_credit(database, buyer, 3_500, now=NOW)
    async with database.read() as session:
        variant = (await session.execute(select(col(Variant.code)))).scalar_one()
    code = await buy_variant(buyer, variant, now=NOW)
    await choose_quantity(buyer, code, 2, now=NOW)
    await spending.use_credit(buyer, code, now=NOW)
    assert await credit_left(database, buyer) == 0
    await choose_quantity(buyer, code, 1, now=NOW)
    view = await show_checkout(buyer, code)
    assert (view.total_minor, view.ways.credit_minor) == (2_000, 2_000)
    assert await credit_left(database, buyer) == 1_500


@pytest.mark.parametrize("filled", [True, False])
async def test_group_gives_back_to_the_card_first(database: Database, filled: bool) -> None:
    host, friend = await some_people(database, 2)
    deal = await a_deal(database, DealKind.LADDER, ((1, PRICE), (2, 600)))
    await give_credit(database, host, 800, now=NOW)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await spending.use_credit(host, opened.checkout_code, now=NOW)
    await record_payment(host, charge(opened.checkout_code, PRICE - 800), now=NOW)
    if filled:
        joined = await groups.join_group(friend, opened.group_code, now=NOW)
        await record_payment(friend, charge(joined.checkout_code, PRICE, 2), now=NOW)
    await sweeps.close_groups(database, now=OVER)
    expected = [("pretend", 700), ("credit", 200), ("pretend", 900)] if filled else []
    assert await carry_out(database) == expected
    assert await credit_left(database, host) == (200 if filled else 0)
    books = await account_balances(database)
    assert [n for n in books if n.startswith(("charge:", "refunds:", "held:"))] == []


async def test_failed_group_gives_card_and_credit_back(database: Database) -> None:
    [host] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    await give_credit(database, host, 800, now=NOW)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await spending.use_credit(host, opened.checkout_code, now=NOW)
    await record_payment(host, charge(opened.checkout_code, PRICE - 800), now=NOW)
    await sweeps.close_groups(database, now=OVER)
    assert await carry_out(database) == [("pretend", 700), ("credit", 800)]
    assert await credit_left(database, host) == 800
    assert set(await account_balances(database)) == {"rewards", f"credit:{host.person_id}"}


async def test_closing_group_frees_the_credit_of_who_still_pays(database: Database) -> None:
    host, slow = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    await give_credit(database, slow, 800, now=NOW)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await record_payment(host, charge(opened.checkout_code, PRICE), now=NOW)
    joined = await groups.join_group(slow, opened.group_code, now=NOW)
    await spending.use_credit(slow, joined.checkout_code, now=NOW)
    assert await credit_left(database, slow) == 0
    await sweeps.close_groups(database, now=OVER)
    assert await credit_left(database, slow) == 800


async def give_back(
    database: Database, amount: int, reason: RefundReason = RefundReason.GOODWILL, mark: str = ""
) -> tuple[int, int]:
    async with database.begin() as session:
        checkout = (await session.execute(select(Checkout))).scalar_one()
        order = (await session.execute(select(Order))).scalar_one()
        back = await give_back_money(
            session, checkout, reason, amount, now=LATER, order=order, mark=mark
        )
        return back.outside_minor, back.credit_minor


@pytest.mark.parametrize(
    ("provider", "first", "rest"),
    [
        ("pretend", (300, 0), (800, 400)),
        ("stars", (0, 300), (0, 1_200)),
        ("cash", (0, 300), (0, 1_200)),
    ],
)
async def test_refund_goes_to_who_can_give_back_a_part(
    database: Database, provider: str, first: tuple[int, int], rest: tuple[int, int]
) -> None:
    buyer, code = await a_checkout(database, 400)
    await spending.use_credit(buyer, code, now=NOW)
    await record_payment(buyer, charge(code, PRICE - 400, provider=provider), now=LATER)
    assert await give_back(database, 300, mark="1") == first
    with pytest.raises(MoreThanPaid):
        await give_back(database, 1_300, mark="2")
    assert await give_back(database, 1_200, mark="2") == rest
    await carry_out(database)
    back = first[1] + rest[1]
    assert await credit_left(database, buyer) == back
    assert {state for *_, state in await payments(database)} == {PaymentState.REFUNDED}
    async with database.read() as session:
        order = (await session.execute(select(Order))).scalar_one()
        assert order.refunded_minor == order.total_minor
    books = await account_balances(database)
    assert books.get(f"provider:{provider}", 0) == back - 400
    assert [name for name in books if name.startswith(("brand:", "charge:", "refunds:"))] == []


async def test_whole_refund_of_stars_goes_back_as_stars(database: Database) -> None:
    buyer, code = await a_checkout(database, 0)
    await record_payment(buyer, charge(code, PRICE, provider="stars"), now=LATER)
    assert await give_back(database, PRICE, RefundReason.CANCELLED) == (PRICE, 0)
    with pytest.raises(MoreThanPaid):
        await give_back(database, 1, RefundReason.CANCELLED)


async def test_one_reason_and_mark_is_one_refund(database: Database) -> None:
    buyer, code = await a_checkout(database, 0)
    await record_payment(buyer, charge(code, PRICE), now=LATER)
    await give_back(database, 100, mark="1")
    with pytest.raises(IntegrityError):
        await give_back(database, 100, mark="1")
    async with database.read() as session:
        assert len((await session.execute(select(Refund))).scalars().all()) == 1


async def twice_at_once(database: Database) -> None:
    """The same credit for two checkouts at the same moment."""
    [buyer] = await some_people(database, 1)
    await give_credit(database, buyer, 500, now=NOW)
    codes = []
    for _ in range(2):
        deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
        codes.append(await buy_flash(buyer, deal.code, now=NOW))
    await asyncio.gather(
        *(spending.use_credit(buyer, code, now=NOW) for code in codes), return_exceptions=True
    )
    async with database.read() as session:
        held = await session.execute(select(col(Checkout.credit_minor)))
        assert sorted(held.scalars()) == [0, 500]
    assert await credit_left(database, buyer) == 0


async def test_credit_is_spent_once_on_two_checkouts(database: Database) -> None:
    await twice_at_once(database)


async def careless_hold(session: AsyncSession, checkout: Checkout, *more: int, now: object) -> None:
    """Nobody looks at the balance, and nobody writes it down."""
    checkout.credit_minor += 500


async def test_without_the_guarded_step_credit_is_spent_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credit, "hold", careless_hold)
    with pytest.raises(AssertionError):
        await twice_at_once(database)


async def test_balance_below_zero_is_refused_by_the_database(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    await give_credit(database, buyer, 500, now=NOW)
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(update(Credit).values(balance_minor=-1))


async def test_credit_and_payment_at_the_same_moment(database: Database) -> None:
    """The whole price is charged while credit is being used: it is not needed, and comes back."""
    buyer, code = await a_checkout(database, 400)
    for _ in range(3):
        await asyncio.gather(
            record_payment(buyer, charge(code, PRICE), now=LATER),
            spending.use_credit(buyer, code, now=LATER),
            return_exceptions=True,
        )
    assert await payments(database) == [("pretend", PRICE, 0, PaymentState.FULFILLED)]
    assert await credit_left(database, buyer) == 400


async def test_credit_is_not_taken_twice_by_tap_and_charge(database: Database) -> None:
    """One tap pays with credit alone while an older invoice is paid: that charge goes back, or
    the credit does."""
    buyer, code = await a_checkout(database, 2_000)
    await spending.use_credit(buyer, code, now=NOW)
    await asyncio.gather(
        record_payment(buyer, charge(code, PRICE), now=LATER),
        spending.place_with_credit(buyer, code, now=LATER),
        return_exceptions=True,
    )
    await carry_out(database)
    async with database.read() as session:
        orders = (await session.execute(select(Order))).scalars().all()
        checkout = (await session.execute(select(Checkout))).scalar_one()
    assert (len(orders), checkout.state) == (1, CheckoutState.PAID)
    kept = [p for p in await payments(database) if p[3] == PaymentState.FULFILLED]
    assert [p[1] for p in kept] == [PRICE]
    assert await credit_left(database, buyer) == (500 if kept[0][0] == "credit" else 2_000)


async def test_another_persons_checkout_takes_no_credit(database: Database) -> None:
    buyer, code = await a_checkout(database, 400)
    stranger = replace(buyer, person_id=buyer.person_id + 1_000)
    with pytest.raises(Refusal):
        await spending.use_credit(stranger, code, now=NOW)
    assert await credit_left(database, buyer) == 400


@pytest.mark.parametrize(
    ("balance", "left", "usable"),
    [(0, 1_500, 0), (400, 1_500, 400), (1_450, 1_500, 1_400), (2_000, 1_500, 1_500), (50, 90, 0)],
)
def test_credit_leaves_nothing_or_a_sum_that_can_be_charged(
    balance: int, left: int, usable: int
) -> None:
    assert usable_credit(balance, left, "USD") == usable


async def test_no_more_credit_is_held_than_there_is(database: Database) -> None:
    """The balance says no itself, before its CHECK has to."""
    buyer, code = await a_checkout(database, 500)
    with pytest.raises(NoCredit):
        await hold_credit(database, code, 501)
    await hold_credit(database, code, 500)
    assert await credit_left(database, buyer) == 0


async def hold_credit(database: Database, code: str, amount_minor: int) -> None:
    async with database.begin() as session:
        found = await session.execute(select(Checkout).where(col(Checkout.code) == code))
        await credit.hold(session, found.scalar_one(), amount_minor, now=NOW)
