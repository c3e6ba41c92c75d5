"""The nursery of the bench, and how large its doses are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.report import Report
from tests.processes.town import ROOT


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which lives of the program are to be had."""
    address = str(tmp_path_factory.mktemp("nursery") / "socket")
    forker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert forker.stdin is not None
    assert forker.stdout is not None
    try:
        assert forker.stdout.readline() == b"ready\n"
        yield address
    finally:
        forker.stdin.close()
        forker.stdout.close()
        forker.wait(10)


@pytest.fixture
def nightly(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--nightly"))


FAULTS = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FAULTS] = Report()


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Report:
    """Where a test writes down what it did, and what it found."""
    return request.config.stash[FAULTS]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    page = session.config.getoption("--report")
    if page and exitstatus == 0:
        session.config.stash[FAULTS].write(Path(page))
