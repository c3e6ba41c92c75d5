"""Refund jobs: asked for in the transaction that decides them, carried out by the cashier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, funds, ledger
from commerce.actions.handing import ask_to_hand_back
from commerce.actions.telling import Message, tell
from commerce.payment import CASH, CREDIT, refunder
from commerce.rules import accounts
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    Checkout,
    Order,
    Payment,
    PaymentState,
    Person,
    Refund,
    RefundReason,
    RefundState,
)

LEASE = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RefundJob:
    """A claimed refund. `key` makes a repeat harmless at the provider."""

    id: int
    version: int
    key: str
    provider: str
    person_id: int
    charge_id: str
    provider_charge_id: str
    telegram_id: int | None
    amount_minor: int
    whole: bool
    currency: str
    attempts: int


class MoreThanPaid(Exception):
    """More shall go back than came in: a fault in the program, so nothing is written."""


@dataclass(frozen=True, slots=True)
class Back:
    """What goes back to a buyer: the way it came, and as store credit."""

    outside_minor: int = 0
    credit_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.outside_minor + self.credit_minor


async def give_back_all(
    session: AsyncSession, checkout: Checkout, reason: RefundReason, *, now: datetime
) -> Back:
    """All that is left of a checkout's payments, before anything was given for them."""
    payments = await funds.payments_of(session, checkout.id)
    left = sum(p.amount_minor - p.refunded_minor for p in payments)
    return await give_back_money(session, checkout, reason, left, now=now)


async def give_back_money(
    session: AsyncSession,
    checkout: Checkout,
    reason: RefundReason,
    amount_minor: int,
    *,
    now: datetime,
    order: Order | None = None,
    mark: str = "",
) -> Back:
    """Spreads a refund over the checkout's payments, the outside one first, then store credit.

    `order` is the one that has the money now: it is taken from its brand, and counted on it;
    without one it is money that waits. `mark` tells apart refunds that come more than once for
    one reason, such as an order's code or a number. Raises MoreThanPaid.
    """
    outside = as_credit = 0
    if not amount_minor:
        return Back()
    for payment in await funds.payments_of(session, checkout.id):
        part = min(
            payment.amount_minor - payment.refunded_minor, amount_minor - outside - as_credit
        )
        if part <= 0:
            continue
        by = await ask_refund(session, payment, reason, part, now=now, order=order, mark=mark)
        if by == CREDIT:
            as_credit += part
        else:
            outside += part
    if outside + as_credit != amount_minor:
        raise MoreThanPaid(f"{reason.value} of checkout {checkout.code}")
    return Back(outside, as_credit)


async def ask_refund(
    session: AsyncSession,
    payment: Payment,
    reason: RefundReason,
    amount_minor: int,
    *,
    now: datetime,
    order: Order | None = None,
    mark: str = "",
) -> str:
    """One job for one payment, one a reason and mark, never more back than came in (a CHECK).

    Who carries it out: the payment's provider, or "credit" where that cannot give back a part.
    """
    by = refunder(payment.provider, whole=amount_minor == payment.amount_minor)
    key = ":".join(filter(None, (reason.value, payment.provider, payment.charge_id, mark)))
    await _count_back(session, payment, amount_minor)
    refund = Refund(
        code=new_code(),
        payment_id=id_of(payment),
        key=key,
        provider=by,
        order_id=order.id if order else None,
        reason=reason,
        amount_minor=amount_minor,
        state=RefundState.DUE,
        next_at=now,
        created_at=now,
    )
    session.add(refund)
    await session.flush()
    if by == CASH:
        await ask_to_hand_back(session, payment, refund, now=now)
    source = await _taken_from(session, payment, order, amount_minor)
    await ledger.post(
        session,
        f"refund-asked:{key}",
        payment.currency,
        {source: amount_minor, accounts.refunds(by): -amount_minor},
        now=now,
    )
    return by


async def _count_back(session: AsyncSession, payment: Payment, amount_minor: int) -> None:
    """On the payment; one of which all goes back is a refunded one."""
    back = col(Payment.refunded_minor) + amount_minor
    await session.execute(
        update(Payment)
        .where(col(Payment.id) == payment.id)
        .values(
            refunded_minor=back,
            state=case(
                (back == col(Payment.amount_minor), PaymentState.REFUNDED),
                else_=col(Payment.state),
            ),
        )
    )
    await session.refresh(payment)


async def _taken_from(
    session: AsyncSession, payment: Payment, order: Order | None, amount_minor: int
) -> str:
    """The account that has the money: the charge's, or the brand's once there is an order."""
    if order is None:
        return accounts.charge(payment.charge_id)
    await session.execute(
        update(Order)
        .where(col(Order.id) == order.id)
        .values(refunded_minor=col(Order.refunded_minor) + amount_minor)
    )
    found = await session.execute(select(col(Brand.code)).where(col(Brand.id) == order.brand_id))
    return accounts.brand(found.scalar_one())


async def send_back(
    session: AsyncSession, payment: Payment, reason: RefundReason, *, now: datetime
) -> None:
    """All that is left of a payment goes back, and its payer hears of it."""
    amount = payment.amount_minor - payment.refunded_minor
    await ask_refund(session, payment, reason, amount, now=now)
    await tell_started(session, payment, reason, amount, now=now)


async def tell_started(
    session: AsyncSession,
    payment: Payment,
    reason: RefundReason,
    amount_minor: int,
    *,
    now: datetime,
) -> None:
    """A refund that comes as a surprise is told at its start, too."""
    facts = {"amount_minor": amount_minor, "currency": payment.currency, "reason": reason.value}
    key = f"refund-asked:{reason.value}:{payment.id}"
    message = Message(payment.bot_id, payment.person_id, "refund_started", facts, key)
    await tell(session, [message], now=now)


async def claim_refunds(database: Database, limit: int, *, now: datetime) -> list[RefundJob]:
    """Due jobs, and those whose cashier was lost: each handed to one cashier at a time."""
    async with database.begin() as session:
        due = (
            select(col(Refund.id))
            .where(
                col(Refund.state) != RefundState.DONE,
                col(Refund.next_at) <= now,
                col(Refund.provider) != CASH,  # the brand hands it back, and says so
            )
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


async def job_of(session: AsyncSession, refund_id: int) -> RefundJob:
    """A refund that others than the cashier know of to be carried out."""
    [job] = await _jobs(session, [refund_id])
    return job


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
            provider=refund.provider,
            person_id=payment.person_id,
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
        await settle_refund(session, job, now=now)


async def settle_refund(session: AsyncSession, job: RefundJob, *, now: datetime) -> None:
    """`refund_done` inside a transaction."""
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
    await _book(session, job, now)
    facts = {
        "amount_minor": job.amount_minor,
        "currency": job.currency,
        "reason": row.reason,
        "by": job.provider,
    }
    key = f"refund-done:{job.key}"
    message = Message(payment.bot_id, payment.person_id, "refund_arrived", facts, key)
    await tell(session, [message], now=now)


async def _book(session: AsyncSession, job: RefundJob, now: datetime) -> None:
    """Out of the provider's hands, or into the buyer's store credit."""
    key, source = f"refund-done:{job.key}", accounts.refunds(job.provider)
    if job.provider == CREDIT:
        await credit.give(
            session, job.person_id, job.currency, job.amount_minor, key=key, source=source, now=now
        )
        return
    moved = {source: job.amount_minor, accounts.provider(job.provider): -job.amount_minor}
    await ledger.post(session, key, job.currency, moved, now=now)


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
