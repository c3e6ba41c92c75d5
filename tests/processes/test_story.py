"""The same story, with the same end, in every way to set the shop up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.processes.expected import OUTCOME
from tests.processes.outcome import outcome_of
from tests.processes.story import gather_friends, live
from tests.processes.town import Plan, open_town

pytestmark = [pytest.mark.processes, pytest.mark.timeout(420)]

PLANS = (
    Plan("sqlite-polling", servers=False, webhook=False, roles=("all",)),
    Plan("sqlite-webhook", servers=False, webhook=True, roles=("all",)),
    Plan(
        "postgres-polling",
        servers=True,
        webhook=False,
        roles=("web", "worker", "clock", "courier"),
    ),
    Plan(
        "postgres-webhook",
        servers=True,
        webhook=True,
        roles=("web", "worker", "worker", "clock", "courier"),
    ),
)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
async def test_story_ends_alike_however_the_shop_is_set_up(plan: Plan, tmp_path: Path) -> None:
    async with open_town(plan, tmp_path) as town:
        await live(gather_friends(town.shop))
        assert await outcome_of(town.shop) == OUTCOME, town.words()
        exits = await town.close()
        assert set(exits.values()) == {0}, town.words()
    world = town.shop.world
    assert world.violations == []
    assert world.unanswered() == []
    assert (world.flood.refused, sum(world.knocks.values())) == (0, 0)
