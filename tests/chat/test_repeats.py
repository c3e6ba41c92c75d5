"""An update that fails after its commit, or comes again, has its effect once and draws its card."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from bot.app import build
from bot.roles import Together, cashier, clock, courier
from bot.run import INBOX, OUTBOX, House, Part, door
from bot.worker import Worker
from storage.database import Database
from storage.inbox import Claimed
from storage.tables import Checkout, GroupBuy, Inbox, Order, Payment, Refund, Seat
from tests.chat.conftest import open_shop
from tests.chat.shop import Shop, shown
from tests.chat.test_group_story import join, ledger_sum, open_deal, pay_for, share

# What is typed is a form's answer: dialogue state, which no transaction holds.
PLAIN_TEXT = re.compile(r'\{"update_id": ?\d+, ?"message".*"text": ?"[^/]')


async def groups(shop: Shop) -> int:
    async with shop.database.read() as session:
        return (await session.execute(select(func.count()).select_from(GroupBuy))).scalar_one()


async def test_reply_that_fails_is_drawn_again_without_a_second_effect(shop: Shop) -> None:
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Two mugs")
    shop.world.faults.plan("500", method="editMessageMedia")
    checkout = await alice.tap(deal, "🎉")
    assert "Held for you" in shown(checkout)
    assert await groups(shop) == 1
    async with shop.database.read() as session:
        tries = (await session.execute(select(func.max(col(Inbox.attempts))))).scalar_one()
    assert tries == 2


@pytest.fixture
async def stammering_shop(database: Database, stocked: None) -> AsyncIterator[Shop]:
    """Presses and payments are handled twice, as after a crash between commit and end."""
    async with open_shop(database, (door, stammerer, clock, cashier, courier)) as opened:
        yield opened


async def stammerer(house: House) -> Part:
    app = await build(house.settings, house.database, house.clock, house.gate, house.redis)

    async def handle(claimed: Claimed) -> None:
        await app.handle(claimed)
        if not PLAIN_TEXT.match(claimed.raw):
            await app.handle(claimed)
        await house.bell(OUTBOX).ring()

    return Together(Worker(house.database, handle, house.bell(INBOX)), after=app.close)


async def test_presses_and_payments_handled_twice_change_the_database_once(
    stammering_shop: Shop,
) -> None:
    shop = stammering_shop
    alice, bob = shop.phone("Alice"), shop.phone("Bob")
    friends = shop.world.new_group("Tea friends", [alice.person, bob.person])
    await pay_for(alice, await alice.tap(await open_deal(alice, "Two mugs"), "🎉"))
    group = await alice.tap(await alice.wait_for_text("Your seat is paid"), "👥")
    await join(bob, await share(alice, group, friends))
    for phone in (alice, bob):
        await phone.wait_for_text("Group complete")
    made = await made_rows(shop)
    assert made == {"GroupBuy": 1, "Seat": 2, "Checkout": 2, "Payment": 2, "Order": 2, "Refund": 0}
    told = [shown(m) for m in bob.chat.messages.values()]
    assert [sum(words in t for t in told) for words in ("seat is paid", "Group complete")] == [1, 1]
    assert await ledger_sum(shop.database) == {}


async def made_rows(shop: Shop) -> dict[str, int]:
    async with shop.database.read() as session:
        return {
            table.__name__: (
                await session.execute(select(func.count()).select_from(table))
            ).scalar_one()
            for table in (GroupBuy, Seat, Checkout, Payment, Order, Refund)
        }
