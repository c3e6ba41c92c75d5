"""Tells the operators of a refund that waits too long, once each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.telling import Message, tell
from storage.database import Database
from storage.tables import Payment, Person, Refund, RefundState

PATIENCE = timedelta(hours=1)
BATCH = 100


async def alert_refunds(
    database: Database, bot_id: int, operators: Collection[int], *, now: datetime
) -> int:
    """Each refund that an hour was not enough for, to the operators who know the bot. How many."""
    async with database.begin() as session:
        waiting = (
            select(col(Refund.id))
            .where(
                col(Refund.state) != RefundState.DONE,
                col(Refund.created_at) <= now - PATIENCE,
                col(Refund.alerted_at).is_(None),
            )
            .order_by(col(Refund.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        ids = (await session.execute(waiting)).scalars().all()
        if not ids:
            return 0
        await session.execute(update(Refund).where(col(Refund.id).in_(ids)).values(alerted_at=now))
        await tell(session, await _messages(session, bot_id, operators, ids), now=now)
        return len(ids)


async def _messages(
    session: AsyncSession, bot_id: int, operators: Collection[int], ids: Collection[int | None]
) -> list[Message]:
    people = await session.execute(
        select(col(Person.id))
        .where(col(Person.telegram_id).in_(operators))
        .order_by(col(Person.id))
    )
    receivers = people.scalars().all()
    refunds = await session.execute(
        select(Refund, col(Payment.currency))
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(col(Refund.id).in_(ids))
        .order_by(col(Refund.id))
    )
    return [
        Message(bot_id, person_id, "refund_waits", _facts(refund, currency), f"{key}:{person_id}")
        for refund, currency in refunds
        for key in [f"refund-waits:{refund.code}"]
        for person_id in receivers
        if person_id is not None
    ]


def _facts(refund: Refund, currency: str) -> dict[str, object]:
    return {
        "refund": refund.code,
        "amount_minor": refund.amount_minor,
        "currency": currency,
        "by": refund.provider,
        "attempts": refund.attempts,
        "error": (refund.error or "")[:200],
        "since": refund.created_at.isoformat(),
    }
