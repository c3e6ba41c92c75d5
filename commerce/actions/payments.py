"""Money comes in: asked about before (pre-checkout), recorded once after, by its charge id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit, ledger
from commerce.actions.deciding import decide
from commerce.actions.holding import lock_group_of, one_at_a_time
from commerce.actions.late import ask_payer, waits_for_choice
from commerce.actions.lookup import require_no_promise
from commerce.actions.refunding import send_back
from commerce.actions.reviving import take_again
from commerce.actions.settling import mark_paid, require_payable, settle, takes_money
from commerce.actor import Actor, begin
from commerce.refusals import NotFound
from commerce.rules import accounts
from commerce.rules.windows import PAYING
from storage.crash import crash_point
from storage.tables import (
    Checkout,
    CheckoutState,
    GroupBuy,
    Payment,
    PaymentState,
    RefundReason,
)


@dataclass(frozen=True, slots=True)
class Charge:
    """What the provider says it took. `payload` is the checkout's code, and only a hint."""

    provider: str
    charge_id: str
    provider_charge_id: str
    payload: str
    currency: str
    amount_minor: int


async def confirm_checkout(
    actor: Actor, payload: str, currency: str, amount_minor: int, *, now: datetime
) -> None:
    """May this be charged? Yes keeps the hold for two more minutes; no raises a Refusal.

    Asked of the database, in one transaction: payer, amount, currency, hold, seat, address.
    """
    async with begin(actor) as session:
        seat_id = await _seat_of(session, payload)
        group = await lock_group_of(session, seat_id) if seat_id is not None else None
        checkout = await _lock(session, payload)
        if checkout is None or checkout.person_id != actor.person_id:
            raise NotFound
        require_payable(checkout, currency, amount_minor, group, now)
        await require_no_promise(session, checkout)
        checkout.expires_at = max(checkout.expires_at, now + PAYING)


async def record_payment(actor: Actor, charge: Charge, *, now: datetime) -> None:
    """Records a charge once and gives what was paid for, asks its payer, or sends it back.

    Whatever arrives is kept. A hold that ran out is taken again where all of it is still there;
    money that came too late waits for its payer's choice; and for an amount that does not fit,
    an invoice of another's, or one that is paid already, a refund job is written in the same
    commit.
    """
    async with begin(actor, f"checkout {charge.payload}") as session:
        await take_charge(session, actor, charge, now=now)


async def take_charge(
    session: AsyncSession, actor: Actor, charge: Charge, *, now: datetime
) -> bool:
    """`record_payment` inside a transaction. False when this charge was written down before."""
    await one_at_a_time(session, actor)
    seat_id = await _seat_of(session, charge.payload)
    group = await lock_group_of(session, seat_id) if seat_id is not None else None
    if group is not None and group.ends_at <= now:  # first, so that it counts no late money
        await decide(session, group, now)
    checkout = await _lock(session, charge.payload)
    if checkout is not None and checkout.person_id != actor.person_id:
        checkout = None
    payment = await _write_down(session, actor, charge, checkout, now)
    if payment is None:
        return False
    crash_point("K14")
    reason = await _why_not(session, checkout, charge, group, now)
    if reason is None and checkout is not None:
        await settle(session, checkout, group, now)
    elif not await _asked(session, payment, checkout, charge, reason, now):
        await send_back(session, payment, reason or RefundReason.TOO_LATE, now=now)
    return True


async def _asked(
    session: AsyncSession,
    payment: Payment,
    checkout: Checkout | None,
    charge: Charge,
    reason: RefundReason | None,
    now: datetime,
) -> bool:
    """Whether the money is right but late, and its payer has something to choose from."""
    if reason != RefundReason.TOO_LATE or checkout is None or not _fits(checkout, charge):
        return False
    return await ask_payer(session, payment, checkout, now=now)


async def _write_down(
    session: AsyncSession, actor: Actor, charge: Charge, checkout: Checkout | None, now: datetime
) -> Payment | None:
    """The payment's row, or None when this charge is written down already."""
    insert = sqlite_insert if actor.database.dialect == "sqlite" else postgres_insert
    written = await session.execute(
        insert(Payment)
        .values(
            provider=charge.provider,
            charge_id=charge.charge_id,
            provider_charge_id=charge.provider_charge_id,
            bot_id=actor.bot_id,
            checkout_id=checkout.id if checkout else None,
            person_id=actor.person_id,
            state=PaymentState.RECEIVED,
            currency=charge.currency,
            amount_minor=charge.amount_minor,
            refunded_minor=0,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Payment)
    )
    payment = written.scalar_one_or_none()
    if payment is not None:
        await ledger.post(
            session,
            f"charge:{charge.provider}:{charge.charge_id}",
            charge.currency,
            {
                accounts.provider(charge.provider): charge.amount_minor,
                accounts.charge(charge.charge_id): -charge.amount_minor,
            },
            now=now,
        )
    return payment


async def _why_not(
    session: AsyncSession,
    checkout: Checkout | None,
    charge: Charge,
    group: GroupBuy | None,
    now: datetime,
) -> RefundReason | None:
    """Why nothing can be given for this charge, or None when the checkout is now paid by it."""
    if checkout is None or not _fits(checkout, charge):
        return RefundReason.TOO_LATE
    await take_again(session, checkout, group, now)
    if (group is None or takes_money(group, checkout)) and await mark_paid(session, checkout):
        if charge.amount_minor == checkout.total_minor:  # paid whole: no credit is needed
            await credit.let_go(session, checkout, now=now)
        return None
    twice = checkout.state == CheckoutState.PAID or await waits_for_choice(session, checkout)
    return RefundReason.PAID_TWICE if twice else RefundReason.TOO_LATE


def _fits(checkout: Checkout, charge: Charge) -> bool:
    """What is left after store credit, or all of it by an invoice from before credit was used."""
    left = checkout.total_minor - checkout.credit_minor
    return checkout.currency == charge.currency and charge.amount_minor in (
        left,
        checkout.total_minor,
    )


async def _seat_of(session: AsyncSession, payload: str) -> int | None:
    found = await session.execute(
        select(col(Checkout.seat_id)).where(col(Checkout.code) == payload)
    )
    return found.scalar_one_or_none()


async def _lock(session: AsyncSession, payload: str) -> Checkout | None:
    found = await session.execute(
        select(Checkout)
        .where(col(Checkout.code) == payload)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()
