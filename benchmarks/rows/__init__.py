"""Every row of the table, by name, in its order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from benchmarks.figures import Row
from benchmarks.rows.dose import Dose
from benchmarks.rows.press import press

Measure = Callable[[Dose], Awaitable[Sequence[Row]]]

ROWS: Mapping[str, Measure] = {"press": press}
