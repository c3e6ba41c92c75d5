"""The table as a page: rows are replaced where they were measured anew, others stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import Row

HEAD = ("what", "on", "ours", "yardstick", "figure", "spread", "goal", "beside")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def table(rows: Sequence[Row]) -> list[str]:
    return ["| " + " | ".join(row.cells()) + " |" for row in rows]


def write(page: Path, rows: Sequence[Row]) -> None:
    """Between the two marks, keyed by the first two cells."""
    text = page.read_text()
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    lines = {_key(line): line for line in old.splitlines() if line.startswith("| ")}
    lines.pop(_key("| " + " | ".join(HEAD) + " |"), None)
    lines |= {_key(line): line for line in table(rows)}
    head = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    page.write_text("\n".join([before + BEGIN, *head, *lines.values(), END + after]))


def _key(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.split("|")[1:3])
