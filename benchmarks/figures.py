"""Figures of a row: paired rounds, their medians, and whether the goal is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Pair:
    """One round: ours and its yardstick, measured right after each other, in the same unit."""

    ours: float
    yardstick: float

    @property
    def ratio(self) -> float:
        return self.ours / self.yardstick


@dataclass(frozen=True, slots=True)
class Goal:
    """What the median must be: at most, or at least, `bound`."""

    bound: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. Without yardsticks `values` are absolute figures, in `unit`."""

    name: str
    where: str  # which database
    unit: str
    pairs: Sequence[Pair] = ()
    values: Sequence[float] = ()
    goal: Goal | None = None
    beside: str = ""

    @property
    def figures(self) -> list[float]:
        return [pair.ratio for pair in self.pairs] if self.pairs else list(self.values)

    @property
    def median(self) -> float:
        return median(self.figures)

    def cells(self) -> tuple[str, ...]:
        """Name, where, ours, yardstick, figure, spread, goal, beside."""
        ours = median(p.ours for p in self.pairs) if self.pairs else self.median
        yard = f"{median(p.yardstick for p in self.pairs):.3g}" if self.pairs else ""
        spread = f"{min(self.figures):.3g} to {max(self.figures):.3g}, {len(self.figures)} rounds"
        goal = ""
        if self.goal is not None:
            goal = f"{self.goal} {'met' if self.goal.met(self.median) else '**missed**'}"
        figure = f"{self.median:.3g}"
        said = f"{ours:.3g} {self.unit}"
        return (self.name, self.where, said, yard, figure, spread, goal, self.beside)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def pace(took: Sequence[float], seconds: float) -> str:
    """Rate and percentiles of sorted latencies in seconds."""
    p50, p95, p99 = (percentile(took, share) * 1_000 for share in (0.5, 0.95, 0.99))
    return f"{len(took) / seconds:.0f}/s, p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms"
