"""Store credit in tests: given from nowhere, and what the books say of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions import credit
from commerce.actor import Actor
from commerce.rules import accounts
from storage.database import Database
from storage.tables import Credit, LedgerEntry


async def give_credit(
    database: Database, who: Actor, amount_minor: int, *, now: datetime, currency: str = "USD"
) -> None:
    async with database.begin() as session:
        key, source = f"reward:{who.person_id}:{now}", accounts.REWARDS
        await credit.give(
            session, who.person_id, currency, amount_minor, key=key, source=source, now=now
        )


async def account_balances(database: Database) -> dict[str, int]:
    """Every account on which something stands."""
    async with database.read() as session:
        total = func.sum(col(LedgerEntry.amount_minor))
        rows = await session.execute(
            select(col(LedgerEntry.account), total).group_by(col(LedgerEntry.account))
        )
        return {account: int(amount) for account, amount in rows if amount}


async def credit_left(database: Database, who: Actor, currency: str = "USD") -> int:
    """As the balance says, which is what the ledger says."""
    async with database.read() as session:
        found = await session.execute(
            select(col(Credit.balance_minor)).where(
                col(Credit.person_id) == who.person_id, col(Credit.currency) == currency
            )
        )
        balance = found.scalar_one_or_none() or 0
    books = await account_balances(database)
    assert balance == -books.get(accounts.credit(who.person_id), 0)
    return balance
