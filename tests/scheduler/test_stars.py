"""Stars: a payment that never came as an update is found, and a refund is made once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.actions import stars as reading
from commerce.actions.checkout import buy_flash, prepare_invoice, show_checkout
from commerce.actions.comparing import Theirs, ours_and_theirs
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.payment import Provider
from playground.payments import star_balance, withdraw_stars
from playground.server import Running
from playground.things import Person
from playground.world import World
from scheduler.cashier import Cashier
from scheduler.providers import RefundProvider
from scheduler.providers.credit import StoreCredit
from scheduler.providers.stars import Stars
from scheduler.stars import StarReader
from storage.database import Database
from storage.redis import MemoryBell
from storage.tables import (
    Brand,
    DealKind,
    Order,
    Payment,
    Refund,
    RefundReason,
    RefundState,
    StarCursor,
)
from tests.commerce.people import BOT, NOW, a_deal, some_people
from tests.scheduler.conftest import Turnable
from tests.scheduler.paying import Till

PRICE = 50


@pytest.fixture
async def till(table: Running) -> AsyncIterator[Till]:
    async with ClientSession() as session:
        yield Till(table, session)


@pytest.fixture
async def stars(table: Running) -> AsyncIterator[Stars]:
    opened = Stars(table.base_url, table.world.bot.token)
    yield opened
    await opened.close()


@pytest.fixture
async def buyer(database: Database, world: World) -> Actor:
    """Somebody with a checkout to pay in Stars, known to Telegram by the same number."""
    [someone] = await some_people(database, 1)
    world.new_person("P0", id=someone.telegram_id)
    return someone


@pytest.fixture
def payer(buyer: Actor, world: World) -> Person:
    return world.people[buyer.telegram_id]


async def a_checkout(database: Database, buyer: Actor) -> str:
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    async with database.begin() as session:
        await session.execute(update(Brand).values(currency="XTR", shipping_minor=400))
    return await buy_flash(buyer, deal.code, now=NOW)


def reader(database: Database, stars: Stars, clock: Turnable) -> StarReader:
    return StarReader(database, BOT, stars, now=clock, bell=MemoryBell())


async def count(database: Database, table: type) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def position(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(col(StarCursor.position)))).scalar_one()


async def test_digital_goods_need_no_address_and_no_shipping(
    database: Database, buyer: Actor
) -> None:
    code = await a_checkout(database, buyer)
    view = await show_checkout(buyer, code)
    assert (view.ways.stars, view.total_minor, view.shipping_minor) == (True, PRICE, 0)
    invoice = await prepare_invoice(buyer, code, Provider("telegram", ""), now=NOW)
    assert (invoice.currency, invoice.items_minor) == ("XTR", PRICE)
    assert Provider("telegram", "t").for_currency("XTR") == Provider("stars", "")


async def test_payment_without_an_update_is_found_once_by_two_clocks(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
) -> None:
    code = await a_checkout(database, buyer)
    paid = await till.paid_in_stars(payer, code, PRICE)
    assert paid.ok
    readers = [reader(database, stars, clock) for _ in range(2)]
    seen = await asyncio.gather(*(r.step() for r in readers))
    assert sorted(seen) == [0, 1]
    assert (await count(database, Payment), await count(database, Order)) == (1, 1)
    assert (await show_checkout(buyer, code)).paid
    assert await position(database) == 1
    assert [await r.step() for r in readers] == [0, 0]
    clock.turn(601)
    assert sum([await r.step() for r in readers]) == 0
    assert await count(database, Payment) == 1


async def test_update_and_list_at_the_same_moment_are_one_payment(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
) -> None:
    code = await a_checkout(database, buyer)
    paid = await till.paid_in_stars(payer, code, PRICE)
    charge = Charge("stars", paid.charge_id, paid.provider_charge_id, code, "XTR", PRICE)
    await asyncio.gather(
        reader(database, stars, clock).step(), record_payment(buyer, charge, now=clock())
    )
    assert (await count(database, Payment), await count(database, Order)) == (1, 1)
    assert await count(database, Refund) == 0


async def test_reader_that_died_reads_its_page_again(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Died between the first line and the second, of three."""
    await a_checkout(database, buyer)
    for n in range(3):
        await till.paid_in_stars(payer, f"nothing-{n}", PRICE)
    record, seen = reading._record, []

    async def dying(*args: object) -> None:
        seen.append(args)
        if len(seen) == 2:
            raise RuntimeError
        await record(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "_record", dying)
    with pytest.raises(RuntimeError):
        await reader(database, stars, clock).step()
    assert (await count(database, Payment), await position(database)) == (1, 0)
    clock.turn(601)
    assert await reader(database, stars, clock).step() == 3
    assert (await count(database, Payment), await count(database, Refund)) == (3, 3)


async def test_list_is_read_in_pages(
    database: Database, buyer: Actor, payer: Person, till: Till, stars: Stars, clock: Turnable
) -> None:
    await a_checkout(database, buyer)
    for n in range(3):
        await till.paid_in_stars(payer, f"nothing-{n}", PRICE)
    assert [len(await stars.listed(n)) for n in range(4)] == [3, 2, 1, 0]


async def test_shop_without_stars_asks_nothing(
    database: Database, stars: Stars, clock: Turnable, world: World
) -> None:
    await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    assert await reader(database, stars, clock).step() == 0
    assert world.calls == type(world.calls)()


async def refund_due(
    database: Database, buyer: Actor, payer: Person, till: Till, clock: Turnable
) -> None:
    paid = await till.paid_in_stars(payer, "nothing", PRICE)
    charge = Charge("stars", paid.charge_id, "", "nothing", "XTR", PRICE)
    await record_payment(buyer, charge, now=clock())


def cashier(database: Database, stars: Stars, clock: Turnable) -> Cashier:
    providers: dict[str, RefundProvider] = {"stars": stars, "credit": StoreCredit()}
    return Cashier(database, providers, now=clock, bell=MemoryBell())


async def the_refund(database: Database) -> Refund:
    async with database.read() as session:
        return (await session.execute(select(Refund))).scalar_one()


async def test_stars_go_back_once_though_the_answer_was_lost(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
    world: World,
) -> None:
    await refund_due(database, buyer, payer, till, clock)
    [charge] = world.charges.values()
    params = {"user_id": payer.id, "telegram_payment_charge_id": charge.charge_id}
    await till.call("refundStarPayment", params)  # done, and its answer lost
    assert await cashier(database, stars, clock).step() == 1
    refund = await the_refund(database)
    assert (refund.state, refund.reason) == (RefundState.DONE, RefundReason.TOO_LATE)
    assert star_balance(world, world.bot.id) == 0


async def test_too_few_stars_wait_until_there_are_enough(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
    world: World,
) -> None:
    await refund_due(database, buyer, payer, till, clock)
    withdraw_stars(world, world.bot.id, 1)
    desk = cashier(database, stars, clock)
    await desk.step()
    waiting = await the_refund(database)
    assert waiting.state == RefundState.DUE
    assert "BALANCE_TOO_LOW" in (waiting.error or "")
    withdraw_stars(world, world.bot.id, -1)
    clock.turn(60)
    await desk.step()
    assert (await the_refund(database)).state == RefundState.DONE


async def test_refund_seen_in_the_list_settles_its_job(
    database: Database,
    buyer: Actor,
    payer: Person,
    till: Till,
    stars: Stars,
    clock: Turnable,
    world: World,
) -> None:
    await a_checkout(database, buyer)
    await refund_due(database, buyer, payer, till, clock)
    [charge] = world.charges.values()
    params = {"user_id": payer.id, "telegram_payment_charge_id": charge.charge_id}
    await till.call("refundStarPayment", params)
    assert await reader(database, stars, clock).step() == 2
    assert (await the_refund(database)).state == RefundState.DONE
    assert await cashier(database, stars, clock).step() == 0


async def test_forged_part_of_stars_is_not_asked_of_telegram(
    database: Database, buyer: Actor, payer: Person, till: Till, stars: Stars, clock: Turnable
) -> None:
    await refund_due(database, buyer, payer, till, clock)
    desk = cashier(database, stars, clock)
    async with database.begin() as session:
        await session.execute(update(Refund).values(amount_minor=PRICE - 1))
    await desk.step()
    assert (await the_refund(database)).error == "Stars go back as a whole only"


async def test_payer_whom_the_shop_never_met_is_written_down(
    database: Database, buyer: Actor, till: Till, stars: Stars, clock: Turnable, world: World
) -> None:
    """A forwarded invoice is paid by somebody else: the Stars are theirs."""
    code = await a_checkout(database, buyer)
    stranger = world.new_person("Zoe", id=77)
    await till.paid_in_stars(stranger, code, PRICE)
    assert await reader(database, stars, clock).step() == 1
    async with database.read() as session:
        payment = (await session.execute(select(Payment))).scalar_one()
    assert payment.person_id != replace(buyer).person_id


async def test_every_page_of_the_list_is_compared(
    database: Database, payer: Person, till: Till, stars: Stars, world: World
) -> None:
    paid = [await till.paid_in_stars(payer, f"nothing-{n}", PRICE) for n in range(2)]
    params = {"user_id": payer.id, "telegram_payment_charge_id": paid[0].charge_id}
    await till.call("refundStarPayment", params)
    withdraw_stars(world, world.bot.id, 1)
    listed = await stars.charges()
    assert listed == [
        Theirs(paid[0].charge_id, PRICE, PRICE),
        Theirs(paid[1].charge_id, PRICE, 0),
    ]
    found = await ours_and_theirs(database, "stars", listed, complete=stars.complete)
    assert [one.found for one in found] == ["missing", "missing"]
