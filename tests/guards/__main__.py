"""`python -m tests.guards [--write] [WORDS]`: takes out each guard in turn; do the tests notice?

In a copy of the tree. WORDS choose the guards whose name, place or tests have all of them in it.
Exit code 1 when one is not noticed. `--write` brings the table in docs/reliability.md up to date.
"""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

import pytest

from tests.guards import GUARDS
from tests.guards.kinds import ROOT, Guard, astray
from tests.guards.table import write_table

LONGEST_SECONDS = 240
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--no-header")
ON_SQLITE = ("-k", "not postgres")
OURS = {path.name for path in ROOT.iterdir() if path.is_dir()}
TESTS_PASSED, TESTS_FAILED, NO_TESTS = 0, 1, 5


LIBRARIES = (
    "aiosqlite",
    "alembic.command",
    "asyncpg",
    "PIL.Image",
    "redis.asyncio",
    "sqlalchemy.ext.asyncio",
    "sqlmodel",
)


class Result(StrEnum):
    NOTICED = "noticed"
    NOT_NOTICED = "NOT noticed"
    ASTRAY = "its text is not in the code exactly once"
    BROKEN = "its tests could not be run"


@dataclass(frozen=True, slots=True)
class Bench:
    """A copy of the tree in which guards are taken out."""

    folder: Path

    def run(self, tests: Sequence[str]) -> int:
        """Pytest's exit code; a run that hangs has failed.

        In a child of ours, which has the libraries already and reads the shop's code anew.
        """
        child = os.fork()
        if child == 0:
            self._be_pytest(tests)
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return TESTS_FAILED

    def _be_pytest(self, tests: Sequence[str]) -> NoReturn:
        code = 3
        try:
            os.chdir(self.folder)
            os.environ["PYTHONPATH"] = sys.path[0] = str(self.folder)
            for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
                del sys.modules[name]
            with (self.folder / ".said").open("w") as said:
                os.dup2(said.fileno(), sys.stdout.fileno())
                os.dup2(said.fileno(), sys.stderr.fileno())
            code = int(pytest.main([*OPTIONS, *tests]))
        finally:
            sys.stdout.flush()
            os._exit(code)

    @contextmanager
    def without(self, guard: Guard) -> Iterator[None]:
        before: dict[Path, str] = {}
        for edit in guard.edits:
            path = self.folder / edit.file
            text = path.read_text(encoding="utf-8")
            before.setdefault(path, text)
            put(path, text.replace(edit.text, edit.without))
        try:
            yield
        finally:
            for path, text in before.items():
                put(path, text)


_moments = iter(range(1_000_000_000, 2_000_000_000))


def put(path: Path, text: str) -> None:
    """With a time of its own, or Python may take an older compiled file for this one's."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (moment := next(_moments), moment))


@contextmanager
def a_copy() -> Iterator[Bench]:
    listed = subprocess.run(
        ("git", "ls-files", "-co", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory(prefix="kaituan-guards-") as name:
        for file in listed.stdout.splitlines():
            if (ROOT / file).is_file():
                target = Path(name) / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, target)
        yield Bench(Path(name))


def try_out(bench: Bench, guard: Guard) -> Result:
    """On SQLite first, which is quicker; what it does not notice, PostgreSQL may."""
    if astray(guard):
        return Result.ASTRAY
    with bench.without(guard):
        code = TESTS_PASSED
        if not any("postgres" in test for test in guard.tests):
            code = bench.run([*ON_SQLITE, *guard.tests])
        if code in (TESTS_PASSED, NO_TESTS):
            code = bench.run(guard.tests)
    match code:
        case 0:
            return Result.NOT_NOTICED
        case 1:
            return Result.NOTICED
    say((bench.folder / ".said").read_text()[-2_000:])
    return Result.BROKEN


def chosen(words: Sequence[str]) -> list[Guard]:
    def said(guard: Guard) -> str:
        return " ".join((guard.name, guard.place, *guard.tests)).lower()

    return [guard for guard in GUARDS if all(word.lower() in said(guard) for word in words)]


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    words = [argument for argument in arguments if argument != "--write"]
    guards = chosen(words)
    results: dict[str, str] = {}
    for name in LIBRARIES:
        importlib.import_module(name)
    with a_copy() as bench:
        tests = sorted({test for guard in guards for test in guard.tests})
        if (code := bench.run(tests)) != TESTS_PASSED:
            say(f"The tests do not pass with all guards in place (pytest says {code}).")
            return 2
        for guard in guards:
            began = time.monotonic()
            result = try_out(bench, guard)
            results[guard.name] = result.value
            say(f"{result.value:12} {time.monotonic() - began:5.1f} s  {guard.name}")
    noticed = sum(result == Result.NOTICED for result in results.values())
    say(f"{noticed} of {len(guards)} noticed")
    if "--write" in arguments:
        write_table(results)
    return int(noticed != len(guards))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
