"""Double entry: every movement of money is a balanced set of entries, written once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

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
