"""The same update five times, at one door and at two doors at once: it counts once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from storage.tables import Inbox, InboxState
from tests.chat.shop import shown
from tests.chat.test_group_story import join, share
from tests.processes.outcome import outcome_of
from tests.processes.story import open_group
from tests.processes.town import Plan, Town, open_town

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

TIMES = 5
PLANS = (
    Plan("sqlite", servers=False, webhook=True, roles=("all",), copies=TIMES),
    Plan(
        "postgres",
        servers=True,
        webhook=True,
        roles=("web", "web", "worker", "worker", "clock", "courier"),
        copies=TIMES,
    ),
)


async def handled(town: Town) -> int:
    """How many updates are stored; all of them are done with."""
    async with town.shop.database.read() as session:
        counted = await session.execute(
            select(col(Inbox.state), func.count()).group_by(col(Inbox.state))
        )
        states = {state: int(count) for state, count in counted.all()}
    assert set(states) == {InboxState.DONE}
    return states[InboxState.DONE]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
async def test_update_brought_many_times_counts_once(plan: Plan, tmp_path: Path) -> None:
    async with open_town(plan, tmp_path) as town:
        alice, bob = town.shop.phone("Alice"), town.shop.phone("Bob")
        friends = town.shop.world.new_group("Tea friends", [alice.person, bob.person])
        group = await open_group(alice, "Two mugs")
        await join(bob, await share(alice, group, friends))
        for phone in (alice, bob):
            await phone.wait_for_text("Group complete")
        before = await outcome_of(town.shop)
        assert [order[0] for order in before.orders] == ["Alice", "Bob"]
        assert [seat[:3] for seat in before.seats] == [("Alice", 1, "paid"), ("Bob", 1, "paid")]
        assert [payment[2] for payment in before.payments] == [1650, 1650]
        assert set(before.told.values()) == {1}
        assert town.fan.accepted == len(town.fan.bodies) * plan.doors * TIMES

        for body in list(town.fan.bodies):  # and once more, long after
            assert await town.fan.spread(body) == 200
        # Lanes keep their order: what this answers, it answers after all repeats.
        for phone in (alice, bob):
            assert "being prepared" in shown(await phone.send("/orders"))
        after = await outcome_of(town.shop)
        after.told.subtract(before.told)
        assert {said for said, times in after.told.items() if times} == {
            ("Alice", "📦 My orders"),
            ("Bob", "📦 My orders"),
        }
        assert (after.orders, after.seats, after.payments, after.ledger) == (
            before.orders,
            before.seats,
            before.payments,
            before.ledger,
        )
        await town.shop.world.wait_for(lambda: town.shop.world.unanswered() == [])
        assert set((await town.close()).values()) == {0}
        assert await handled(town) == len(set(town.fan.bodies))
    assert town.shop.world.violations == []
