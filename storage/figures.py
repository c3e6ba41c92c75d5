"""What waits in the tables and for how long: the figures of health pages and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.database import Database, db_time
from storage.outbox import LEFT_UNKNOWN, ROW, UNSETTLED
from storage.tables import (
    Inbox,
    InboxState,
    OutboxClass,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)
from storage.tables.queues import UNFINISHED


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and for how many seconds the oldest has."""

    count: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """`outbox` is by lane (0 before 1) and counts what could be sent now; `last_update_seconds`
    is None before the first update ever."""

    inbox: Waiting
    last_update_seconds: float | None
    quarantined: int
    outbox: dict[int, Waiting]
    unknown: dict[OutboxClass, int]
    refunds: Waiting
    payments: dict[PaymentState, Waiting]  # of those that are not settled


async def figures(database: Database, *, now: datetime) -> Figures:
    """One moment of the database; each part reads an index that holds only what waits."""
    async with database.read() as session:
        return Figures(
            inbox=await _inbox(session),
            last_update_seconds=await _last_update(session),
            quarantined=await _quarantined(session),
            outbox=await _outbox(session, now),
            unknown=await _unknown(session),
            refunds=await _refunds(session, now),
            payments=await _payments(session, now),
        )


async def _inbox(session: AsyncSession) -> Waiting:
    found = await session.execute(
        select(func.count(), func.max(db_time() - col(Inbox.received_at)))
        .select_from(Inbox)
        .where(text(f"inbox.{UNFINISHED}"))
    )
    count, oldest = found.one()
    return Waiting(count, max(float(oldest or 0), 0.0))


async def _last_update(session: AsyncSession) -> float | None:
    found = await session.execute(
        select(db_time() - col(Inbox.received_at)).order_by(col(Inbox.seq).desc()).limit(1)
    )
    age = found.scalar_one_or_none()
    return None if age is None else max(float(age), 0.0)


async def _quarantined(session: AsyncSession) -> int:
    found = await session.execute(
        select(func.count()).where(col(Inbox.state) == InboxState.QUARANTINED)
    )
    return found.scalar_one()


async def _outbox(session: AsyncSession, now: datetime) -> dict[int, Waiting]:
    """What was put back for a while, or waits for its own hour, does not count."""
    due = and_(
        UNSETTLED,
        ROW.lease_until <= db_time(),
        or_(ROW.not_before.is_(None), ROW.not_before <= now),
    )
    found = await session.execute(
        select(ROW.lane, func.count(), func.min(func.coalesce(ROW.not_before, ROW.created_at)))
        .where(due)
        .group_by(ROW.lane)
    )
    waiting = {lane: Waiting(count, _age(now, oldest)) for lane, count, oldest in found.all()}
    return {lane: waiting.get(lane, Waiting()) for lane in (0, 1)}


async def _unknown(session: AsyncSession) -> dict[OutboxClass, int]:
    found = await session.execute(
        select(ROW.kind, func.count()).where(LEFT_UNKNOWN).group_by(ROW.kind)
    )
    counted = {OutboxClass(kind): count for kind, count in found.all()}
    return {kind: counted.get(kind, 0) for kind in OutboxClass}


async def _refunds(session: AsyncSession, now: datetime) -> Waiting:
    found = await session.execute(
        select(func.count(), func.min(col(Refund.created_at))).where(
            col(Refund.state).in_((RefundState.DUE, RefundState.CLAIMED))
        )
    )
    count, oldest = found.one()
    return Waiting(count, _age(now, oldest))


async def _payments(session: AsyncSession, now: datetime) -> dict[PaymentState, Waiting]:
    states = (PaymentState.RECEIVED, PaymentState.LATE)
    found = await session.execute(
        select(col(Payment.state), func.count(), func.min(col(Payment.received_at)))
        .where(col(Payment.state).in_(states))
        .group_by(col(Payment.state))
    )
    waiting = {state: Waiting(count, _age(now, oldest)) for state, count, oldest in found.all()}
    return {state: waiting.get(state, Waiting()) for state in states}


def _age(now: datetime, then: datetime | None) -> float:
    return 0.0 if then is None else max((now - then).total_seconds(), 0.0)
