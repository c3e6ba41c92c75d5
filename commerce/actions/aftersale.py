"""When an order is not wanted after all: cancelled, returned, or made cheaper by its brand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from commerce.actions import stock
from commerce.actions.giving_back import give_back_for, require_left
from commerce.actions.moving import (
    GAVE_BACK,
    bought_order,
    goods_of,
    lock_money,
    move_order,
    sold_order,
    tell_brand,
    tell_buyer,
    write_event,
)
from commerce.actions.receipts import require_in_time
from commerce.actor import Actor, begin
from commerce.refusals import Expired
from commerce.rules.orders import Hand, Move, may_give_back
from storage import posted
from storage.tables import Order, RefundReason


async def cancel_order(actor: Actor, code: str, *, now: datetime) -> None:
    """By its buyer, until it is packed. Raises NotFound, Expired.

    After a group succeeded too: the others keep their price.
    """
    async with begin(actor, f"order {code}") as session:
        order = await bought_order(session, actor, code)
        await _cancel(session, order, Hand.BUYER, actor, "", now)


async def call_off_order(actor: Actor, code: str, note: str, *, now: datetime) -> None:
    """By the brand's owner, until it is shipped. Raises NotFound, NotOwner, Expired."""
    async with begin(actor, f"sold {code}") as session:
        order, _ = await sold_order(session, actor, code, owner=True)
        await _cancel(session, order, Hand.OWNER, actor, note, now)


async def _cancel(
    session: AsyncSession, order: Order, hand: Hand, actor: Actor, note: str, now: datetime
) -> None:
    """All that is left of the money goes back, and the goods onto the shelf."""
    await lock_money(session, order)
    event = await move_order(session, order, Move.CANCEL, hand, actor=actor, now=now, note=note)
    goods = await goods_of(session, order)
    await stock.give_back_all(session, goods)
    left = order.total_minor - order.refunded_minor
    await give_back_for(session, order, event, RefundReason.CANCELLED, left, now=now)
    await tell_buyer(session, order, event, now=now)
    if hand == Hand.BUYER:
        await tell_brand(session, order, event, now=now)
    await posted.stale(session, "deal", *sorted(id_ for id_ in goods if id_ is not None))


async def ask_return(actor: Actor, code: str, reason: str, *, now: datetime) -> None:
    """The buyer wants to send it back. Raises NotFound, Expired, ReturnOver."""
    async with begin(actor, f"order {code}") as session:
        order = await bought_order(session, actor, code)
        require_in_time(order, now)
        event = await move_order(
            session, order, Move.ASK_RETURN, Hand.BUYER, actor=actor, now=now, note=reason
        )
        await tell_brand(session, order, event, now=now)


async def keep_order(actor: Actor, code: str, *, now: datetime) -> None:
    """The buyer keeps it after all. Raises NotFound, Expired."""
    async with begin(actor, f"order {code}") as session:
        order = await bought_order(session, actor, code)
        event = await move_order(session, order, Move.KEEP, Hand.BUYER, actor=actor, now=now)
        await tell_brand(session, order, event, now=now)


async def take_back(actor: Actor, code: str, amount_minor: int, *, now: datetime) -> None:
    """It is back: `amount_minor` goes to the buyer, all that is left or a part of it.

    Whether it can be sold again is for the brand to see, so the stock stays as it is.
    Raises NotFound, NotOwner, Expired, MoreThanLeft.
    """
    async with begin(actor, f"sold {code}") as session:
        order, _ = await sold_order(session, actor, code, owner=True)
        await lock_money(session, order)
        event = await move_order(session, order, Move.TAKE_BACK, Hand.OWNER, actor=actor, now=now)
        await require_left(session, order, amount_minor)
        await give_back_for(session, order, event, RefundReason.RETURNED, amount_minor, now=now)
        await tell_buyer(session, order, event, now=now)


async def give_part_back(
    actor: Actor, code: str, amount_minor: int, note: str, *, seen_minor: int, now: datetime
) -> None:
    """The owner's goodwill; `seen_minor` had been given back when they decided.

    Raises NotFound, NotOwner, Expired, MoreThanLeft.
    """
    async with begin(actor, f"sold {code}") as session:
        order, _ = await sold_order(session, actor, code, owner=True)
        await lock_money(session, order)
        await require_left(session, order, amount_minor, seen_minor=seen_minor)
        if not may_give_back(order.state, order.total_minor, order.refunded_minor):
            raise Expired
        event = await write_event(session, order, GAVE_BACK, actor, now=now, note=note)
        await give_back_for(session, order, event, RefundReason.GOODWILL, amount_minor, now=now)
        await tell_buyer(session, order, event, now=now)
