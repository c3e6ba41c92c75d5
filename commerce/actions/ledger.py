"""Double entry: every movement of money is a balanced set of entries, written once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import LedgerEntry


class Unbalanced(Exception):
    """Entries that do not sum to zero: a fault in the program, so nothing is written."""


async def post(
    session: AsyncSession, key: str, currency: str, amounts: Mapping[str, int], *, now: datetime
) -> None:
    """Moves minor units between accounts; `amounts` sums to zero. One `key`, one movement."""
    moved = {account: amount for account, amount in amounts.items() if amount}
    if sum(moved.values()) != 0:
        raise Unbalanced(key)
    if not moved:
        return
    await session.execute(
        insert(LedgerEntry),
        [
            {
                "transaction_key": key,
                "account": account,
                "currency": currency,
                "amount_minor": amount,
                "created_at": now,
            }
            for account, amount in sorted(moved.items())
        ],
    )


async def balances(session: AsyncSession, names: Collection[str], currency: str) -> dict[str, int]:
    """What stands on these accounts, in minor units; zero where nothing ever moved."""
    account, amount = col(LedgerEntry.account), col(LedgerEntry.amount_minor)
    rows = await session.execute(
        select(account, func.sum(amount))
        .where(account.in_(names), col(LedgerEntry.currency) == currency)
        .group_by(account)
    )
    return dict.fromkeys(names, 0) | {name: int(total) for name, total in rows}
