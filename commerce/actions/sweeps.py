"""What is due at `now`: holds, groups and deals whose time is over, receipts, late money."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.deciding import decide_group
from commerce.actions.fulfilment import receive_by_clock
from commerce.actions.holding import HELD, release
from commerce.actions.late import no_longer_late
from commerce.actions.refunding import send_back
from commerce.actions.telling import Message, tell
from commerce.refusals import Expired
from commerce.rules.orders import AUTO_RECEIPT
from storage import posted
from storage.database import Database
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    Deal,
    DealState,
    GroupBuy,
    GroupState,
    Order,
    OutboxClass,
    Payment,
    PaymentState,
    Product,
    RefundReason,
    Seat,
    Variant,
    Waiter,
)
from storage.tables.checkout import ON_ITS_WAY

log = logging.getLogger(__name__)

BATCH = 200

Swept = type[Checkout] | type[GroupBuy] | type[Deal] | type[Order] | type[Payment]


async def end_holds(database: Database, *, now: datetime) -> int:
    """Gives back what was held past its time, one transaction each. How many."""

    async def end(checkout_id: int) -> None:
        async with database.begin() as session:
            checkout = await session.get_one(Checkout, checkout_id)
            by_hand = checkout.state == CheckoutState.BY_HAND
            if await release(session, checkout, now=now, due=now):
                await _tell_hold_over(session, checkout, by_hand, now)

    due = col(Checkout.state).in_(HELD) & (col(Checkout.expires_at) <= now)
    return await _each(database, Checkout, due, end)


async def _tell_hold_over(
    session: AsyncSession, checkout: Checkout, by_hand: bool, now: datetime
) -> None:
    """Nothing was charged, and where to begin again: the group, the deal or the product."""
    rows = await session.execute(
        select(
            col(Product.title),
            col(Product.code),
            col(Deal.code),
            col(GroupBuy.code),
            col(Waiter.id),
        )
        .select_from(CheckoutLine)
        .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Deal, col(Deal.id) == col(CheckoutLine.deal_id), isouter=True)
        .join(Seat, col(Seat.id) == checkout.seat_id, isouter=True)
        .join(GroupBuy, col(GroupBuy.id) == col(Seat.group_id), isouter=True)
        .join(Waiter, col(Waiter.seat_id) == checkout.seat_id, isouter=True)
        .where(col(CheckoutLine.checkout_id) == checkout.id)
        .limit(1)
    )
    title, product, deal, group, waiter = rows.one()
    kept = checkout.invoiced or waiter is not None  # longer than ten minutes
    facts = {
        "title": title.to_json(),
        "product": product,
        "deal": deal,
        "group": group,
        "by_hand": by_hand,
    }
    message = Message(
        checkout.bot_id,
        checkout.person_id,
        "seat_passed_on" if kept else "hold_over",
        facts,
        f"hold-over:{checkout.id}",
    )
    await tell(session, [message], now=now, kind=OutboxClass.ANNOUNCEMENT)


async def close_groups(database: Database, *, now: datetime) -> int:
    """Decides every open group whose deadline has come, one transaction each. How many."""

    async def close(group_id: int) -> None:
        await decide_group(database, group_id, now=now)

    due = (col(GroupBuy.state) == GroupState.OPEN) & (col(GroupBuy.ends_at) <= now)
    return await _each(database, GroupBuy, due, close)


async def end_deals(database: Database, *, now: datetime) -> int:
    """Marks deals whose window is over, and every copy of their cards. How many."""
    due = col(Deal.state).in_([DealState.LIVE, DealState.PAUSED]) & (col(Deal.ends_at) <= now)

    async def end(deal_id: int) -> None:
        async with database.begin() as session:
            await session.execute(
                update(Deal).where(col(Deal.id) == deal_id, due).values(state=DealState.ENDED)
            )
            await posted.stale(session, "deal", deal_id)

    return await _each(database, Deal, due, end)


async def receive_orders(database: Database, *, now: datetime) -> int:
    """Counts as received what was sent 14 days ago, one transaction each. How many."""
    on_its_way: ColumnElement[bool] = text(ON_ITS_WAY)  # type: ignore[assignment]
    due = and_(on_its_way, col(Order.shipped_at) <= now - AUTO_RECEIPT)

    async def receive(order_id: int) -> None:
        with suppress(Expired):  # another clock, or the buyer, was faster
            await receive_by_clock(database, order_id, now=now)

    return await _each(database, Order, due, receive)


async def end_choices(database: Database, *, now: datetime) -> int:
    """Sends late money back whose payer has not chosen in time, one transaction each. How many."""

    async def end(payment_id: int) -> None:
        async with database.begin() as session:
            payment = await no_longer_late(session, col(Payment.id) == payment_id, due)
            if payment is not None:
                await send_back(session, payment, RefundReason.CHOSEN, now=now)

    due = (col(Payment.state) == PaymentState.LATE) & (col(Payment.decide_by) <= now)
    return await _each(database, Payment, due, end)


async def _each(
    database: Database,
    table: Swept,
    due: ColumnElement[bool],
    settle: Callable[[int], Awaitable[None]],
) -> int:
    """Settles a batch of what is due. A row that fails stands in no other's way."""
    done, last = 0, 0
    while done < BATCH and (ids := await _due(database, table, due, last)):
        for id_ in ids:
            try:
                await settle(id_)
            except Exception as error:
                log.warning("%s %d is not settled", table.__tablename__, id_, exc_info=error)
            else:
                done += 1
        last = ids[-1]
    return done


async def _due(database: Database, table: Swept, due: ColumnElement[bool], after: int) -> list[int]:
    statement = select(col(table.id)).where(due, col(table.id) > after).order_by(col(table.id))
    async with database.read() as session:
        found = (await session.execute(statement.limit(BATCH))).scalars()
        return [id_ for id_ in found if id_ is not None]
