"""kill -9 at random while many chats are told: never twice, and none lost but for those listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.hand import Pace
from tests.faults.bench import SERVERS, Server, opened_bench
from tests.faults.report import Report
from tests.faults.test_kills import need_servers
from tests.faults.waves import Wave

pytestmark = [pytest.mark.processes, pytest.mark.timeout(7_200)]

CHATS: dict[Server, int] = {"sqlite": 1_500, "postgres": 800}
KILLS = 50
NIGHTLY_CHATS, NIGHTLY_KILLS = 5_000, 1_000
FEW_CHATS, FEW_KILLS = 250, 8
WIDE_GATE = ("wide-gate",)  # ten times Telegram's pace, so that more is under way at each kill
SEEN = "{gone} chats gone, {hits} calls failed; doubled 0, lost 0, {unknown} listed as unknown"


@pytest.mark.parametrize("server", SERVERS)
async def test_killed_at_random_while_chats_are_told(
    server: Server, nursery: str, tmp_path: Path, nightly: bool, faults: Report
) -> None:
    await need_servers(server)
    chats, kills = (NIGHTLY_CHATS, NIGHTLY_KILLS) if nightly else (CHATS[server], KILLS)
    gate = () if nightly else WIDE_GATE
    async with opened_bench(server, tmp_path, nursery, broken=gate) as bench:
        wave = Wave(bench, chats, kills)
        await wave.run()
        assert await wave.judge() == []
        assert wave.killed == kills
        assert wave.in_the_middle >= kills / 4
        if server == "sqlite":  # of one process, and no other sends meanwhile
            assert wave.most_in_flight <= Pace().in_flight
        found = SEEN.format(gone=len(wave.gone), hits=wave.ambiguous, unknown=await wave.unknown())
        dose = f"{chats} chats, {kills} × kill -9, {wave.in_the_middle} of them while sending"
        faults.add("random kills during three waves of announcements", server, dose, found)


@pytest.mark.parametrize(
    ("build", "words"),
    [("sent-again-in-doubt", " is told "), ("sent-before-sending", " is not told ")],
)
async def test_careless_courier_is_noticed(
    build: str, words: str, nursery: str, tmp_path: Path
) -> None:
    async with opened_bench("sqlite", tmp_path, nursery, broken=(build, *WIDE_GATE)) as bench:
        wave = Wave(bench, FEW_CHATS, FEW_KILLS)
        await wave.run()
        assert any(words in found for found in await wave.judge())
