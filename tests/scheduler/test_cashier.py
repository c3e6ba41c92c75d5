"""Refund jobs: each by itself, whatever becomes of the others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.payments import Charge, record_payment
from commerce.actions.refunding import RefundJob
from scheduler.cashier import Cashier
from scheduler.providers import RefundRefused
from storage.database import Database
from storage.redis import MemoryBell
from storage.tables import Outbox, Refund, RefundState
from tests.commerce.people import NOW, some_people


class Till:
    """A provider that chokes on one charge, refuses another, and gives the others back."""

    def __init__(self) -> None:
        self.given: list[str] = []

    async def refund(self, job: RefundJob) -> None:
        if job.charge_id == "charge-0":
            raise ZeroDivisionError
        if job.charge_id == "charge-1":
            raise RefundRefused("not today")
        self.given.append(job.charge_id)

    async def close(self) -> None:
        return None


async def test_refund_that_breaks_its_provider_stops_no_other(database: Database) -> None:
    people = await some_people(database, 4)
    for number, person in enumerate(people):
        charge = Charge("till", f"charge-{number}", f"ch_{number}", "nothing", "USD", 100)
        await record_payment(person, charge, now=NOW)
    till, clock = Till(), [NOW]
    cashier = Cashier(database, {"till": till}, now=lambda: clock[0], bell=MemoryBell())
    assert await cashier.step() == 4
    assert sorted(till.given) == ["charge-2", "charge-3"]
    async with database.read() as session:
        rows = await session.execute(
            select(col(Refund.state), col(Refund.error)).order_by(col(Refund.id))
        )
        told = await session.execute(
            select(col(Outbox.id)).where(col(Outbox.notice) == "refund_arrived")
        )
    assert [tuple(row) for row in rows] == [
        (RefundState.DUE, "ZeroDivisionError"),
        (RefundState.DUE, "not today"),
        (RefundState.DONE, None),
        (RefundState.DONE, None),
    ]
    assert len(told.all()) == 2
    assert await cashier.step() == 0
    clock[0] += timedelta(minutes=1)
    assert await cashier.step() == 2
    await cashier.stop()
