"""The money behind a checkout: up to two payments, the outside one first, store credit last."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import ledger
from commerce.payment import CREDIT
from commerce.rules import accounts
from storage.tables import Checkout, Payment, PaymentState

KEPT = (PaymentState.RECEIVED, PaymentState.FULFILLED)


async def payments_of(session: AsyncSession, checkout_id: int | None) -> Sequence[Payment]:
    """What came in for this checkout and is kept, in the order in which it goes back."""
    found = await session.execute(
        select(Payment)
        .where(col(Payment.checkout_id) == checkout_id, col(Payment.state).in_(KEPT))
        .order_by(case((col(Payment.provider) == CREDIT, 1), else_=0), col(Payment.id))
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def draw(session: AsyncSession, checkout: Checkout, amount_minor: int) -> dict[str, int]:
    """From which accounts an order of this checkout takes its money: account, minor units.

    Less than `amount_minor` where the payments do not reach: the ledger then refuses the order.
    """
    payments = await payments_of(session, checkout.id)
    names = [accounts.charge(p.charge_id) for p in payments]
    waiting = await ledger.balances(session, names, checkout.currency)
    drawn: dict[str, int] = {}
    for name in names:
        drawn[name] = min(-waiting[name], amount_minor - sum(drawn.values()))
    return drawn


async def fulfil(session: AsyncSession, checkout: Checkout) -> None:
    """All that waits for something to be given is now given for."""
    await session.execute(
        update(Payment)
        .where(
            col(Payment.checkout_id) == checkout.id,
            col(Payment.state) == PaymentState.RECEIVED,
        )
        .values(state=PaymentState.FULFILLED)
    )
