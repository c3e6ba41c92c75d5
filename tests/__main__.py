"""The whole suite in three parts, and one closing line in pytest's own words.

`python -m tests [pytest's arguments]`: what may run side by side, then whole processes, then what
is held to seconds and needs the machine alone. All parts run, whatever becomes of the first.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import services
from tests.parts import PARTS, Part

BAD = ("failed", "error")
SAID = ("failed", "passed", "skipped", "xfailed", "xpassed", "warnings", "error")


def main(arguments: Sequence[str]) -> int:
    asyncio.run(services.drop_forgotten())
    began = time.monotonic()
    tally: Counter[str] = Counter()
    codes = []
    for part in PARTS:
        code, counted = run(part, arguments)
        codes.append(code)
        tally.update(counted)
    print(closing(tally, time.monotonic() - began))  # noqa: T201
    return worst(codes)


def run(part: Part, arguments: Sequence[str]) -> tuple[int, Counter[str]]:
    """Its exit code and how its tests ended. A part without tests is 5, as pytest says it."""
    with tempfile.TemporaryDirectory() as folder:
        tally = Path(folder) / "tally.json"
        words = ["-m", part.marked, *part.options, f"--tally={tally}", *arguments]
        print(f"\n{part.name}: pytest {' '.join(map(repr, words))}", flush=True)  # noqa: T201
        code = subprocess.run([sys.executable, "-m", "pytest", *words], check=False).returncode
        return code, Counter(json.loads(tally.read_text()) if tally.exists() else {})


def worst(codes: Sequence[int]) -> int:
    """0 only where every part ended with 0."""
    return next((code for code in codes if code), 0)


def closing(tally: Mapping[str, int], seconds: float) -> str:
    """As pytest closes: `=== 3 failed, 1200 passed, 2 skipped in 61.04s (0:01:01) ===`."""
    counts = ", ".join(f"{tally[how]} {_word(how, tally[how])}" for how in SAID if tally.get(how))
    clock = f" ({int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02})"
    words = f" {counts or 'no tests ran'} in {seconds:.2f}s{clock if seconds >= 60 else ''} "
    return words.center(80, "=")


def _word(how: str, count: int) -> str:
    return "errors" if how == "error" and count > 1 else how


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
