"""Two seats for one person, the second for a friend: counted, capped, paid and given back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.actions import groups, sweeps
from commerce.actions.checkout import cancel_checkout, choose_quantity, show_checkout
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.refusals import GroupFull, OverLimit, Refusal
from commerce.rules.ladder import Tier
from storage.database import Database
from storage.tables import Deal, DealKind, GroupBuy, GroupState, Order, Refund
from tests.commerce.people import NOW, a_deal, some_people
from tests.races import careless, group_books

PRICE, STOCK = 1_500, 20
TIERS = (Tier(2, PRICE), Tier(4, 1_200))


async def ladder(database: Database, per_person: int = 3) -> Deal:
    tiers = tuple((t.buyers, t.price_minor) for t in TIERS)
    return await a_deal(
        database,
        DealKind.LADDER,
        tiers,
        stock=STOCK,
        variant_stock=STOCK,
        per_person=per_person,
    )


async def pay(who: Actor, code: str) -> None:
    total = (await show_checkout(who, code)).total_minor
    await record_payment(who, Charge("pretend", code, code, code, "USD", total), now=NOW)


async def check(database: Database) -> None:
    books = await group_books.read_books(database)
    group_books.check_all(books, deal_stock=STOCK, variant_stock=STOCK, tiers=TIERS)


async def the_group(database: Database) -> GroupBuy:
    async with database.read() as session:
        return (await session.execute(select(GroupBuy))).scalar_one()


async def test_two_seats_are_paid_at_once_and_get_the_difference_twice(database: Database) -> None:
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, (await ladder(database)).code, now=NOW)
    await choose_quantity(host, opened.checkout_code, 2, now=NOW)
    view = await show_checkout(host, opened.checkout_code)
    assert (view.total_minor, view.lines[0].quantity, view.most) == (2 * PRICE, 2, 3)
    await pay(host, opened.checkout_code)
    group = await the_group(database)
    assert (group.paid, group.seats_left, group.state) == (2, 2, GroupState.OPEN)
    joined = await groups.join_group(friend, opened.group_code, now=NOW)
    await choose_quantity(friend, joined.checkout_code, 2, now=NOW)
    await pay(friend, joined.checkout_code)
    assert (await the_group(database)).state == GroupState.SUCCEEDED
    async with database.read() as session:
        totals = (await session.execute(select(col(Order.total_minor)))).scalars().all()
        back = (await session.execute(select(col(Refund.amount_minor)))).scalars().all()
    assert list(totals) == [2 * 1_200] * 2
    assert list(back) == [2 * (PRICE - 1_200)] * 2
    await check(database)


@pytest.mark.parametrize("how", ["fewer", "cancelled"])
async def test_what_is_not_wanted_is_free_again(database: Database, how: str) -> None:
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, (await ladder(database)).code, now=NOW)
    await choose_quantity(host, opened.checkout_code, 3, now=NOW)
    assert (await the_group(database)).seats_left == 1
    if how == "fewer":
        await choose_quantity(host, opened.checkout_code, 1, now=NOW)
    else:
        await cancel_checkout(host, opened.checkout_code, now=NOW)
    assert (await the_group(database)).seats_left == (3 if how == "fewer" else 4)
    await check(database)


async def test_failed_group_gives_all_seats_back(database: Database) -> None:
    [host] = await some_people(database, 1)
    deal = await a_deal(
        database,
        DealKind.LADDER,
        ((3, PRICE), (4, 1_200)),
        stock=STOCK,
        variant_stock=STOCK,
        per_person=2,
    )
    opened = await groups.open_group(host, deal.code, now=NOW)
    await choose_quantity(host, opened.checkout_code, 2, now=NOW)
    await pay(host, opened.checkout_code)
    assert await sweeps.close_groups(database, now=deal.ends_at) == 1
    async with database.read() as session:
        back = (await session.execute(select(col(Refund.amount_minor)))).scalars().all()
    assert list(back) == [2 * PRICE]
    books = await group_books.read_books(database)
    group_books.check_stock(books, STOCK, STOCK)
    group_books.check_money(books)
    group_books.check_ledger(books)


@pytest.mark.parametrize(
    ("per_person", "wanted", "refusal"),
    [(2, 3, OverLimit), (9, 4, OverLimit), (9, 3, GroupFull)],
    ids=["cap", "whole group", "seats left"],
)
async def test_more_than_there_may_be_is_refused(
    database: Database, per_person: int, wanted: int, refusal: type[Refusal]
) -> None:
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, (await ladder(database, per_person)).code, now=NOW)
    joined = await groups.join_group(friend, opened.group_code, now=NOW)
    if refusal is GroupFull:
        await choose_quantity(host, opened.checkout_code, 2, now=NOW)
    with pytest.raises(refusal):
        await choose_quantity(friend, joined.checkout_code, wanted, now=NOW)
    await check(database)


async def test_without_the_condition_a_group_has_too_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the constraint is the last wall."""
    monkeypatch.setattr(groups, "_take_seat", careless._take_seat)
    with pytest.raises(Exception, match="seats_left"):
        await test_more_than_there_may_be_is_refused(database, 9, 3, GroupFull)
