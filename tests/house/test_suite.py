"""The suite runs in parts: each test in exactly one, and nothing is hidden by a part's end."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.__main__ import closing, worst
from tests.parts import PARTS
from tests.services import FORGOTTEN_SECONDS, OURS, forgotten, new_name

ROOT = Path(__file__).parents[2]
MARKS = ("processes", "browser", "clocked")


@pytest.mark.parametrize("marks", list(itertools.product([True, False], repeat=3)))
def test_each_test_belongs_to_one_part(marks: tuple[bool, ...]) -> None:
    names = dict(zip(MARKS, marks, strict=True))
    assert sum(eval(part.marked, {}, names) for part in PARTS) == 1


@pytest.mark.parametrize(
    ("codes", "code"), [((0, 0, 0), 0), ((0, 5, 0), 5), ((1, 0, 0), 1), ((0, 0, 2), 2)]
)
def test_suite_is_green_only_when_every_part_ran_and_is(codes: tuple[int, ...], code: int) -> None:
    assert worst(codes) == code


def test_closing_line_is_pytests() -> None:
    line = closing({"passed": 1200, "failed": 3, "error": 2, "skipped": 1}, 61.04)
    assert line.strip("=") == " 3 failed, 1200 passed, 1 skipped, 2 errors in 61.04s (0:01:01) "
    assert closing({}, 0.5).strip("=") == " no tests ran in 0.50s "


def test_database_of_a_killed_run_is_known_by_its_age() -> None:
    made = new_name()
    at = int(made.removeprefix(OURS).partition("_")[0], 16)
    assert not forgotten(made, at + FORGOTTEN_SECONDS)
    assert forgotten(made, at + FORGOTTEN_SECONDS + 1)
    assert not forgotten("somebody_elses", at + 10**9)


@pytest.mark.processes
def test_missing_server_is_named_by_the_workers_too() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/storage/test_gate_bells.py"),
        cwd=ROOT,
        env={**os.environ, "TEST_REDIS_URL": "redis://127.0.0.1:1", "REQUIRE_SERVICES": ""},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "NOT TESTED: Redis did not answer; its tests were skipped." in done.stdout
