"""Store credit: a guarded balance a person and currency, and the ledger account it sums up.

Its row is locked right after its checkout's: person, group, checkout, credit, seat, deal, variant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import ledger
from commerce.payment import CREDIT
from commerce.refusals import NoCredit
from commerce.rules import accounts
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import Checkout, Credit, Payment, PaymentState


@dataclass(frozen=True, slots=True)
class Freed:
    """A checkout that was just closed, and what it held of whose credit."""

    code: str
    person_id: int
    currency: str
    credit_minor: int


async def balance_of(session: AsyncSession, person_id: int, currency: str) -> int:
    found = await session.execute(
        select(col(Credit.balance_minor)).where(
            col(Credit.person_id) == person_id, col(Credit.currency) == currency
        )
    )
    return found.scalar_one_or_none() or 0


async def give(
    session: AsyncSession,
    person_id: int,
    currency: str,
    amount_minor: int,
    *,
    key: str,
    source: str,
    now: datetime,
) -> int:
    """Credit comes to a person, out of the account `source`, once a `key`. The new balance."""
    write = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    row = write(Credit).values(person_id=person_id, currency=currency, balance_minor=amount_minor)
    come = await session.execute(
        row.on_conflict_do_update(
            index_elements=["person_id", "currency"],
            set_={"balance_minor": Credit.balance_minor + amount_minor},
        ).returning(col(Credit.balance_minor))
    )
    moved = {source: amount_minor, accounts.credit(person_id): -amount_minor}
    await ledger.post(session, key, currency, moved, now=now)
    return come.scalar_one()


async def hold(
    session: AsyncSession, checkout: Checkout, amount_minor: int, *, now: datetime
) -> None:
    """Moves credit into a locked checkout. Raises NoCredit when so much is not there."""
    taken = await session.execute(
        update(Credit)
        .where(
            col(Credit.person_id) == checkout.person_id,
            col(Credit.currency) == checkout.currency,
            col(Credit.balance_minor) >= amount_minor,
        )
        .values(balance_minor=col(Credit.balance_minor) - amount_minor)
        .returning(col(Credit.balance_minor))
    )
    if taken.first() is None:
        raise NoCredit
    checkout.credit_minor += amount_minor
    moved = {
        accounts.credit(checkout.person_id): amount_minor,
        accounts.held(checkout.code): -amount_minor,
    }
    key = f"credit-held:{checkout.code}:{new_code()}"
    await ledger.post(session, key, checkout.currency, moved, now=now)


async def fit(
    session: AsyncSession, checkout: Checkout, total_minor: int, *, now: datetime
) -> None:
    """Lets a locked checkout hold no more credit than its new total. Before stock is locked."""
    await _let_go(session, checkout, max(0, checkout.credit_minor - total_minor), now)


async def let_go(session: AsyncSession, checkout: Checkout, *, now: datetime) -> None:
    """All the credit of a locked checkout goes back to its person."""
    await _let_go(session, checkout, checkout.credit_minor, now)


async def _let_go(
    session: AsyncSession, checkout: Checkout, amount_minor: int, now: datetime
) -> None:
    if not amount_minor:
        return
    checkout.credit_minor -= amount_minor
    freed = Freed(checkout.code, checkout.person_id, checkout.currency, amount_minor)
    await give_back(session, [freed], now=now)


async def give_back(session: AsyncSession, freed: Sequence[Freed], *, now: datetime) -> None:
    """What closed checkouts held goes back to its people, in the order of their ids."""
    for one in sorted(freed, key=lambda f: (f.person_id, f.currency)):
        if one.credit_minor:
            await give(
                session,
                one.person_id,
                one.currency,
                one.credit_minor,
                key=f"credit-released:{one.code}:{new_code()}",
                source=accounts.held(one.code),
                now=now,
            )


async def pay(session: AsyncSession, checkout: Checkout, *, now: datetime) -> None:
    """Turns the credit that a paid checkout holds into a payment."""
    if not checkout.credit_minor:
        return
    charge_id = f"{CREDIT}:{checkout.code}"
    await session.execute(
        insert(Payment).values(
            provider=CREDIT,
            charge_id=charge_id,
            provider_charge_id="",
            bot_id=checkout.bot_id,
            checkout_id=id_of(checkout),
            person_id=checkout.person_id,
            state=PaymentState.RECEIVED,
            currency=checkout.currency,
            amount_minor=checkout.credit_minor,
            refunded_minor=0,
            received_at=now,
        )
    )
    moved = {
        accounts.held(checkout.code): checkout.credit_minor,
        accounts.charge(charge_id): -checkout.credit_minor,
    }
    key = f"charge:{CREDIT}:{charge_id}"
    await ledger.post(session, key, checkout.currency, moved, now=now)
