"""How much is measured: a try that only shows that it works, the usual, or all of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dose:
    """`share` of a row's usual amount, in so many rounds; `full` also the longest."""

    rounds: int = 3
    share: float = 1.0
    full: bool = False

    def of(self, usual: int, least: int = 1) -> int:
        return max(least, round(usual * self.share))
