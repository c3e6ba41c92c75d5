"""Guards taken out, for the negative controls: each is applied inside a racer, never in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import event, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import deciding, groups, ledger, payments, stock
from commerce.actions.payments import Charge
from commerce.actor import Actor
from storage import database as storage_database
from storage.codes import new_code
from storage.database import Database
from storage.tables import (
    Checkout,
    CheckoutState,
    Deal,
    GroupBuy,
    GroupState,
    LedgerEntry,
    Payment,
    RefundReason,
    Variant,
)


async def _take(
    session: AsyncSession, kind: type[Deal] | type[Variant], id_: int, quantity: int
) -> None:
    await session.execute(
        update(kind).where(col(kind.id) == id_).values(stock_left=col(kind.stock_left) - quantity)
    )


def stock_for_all() -> None:
    """Whoever asks gets a piece, as long as no constraint is in the way."""
    stock._take = _take


async def _take_seat(
    session: AsyncSession, group: GroupBuy, now: datetime, quantity: int = 1
) -> GroupBuy:
    taken = await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(seats_left=col(GroupBuy.seats_left) - quantity)
        .returning(GroupBuy)
        .execution_options(populate_existing=True)
    )
    return taken.scalar_one()


def seats_for_all() -> None:
    groups._take_seat = _take_seat


def _no_checks(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA ignore_check_constraints=ON")


def unchecked() -> None:
    """SQLite without its CHECK constraints; PostgreSQL's are dropped by the test."""
    opened = storage_database._open_sqlite

    def careless(url: str) -> Database:
        database = opened(url)
        event.listen(database.writer.sync_engine, "connect", _no_checks)
        return database

    storage_database._open_sqlite = careless


def stock_unchecked() -> None:
    stock_for_all()
    unchecked()


def seats_unchecked() -> None:
    seats_for_all()
    unchecked()


async def _close(
    session: AsyncSession,
    group: GroupBuy,
    state: GroupState,
    now: datetime,
    final_minor: int | None = None,
    accepted: bool = False,
) -> bool:
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(state=state, decided_at=now, final_minor=final_minor, accepted=accepted)
    )
    await session.refresh(group)
    return True


def closing_again() -> None:
    """Who decides a group does not ask whether it is decided already."""
    deciding._close = _close


_seen: list[GroupBuy] = []


async def look_at_group(database: Database, group_id: int) -> None:
    async with database.read() as session:
        _seen.append(await session.get_one(GroupBuy, group_id))


async def decide_as_seen(database: Database, *, now: datetime) -> None:
    """`decide_group` that locks nothing and believes what it saw a while ago."""
    async with database.begin() as session:
        await deciding.decide(session, await session.merge(_seen[0], load=False), now)


async def nothing(database: Database) -> None:
    """Lets the others take their step."""


async def _pay_anyway(
    session: AsyncSession,
    checkout: Checkout | None,
    charge: Charge,
    group: GroupBuy | None,
    now: datetime,
) -> RefundReason | None:
    assert checkout is not None
    await session.execute(
        update(Checkout).where(col(Checkout.id) == checkout.id).values(state=CheckoutState.PAID)
    )
    return None


def paying_anyway() -> None:
    """A charge is taken for whatever the checkout has become."""
    payments._why_not = _pay_anyway


def charges_by_message() -> None:
    """Each word of a charge is taken for another charge."""
    write_down = payments._write_down

    async def careless(
        session: AsyncSession,
        actor: Actor,
        charge: Charge,
        checkout: Checkout | None,
        now: datetime,
    ) -> Payment | None:
        told = replace(charge, charge_id=f"{charge.charge_id}-{new_code()}")
        return await write_down(session, actor, told, checkout, now)

    payments._write_down = careless


def _posting(change: Callable[[Mapping[str, int]], Mapping[str, int]]) -> None:
    """What is written when a refund is done is something else than what was meant."""
    post = ledger.post

    async def careless(
        session: AsyncSession, key: str, currency: str, amounts: Mapping[str, int], *, now: datetime
    ) -> None:
        if not key.startswith("refund-done:"):
            await post(session, key, currency, amounts, now=now)
            return
        session.add_all(
            LedgerEntry(
                transaction_key=key,
                account=account,
                currency=currency,
                amount_minor=amount,
                created_at=now,
            )
            for account, amount in change(amounts).items()
        )

    ledger.post = careless


def half_a_movement() -> None:
    _posting(lambda amounts: dict(list(amounts.items())[:1]))


def refunding_double() -> None:
    _posting(lambda amounts: {account: 2 * amount for account, amount in amounts.items()})


def giving_back_double() -> None:
    """What is let go comes back twice."""
    give_back = stock._give_back

    async def careless(
        session: AsyncSession, kind: type[Deal] | type[Variant], id_: int, quantity: int
    ) -> None:
        await give_back(session, kind, id_, 2 * quantity)

    stock._give_back = careless
