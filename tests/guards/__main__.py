"""`python -m tests.guards [--write] [WORDS]`: takes out each guard in turn; do the tests notice?

In a copy of the tree. WORDS choose the guards whose name, place or tests have all of them in it.
Exit code 1 when one is not noticed. `--write` brings the table in docs/reliability.md up to date.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.guards import GUARDS
from tests.guards.kinds import ROOT, Guard, astray
from tests.guards.table import write_table

LONGEST_SECONDS = 240
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header")
TESTS_FAILED, TESTS_PASSED = 1, 0


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
        """Pytest's exit code; a run that hangs has failed."""
        command = (*PYTEST, *tests)
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment(),
                capture_output=True,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return TESTS_FAILED
        if done.returncode not in (TESTS_FAILED, TESTS_PASSED):
            say(done.stdout.decode(errors="replace")[-2_000:])
        return done.returncode

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.folder)}

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
    if astray(guard):
        return Result.ASTRAY
    with bench.without(guard):
        match bench.run(guard.tests):
            case code if code == TESTS_FAILED:
                return Result.NOTICED
            case code if code == TESTS_PASSED:
                return Result.NOT_NOTICED
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
