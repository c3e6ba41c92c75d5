"""A row of any table, with the rows that it points at, for tests of the tables themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, Enum, Integer
from sqlalchemy import Table as SqlTable
from sqlalchemy.ext.asyncio import AsyncSession

from storage.codes import new_code
from storage.tables import Table
from storage.texts import LocalizedColumn, LocalizedText
from tests.commerce.people import NOW

TABLES = Table.metadata.tables
_number = count(1)

PLAIN: dict[type, Any] = {int: 1, float: 1.0, bool: False, bytes: b""}

# What a row of ones would contradict itself in.
SOUND: dict[str, dict[str, Any]] = {
    "coupon": {"percent": 0},
    "group_buy": {"capacity": 10},
}


async def insert_row(session: AsyncSession, table: str, **values: Any) -> dict[str, Any]:
    """What was written, by column. Every number is 1, every text and code is new."""
    row = SOUND.get(table, {}) | values
    for column in TABLES[table].columns:
        if column.name not in row and not _is_left_out(column):
            row[column.name] = await value_for(session, column)
    written = await session.execute(TABLES[table].insert().values(row).returning(TABLES[table]))
    return dict(written.one()._mapping)


def _is_left_out(column: Column[Any]) -> bool:
    key = column.table.primary_key.columns
    return bool(column.nullable) or (len(key) == 1 and column in key.values() and _counts(column))


def _counts(column: Column[Any]) -> bool:
    return isinstance(column.type, Integer) and not column.foreign_keys


async def value_for(session: AsyncSession, column: Column[Any]) -> Any:
    """A value that no other row has, where there are enough of them."""
    for key in column.foreign_keys:
        other: SqlTable = key.column.table
        return (await insert_row(session, other.name))[key.column.name]
    if isinstance(column.type, LocalizedColumn):
        return LocalizedText.of(en="Text")
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    if isinstance(column.type, JSON):
        return {}
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if kind is str:
        return new_code()[: getattr(column.type, "length", None) or 16]
    if kind is datetime:
        return NOW + timedelta(seconds=next(_number))
    return next(_number) if column.unique else PLAIN[kind]
