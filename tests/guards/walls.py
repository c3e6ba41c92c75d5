"""The databases' own guards, found in the migrations: CHECK, UNIQUE, choices, triggers, pragmas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.guards.kinds import ROOT, Guard, guard

VERSIONS = Path("storage/migrations/versions")
LAST = VERSIONS / "0003_promises_credit_and_care.py"
LEDGER = "tests/storage/test_ledger.py::test_"
TEST = "tests/storage/test_walls.py::test_"
CHECKS, TWICE, CHOICES = (
    f"{TEST}{name}"
    for name in (
        "checks_refuse_what_cannot_be",
        "two_rows_are_not_the_same",
        "choices_refuse_other_words",
    )
)

MADE = re.compile(r"sa\.CheckConstraint\('(?P<says>[^']+)', name=op\.f\('(?P<name>\w+)'\)\)")
ADDED = re.compile(
    r"create_check_constraint\((?:batch_)?op\.f\('(?P<name>\w+)'\), '(?P<says>[^']+)'\)"
)
UNIQUE = re.compile(r"sa\.UniqueConstraint\([^)]*?name=op\.f\('(?P<name>\w+)'\)\)")
INDEX = re.compile(r"create_index\('(?P<name>uq_\w+)', \[[^\]]*\], unique=True")
CHOICE = re.compile(r"name='(?P<name>\w+)', native_enum=False, create_constraint=True")
SAID_AGAIN = {"seatstate", "checkoutstate", "orderstate", "paymentstate", "refundreason"}


def found() -> Iterator[Guard]:
    for path in sorted((ROOT / VERSIONS).glob("[0-9]*.py")):
        file = (VERSIONS / path.name).as_posix()
        upgrade = path.read_text(encoding="utf-8").partition("def downgrade")[0]
        yield from _in(file, upgrade)


def _in(file: str, upgrade: str) -> Iterator[Guard]:
    for pattern in (MADE, ADDED):
        for match in pattern.finditer(upgrade):
            text, says = match[0], match["says"]
            yield guard(
                f"CHECK {match['name']}", file, text, text.replace(f"'{says}'", "'1 = 1'"), CHECKS
            )
    for match in UNIQUE.finditer(upgrade):
        own = f"sa.CheckConstraint('1 = 1', name=op.f('{match['name']}'))"
        yield guard(f"UNIQUE {match['name']}", file, match[0], own, TWICE)
    for match in INDEX.finditer(upgrade):
        text = match[0]
        yield guard(f"UNIQUE {match['name']}", file, text, text.replace("True", "False"), TWICE)
    for match in CHOICE.finditer(upgrade):
        if match["name"] not in SAID_AGAIN:
            text = match[0]
            yield guard(
                f"CHECK {match['name']}", file, text, text.replace("True", "False"), CHOICES
            )


def ledger(name: str, text: str, without: str, test: str, file: Path = LAST) -> Guard:
    return guard(name, file.as_posix(), text, without, LEDGER + test)


SECOND = VERSIONS / "0002_search_and_ledger.py"
GUARDS: tuple[Guard, ...] = (
    *found(),
    guard(
        "CHECK on the words that five states and reasons may be",
        LAST.as_posix(),
        "f'{column} IN ({listed})'",
        "'1 = 1'",
        CHOICES,
    ),
    ledger(
        "SQLite's ledger is not updated",
        "BEFORE UPDATE ON ledger_entry",
        "BEFORE UPDATE ON ledger_entry WHEN 0",
        "ledger_refuses_change",
        SECOND,
    ),
    ledger(
        "SQLite's ledger is not deleted",
        "BEFORE DELETE ON ledger_entry",
        "BEFORE DELETE ON ledger_entry WHEN 0",
        "ledger_refuses_change",
        SECOND,
    ),
    ledger(
        "SQLite's ledger is not replaced",
        "WHEN EXISTS (SELECT 1 FROM ledger_entry",
        "WHEN 0 AND EXISTS (SELECT 1 FROM ledger_entry",
        "ledger_refuses_to_be_replaced",
    ),
    ledger(
        "SQLite's ledger is weighed at commit",
        "zero_id INTEGER NOT NULL DEFAULT 0",
        "zero_id INTEGER",
        "what_does_not_balance_is_not_committed",
    ),
    ledger(
        "PostgreSQL's ledger is not updated",
        "BEFORE UPDATE OR DELETE OR TRUNCATE",
        "BEFORE DELETE OR TRUNCATE",
        "ledger_refuses_change",
        SECOND,
    ),
    ledger(
        "PostgreSQL's ledger is not deleted",
        "BEFORE UPDATE OR DELETE OR TRUNCATE",
        "BEFORE UPDATE OR TRUNCATE",
        "ledger_refuses_change",
        SECOND,
    ),
    ledger(
        "PostgreSQL's ledger is not emptied",
        "BEFORE UPDATE OR DELETE OR TRUNCATE",
        "BEFORE UPDATE OR DELETE",
        "ledger_refuses_to_be_emptied",
        SECOND,
    ),
    ledger(
        "PostgreSQL's ledger is weighed at commit",
        "AND currency = NEW.currency) <> 0",
        "AND currency = NEW.currency) IS NULL",
        "what_does_not_balance_is_not_committed",
    ),
    guard(
        "A movement of money sums to zero before it is written",
        "commerce/actions/ledger.py",
        "if sum(moved.values()) != 0:",
        "if False:",
        f"{LEDGER}posting_refuses_before_the_database_does",
    ),
)
