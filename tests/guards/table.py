"""The table of guards in docs/reliability.md."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.guards import GUARDS
from tests.guards.kinds import ROOT, Guard

PAGE = ROOT / "docs" / "reliability.md"
SECTION = re.compile(r"(<!-- guards:[^>]*-->\n).*?(<!-- /guards -->)", re.DOTALL)
HEAD = "| guard | taken out of | tests that must notice | result |\n|---|---|---|---|\n"


def rows() -> dict[str, str]:
    """The result of each guard as the page has it, by name."""
    section = SECTION.search(PAGE.read_text(encoding="utf-8"))
    lines = section.group(0).splitlines() if section else []
    cells = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0].strip(): row[-1].strip() for row in cells[1:]}


def write_table(results: Mapping[str, str]) -> None:
    """Rows of guards that were not tried stay as they are; those that are no more go."""
    known = rows() | dict(results)
    lines = [_row(guard, known[guard.name]) for guard in GUARDS if guard.name in known]
    noticed = sum(known[guard.name] == "noticed" for guard in GUARDS if guard.name in known)
    summary = f"{noticed} of {len(GUARDS)} guards are noticed when they are taken out.\n\n"
    text = PAGE.read_text(encoding="utf-8")
    body = summary + HEAD + "".join(lines)
    PAGE.write_text(SECTION.sub(lambda m: m[1] + "\n" + body + "\n" + m[2], text), encoding="utf-8")


def _row(guard: Guard, result: str) -> str:
    tests = ", ".join(dict.fromkeys(_short(test) for test in guard.tests))
    return f"| {guard.name} | `{guard.place}` | {tests} | {result} |\n"


def _short(test: str) -> str:
    """The file, and the function without its cases."""
    file, _, name = test.partition("::")
    return f"`{file.removeprefix('tests/')}" + (f"::{name.partition('[')[0]}`" if name else "`")
