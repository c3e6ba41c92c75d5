"""What no row may say, whoever writes it: every CHECK and every UNIQUE of the tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import CheckConstraint, Enum, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from tests.commerce.people import NOW
from tests.storage.rows import TABLES, insert_row, value_for

Values = dict[str, Any]

# Table and name of the CHECK: what it lets through by a hair, and what it does not.
CHECKS: dict[tuple[str, str], tuple[Values, Values]] = {
    ("cart_line", "quantity"): ({"quantity": 1}, {"quantity": 0}),
    ("checkout", "amounts"): ({"total_minor": 0, "credit_minor": 0}, {"total_minor": -1}),
    ("checkout", "discount"): ({"discount_minor": 0}, {"discount_minor": -1}),
    ("checkoutline", "quantity"): ({"quantity": 1}, {"quantity": 0}),
    ("coupon", "one_kind"): (
        {"percent": 1, "amount_minor": 0},
        {"percent": 1, "amount_minor": 1},
    ),
    ("coupon", "percent"): (
        {"percent": 100, "amount_minor": 0},
        {"percent": 101, "amount_minor": 0},
    ),
    ("coupon", "uses_left"): ({"uses_left": 0}, {"uses_left": -1}),
    ("credit", "balance"): ({"balance_minor": 0}, {"balance_minor": -1}),
    ("deal", "stock_left"): ({"stock_left": 0}, {"stock_left": -1}),
    ("deal", "window"): ({}, {"starts_at": NOW, "ends_at": NOW}),
    ("group_buy", "seats_left"): ({"seats_left": 10}, {"seats_left": 11}),
    ("group_buy", "paid"): ({"paid": 9}, {"paid": -1}),
    ("group_buy", "promised"): ({"paid": 5, "promised": 5}, {"paid": 5, "promised": 6}),
    ("orderline", "quantity"): ({"quantity": 1}, {"quantity": 0}),
    ("payment", "refunded"): ({"refunded_minor": 1}, {"refunded_minor": 2}),
    ("purchase_order", "refunded"): ({"refunded_minor": 1}, {"refunded_minor": 2}),
    ("refund", "amount"): ({"amount_minor": 1}, {"amount_minor": 0}),
    ("seat", "quantity"): ({"quantity": 1}, {"quantity": 0}),
    ("shipping_rule", "flat"): ({"flat_minor": 0}, {"flat_minor": -1}),
    ("variant", "price"): ({"price_minor": 1}, {"price_minor": 0}),
    ("variant", "stock_left"): ({"stock_left": 0}, {"stock_left": -1}),
}

# Beyond primary keys and codes: which columns may not all be the same in two rows.
UNIQUES = {
    ("chat", "telegram_id"),
    ("checkout", "seat_id"),
    ("coupon", "word"),
    ("coupon_use", "checkout_id"),
    ("inbox", "bot_id", "update_id"),
    ("ledger_entry", "transaction_key", "account", "currency"),
    ("outbox", "bot_id", "dedupe_key"),
    ("payment", "checkout_id"),
    ("payment", "provider", "charge_id"),
    ("person", "telegram_id"),
    ("posted_card", "bot_id", "chat_id", "message_id"),
    ("posted_card", "bot_id", "inline_id"),
    ("product", "brand_id", "sku"),
    ("purchase_order", "checkout_id", "brand_id"),
    ("refund", "key"),
    ("seat", "group_id", "person_id"),
    ("subscription", "chat_id", "brand_id", "category_id"),
    ("typed_order", "chat_id", "message_id"),
    ("variant", "product_id", "sku"),
    ("waiter", "group_id", "person_id"),
}
# Some hold for rows in these states alone.
WHERE: dict[tuple[str, ...], Values] = {("payment", "checkout_id"): {"state": "late"}}
CODES = {(name, "code") for name, table in TABLES.items() if "code" in table.columns}
CHOICES = [
    (name, column.name)
    for name, table in sorted(TABLES.items())
    for column in table.columns
    if isinstance(column.type, Enum)
]


class Enough(Exception):
    """Nothing of this is to stay."""


async def refused(
    database: Database, act: Callable[..., Awaitable[object]], *args: str, **values: Any
) -> bool:
    try:
        async with database.begin() as session:
            await act(session, *args, **values)
            raise Enough
    except IntegrityError:
        return True
    except Enough:
        return False


async def test_checks_refuse_what_cannot_be(database: Database) -> None:
    through, stopped = [], []
    for (table, name), (fine, wrong) in CHECKS.items():
        if await refused(database, insert_row, table, **fine):
            stopped.append((table, name))
        if not await refused(database, insert_row, table, **wrong):
            through.append((table, name))
    assert (through, stopped) == ([], [])


async def test_two_rows_are_not_the_same(database: Database) -> None:
    through, stopped = [], []
    for unique in sorted(UNIQUES | CODES):
        if not await refused(database, twice, *unique):
            through.append(unique)
        if await refused(database, twice_but_one, *unique):
            stopped.append(unique)
    assert (through, stopped) == ([], [])


async def twice(session: AsyncSession, table: str, *columns: str) -> None:
    first = await filled(session, table, columns)
    await insert_row(session, table, **_where(table, columns), **{n: first[n] for n in columns})


async def twice_but_one(session: AsyncSession, table: str, *columns: str) -> None:
    first = await filled(session, table, columns)
    last = await value_for(session, TABLES[table].columns[columns[-1]])
    last = last + 1 if last == first[columns[-1]] else last
    again = {n: first[n] for n in columns} | {columns[-1]: last}
    await insert_row(session, table, **_where(table, columns), **again)


async def filled(session: AsyncSession, table: str, columns: tuple[str, ...]) -> Values:
    """A row in which these are not empty."""
    given = {name: await value_for(session, TABLES[table].columns[name]) for name in columns}
    return await insert_row(session, table, **_where(table, columns), **given)


def _where(table: str, columns: tuple[str, ...]) -> Values:
    return WHERE.get((table, *columns), {})


async def test_choices_refuse_other_words(database: Database) -> None:
    assert [choice for choice in CHOICES if not await refused(database, nonsense, *choice)] == []


async def nonsense(session: AsyncSession, table: str, column: str) -> None:
    await insert_row(session, table)
    await session.execute(text(f"UPDATE {table} SET {column} = 'nonsense'"))


def test_walls_of_the_tables_are_all_tried() -> None:
    """A new CHECK or UNIQUE needs a line above."""
    checks, uniques = set(), set()
    for name, table in TABLES.items():
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint):
                checks.add((name, str(constraint.name).removeprefix(f"ck_{name}_")))
            if isinstance(constraint, UniqueConstraint):
                uniques.add((name, *(column.name for column in constraint.columns)))
        for index in table.indexes:
            if index.unique:
                uniques.add((name, *(column.name for column in index.columns)))
    words = {getattr(TABLES[table].columns[column].type, "name", "") for table, column in CHOICES}
    assert {(table, name) for table, name in checks if name not in words} == set(CHECKS)
    assert uniques == UNIQUES | CODES
