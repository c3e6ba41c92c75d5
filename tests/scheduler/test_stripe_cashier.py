"""The cashier at Stripe: one refund and one word to the buyer, through lost replies and outages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from commerce.actions.payments import Charge, record_payment
from scheduler.cashier import Cashier
from scheduler.providers.stripe import StripeCards
from storage.database import Database
from storage.redis import MemoryBell
from storage.tables import LedgerEntry, Outbox, Refund, RefundState
from tests.commerce.people import some_people
from tests.scheduler.conftest import Turnable
from tests.scheduler.stripe_desk import KEY, StripeDesk, opened

CHARGED = 1_500
OUTAGE = timedelta(hours=2)
LONGEST_WAIT = 600


@pytest.fixture
async def desk() -> AsyncIterator[StripeDesk]:
    async with opened(StripeDesk({"ch_1": CHARGED})) as served:
        yield served


@pytest.fixture
async def cashier(database: Database, desk: StripeDesk, clock: Turnable) -> AsyncIterator[Cashier]:
    """A cashier, and a card that was charged for nothing we sell."""
    [buyer] = await some_people(database, 1)
    paid = Charge("telegram", "telegram-1", "ch_1", "nothing", "USD", CHARGED)
    await record_payment(buyer, paid, now=clock())
    providers = {"telegram": StripeCards(KEY, base=desk.base)}
    made = Cashier(database, providers, now=clock, bell=MemoryBell())
    yield made
    await made.stop()


async def the_refund(database: Database) -> Refund:
    async with database.read() as session:
        return (await session.execute(select(Refund))).scalar_one()


async def told(database: Database) -> list[str]:
    async with database.read() as session:
        rows = await session.execute(select(col(Outbox.notice)).order_by(col(Outbox.id)))
        return [str(notice) for notice in rows.scalars()]


async def unsettled(database: Database) -> int:
    """What the ledger still holds for refunds on their way."""
    async with database.read() as session:
        held = func.coalesce(func.sum(col(LedgerEntry.amount_minor)), 0)
        on_the_way = col(LedgerEntry.account) == "refunds:telegram"
        return int((await session.execute(select(held).where(on_the_way))).scalar_one())


async def test_reply_lost_is_one_refund_and_one_word(
    database: Database, desk: StripeDesk, cashier: Cashier, clock: Turnable
) -> None:
    desk.troubles.append("lost")
    assert await cashier.step() == 1
    assert (await the_refund(database)).state == RefundState.DUE
    assert await told(database) == ["refund_started"]
    for _ in range(3):
        clock.turn(LONGEST_WAIT)
        await cashier.step()
    assert [made["amount"] for made in desk.refunds] == [CHARGED]
    assert (await the_refund(database)).state == RefundState.DONE
    assert await told(database) == ["refund_started", "refund_arrived"]
    assert await unsettled(database) == 0


async def test_cashier_lost_after_the_refund_a_day_ago_is_one_refund(
    database: Database, desk: StripeDesk, cashier: Cashier, clock: Turnable
) -> None:
    desk.troubles.append("lost")
    await cashier.step()
    desk.forget_keys()
    clock.turn(26 * 3600)
    await cashier.step()
    assert desk.back("ch_1") == CHARGED
    assert len(desk.asked) == 1
    assert (await the_refund(database)).state == RefundState.DONE


async def test_stripe_down_for_two_hours_is_tried_ever_more_slowly(
    database: Database, desk: StripeDesk, cashier: Cashier, clock: Turnable
) -> None:
    began, tries = clock(), []
    desk.down = True
    while clock() < began + OUTAGE:
        if await cashier.step():
            tries.append(clock())
        clock.turn(5)
    gaps = [int((b - a).total_seconds()) for a, b in pairwise(tries)]
    assert gaps[:8] == [5, 10, 20, 40, 80, 160, 320, 600]
    assert set(gaps[8:]) == {LONGEST_WAIT}
    waiting = await the_refund(database)
    assert (waiting.state, waiting.attempts) == (RefundState.DUE, len(tries))
    assert waiting.error == "Stripe does not answer (ServerDisconnectedError)"
    assert await told(database) == ["refund_started"]

    desk.down = False
    clock.turn(LONGEST_WAIT)
    assert await cashier.step() == 1
    assert desk.back("ch_1") == CHARGED
    assert (await the_refund(database)).state == RefundState.DONE
    assert await told(database) == ["refund_started", "refund_arrived"]
    assert await unsettled(database) == 0
