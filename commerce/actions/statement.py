"""What the ledger says: the movements behind a purchase, and what stands on accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from commerce.rules import accounts
from storage.tables import Checkout, LedgerEntry, Order, Payment, Refund


@dataclass(frozen=True, slots=True)
class Movement:
    """One balanced movement. Its key says what it was: charge, credit-held, credit-released,
    order, refund-asked, refund-done, each followed by whose."""

    key: str
    at: datetime
    currency: str
    moved: tuple[tuple[str, int], ...]  # account, minor units

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]


async def movements_of(session: AsyncSession, checkout: Checkout) -> tuple[Movement, ...]:
    """Every movement of a checkout's money, in the order in which they were written."""
    payments = await session.execute(
        select(col(Payment.id), col(Payment.charge_id)).where(
            col(Payment.checkout_id) == checkout.id
        )
    )
    paid = payments.all()
    refunds = await session.execute(
        select(col(Refund.key)).where(col(Refund.payment_id).in_([id_ for id_, _ in paid]))
    )
    orders = await session.execute(
        select(col(Order.code)).where(col(Order.checkout_id) == checkout.id)
    )
    names = [accounts.held(checkout.code), *(accounts.charge(charge) for _, charge in paid)]
    keys = [f"order:{code}" for code in orders.scalars()]
    for key in refunds.scalars():
        keys += [f"refund-asked:{key}", f"refund-done:{key}"]
    touched = select(col(LedgerEntry.transaction_key)).where(col(LedgerEntry.account).in_(names))
    return await _movements(
        session,
        or_(
            col(LedgerEntry.transaction_key).in_(touched),
            col(LedgerEntry.transaction_key).in_(keys),
        ),
    )


async def _movements(session: AsyncSession, which: ColumnElement[bool]) -> tuple[Movement, ...]:
    rows = await session.execute(select(LedgerEntry).where(which).order_by(col(LedgerEntry.id)))
    grouped: dict[tuple[str, str], list[LedgerEntry]] = {}
    for entry in rows.scalars():
        grouped.setdefault((entry.transaction_key, entry.currency), []).append(entry)
    return tuple(
        Movement(
            key,
            entries[0].created_at,
            currency,
            tuple((entry.account, entry.amount_minor) for entry in entries),
        )
        for (key, currency), entries in grouped.items()
    )


def balance(account: ColumnElement[str], currency: Mapped[str]) -> ScalarSelect[int]:
    """What stands on an account, as part of a statement over other rows; zero for nothing."""
    return (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_minor)), 0))
        .where(col(LedgerEntry.account) == account, col(LedgerEntry.currency) == currency)
        .scalar_subquery()
    )


async def totals(session: AsyncSession, kind: str) -> dict[tuple[str, str], int]:
    """By name and currency: what stands on all accounts of a kind, such as "provider"."""
    account, amount = col(LedgerEntry.account), func.sum(col(LedgerEntry.amount_minor))
    rows = await session.execute(
        select(account, col(LedgerEntry.currency), amount)
        .where(account.startswith(f"{kind}:", autoescape=True))
        .group_by(account, col(LedgerEntry.currency))
    )
    return {(name.partition(":")[2], currency): int(total) for name, currency, total in rows}
