"""`kaituan import`: products from a CSV file, with an exact report."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.opening import with_database
from bot.commands.words import Groups, Parser, WrongUse, say, under

if TYPE_CHECKING:
    from commerce.actions.importing import Report
    from storage.database import Database

BAD_ROWS = 1


def add(groups: Groups[Parser]) -> None:
    commands = under(groups.add_parser("import", help="products from a CSV file"))
    products = commands.add_parser("products", help="create and update products of one brand")
    products.add_argument("file", metavar="FILE.csv", type=readable)
    products.add_argument(
        "--brand", metavar="CODE", required=True, help="the code on the brand's own page (/brand)"
    )
    products.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    products.set_defaults(
        run=lambda args: with_database(
            lambda database: _import(database, args.brand, args.file, args.dry_run)
        )
    )


def readable(text: str) -> Path:
    """A file that is there and may be read."""
    path = Path(text)
    try:
        there, folder = path.exists(), path.is_dir()
    except (OSError, ValueError):
        there = folder = False
    if folder:
        raise argparse.ArgumentTypeError(f"{text!r} is a directory")
    if not there:
        raise argparse.ArgumentTypeError(f"{text!r} is not there")
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is no file")
    if not os.access(path, os.R_OK):
        raise argparse.ArgumentTypeError(f"{text!r} may not be read")
    return path


async def _import(database: Database, brand: str, path: Path, dry_run: bool) -> int:
    from commerce.actions.importing import import_products
    from commerce.refusals import NotFound

    try:
        report = await import_products(
            database, brand, path, dry_run=dry_run, now=datetime.now(UTC)
        )
    except NotFound:
        raise WrongUse(f"no brand has the code {brand!r}") from None
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}") from None
    for line in report_lines(report, dry_run=dry_run):
        say(line)
    return BAD_ROWS if report.troubles else 0


def report_lines(report: Report, *, dry_run: bool) -> list[str]:
    lines = [f"{report.rows} rows for {report.brand.in_('en')} ({report.currency})"]
    if report.ignored:
        lines.append(f"columns not used: {', '.join(report.ignored)}")
    if report.troubles:
        lines += [
            f"row {t.row}, {t.column}: {t.reason}" if t.row else f"{t.column}: {t.reason}"
            for t in report.troubles
        ]
        bad = len({t.row for t in report.troubles if t.row > 1})
        rows = f"{bad} of {report.rows} rows are bad" if bad else "the file cannot be used"
        return [*lines, f"{rows}; nothing was written"]
    counts = (
        f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.categories)} categories made"
    )
    made = [f"categories: {', '.join(report.categories)}"] if report.categories else []
    closing = "dry run: nothing was written" if dry_run else "done"
    return [*lines, *made, counts, closing]
