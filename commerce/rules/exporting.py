"""Tables as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\0")
QUOTES = " \"'"


def harmless(cell: str) -> str:
    """The cell as text: what a spreadsheet would run begins with an apostrophe (OWASP)."""
    return f"'{cell}" if cell.lstrip(QUOTES).startswith(FORMULAS) else cell


def csv_file(head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([c if isinstance(c, int) else harmless(c) for c in row] for row in rows)
    return out.getvalue().replace("\0", "").encode("utf-8-sig")
