"""Two hands on one order at the same moment: one of them moves it, the other sees it anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, true

from commerce.actions import aftersale, fulfilment, giving_back, moving
from commerce.actor import Actor
from commerce.refusals import Expired, MoreThanLeft
from commerce.rules.orders import AUTO_RECEIPT, Hand, Move
from storage.database import Database, open_database
from storage.tables import OrderState, RefundReason
from tests.commerce.people import NOW
from tests.commerce.sold import PRICE, STOCK, Books, Sold, a_sale, books

Step = Callable[[Actor, Actor, str], Awaitable[object]]  # the buyer, the owner, the order
DUE = NOW + AUTO_RECEIPT

RACES: dict[str, tuple[OrderState, Step, Step]] = {
    "cancel and pack": (
        OrderState.PAID,
        lambda b, o, c: aftersale.cancel_order(b, c, now=NOW),
        lambda b, o, c: fulfilment.pack_order(o, c, now=NOW),
    ),
    "cancel twice": (
        OrderState.PAID,
        lambda b, o, c: aftersale.cancel_order(b, c, now=NOW),
        lambda b, o, c: aftersale.cancel_order(b, c, now=NOW),
    ),
    "call off and ship": (
        OrderState.PACKED,
        lambda b, o, c: aftersale.call_off_order(o, c, "gone", now=NOW),
        lambda b, o, c: fulfilment.ship_order(o, c, "DHL", "JD01", now=NOW),
    ),
    "take back twice": (
        OrderState.RETURNING,
        lambda b, o, c: aftersale.take_back(o, c, 700, now=NOW),
        lambda b, o, c: aftersale.take_back(o, c, 700, now=NOW),
    ),
    "receipt by buyer and by clock": (
        OrderState.SHIPPED,
        lambda b, o, c: fulfilment.confirm_receipt(b, c, now=DUE),
        lambda b, o, c: fulfilment.receive_by_clock(o.database, 1, now=DUE),
    ),
}


@pytest.fixture
async def doors(database_url: str, database: Database) -> AsyncIterator[list[Database]]:
    """Two programs beside the test's own."""
    async with AsyncExitStack() as stack:
        opened = [open_database(database_url, pool_size=2) for _ in range(2)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


async def both(sold: Sold, doors: list[Database], first: Step, second: Step) -> list[object]:
    """What each of two steps ended with, begun at two doors at once: None is done."""
    tasks = [
        step(
            replace(sold.buyer, database=door), replace(sold.house.owner, database=door), sold.code
        )
        for step, door in zip((first, second), doors, strict=True)
    ]
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    return [type(end) if isinstance(end, Exception) else end for end in ends]


async def raced(database: Database, doors: list[Database], name: str) -> tuple[list[object], Books]:
    state, first, second = RACES[name]
    sold = await a_sale(database, state)
    return await both(sold, doors, first, second), await books(database)


@pytest.mark.parametrize("name", RACES)
async def test_one_of_two_moves_the_order(
    database: Database, doors: list[Database], name: str
) -> None:
    ends, after = await raced(database, doors, name)
    assert len([end for end in ends if end is Expired]) == 1
    gone = sum(amount for _, amount in after.refunds)
    assert (after.refunded, len(after.refunds)) == (gone, 1 if gone else 0)
    whole = after.state == OrderState.CANCELLED
    assert after.variant_left == STOCK - (not whole)
    assert len(after.events) == len(set(after.events))


def anywhere(move: Move, hand: Hand) -> ColumnElement[bool]:
    """`stands_at` that believes what was read before."""
    return true()


@pytest.mark.parametrize("name", ["cancel and pack", "call off and ship", "take back twice"])
async def test_without_the_guard_both_move_it(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(moving, "stands_at", anywhere)
    ends, _ = await raced(database, doors, name)
    assert [end for end in ends if end is Expired] == []


async def give_twice(database: Database, doors: list[Database], seen: int) -> list[object]:
    """The owner gives 10.00 of 15.00 back at two phones at once."""
    sold = await a_sale(database)

    def step(buyer: Actor, owner: Actor, code: str) -> Awaitable[None]:
        return aftersale.give_part_back(owner, code, 1_000, "", seen_minor=seen, now=NOW)

    return await both(sold, doors, step, step)


async def test_two_parts_at_once_are_one(database: Database, doors: list[Database]) -> None:
    ends = await give_twice(database, doors, 0)
    assert sorted(map(str, ends)) == sorted(map(str, [None, Expired]))
    assert (await books(database)).refunds == [(RefundReason.GOODWILL, 1_000)]


async def test_without_what_was_seen_the_total_still_holds(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = giving_back.still_left
    monkeypatch.setattr(giving_back, "still_left", lambda amount, seen: whole(amount, None))
    ends = await give_twice(database, doors, 0)
    assert [end for end in ends if end is None] == [None]
    assert (await books(database)).refunded == 1_000


async def test_without_its_guard_only_the_check_of_the_table_is_left(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_back, "still_left", lambda amount, seen: [true()])
    ends = await give_twice(database, doors, 0)
    assert {end for end in ends if end is not None}.isdisjoint({Expired, MoreThanLeft})
    assert (await books(database)).refunded <= PRICE
