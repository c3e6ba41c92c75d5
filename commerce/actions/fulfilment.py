"""From paid to received: a brand packs and ships, the buyer or the clock confirms."""

from __future__ import annotations

from datetime import datetime

from commerce.actions.moving import (
    bought_order,
    move_order,
    sold_order,
    tell_brand,
    tell_buyer,
)
from commerce.actor import Actor, begin
from commerce.rules.orders import AUTO_RECEIPT, Hand, Move
from storage.database import Database
from storage.tables import Order


async def pack_order(actor: Actor, code: str, *, now: datetime) -> None:
    """From here on the buyer cannot cancel any more. Raises NotFound, Expired."""
    async with begin(actor, f"sold {code}") as session:
        order, _ = await sold_order(session, actor, code)
        event = await move_order(session, order, Move.PACK, Hand.STAFF, actor=actor, now=now)
        await tell_buyer(session, order, event, now=now)


async def ship_order(
    actor: Actor, code: str, carrier: str, tracking: str, *, now: datetime
) -> None:
    """`carrier` and `tracking` as the buyer shall read them. Raises NotFound, Expired."""
    async with begin(actor, f"sold {code}") as session:
        order, _ = await sold_order(session, actor, code)
        event = await move_order(
            session,
            order,
            Move.SHIP,
            Hand.STAFF,
            actor=actor,
            now=now,
            note=" ".join(part for part in (carrier, tracking) if part),
            carrier=carrier,
            tracking=tracking,
            shipped_at=now,
        )
        await tell_buyer(session, order, event, now=now)


async def confirm_receipt(actor: Actor, code: str, *, now: datetime) -> None:
    """The buyer has it. Raises NotFound, Expired."""
    async with begin(actor, f"order {code}") as session:
        order = await bought_order(session, actor, code)
        event = await move_order(
            session, order, Move.RECEIVE, Hand.BUYER, actor=actor, now=now, received_at=now
        )
        await tell_brand(session, order, event, now=now)


async def receive_by_clock(database: Database, order_id: int, *, now: datetime) -> None:
    """Nobody said anything for 14 days: it counts as received. Raises Expired when moved."""
    async with database.begin() as session:
        order = await session.get_one(Order, order_id)
        assert order.shipped_at is not None
        event = await move_order(
            session,
            order,
            Move.RECEIVE,
            Hand.CLOCK,
            actor=None,
            now=now,
            received_at=order.shipped_at + AUTO_RECEIPT,
        )
        await tell_buyer(session, order, event, now=now)
        await tell_brand(session, order, event, now=now)
