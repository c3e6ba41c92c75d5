"""Cash and transfers: the brand's word is a charge, once; and what goes back goes by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.actions import by_hand, groups, payments, sweeps
from commerce.actions.checkout import buy_flash, cancel_checkout, prepare_invoice, show_checkout
from commerce.actions.payments import Charge, record_payment
from commerce.actions.refunding import claim_refunds, give_back_money
from commerce.actor import Actor
from commerce.payment import Provider
from commerce.refusals import Expired, NotFound
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    Checkout,
    CheckoutState,
    DealKind,
    Order,
    Outbox,
    Payment,
    Refund,
    RefundReason,
    RefundState,
    Role,
    Staff,
)
from tests.commerce.balances import account_balances, credit_left, give_credit
from tests.commerce.people import NOW, a_deal, some_people

PRICE = 1_500
LATER = NOW + timedelta(hours=1)


async def a_sale(database: Database, kind: DealKind = DealKind.FLASH) -> tuple[list[Actor], str]:
    """A buyer, two editors of a brand that takes cash, a stranger; the deal's code."""
    people = await some_people(database, 4)
    tiers = ((0, PRICE),) if kind == DealKind.FLASH else ((1, PRICE), (2, 1_000))
    deal = await a_deal(database, kind, tiers)
    async with database.begin() as session:
        await session.execute(update(Brand).values(by_hand=True, by_hand_note="IBAN FI00"))
        brand = (await session.execute(select(Brand))).scalar_one()
        session.add_all(
            Staff(brand_id=id_of(brand), person_id=p.person_id, role=Role.EDITOR)
            for p in people[1:3]
        )
    return people, deal.code


async def told(database: Database, notice: str) -> int:
    async with database.read() as session:
        found = await session.execute(
            select(func.count()).select_from(Outbox).where(col(Outbox.notice) == notice)
        )
        return found.scalar_one()


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def state(database: Database) -> CheckoutState:
    async with database.read() as session:
        return (await session.execute(select(col(Checkout.state)))).scalar_one()


async def test_cash_is_announced_confirmed_and_is_an_order(database: Database) -> None:
    [buyer, editor, _, stranger], deal = await a_sale(database)
    code = await buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    view = await show_checkout(buyer, code)
    assert (view.by_hand, view.ways.note, view.expires_at) == (
        True,
        "IBAN FI00",
        NOW + timedelta(hours=48),
    )
    assert await told(database, "cash_coming") == 2
    with pytest.raises(Expired):
        await prepare_invoice(buyer, code, Provider("pretend", "t"), now=NOW)
    for nobody in (stranger, buyer):
        with pytest.raises(NotFound):
            await by_hand.confirm_by_hand(nobody, code, now=LATER)
        with pytest.raises(NotFound):
            await by_hand.decline_by_hand(nobody, code, now=LATER)
    assert await sweeps.end_holds(database, now=LATER) == 0
    await by_hand.confirm_by_hand(editor, code, now=LATER)
    async with database.read() as session:
        payment = (await session.execute(select(Payment))).scalar_one()
    assert (payment.charge_id, payment.person_id, payment.amount_minor) == (
        f"cash:{code}",
        buyer.person_id,
        PRICE,
    )
    assert (await count(database, Order), await told(database, "order_placed")) == (1, 1)
    with pytest.raises(Expired):
        await by_hand.decline_by_hand(editor, code, now=LATER)


async def confirm_at_once(database: Database) -> list[object]:
    [buyer, *editors, _], deal = await a_sale(database)
    code = await buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    ends = await asyncio.gather(
        *(by_hand.confirm_by_hand(who, code, now=LATER) for who in (*editors, *editors)),
        return_exceptions=True,
    )
    assert (await count(database, Payment), await count(database, Order)) == (1, 1)
    assert await count(database, Refund) == 0
    return [type(end) for end in ends if end is not None]


async def test_two_editors_confirm_at_once(database: Database) -> None:
    assert await confirm_at_once(database) == [Expired] * 3


async def test_without_one_charge_a_checkout_cash_counts_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_down = payments._write_down

    async def by_editor(session, actor, charge, checkout, now):  # type: ignore[no-untyped-def]
        counted = (await session.execute(select(func.count()).select_from(Payment))).scalar_one()
        told = replace(charge, charge_id=f"{charge.charge_id}:{counted}")
        return await write_down(session, actor, told, checkout, now)

    monkeypatch.setattr(payments, "_write_down", by_editor)
    with pytest.raises(AssertionError):
        await confirm_at_once(database)


@pytest.mark.parametrize("how", ["declined", "cancelled", "over"])
async def test_cash_that_does_not_come_lets_go(database: Database, how: str) -> None:
    [buyer, editor, *_], deal = await a_sale(database)
    await give_credit(database, buyer, 300, now=NOW)
    code = await buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    match how:
        case "declined":
            await by_hand.decline_by_hand(editor, code, now=LATER)
            assert await told(database, "cash_missing") == 1
        case "cancelled":
            await cancel_checkout(buyer, code, now=LATER)
        case "over":
            assert await sweeps.end_holds(database, now=NOW + timedelta(hours=48)) == 1
    assert await state(database) == CheckoutState.RELEASED
    assert await credit_left(database, buyer) == 300


async def test_cash_that_comes_too_late_is_kept_account_of(database: Database) -> None:
    [buyer, editor, *_], deal = await a_sale(database)
    code = await buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    over = NOW + timedelta(hours=49)
    await sweeps.end_holds(database, now=over)
    await by_hand.confirm_by_hand(editor, code, now=over)
    assert await count(database, Order) == 0
    books = await account_balances(database)
    assert books.pop("provider:cash") == PRICE
    assert sum(books.values()) == -PRICE


async def test_cash_goes_back_by_hand_only(database: Database) -> None:
    [buyer, editor, other, stranger], deal = await a_sale(database)
    code = await buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    await by_hand.confirm_by_hand(editor, code, now=LATER)
    async with database.begin() as session:
        checkout = (await session.execute(select(Checkout))).scalar_one()
        order = (await session.execute(select(Order))).scalar_one()
        await give_back_money(
            session, checkout, RefundReason.CANCELLED, PRICE, now=LATER, order=order
        )
        refund = (await session.execute(select(Refund))).scalar_one()
    assert await told(database, "hand_back") == 2
    assert await claim_refunds(database, 10, now=LATER + timedelta(days=9)) == []
    with pytest.raises(NotFound):
        await by_hand.hand_back(stranger, refund.code, now=LATER)
    ends = await asyncio.gather(
        *(by_hand.hand_back(who, refund.code, now=LATER) for who in (editor, other)),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["Expired", "NoneType"]
    async with database.read() as session:
        done = (await session.execute(select(col(Refund.state)))).scalar_one()
    assert (done, await account_balances(database)) == (RefundState.DONE, {})
    assert await told(database, "refund_arrived") == 1


async def test_difference_of_cash_is_store_credit(database: Database) -> None:
    [host, editor, _, friend], deal = await a_sale(database, DealKind.LADDER)
    opened = await groups.open_group(host, deal, now=NOW)
    await by_hand.pay_by_hand(host, opened.checkout_code, now=NOW)
    assert (await show_checkout(host, opened.checkout_code)).expires_at == NOW + timedelta(hours=24)
    await by_hand.confirm_by_hand(editor, opened.checkout_code, now=LATER)
    joined = await groups.join_group(friend, opened.group_code, now=LATER)
    charge = Charge("pretend", "c1", "ch_1", joined.checkout_code, "USD", PRICE)
    await record_payment(friend, charge, now=LATER)
    async with database.read() as session:
        rows = await session.execute(
            select(col(Refund.provider), col(Refund.amount_minor)).order_by(col(Refund.id))
        )
    assert [tuple(row) for row in rows] == [("credit", 500), ("pretend", 500)]


async def test_brand_without_cash_is_not_paid_by_hand(database: Database) -> None:
    [buyer, *_], deal = await a_sale(database)
    code = await buy_flash(buyer, deal, now=NOW)
    async with database.begin() as session:
        await session.execute(update(Brand).values(by_hand=False))
    with pytest.raises(Expired):
        await by_hand.pay_by_hand(buyer, code, now=NOW)
