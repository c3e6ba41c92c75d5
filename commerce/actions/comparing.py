"""Compares charges and refunds with what their provider lists. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions.reconciling import Difference
from commerce.payment import STARS
from storage.database import Database
from storage.tables import Payment, Refund, RefundState


@dataclass(frozen=True, slots=True)
class Theirs:
    """A charge as its provider lists it: by the id that we keep, in our minor units."""

    charge_id: str
    amount_minor: int
    refunded_minor: int


async def ours_and_theirs(
    database: Database, provider: str, listed: Sequence[Theirs], *, complete: bool
) -> list[Difference]:
    """Charge by charge. `complete`: all that this provider lists came through this shop."""
    theirs = {one.charge_id: one for one in listed}
    ours = await _ours(database, provider)
    found = []
    for id_, (amount, back) in ours.items():
        one = theirs.pop(id_, None)
        if one is None:
            found.append(Difference(f"{provider} charge {id_}", "listed there", "missing"))
            continue
        if one.amount_minor != amount:
            label = f"{provider} charge {id_}, amount there"
            found.append(Difference(label, amount, one.amount_minor))
        if one.refunded_minor != back:
            label = f"{provider} charge {id_}, refunded there"
            found.append(Difference(label, back, one.refunded_minor))
    if complete:
        for id_ in theirs:
            found.append(Difference(f"{provider} charge {id_}", "known here", "missing"))
    return found


async def _ours(database: Database, provider: str) -> dict[str, tuple[int, int]]:
    """By the id that the provider knows: what was charged, and what it has given back."""
    done = (
        select(func.coalesce(func.sum(col(Refund.amount_minor)), 0))
        .where(
            col(Refund.payment_id) == col(Payment.id),
            col(Refund.provider) == provider,
            col(Refund.state) == RefundState.DONE,
        )
        .scalar_subquery()
    )
    own = col(Payment.charge_id if provider == STARS else Payment.provider_charge_id)
    async with database.read() as session:
        rows = await session.execute(
            select(own, col(Payment.amount_minor), done)
            .where(col(Payment.provider) == provider)
            .order_by(col(Payment.id))
        )
        return {id_: (amount, int(back)) for id_, amount, back in rows}
