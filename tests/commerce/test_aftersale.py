"""Orders after the sale: who may do what, what goes back, what is told, and when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from commerce.actions import aftersale, checkout, fulfilment, receipts, sweeps
from commerce.actor import Actor
from commerce.refusals import Expired, MoreThanLeft, NotFound, NotOwner, OverLimit, ReturnOver
from commerce.rules.orders import AUTO_RECEIPT, RETURNING, Move
from storage.database import Database
from storage.tables import Order, OrderState, RefundReason
from tests.commerce.people import NOW
from tests.commerce.sold import (
    DAY,
    PRICE,
    STOCK,
    a_full_group,
    a_sale,
    books,
    bring,
)

Act = Callable[[Actor, str], Awaitable[Any]]
MISSING = "zzzzzzzzzzzz"
LATER = NOW + timedelta(hours=1)

BUYERS: dict[str, tuple[OrderState, Act]] = {
    "receipt_of": (OrderState.PAID, lambda a, c: receipts.receipt_of(a, c, now=LATER)),
    "cancel_order": (OrderState.PAID, lambda a, c: aftersale.cancel_order(a, c, now=LATER)),
    "confirm_receipt": (
        OrderState.SHIPPED,
        lambda a, c: fulfilment.confirm_receipt(a, c, now=LATER),
    ),
    "require_return": (
        OrderState.RECEIVED,
        lambda a, c: receipts.require_return(a, c, now=LATER),
    ),
    "ask_return": (
        OrderState.RECEIVED,
        lambda a, c: aftersale.ask_return(a, c, "broken", now=LATER),
    ),
    "keep_order": (OrderState.RETURNING, lambda a, c: aftersale.keep_order(a, c, now=LATER)),
}
BRANDS: dict[str, tuple[OrderState, Act]] = {
    "sold_receipt": (OrderState.PAID, lambda a, c: receipts.sold_receipt(a, c, now=LATER)),
    "pack_order": (OrderState.PAID, lambda a, c: fulfilment.pack_order(a, c, now=LATER)),
    "ship_order": (
        OrderState.PACKED,
        lambda a, c: fulfilment.ship_order(a, c, "DHL", "JD01", now=LATER),
    ),
}
OWNERS: dict[str, tuple[OrderState, Act]] = {
    "call_off_order": (
        OrderState.PACKED,
        lambda a, c: aftersale.call_off_order(a, c, "gone", now=LATER),
    ),
    "take_back": (
        OrderState.RETURNING,
        lambda a, c: aftersale.take_back(a, c, PRICE, now=LATER),
    ),
    "give_part_back": (
        OrderState.SHIPPED,
        lambda a, c: aftersale.give_part_back(a, c, 1, "", seen_minor=0, now=LATER),
    ),
    "require_give_back": (
        OrderState.SHIPPED,
        lambda a, c: receipts.require_move(a, c, None, now=LATER),
    ),
}
EVERY = BUYERS | BRANDS | OWNERS


@pytest.mark.parametrize("name", EVERY)
async def test_matrix_of_rights(database: Database, name: str) -> None:
    state, act = EVERY[name]
    sold = await a_sale(database, state)
    house = sold.house
    people: dict[str, tuple[Actor, type[Exception] | None]] = {
        "other brand's owner": (house.other, NotFound),
        "operator": (sold.operator, NotFound),
        "buyer": (house.shopper, None if name in BUYERS else NotFound),
        "editor": (
            house.editor,
            None if name in BRANDS else NotOwner if name in OWNERS else NotFound,
        ),
        "owner": (house.owner, NotFound if name in BUYERS else None),
    }
    for actor, refusal in sorted(people.values(), key=lambda who: who[1] is None):
        if refusal is None:
            continue
        with pytest.raises(refusal):
            await act(actor, sold.code)
    before = await books(database)
    assert (before.state, before.refunded) == (state, 0)
    allowed = [actor for actor, refusal in people.values() if refusal is None]
    with pytest.raises(NotFound):
        await act(allowed[0], MISSING)
    await act(allowed[0], sold.code)


@pytest.mark.parametrize("name", sorted(set(EVERY) - {"receipt_of", "sold_receipt"}))
async def test_stale_press_changes_nothing(database: Database, name: str) -> None:
    """Whatever was pressed for an order that is cancelled meanwhile."""
    sold = await a_sale(database, OrderState.CANCELLED)
    before = await books(database)
    actor = sold.buyer if name in BUYERS else sold.house.owner
    with pytest.raises((Expired, MoreThanLeft)):
        await EVERY[name][1](actor, sold.code)
    assert await books(database) == before


async def test_cancelled_order_gives_back_money_and_goods(database: Database) -> None:
    sold = await a_sale(database)
    paid = await books(database)
    assert (paid.variant_left, paid.deal_left) == (STOCK - 1, STOCK - 1)
    await aftersale.cancel_order(sold.buyer, sold.code, now=LATER)
    after = await books(database)
    assert (after.state, after.refunded) == (OrderState.CANCELLED, PRICE)
    assert after.refunds == [(RefundReason.CANCELLED, PRICE)]
    assert after.accounts == {"provider": PRICE, "refunds": -PRICE}
    assert (after.variant_left, after.deal_left) == (STOCK, STOCK)
    assert after.told == [
        ("P2", "order_moved", "cancel"),
        ("P0", "sold_order_moved", "cancel"),
        ("P1", "sold_order_moved", "cancel"),
    ]


async def test_who_cancelled_may_buy_again(database: Database) -> None:
    sold = await a_sale(database)
    with pytest.raises(OverLimit):
        await checkout.buy_flash(sold.buyer, sold.house.codes["deal"], now=LATER)
    await aftersale.cancel_order(sold.buyer, sold.code, now=LATER)
    assert await checkout.buy_flash(sold.buyer, sold.house.codes["deal"], now=LATER)


async def test_owner_calls_off_what_cannot_be_sent(database: Database) -> None:
    sold = await a_sale(database, OrderState.PACKED)
    await aftersale.call_off_order(sold.house.owner, sold.code, "The kiln broke", now=LATER)
    after = await books(database)
    assert (after.state, after.refunds) == (
        OrderState.CANCELLED,
        [(RefundReason.CANCELLED, PRICE)],
    )
    assert after.told[-1] == ("P2", "order_moved", "cancel")
    receipt = await receipts.receipt_of(sold.buyer, sold.code, now=LATER)
    assert receipt.events[-1].note == "The kiln broke"


async def test_buyer_cancels_after_a_group_without_changing_the_others(
    database: Database,
) -> None:
    house, codes = await a_full_group(database)
    await aftersale.cancel_order(house.shopper, codes[0], now=NOW + DAY)
    async with database.read() as session:
        rows = await session.execute(
            select(col(Order.state), col(Order.total_minor), col(Order.refunded_minor)).order_by(
                col(Order.id)
            )
        )
        orders = [tuple(row) for row in rows]
    assert orders == [
        (OrderState.CANCELLED, PRICE, PRICE),
        (OrderState.PAID, PRICE, 0),
        (OrderState.PAID, PRICE, 0),
    ]


async def test_part_goes_back_and_then_the_rest(database: Database) -> None:
    sold = await a_sale(database)
    owner, code = sold.house.owner, sold.code
    await aftersale.give_part_back(owner, code, 200, "Sorry", seen_minor=0, now=LATER)
    await aftersale.give_part_back(owner, code, 300, "", seen_minor=200, now=LATER)
    with pytest.raises(MoreThanLeft) as most:
        await aftersale.give_part_back(owner, code, 1_001, "", seen_minor=500, now=LATER)
    assert (most.value.left_minor, most.value.currency) == (1_000, "USD")
    await aftersale.cancel_order(sold.buyer, code, now=LATER)
    after = await books(database)
    assert after.refunds == [
        (RefundReason.GOODWILL, 200),
        (RefundReason.GOODWILL, 300),
        (RefundReason.CANCELLED, 1_000),
    ]
    assert after.accounts == {"provider": PRICE, "refunds": -PRICE}
    assert [move for _, notice, move in after.told if notice == "order_moved"] == [
        "give_back",
        "give_back",
        "cancel",
    ]


async def test_amount_decided_upon_an_old_card_is_refused(database: Database) -> None:
    """Pressed twice: the second time the order has given back more than was seen."""
    sold = await a_sale(database)
    await aftersale.give_part_back(sold.house.owner, sold.code, 200, "", seen_minor=0, now=LATER)
    with pytest.raises(Expired):
        await aftersale.give_part_back(
            sold.house.owner, sold.code, 200, "", seen_minor=0, now=LATER
        )
    assert (await books(database)).refunded == 200


@pytest.mark.parametrize("part", [PRICE, 900])
async def test_returned_order_is_paid_back_whole_or_in_part(database: Database, part: int) -> None:
    sold = await a_sale(database, OrderState.RECEIVED)
    await aftersale.ask_return(sold.buyer, sold.code, "It came broken", now=LATER)
    await aftersale.take_back(sold.house.owner, sold.code, part, now=LATER)
    after = await books(database)
    assert (after.state, after.refunded) == (OrderState.RETURNED, part)
    assert after.refunds == [(RefundReason.RETURNED, part)]
    assert after.variant_left == STOCK - 1  # whether it can be sold again is for the brand to see
    assert after.told[-3:] == [
        ("P0", "sold_order_moved", "ask_return"),
        ("P1", "sold_order_moved", "ask_return"),
        ("P2", "order_moved", "take_back"),
    ]


async def test_return_of_more_than_is_left_is_refused(database: Database) -> None:
    sold = await a_sale(database, OrderState.RETURNING)
    with pytest.raises(MoreThanLeft):
        await aftersale.take_back(sold.house.owner, sold.code, PRICE + 1, now=LATER)
    assert (await books(database)).state == OrderState.RETURNING


async def test_database_refuses_more_than_the_total(database: Database) -> None:
    await a_sale(database)
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.execute(update(Order).values(refunded_minor=PRICE + 1))


async def test_return_is_asked_for_within_two_weeks(database: Database) -> None:
    sold = await a_sale(database, OrderState.RECEIVED)
    over = NOW + RETURNING + timedelta(seconds=1)
    with pytest.raises(ReturnOver):
        await receipts.require_return(sold.buyer, sold.code, now=over)
    with pytest.raises(ReturnOver):
        await aftersale.ask_return(sold.buyer, sold.code, "late", now=over)
    await aftersale.ask_return(sold.buyer, sold.code, "in time", now=NOW + RETURNING)
    await aftersale.keep_order(sold.buyer, sold.code, now=over)
    assert (await books(database)).state == OrderState.RECEIVED


async def test_what_is_sent_counts_as_received_after_two_weeks(database: Database) -> None:
    """By two clocks at once: one event, and everybody told once."""
    sold = await a_sale(database, OrderState.SHIPPED)
    early, due = NOW + AUTO_RECEIPT - timedelta(seconds=1), NOW + AUTO_RECEIPT
    assert await sweeps.receive_orders(database, now=early) == 0
    await asyncio.gather(*(sweeps.receive_orders(database, now=due) for _ in range(2)))
    assert await sweeps.receive_orders(database, now=due + DAY) == 0
    after = await books(database)
    assert after.state == OrderState.RECEIVED
    assert after.events == ["pack", "ship", "receive"]
    assert after.told[-3:] == [
        ("P2", "order_moved", "receive"),
        ("P0", "sold_order_moved", "receive"),
        ("P1", "sold_order_moved", "receive"),
    ]
    receipt = await receipts.receipt_of(sold.buyer, sold.code, now=due)
    assert receipt.moves == {Move.ASK_RETURN}


async def test_receipt_lists_every_step(database: Database) -> None:
    sold = await a_sale(database, OrderState.SHIPPED)
    receipt = await receipts.receipt_of(sold.buyer, sold.code, now=LATER)
    assert [(line.quantity, line.unit_minor) for line in receipt.lines] == [(1, PRICE)]
    assert (receipt.carrier, receipt.tracking) == ("DHL", "JD01")
    assert receipt.moves == {Move.RECEIVE}
    assert [(e.kind, e.note) for e in receipt.events] == [("pack", ""), ("ship", "DHL JD01")]
    for person in (sold.house.editor, sold.house.owner):
        seen = await receipts.sold_receipt(person, sold.code, now=LATER)
        assert seen.moves == set()
        assert seen.may_give_back == (person is sold.house.owner)


@pytest.mark.parametrize("state", list(OrderState))
async def test_ledger_is_in_balance_in_every_state(database: Database, state: OrderState) -> None:
    sold = await a_sale(database, OrderState.PAID)
    await bring(sold, state)
    after = await books(database)
    assert after.state == state
    gone = sum(amount for _, amount in after.refunds)
    assert after.refunded == gone
    left = {"provider": PRICE, "brand": gone - PRICE, "refunds": -gone}
    assert after.accounts == {kind: total for kind, total in left.items() if total}
