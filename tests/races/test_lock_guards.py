"""What each lock is for: two who meet in the one order in which it matters.

Where a row is locked, the second waits for the first; SQLite lets no two writers meet at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlmodel import col

from commerce.actions import (
    alerting,
    broadcasting,
    by_hand,
    chats,
    checkout,
    dealing,
    deciding,
    groups,
    spending,
    subscribing,
    sweeps,
)
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actions.refunding import give_back_money
from commerce.actor import Actor
from commerce.refusals import Expired, OverLimit, SoldOut, TooManyHolds, TooSoon
from storage import inbox, outbox, posted
from storage.database import Database, open_database
from storage.failures import Busy
from storage.inbox import Raw
from storage.tables import (
    Broadcast,
    Checkout,
    CheckoutState,
    Deal,
    DealKind,
    DealState,
    GroupBuy,
    GroupState,
    Inbox,
    Order,
    Outbox,
    OutboxClass,
    PostedCard,
    Refund,
    RefundReason,
    Subscription,
)
from tests.commerce.balances import give_credit
from tests.commerce.brand_people import a_house
from tests.commerce.people import BOT, NOW, a_deal, some_people
from tests.commerce.test_by_hand import a_sale
from tests.commerce.test_refund_jobs import refunds
from tests.races.stops import Stop, stands
from tests.races.test_locks import another_variant, outcomes, shelf

PRICE, STOCK = 1_500, 1_000
MINUTE = timedelta(minutes=1)
OVER = NOW + timedelta(days=1)
ALMOST = OVER - timedelta(seconds=1)
LONG_ENOUGH = 1.5  # to come to a lock that another holds, on a busy machine
POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
async def doors(database_url: str, database: Database) -> AsyncIterator[list[Database]]:
    """Two programs beside the test's own."""
    async with AsyncExitStack() as stack:
        opened = [open_database(database_url, pool_size=2) for _ in range(2)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


async def meet(stop: Stop, first: Any, second: Any) -> list[type | None]:
    """The first comes to its stop, the second as far as it can; then both go on."""
    tasks = [asyncio.create_task(first)]
    await come_to(stop, tasks[0])
    tasks.append(asyncio.create_task(second))
    await asyncio.wait(tasks[1:], timeout=LONG_ENOUGH)
    stop.go.set()
    return await outcomes(*tasks)


async def come_to(stop: Stop, task: asyncio.Task[Any]) -> None:
    reached = asyncio.create_task(stop.reached.wait())
    await asyncio.wait({task, reached}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    reached.cancel()
    assert stop.reached.is_set()


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


def paying(who: Actor, code: str, number: int = 1) -> Any:
    charge = Charge("pretend", f"{code}-{number}", f"ch_{code}", code, "USD", PRICE)
    return record_payment(who, charge, now=ALMOST)


@POSTGRES
async def test_three_holds_are_the_most_whatever_is_tapped_at_once(
    database: Database, doors: list[Database]
) -> None:
    [person] = await some_people(database, 1)
    for _ in range(2):
        deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
        await checkout.buy_flash(person, deal.code, now=NOW)
    variants = await codes_of_variants(database)
    one, two = (replace(person, database=door) for door in doors)
    ends = await meet(
        Stop(doors[0], "INSERT INTO checkout "),
        checkout.buy_variant(one, variants[0], now=NOW),
        checkout.buy_variant(two, variants[1], now=NOW),
    )
    assert ends == [None, TooManyHolds]


async def codes_of_variants(database: Database) -> list[str]:
    async with database.read() as session:
        rows = await session.execute(text("SELECT code FROM variant ORDER BY id"))
        return list(rows.scalars())


@POSTGRES
async def test_two_groups_opened_at_once_stay_under_the_cap(
    database: Database, doors: list[Database]
) -> None:
    [person] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),), per_person=1)
    one, two = (replace(person, database=door) for door in doors)
    ends = await meet(
        Stop(doors[0], "INSERT INTO checkout "),
        groups.open_group(one, deal.code, now=NOW),
        groups.open_group(two, deal.code, now=NOW),
    )
    assert ends == [None, OverLimit]


@POSTGRES
async def test_two_groups_joined_at_once_stay_under_the_cap(
    database: Database, doors: list[Database]
) -> None:
    *hosts, person = await some_people(database, 3)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),), per_person=1)
    opened = [await groups.open_group(host, deal.code, now=NOW) for host in hosts]
    one, two = (replace(person, database=door) for door in doors)
    ends = await meet(
        Stop(doors[0], "INSERT INTO checkout "),
        groups.join_group(one, opened[0].group_code, now=NOW),
        groups.join_group(two, opened[1].group_code, now=NOW),
    )
    assert ends == [None, OverLimit]


def before_writing(database: Database, words: str) -> Stop:
    """SQLite's writers stand in line before they have read anything."""
    return Stop(database, "BEGIN IMMEDIATE" if database.dialect == "sqlite" else words)


async def test_a_hold_that_was_prolonged_is_not_ended(
    database: Database, doors: list[Database]
) -> None:
    """The clock has found it over; before it ends it, the card is about to be charged."""
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    code = await checkout.buy_flash(buyer, deal.code, now=NOW)
    almost = NOW + timedelta(minutes=9, seconds=59)
    ends = await meet(
        before_writing(doors[0], "UPDATE checkout"),
        sweeps.end_holds(doors[0], now=NOW + 10 * MINUTE),
        confirm_checkout(buyer, code, "USD", PRICE, now=almost),
    )
    assert ends == [None, None]
    async with database.read() as session:
        assert (await session.execute(select(col(Checkout.state)))).scalar_one() == (
            CheckoutState.OPEN
        )


@POSTGRES
async def test_a_checkout_about_to_be_charged_is_not_ended(
    database: Database, doors: list[Database]
) -> None:
    """The same two the other way round: "go ahead" is being said when the clock comes."""
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    code = await checkout.buy_flash(buyer, deal.code, now=NOW)
    almost = NOW + timedelta(minutes=9, seconds=59)
    ends = await meet(
        Stop(doors[0], "UPDATE checkout"),
        confirm_checkout(replace(buyer, database=doors[0]), code, "USD", PRICE, now=almost),
        sweeps.end_holds(doors[1], now=NOW + 10 * MINUTE),
    )
    assert ends == [None, None]
    async with database.read() as session:
        state = (await session.execute(select(col(Checkout.state)))).scalar_one()
    assert state == CheckoutState.OPEN


@POSTGRES
async def test_what_ends_while_a_variant_is_chosen_is_given_back_once(
    database: Database, doors: list[Database]
) -> None:
    [buyer] = await some_people(database, 1)
    await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    variants = await another_variant(database)
    code = await checkout.buy_variant(buyer, variants[0], now=NOW)
    ends = await meet(
        Stop(doors[0], "UPDATE variant"),
        checkout.choose_variant(replace(buyer, database=doors[0]), code, variants[1], now=NOW),
        sweeps.end_holds(doors[1], now=NOW + 10 * MINUTE),
    )
    assert ends == [None, None]
    assert await shelf(database) == [STOCK, STOCK]


async def a_pair(database: Database, *tiers: tuple[int, int]) -> tuple[Actor, str, int]:
    """A group whose host has paid: a friend, what they hold in it, and the group's id."""
    host, friend = await some_people(database, 2)
    deal = await a_deal(database, DealKind.LADDER if len(tiers) > 1 else DealKind.TEAM, tiers)
    opened = await groups.open_group(host, deal.code, now=NOW)
    await paying(host, opened.checkout_code)
    joined = await groups.join_group(friend, opened.group_code, now=ALMOST)
    async with database.read() as session:
        group_id = (await session.execute(select(col(GroupBuy.id)))).scalar_one()
    return friend, joined.checkout_code, group_id or 0


async def state_of_group(database: Database) -> GroupState:
    async with database.read() as session:
        return (await session.execute(select(col(GroupBuy.state)))).scalar_one()


@POSTGRES
async def test_a_seat_paid_while_the_group_closes_is_counted_or_returned(
    database: Database, doors: list[Database]
) -> None:
    """Who pays has locked the group before the checkout; so nobody closes it meanwhile."""
    friend, code, group_id = await a_pair(database, (2, PRICE))
    ends = await meet(
        Stop(doors[0], "INSERT INTO payment"),
        paying(replace(friend, database=doors[0]), code),
        deciding.decide_group(doors[1], group_id, now=OVER),
    )
    assert ends == [None, None]
    assert await state_of_group(database) == GroupState.SUCCEEDED
    assert await count(database, Order) == 2


@POSTGRES
async def test_a_closer_counts_the_seat_that_was_just_paid(
    database: Database, doors: list[Database]
) -> None:
    friend, code, group_id = await a_pair(database, (2, PRICE), (3, PRICE - 100))
    ends = await meet(
        Stop(doors[0], "UPDATE group_buy"),
        paying(replace(friend, database=doors[0]), code),
        deciding.decide_group(doors[1], group_id, now=OVER),
    )
    assert ends == [None, None]
    assert await state_of_group(database) == GroupState.SUCCEEDED


@POSTGRES
async def test_of_two_charges_at_once_one_is_paid_twice(
    database: Database, doors: list[Database]
) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    code = await checkout.buy_flash(buyer, deal.code, now=NOW)
    one, two = (replace(buyer, database=door) for door in doors)
    stop = Stop(doors[0], "INSERT INTO payment")
    assert await meet(stop, paying(one, code, 1), paying(two, code, 2)) == [None, None]
    async with database.read() as session:
        reason = (await session.execute(select(col(Refund.reason)))).scalar_one()
    assert reason == RefundReason.PAID_TWICE


async def test_a_deal_extended_while_the_clock_looks_is_not_ended(
    database: Database, doors: list[Database]
) -> None:
    house = await a_house(database, DealKind.FLASH)
    end = house.deal.ends_at
    ends = await meet(
        before_writing(doors[0], "UPDATE deal"),
        sweeps.end_deals(doors[0], now=end),
        dealing.extend_deal(house.owner, house.deal.code, int(end.timestamp()), now=NOW),
    )
    assert ends == [None, None]
    async with database.read() as session:
        extended = await session.get_one(Deal, house.deal.id)
    assert (extended.state, extended.ends_at) == (DealState.LIVE, end + timedelta(days=1))


@POSTGRES
async def test_a_deal_extended_twice_at_once_is_a_day_longer(
    database: Database, doors: list[Database]
) -> None:
    house = await a_house(database, DealKind.FLASH)
    one, two = (replace(house.owner, database=door) for door in doors)
    code, shown = house.deal.code, int(house.deal.ends_at.timestamp())
    ends = await meet(
        Stop(doors[0], "UPDATE deal"),
        dealing.extend_deal(one, code, shown, now=NOW),
        dealing.extend_deal(two, code, shown, now=NOW),
    )
    assert ends == [None, Expired]


@POSTGRES
async def test_two_broadcasts_at_once_are_one(database: Database, doors: list[Database]) -> None:
    house = await a_house(database)
    one, two = (replace(house.owner, database=door) for door in doors)
    before = await count(database, Broadcast)
    ends = await meet(
        Stop(doors[0], "INSERT INTO broadcast"),
        broadcasting.start_broadcast(one, house.codes["brand"], "Hi", None, now=NOW),
        broadcasting.start_broadcast(two, house.codes["brand"], "Hi", None, now=NOW),
    )
    assert ends == [None, TooSoon]
    assert await count(database, Broadcast) == before + 1


async def a_chat(database: Database) -> tuple[Actor, str]:
    [admin] = await some_people(database, 1)
    place = chats.Place(-1_001, "group", "Tea friends")
    met = await chats.meet(database, place, locale="en", timezone="UTC", now=NOW)
    return admin, met.code


@POSTGRES
async def test_a_chat_that_chooses_twice_at_once_subscribes_once(
    database: Database, doors: list[Database]
) -> None:
    admin, code = await a_chat(database)
    one, two = (replace(admin, database=door) for door in doors)
    ends = await meet(
        Stop(doors[0], "INSERT INTO subscription"),
        subscribing.choose_everything(one, code, on=True, now=NOW),
        subscribing.choose_everything(two, code, on=True, now=NOW),
    )
    assert ends == [None, None]
    assert await count(database, Subscription) == 1


@POSTGRES
async def test_a_deal_posted_twice_at_once_stands_once(
    database: Database, doors: list[Database]
) -> None:
    """Also where ten minutes by the clock end between the two."""
    admin, _ = await a_chat(database)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    one, two = (replace(admin, database=door) for door in doors)
    second = timedelta(seconds=1)
    ends = await meet(
        Stop(doors[0], "INSERT INTO outbox"),
        chats.post_deal(one, -1_001, deal.code, now=NOW + 10 * MINUTE - second),
        chats.post_deal(two, -1_001, deal.code, now=NOW + 10 * MINUTE + second),
    )
    assert ends == [None, None]
    assert await count(database, Outbox) == 1


@POSTGRES
async def test_two_workers_claim_different_updates(database: Database) -> None:
    """What another is just taking is stepped over, not waited for."""
    await inbox.store(database, [Raw(BOT, n, f"chat:{n}", 1, "{}") for n in (1, 2)])
    async with database.begin() as session:
        await session.execute(select(Inbox).where(col(Inbox.update_id) == 1).with_for_update())
        assert [row.update_id for row in await inbox.claim(database, 9, 30)] == [2]


def a_notice(chat_id: int) -> outbox.Notice:
    return outbox.Notice(BOT, chat_id, "x", {}, OutboxClass.ANSWER, f"k{chat_id}")


@POSTGRES
async def test_two_couriers_claim_different_messages(database: Database) -> None:
    async with database.begin() as session:
        await outbox.put(session, a_notice(1), a_notice(2), now=NOW)
    async with database.begin() as session:
        await session.execute(select(Outbox).where(col(Outbox.chat_id) == 1).with_for_update())
        claimed = await outbox.claim(database, [BOT], 9, now=NOW, lease_seconds=30)
        assert [row.chat_id for row in claimed] == [2]


@POSTGRES
async def test_couriers_claim_one_after_another(database: Database, doors: list[Database]) -> None:
    async with database.begin() as session:
        await outbox.put(session, a_notice(1), a_notice(2), now=NOW)
    stop = Stop(doors[0], "UPDATE outbox")
    first, second = (outbox.claim(d, [BOT], 1, now=NOW, lease_seconds=30) for d in doors)
    tasks = [asyncio.create_task(first)]
    await come_to(stop, tasks[0])
    tasks.append(asyncio.create_task(second))
    await asyncio.wait(tasks[1:], timeout=LONG_ENOUGH)
    assert not tasks[1].done()
    stop.go.set()
    assert [[row.chat_id for row in await task] for task in tasks] == [[1], [2]]


async def two_copies(database: Database) -> None:
    """Of one card; the first lies behind the second on the disk."""
    place = {"bot_id": BOT, "kind": "group", "subject_id": 1, "chat_id": 5, "locale": "en"}
    rows = [place | {"message_id": n, "stale": True, "version": 0} for n in (1, 2)]
    async with database.begin() as session:
        await session.execute(insert(PostedCard), rows)
    async with database.begin() as session:
        await session.execute(update_copy(1))


def update_copy(message_id: int) -> Any:
    which = col(PostedCard.message_id) == message_id
    return update(PostedCard).where(which).values(next_at=col(PostedCard.next_at) + 1)


@POSTGRES
async def test_copies_made_stale_crosswise_wait_for_each_other(
    database: Database, doors: list[Database]
) -> None:
    await two_copies(database)

    async def change() -> int:
        async with doors[0].begin() as session:
            return await posted.stale(session, "group", 1)

    async with database.begin() as session:
        await session.execute(update_copy(1))
        changing = asyncio.create_task(change())
        await stands(changing)
        await session.execute(update_copy(2))
    assert await outcomes(changing) == [None]


@POSTGRES
async def test_two_couriers_edit_different_copies(database: Database) -> None:
    await two_copies(database)
    async with database.begin() as session:
        first = select(PostedCard).where(col(PostedCard.message_id) == 1).with_for_update()
        await session.execute(first)
        found = await posted.claim_stale(database, [BOT], 9, lease_seconds=30)
        assert [copy.copy.message_id for copy in found] == [2]


@POSTGRES
async def test_credit_used_twice_at_once_is_shared(
    database: Database, doors: list[Database]
) -> None:
    """The second takes what the first left, instead of being told that there is none."""
    [buyer] = await some_people(database, 1)
    await give_credit(database, buyer, PRICE + 500, now=NOW)
    held = []
    for _ in range(2):
        deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
        held.append(await checkout.buy_flash(buyer, deal.code, now=NOW))
    one, two = (replace(buyer, database=door) for door in doors)
    ends = await meet(
        Stop(doors[0], "UPDATE credit"),
        spending.use_credit(one, held[0], now=NOW),
        spending.use_credit(two, held[1], now=NOW),
    )
    assert ends == [None, None]


@POSTGRES
async def test_cash_handed_back_twice_at_once_is_said_once(
    database: Database, doors: list[Database]
) -> None:
    [buyer, editor, other, _], deal = await a_sale(database)
    code = await checkout.buy_flash(buyer, deal, now=NOW)
    await by_hand.pay_by_hand(buyer, code, now=NOW)
    await by_hand.confirm_by_hand(editor, code, now=NOW)
    async with database.begin() as session:
        paid = (await session.execute(select(Checkout))).scalar_one()
        order = (await session.execute(select(Order))).scalar_one()
        await give_back_money(session, paid, RefundReason.CANCELLED, PRICE, now=NOW, order=order)
        refund = (await session.execute(select(col(Refund.code)))).scalar_one()
    ends = await meet(
        Stop(doors[0], "UPDATE refund"),
        by_hand.hand_back(replace(editor, database=doors[0]), refund, now=NOW),
        by_hand.hand_back(replace(other, database=doors[1]), refund, now=NOW),
    )
    assert ends == [None, Expired]


@POSTGRES
async def test_two_clocks_alert_of_different_refunds(database: Database) -> None:
    await refunds(database, 2)
    async with database.begin() as session:
        await session.execute(select(Refund).order_by(col(Refund.id)).limit(1).with_for_update())
        later = NOW + 2 * alerting.PATIENCE
        assert await alerting.alert_refunds(database, BOT, [], now=later) == 1


@POSTGRES
async def test_what_late_money_takes_again_is_sold_to_nobody_else(
    database: Database, doors: list[Database]
) -> None:
    """The last piece was seen on the shelf; so it is there when it is taken."""
    late, other = await some_people(database, 2)
    await a_deal(database, DealKind.FLASH, ((0, PRICE),), variant_stock=1)
    [variant] = await codes_of_variants(database)
    code = await checkout.buy_variant(late, variant, now=NOW)
    await sweeps.end_holds(database, now=NOW + 11 * MINUTE)
    charge = Charge("pretend", "c", "ch", code, "USD", 2_000)
    ends = await meet(
        Stop(doors[0], "UPDATE variant"),
        record_payment(replace(late, database=doors[0]), charge, now=NOW + 12 * MINUTE),
        checkout.buy_variant(replace(other, database=doors[1]), variant, now=NOW + 12 * MINUTE),
    )
    assert ends == [None, SoldOut]


async def test_two_taps_of_one_person_take_one_seat(database: Database) -> None:
    """Both have looked before either has the person's lock; the cap alone would let both in."""
    host, buyer = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((5, 1_500),), per_person=3)
    code = (await groups.open_group(host, deal.code, now=NOW)).group_code
    stop = Stop(database, "UPDATE group_buy")
    first = asyncio.create_task(groups.join_group(buyer, code, now=NOW))
    await stands(first, stop)
    second = asyncio.create_task(groups.join_group(buyer, code, now=NOW))
    await stands(second)
    stop.go.set()
    joined = await first
    with pytest.raises(Busy):
        await second
    assert await groups.join_group(buyer, code, now=NOW) == joined
