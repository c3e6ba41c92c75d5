"""Refund jobs: asked for in the transaction that decides them, carried out by the cashier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import ledger
from commerce.actions.telling import Message, tell
from storage.codes import new_code
from storage.database import Database
from storage.tables import Payment, Person, Refund, RefundReason, RefundState

LEASE = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RefundJob:
    """A claimed refund. `key` makes a repeat harmless at the provider."""

    id: int
    version: int
    key: str
    provider: str
    charge_id: str
    provider_charge_id: str
    telegram_id: int | None
    amount_minor: int
    whole: bool
    currency: str
    attempts: int


async def ask_refund(
    session: AsyncSession,
    payment: Payment,
    reason: RefundReason,
    amount_minor: int,
    *,
    now: datetime,
) -> None:
    """One job per reason and payment, and never more back than came in (a CHECK holds it)."""
    key = f"{reason.value}:{payment.provider}:{payment.charge_id}"
    await session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id)
        .values(refunded_minor=col(Payment.refunded_minor) + amount_minor)
    )
    assert payment.id is not None
    session.add(
        Refund(
            code=new_code(),
            payment_id=payment.id,
            key=key,
            provider=payment.provider,
            reason=reason,
            amount_minor=amount_minor,
            state=RefundState.DUE,
            next_at=now,
            created_at=now,
        )
    )
    await session.flush()
    await ledger.post(
        session,
        f"refund-asked:{key}",
        payment.currency,
        {f"charge:{payment.charge_id}": amount_minor, f"refunds:{payment.provider}": -amount_minor},
        now=now,
    )


async def claim_refunds(database: Database, limit: int, *, now: datetime) -> list[RefundJob]:
    """Due jobs, and those whose cashier was lost: each handed to one cashier at a time."""
    async with database.begin() as session:
        due = (
            select(col(Refund.id))
            .where(col(Refund.state) != RefundState.DONE, col(Refund.next_at) <= now)
            .order_by(col(Refund.next_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = (await session.execute(due)).scalars().all()
        await session.execute(
            update(Refund)
            .where(col(Refund.id).in_(ids))
            .values(
                state=RefundState.CLAIMED,
                version=col(Refund.version) + 1,
                attempts=col(Refund.attempts) + 1,
                next_at=now + LEASE,
            )
        )
        return await _jobs(session, list(ids))


async def _jobs(session: AsyncSession, ids: list[int | None]) -> list[RefundJob]:
    rows = await session.execute(
        select(Refund, Payment, col(Person.telegram_id))
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .join(Person, col(Person.id) == col(Payment.person_id))
        .where(col(Refund.id).in_(ids))
        .order_by(col(Refund.id))
        .execution_options(populate_existing=True)
    )
    return [
        RefundJob(
            id=refund.id or 0,
            version=refund.version,
            key=refund.key,
            provider=payment.provider,
            charge_id=payment.charge_id,
            provider_charge_id=payment.provider_charge_id,
            telegram_id=telegram_id,
            amount_minor=refund.amount_minor,
            whole=refund.amount_minor == payment.amount_minor,
            currency=payment.currency,
            attempts=refund.attempts,
        )
        for refund, payment, telegram_id in rows
    ]


async def refund_done(database: Database, job: RefundJob, *, now: datetime) -> None:
    """The money is on its way back: books it and tells the buyer. A late second word is ignored."""
    async with database.begin() as session:
        done = await session.execute(
            update(Refund)
            .where(col(Refund.id) == job.id, col(Refund.state) != RefundState.DONE)
            .values(state=RefundState.DONE, done_at=now, error=None)
            .returning(col(Refund.payment_id), col(Refund.reason))
        )
        row = done.first()
        if row is None:
            return
        payment = await session.get_one(Payment, row.payment_id)
        await ledger.post(
            session,
            f"refund-done:{job.key}",
            job.currency,
            {
                f"refunds:{job.provider}": job.amount_minor,
                f"provider:{job.provider}": -job.amount_minor,
            },
            now=now,
        )
        facts = {"amount_minor": job.amount_minor, "currency": job.currency, "reason": row.reason}
        key = f"refund-done:{job.key}"
        message = Message(payment.bot_id, payment.person_id, "refund_arrived", facts, key)
        await tell(session, [message], now=now)


async def refund_failed(database: Database, job: RefundJob, error: str, *, now: datetime) -> None:
    """Tried in vain: again later, ever more slowly, until the money is back."""
    wait = min(FIRST_WAIT * 2 ** min(job.attempts - 1, 12), LONGEST_WAIT)
    async with database.begin() as session:
        await session.execute(
            update(Refund)
            .where(
                col(Refund.id) == job.id,
                col(Refund.version) == job.version,
                col(Refund.state) == RefundState.CLAIMED,
            )
            .values(state=RefundState.DUE, next_at=now + wait, error=error[:500])
        )
