"""The judges notice: each build without one guard, killed where that guard matters, is found."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.bench import make_template
from tests.faults.broken import BUILDS
from tests.faults.kills import Kill, kill_once

pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]


@dataclass(frozen=True, slots=True)
class Control:
    """A build, where it is killed, and the words in which the judges complain."""

    build: str
    point: str
    passing: int
    words: str
    number: int = 0


CONTROLS = (
    Control("answered-first", "K2", 1, "update 0 is lost"),
    Control("marked-apart", "K5", 3, "5000 is never told seat_paid"),
    Control("sent-before-sending", "K8", 1, "is marked sent and did not arrive"),
    Control("sent-again-in-doubt", "K10", 1, "arrived 2 times"),
    Control("charge-stored-apart", "K14", 1, "5000 is never told seat_paid"),
    Control("decided-apart", "K17", 1, "is never told group_failed"),
    Control("refunds-without-a-key", "K18", 1, "the provider gave back", number=1),
    Control("promised-apart", "K20", 1, "is never told deal_ending"),
)


async def test_each_missing_guard_is_noticed(nursery: str, tmp_path: Path) -> None:
    await make_template("sqlite", tmp_path)
    ends = await asyncio.gather(
        *(
            kill_once(
                Kill(c.point, "sqlite", c.number, c.passing),
                tmp_path / c.build,
                nursery,
                broken=(c.build,),
            )
            for c in CONTROLS
        )
    )
    unnoticed = {
        control.build: end.wrong
        for control, end in zip(CONTROLS, ends, strict=True)
        if not any(control.words in words for words in end.wrong)
    }
    assert unnoticed == {}


def test_each_build_is_a_control() -> None:
    used_elsewhere = {"small-batches", "wide-gate", "import-in-one-piece"}
    assert {control.build for control in CONTROLS} == set(BUILDS) - used_elsewhere
