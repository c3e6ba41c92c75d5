"""What is due at `now`: holds that end, groups and deals whose time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions.deciding import decide_group
from commerce.actions.holding import release
from storage import posted
from storage.database import Database
from storage.tables import Checkout, CheckoutState, Deal, DealState, GroupBuy, GroupState

BATCH = 200


async def end_holds(database: Database, *, now: datetime) -> int:
    """Gives back what was held past its time, one transaction each. How many."""
    async with database.read() as session:
        rows = await session.execute(
            select(col(Checkout.id))
            .where(col(Checkout.state) == CheckoutState.OPEN, col(Checkout.expires_at) <= now)
            .order_by(col(Checkout.expires_at))
            .limit(BATCH)
        )
        due = rows.scalars().all()
    for checkout_id in due:
        async with database.begin() as session:
            checkout = await session.get_one(Checkout, checkout_id)
            await release(session, checkout, due=now)
    return len(due)


async def close_groups(database: Database, *, now: datetime) -> int:
    """Decides every open group whose deadline has come, one transaction each. How many."""
    async with database.read() as session:
        rows = await session.execute(
            select(col(GroupBuy.id))
            .where(col(GroupBuy.state) == GroupState.OPEN, col(GroupBuy.ends_at) <= now)
            .order_by(col(GroupBuy.ends_at))
            .limit(BATCH)
        )
        due = rows.scalars().all()
    for group_id in due:
        if group_id is not None:
            await decide_group(database, group_id, now=now)
    return len(due)


async def end_deals(database: Database, *, now: datetime) -> int:
    """Marks deals whose window is over, and every copy of their cards. How many."""
    async with database.begin() as session:
        ended = await session.execute(
            update(Deal)
            .where(
                col(Deal.state).in_([DealState.LIVE, DealState.PAUSED]), col(Deal.ends_at) <= now
            )
            .values(state=DealState.ENDED)
            .returning(col(Deal.id))
        )
        ids = ended.scalars().all()
        for deal_id in ids:
            await posted.stale(session, "deal", deal_id or 0)
    return len(ids)
