"""The table of faults in docs/reliability.md, written by the tests that produced them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    def lines(self, before: Sequence[str] = ()) -> Iterator[str]:
        """The table, in which rows of before stay where no new one takes their place."""
        yield from HEAD
        kept = {_cells(line)[:2]: line for line in before if line not in HEAD}
        fresh = {_cells(row.line())[:2]: row.line() for row in self.rows}
        yield from sorted((kept | fresh).values(), key=_place)

    def write(self, page: Path) -> None:
        """Into its own part of the page; the rest stays as it is."""
        text = page.read_text(encoding="utf-8")
        before, opening, rest = text.partition(OPENING)
        old, closing, after = rest.partition(CLOSING)
        if not (opening and closing):
            raise ValueError(f"{page} has no place for the table of faults")
        table = "\n".join(self.lines([line for line in old.splitlines() if line]))
        page.write_text(f"{before}{opening}\n{table}\n{closing}{after}", encoding="utf-8")


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _place(line: str) -> tuple[int, str]:
    """Crash points by their number, then the others by name; SQLite before PostgreSQL."""
    fault, server = _cells(line)[:2]
    points = list(CRASH_POINTS)
    name = fault.partition(":")[0]
    number = points.index(name) if name in points else len(points)
    return number, f"{fault} {'0' if server == SERVERS['sqlite'] else '1'}"
