"""The table of faults in docs/reliability.md, written by the tests that produced them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage.crash import CRASH_POINTS

OPENING = "<!-- faults: written by `make faults` -->"
CLOSING = "<!-- /faults -->"
HEAD = ("| fault | database | dose | result |", "|---|---|---|---|")
SERVERS = {"sqlite": "SQLite, one process", "postgres": "PostgreSQL + Redis, a process a role"}


@dataclass(frozen=True, slots=True)
class Row:
    fault: str
    server: str
    dose: str
    result: str

    def line(self) -> str:
        named = CRASH_POINTS.get(self.fault)
        fault = f"{self.fault}: {named}" if named else self.fault
        server = SERVERS.get(self.server, self.server)
        return f"| {fault} | {server} | {self.dose} | {self.result} |"


@dataclass(slots=True)
class Report:
    """Rows in the order of the faults; tests add what they saw once they have judged it."""

    rows: list[Row] = field(default_factory=list)

    def add(self, fault: str, server: str, dose: int | str, result: str) -> None:
        kills = f"{dose} × kill -9" if isinstance(dose, int) else dose
        self.rows.append(Row(fault, server, kills, result))

    def lines(self) -> Iterator[str]:
        yield from HEAD
        for row in sorted(self.rows, key=_place):
            yield row.line()

    def write(self, page: Path) -> None:
        """Into its own part of the page; the rest stays as it is."""
        text = page.read_text(encoding="utf-8")
        before, opening, rest = text.partition(OPENING)
        _, closing, after = rest.partition(CLOSING)
        if not (opening and closing):
            raise ValueError(f"{page} has no place for the table of faults")
        table = "\n".join(self.lines())
        page.write_text(f"{before}{opening}\n{table}\n{closing}{after}", encoding="utf-8")


def _place(row: Row) -> tuple[bool, int, str]:
    """Crash points by their number, then the others as they come."""
    points = list(CRASH_POINTS)
    named = row.fault in CRASH_POINTS
    return (not named, points.index(row.fault) if named else 0, row.server if named else "")
