"""Paying with store credit: using it, keeping it, and buying with nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from commerce.actions import credit
from commerce.actions.holding import lock_group_of
from commerce.actions.lookup import checkout_of, open_checkout, require_no_promise
from commerce.actions.settling import mark_paid, require_payable, settle
from commerce.actor import Actor, begin
from commerce.refusals import Expired, NoCredit
from commerce.rules.spending import usable_credit
from storage.tables import Credit


async def use_credit(actor: Actor, code: str, *, now: datetime) -> None:
    """Puts as much store credit into the checkout as it takes. Raises NoCredit, HoldOver."""
    async with begin(actor, f"checkout {code}") as session:
        checkout = await open_checkout(session, actor, code, now)
        found = await session.execute(
            select(col(Credit.balance_minor))
            .where(
                col(Credit.person_id) == actor.person_id,
                col(Credit.currency) == checkout.currency,
            )
            .with_for_update(key_share=True)
        )
        left = checkout.total_minor - checkout.credit_minor
        amount = usable_credit(found.scalar_one_or_none() or 0, left, checkout.currency)
        if not amount:
            raise NoCredit
        await credit.hold(session, checkout, amount, now=now)


async def keep_credit(actor: Actor, code: str, *, now: datetime) -> None:
    """Takes the credit out of the checkout again. Raises HoldOver."""
    async with begin(actor, f"checkout {code}") as session:
        checkout = await open_checkout(session, actor, code, now)
        await credit.let_go(session, checkout, now=now)


async def place_with_credit(actor: Actor, code: str, *, now: datetime) -> None:
    """Buys what credit or a coupon covers whole, without an invoice.

    Raises NotFound, Expired when something is left to pay, HoldOver, NeedsAddress, GroupOver.
    """
    async with begin(actor, f"checkout {code}") as session:
        seen = await checkout_of(session, actor.person_id, code)
        group = await lock_group_of(session, seen.seat_id) if seen.seat_id is not None else None
        checkout = await open_checkout(session, actor, code, now)
        require_payable(checkout, checkout.currency, 0, group, now)
        await require_no_promise(session, checkout)
        if not await mark_paid(session, checkout):
            raise Expired
        await settle(session, checkout, group, now)


async def credits_of(actor: Actor) -> tuple[tuple[str, int], ...]:
    """A person's store credit: currency and minor units, where there is any."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(col(Credit.currency), col(Credit.balance_minor))
            .where(col(Credit.person_id) == actor.person_id, col(Credit.balance_minor) > 0)
            .order_by(col(Credit.currency))
        )
        return tuple((currency, balance) for currency, balance in rows)
