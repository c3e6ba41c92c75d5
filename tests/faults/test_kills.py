"""kill -9 at every crash point: started again, the shop has lost and doubled nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.crash import CRASH_POINTS
from tests import services
from tests.conftest import need
from tests.faults.bench import SERVERS, Server
from tests.faults.kills import PLACES, RECOVERY_SECONDS, Kill, kill_all
from tests.faults.report import Report

pytestmark = [pytest.mark.processes, pytest.mark.timeout(7_200)]

DOSE: dict[Server, int] = {"sqlite": 2, "postgres": 1}
NIGHTLY = 20
FAMILIES = {
    "an update on its way": ("K1", "K2", "K3", "K4", "K5", "K6"),
    "a message on its way": ("K7", "K8", "K9", "K10", "K11"),
    "a purchase": ("K12", "K13", "K14", "K15"),
    "the end of a group": ("K16", "K17", "K18", "K19"),
    "the clock": ("K20", "K21"),
}


async def need_servers(server: Server) -> None:
    if server == "postgres":
        need("PostgreSQL", await services.postgres_server())
        need("Redis", await services.redis_server())


def times(server: Server, *, nightly: bool) -> int:
    return NIGHTLY if nightly else DOSE[server]


def seen(kills: list[Kill]) -> str:
    """What the table says of the kills at one point."""
    slowest = max(kill.recovered for kill in kills)
    unknown = sum(kill.unknown for kill in kills)
    listed = f", {unknown} listed as unknown" if unknown else ""
    return f"nothing lost, nothing doubled{listed}; recovered within {slowest:.0f} s"


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("server", SERVERS)
async def test_killed_in_the_middle_of(
    server: Server, family: str, nursery: str, tmp_path: Path, nightly: bool, faults: Report
) -> None:
    await need_servers(server)
    dose = times(server, nightly=nightly)
    kills = [Kill(point, server, n) for point in FAMILIES[family] for n in range(dose)]
    done = await kill_all(kills, tmp_path, nursery)
    assert [str(kill) for kill in done if kill.wrong] == []
    assert max(kill.recovered for kill in done) <= RECOVERY_SECONDS
    for point in FAMILIES[family]:
        faults.add(point, server, dose, seen([kill for kill in done if kill.point == point]))


def test_each_point_is_killed_at() -> None:
    covered = [point for points in FAMILIES.values() for point in points]
    assert sorted([*covered, "K22"]) == sorted(CRASH_POINTS)
    assert set(covered) == set(PLACES)
