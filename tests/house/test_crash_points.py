"""Each crash point stands in the code once, and asking for another is said at once."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from storage.crash import CRASH_POINTS, VARIABLE
from tests.house.source import PACKAGES, ROOT, calls, modules, tree

HOOKS = ("crash_point", "crash_after_commit")
PASS_TWICE = (
    "from storage.crash import crash_point as at\n"
    "at('K1'); at('K2'); print(1, flush=True); at('K2'); print(2)"
)


def placed(module: ast.Module) -> list[str]:
    """The names of the points in a module; "?" for one that is no literal."""
    names = [call.args[-1] for written, call in calls(module) if written in HOOKS]
    return [str(n.value) if isinstance(n, ast.Constant) else "?" for n in names]


def pass_points(wanted: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop(VARIABLE, None)
    if wanted is not None:
        environment[VARIABLE] = wanted
    return subprocess.run(
        [sys.executable, "-c", PASS_TWICE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_points_are_k1_to_k22() -> None:
    assert list(CRASH_POINTS) == [f"K{number}" for number in range(1, 23)]


def test_each_point_stands_in_the_code_once() -> None:
    hook = ROOT / "storage" / "crash.py"
    found = Counter(n for path in modules(*PACKAGES) if path != hook for n in placed(tree(path)))
    assert found == Counter(list(CRASH_POINTS))


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("crash_point('K1')", ["K1"]),
        ("crash_after_commit(session, 'K2')", ["K2"]),
        ("crash_point(name)", ["?"]),
        ("crash('K1')", []),
    ],
)
def test_point_is_found(code: str, names: list[str]) -> None:
    assert placed(ast.parse(code)) == names


@pytest.mark.parametrize(
    ("wanted", "code", "written"),
    [
        (None, 0, "1\n2\n"),
        ("", 0, "1\n2\n"),
        ("K1", -signal.SIGKILL, ""),
        ("K2:2", -signal.SIGKILL, "1\n"),
        ("K2:3", 0, "1\n2\n"),
    ],
)
def test_process_dies_at_the_passing_asked_for(wanted: str | None, code: int, written: str) -> None:
    ended = pass_points(wanted)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, written, "")


@pytest.mark.parametrize("wanted", ["K23", "K0", "k1", "K1:0", "K1:", "K1 ", "1"])
def test_unknown_point_stops_the_start(wanted: str) -> None:
    ended = pass_points(wanted)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"KAITUAN_CRASH={wanted!r} names no crash point\n"
