"""Money that comes too late is honoured where it can be; else its payer chooses, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions import choosing, groups, sweeps
from commerce.actions.checkout import buy_flash, buy_variant, cancel_checkout
from commerce.actions.late import late_view
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.refusals import ChoiceGone, Expired, NotFound
from commerce.rules.ladder import Tier
from storage.database import Database
from storage.tables import (
    Checkout,
    Deal,
    DealKind,
    DealState,
    DealTier,
    GroupBuy,
    GroupState,
    Order,
    Outbox,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    Variant,
)
from tests.commerce.people import NOW, a_deal, some_people
from tests.races import group_books

PRICE, STOCK = 1_500, 20
TIERS = (Tier(2, PRICE), Tier(3, 1_200), Tier(4, 1_100))
LATE = NOW + timedelta(minutes=11)
OVER = NOW + timedelta(hours=24)
NEXT_DAY = OVER + timedelta(hours=24)


async def pay(who: Actor, code: str, *, now: datetime = NOW, amount: int = PRICE) -> None:
    charge = Charge("pretend", f"c-{code}-{now}", f"ch_{code}", code, "USD", amount)
    await record_payment(who, charge, now=now)


async def check(database: Database) -> None:
    books = await group_books.read_books(database)
    group_books.check_all(books, deal_stock=STOCK, variant_stock=STOCK, tiers=TIERS)


async def ladder(database: Database, per_person: int = 1) -> Deal:
    tiers = tuple((t.buyers, t.price_minor) for t in TIERS)
    return await a_deal(
        database,
        DealKind.LADDER,
        tiers,
        stock=STOCK,
        variant_stock=STOCK,
        per_person=per_person,
    )


async def payment_of(database: Database, who: Actor) -> Payment:
    async with database.read() as session:
        found = await session.execute(
            select(Payment).where(col(Payment.person_id) == who.person_id)
        )
        return found.scalar_one()


async def refunds(database: Database) -> list[tuple[RefundReason, int]]:
    async with database.read() as session:
        rows = await session.execute(
            select(col(Refund.reason), col(Refund.amount_minor)).order_by(col(Refund.id))
        )
        return [(reason, amount) for reason, amount in rows]


async def state_of(database: Database, group: str) -> GroupState:
    async with database.read() as session:
        found = await session.execute(
            select(col(GroupBuy.state)).where(col(GroupBuy.code) == group)
        )
        return found.scalar_one()


async def a_late_payer(database: Database) -> tuple[list[Actor], Deal, str]:
    """Eight people; the third pays after the first's group was filled. Their checkout."""
    people = await some_people(database, 8)
    deal = await ladder(database)
    opened = await groups.open_group(people[0], deal.code, now=NOW)
    await pay(people[0], opened.checkout_code)
    late = await groups.join_group(people[2], opened.group_code, now=NOW)
    await sweeps.end_holds(database, now=LATE)
    for who in (people[1], people[3], people[4]):
        await join_and_pay(who, opened.group_code)
    assert await state_of(database, opened.group_code) == GroupState.SUCCEEDED
    await pay(people[2], late.checkout_code, now=LATE)
    return people, deal, late.checkout_code


async def join_and_pay(who: Actor, group: str) -> None:
    joined = await groups.join_group(who, group, now=LATE)
    async with who.database.read() as session:
        total = select(col(Checkout.total_minor)).where(col(Checkout.code) == joined.checkout_code)
        amount = (await session.execute(total)).scalar_one()
    await pay(who, joined.checkout_code, now=LATE, amount=amount)


async def notices(database: Database, who: Actor) -> list[str]:
    async with database.read() as session:
        rows = await session.execute(
            select(col(Outbox.notice))
            .where(col(Outbox.chat_id) == who.telegram_id)
            .order_by(col(Outbox.id))
        )
        return [str(name) for name in rows.scalars()]


async def test_seat_still_free_is_taken_again(database: Database) -> None:
    host, late = await some_people(database, 2)
    deal = await ladder(database)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await pay(host, opened.checkout_code)
    joined = await groups.join_group(late, opened.group_code, now=NOW)
    assert await sweeps.end_holds(database, now=LATE) == 1
    await pay(late, joined.checkout_code, now=LATE)
    assert (await payment_of(database, late)).state == PaymentState.RECEIVED
    assert await notices(database, late) == ["hold_over", "seat_paid"]
    await check(database)


async def test_flash_piece_still_there_is_sold_after_all(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), stock=STOCK, variant_stock=STOCK)
    code = await buy_flash(buyer, deal.code, now=NOW)
    await sweeps.end_holds(database, now=LATE)
    await pay(buyer, code, now=LATE)
    assert (await payment_of(database, buyer)).state == PaymentState.FULFILLED
    await check(database)


@pytest.mark.parametrize("why", ["sold out", "paused", "over the cap", "over"])
async def test_what_is_gone_is_not_taken_again(database: Database, why: str) -> None:
    """And with nothing to choose from, the money goes back at once."""
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), stock=STOCK, variant_stock=STOCK)
    code = await buy_flash(buyer, deal.code, now=NOW)
    await sweeps.end_holds(database, now=LATE)
    now = LATE
    async with database.begin() as session:
        match why:
            case "sold out":
                await session.execute(update(Variant).values(stock_left=0))
            case "paused":
                await session.execute(update(Deal).values(state=DealState.PAUSED))
            case "over the cap":
                await session.execute(update(Deal).values(per_person=0))
            case "over":
                now = deal.ends_at
    await pay(buyer, code, now=now)
    assert (await payment_of(database, buyer)).state == PaymentState.REFUNDED
    assert await refunds(database) == [(RefundReason.TOO_LATE, PRICE)]
    assert await notices(database, buyer) == ["hold_over", "refund_started"]


async def test_late_payer_is_asked(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    payment = await payment_of(database, people[2])
    assert (payment.state, payment.decide_by) == (PaymentState.LATE, LATE + timedelta(hours=24))
    assert await notices(database, people[2]) == ["hold_over", "payment_late"]
    view = await late_view(people[2], code, now=LATE)
    assert (view.waits, view.group_minor, view.new_group) == (True, PRICE, True)
    assert view.single_minor is None  # the list price is more than was paid
    await check(database)


async def test_next_group_is_the_open_one_and_what_was_too_much_goes_back(
    database: Database,
) -> None:
    people, deal, code = await a_late_payer(database)
    opened = await groups.open_group(people[5], deal.code, now=LATE)
    await pay(people[5], opened.checkout_code, now=LATE)
    for who in people[6:]:
        await join_and_pay(who, opened.group_code)
    view = await late_view(people[2], code, now=LATE)
    assert (view.group_minor, view.new_group) == (1_200, False)
    before = len(await refunds(database))
    assert await choosing.choose_next_group(people[2], code, now=LATE) == opened.group_code
    assert await state_of(database, opened.group_code) == GroupState.SUCCEEDED
    payment = await payment_of(database, people[2])
    assert payment.state == PaymentState.FULFILLED
    assert payment.amount_minor - payment.refunded_minor == 1_100
    back = (await refunds(database))[before:]
    assert back[0] == (RefundReason.SURPLUS, 300)
    assert sorted(amount for _, amount in back[1:]) == [100, 400, 400, 400]
    await check(database)


async def test_failed_group_gives_back_what_the_surplus_left(database: Database) -> None:
    people, deal, code = await a_late_payer(database)
    async with database.begin() as session:
        await session.execute(update(DealTier).values(price_minor=col(DealTier.price_minor) - 100))
    await choosing.choose_next_group(people[2], code, now=LATE)
    before = len(await refunds(database))
    assert await sweeps.close_groups(database, now=deal.ends_at) == 1
    assert (await refunds(database))[before:] == [(RefundReason.GROUP_FAILED, PRICE - 100)]
    assert (await payment_of(database, people[2])).refunded_minor == PRICE


async def test_a_new_group_is_opened_where_none_is(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    group = await choosing.choose_next_group(people[2], code, now=LATE)
    async with database.read() as session:
        found = await session.execute(select(GroupBuy).where(col(GroupBuy.code) == group))
        row = found.scalar_one()
    assert (row.host_id, row.paid, row.state) == (people[2].person_id, 1, GroupState.OPEN)
    assert (await payment_of(database, people[2])).state == PaymentState.RECEIVED
    assert not (await late_view(people[2], code, now=LATE)).waits
    await check(database)


async def test_refund_by_choice_and_by_itself(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    before = len(await refunds(database))
    assert await sweeps.end_choices(database, now=LATE + timedelta(hours=23)) == 0
    await choosing.choose_refund(people[2], code, now=LATE)
    assert (await refunds(database))[before:] == [(RefundReason.CHOSEN, PRICE)]
    assert await sweeps.end_choices(database, now=NEXT_DAY) == 0
    view = await late_view(people[2], code, now=LATE)
    assert (view.waits, view.sent_back) == (False, True)
    await check(database)


async def test_after_a_day_it_goes_back_by_itself(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    before = len(await refunds(database))
    assert await sweeps.end_choices(database, now=LATE + timedelta(hours=24)) == 1
    assert (await refunds(database))[before:] == [(RefundReason.CHOSEN, PRICE)]
    for choice in (choosing.choose_next_group, choosing.choose_single, choosing.choose_refund):
        with pytest.raises(Expired):
            await choice(people[2], code, now=NEXT_DAY)
    await check(database)


async def test_choice_that_is_gone_leaves_the_others(database: Database) -> None:
    people, deal, code = await a_late_payer(database)
    with pytest.raises(ChoiceGone):
        await choosing.choose_single(people[2], code, now=LATE)
    with pytest.raises(ChoiceGone):
        await choosing.choose_next_group(people[2], code, now=deal.ends_at)
    assert (await payment_of(database, people[2])).state == PaymentState.LATE
    await check(database)
    await choosing.choose_refund(people[2], code, now=LATE)
    await check(database)


async def test_single_price_is_an_order(database: Database) -> None:
    """Let go of, and paid in the same moment: what was paid is the list price."""
    [buyer] = await some_people(database, 1)
    await ladder(database)
    async with database.read() as session:
        variant = (await session.execute(select(Variant))).scalar_one()
    code = await buy_variant(buyer, variant.code, now=NOW)
    await cancel_checkout(buyer, code, now=NOW)
    await pay(buyer, code, amount=2_000)
    view = await late_view(buyer, code, now=NOW)
    assert (view.single_minor, view.group_minor) == (2_000, None)
    async with database.begin() as session:
        await session.execute(update(Variant).values(price_minor=1_900))
    order = await choosing.choose_single(buyer, code, now=NOW)
    async with database.read() as session:
        found = (await session.execute(select(Order))).scalar_one()
    assert (found.code, found.total_minor, found.address) == (
        order,
        1_900,
        "P0\n1 Lane\nTown\nLand",
    )
    assert await refunds(database) == [(RefundReason.SURPLUS, 100)]
    assert await notices(database, buyer) == ["payment_late", "refund_started", "order_placed"]
    await check(database)


async def test_another_persons_money_is_not_there(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    for choice in (choosing.choose_next_group, choosing.choose_single, choosing.choose_refund):
        with pytest.raises(NotFound):
            await choice(people[1], code, now=LATE)
    with pytest.raises(NotFound):
        await late_view(people[1], code, now=LATE)


async def test_who_pays_for_another_gets_the_money_back(database: Database) -> None:
    buyer, other = await some_people(database, 2)
    deal = await ladder(database)
    opened = await groups.open_group(buyer, deal.code, now=NOW)
    await pay(other, opened.checkout_code)
    assert (await payment_of(database, other)).state == PaymentState.REFUNDED
    await check(database)


async def test_second_late_charge_is_paid_twice(database: Database) -> None:
    people, _, code = await a_late_payer(database)
    before = len(await refunds(database))
    await pay(people[2], code, now=LATE + timedelta(minutes=1))
    assert (await refunds(database))[before:] == [(RefundReason.PAID_TWICE, PRICE)]
    await check(database)
