"""`python -m benchmarks [ROW ...]`: measures, prints the table, and writes it into a page."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from benchmarks.figures import Row
from benchmarks.page import HEAD, table, write
from benchmarks.rows import ROWS
from benchmarks.rows.dose import Dose


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a try: the figures mean nothing")
    parser.add_argument("--full", action="store_true", help="the longest doses too")
    parser.add_argument("--page", type=Path, help="the page whose table is brought up to date")
    args = parser.parse_args()
    unknown = [name for name in args.rows if name not in ROWS]
    if unknown:
        parser.error(f"no row is called {', '.join(unknown)}")
    dose = Dose(rounds=1, share=0.02) if args.quick else Dose(args.rounds, full=args.full)
    found = asyncio.run(_measure(args.rows or list(ROWS), dose))
    if args.page:
        write(args.page, found)


async def _measure(names: list[str], dose: Dose) -> list[Row]:
    sys.stdout.write(f"{' | '.join(HEAD)}\n")
    found: list[Row] = []
    for name in names:
        rows = await ROWS[name](dose)
        found += rows
        sys.stdout.write("\n".join(table(rows)) + "\n")
        sys.stdout.flush()
    return found


if __name__ == "__main__":
    main()
