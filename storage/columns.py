"""Column kinds that several tables share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, BigInteger, Enum, Integer, MetaData
from sqlmodel import Field, SQLModel
from sqlmodel._compat import SQLModelConfig

from storage.texts import LocalizedColumn

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """The root of all tables: one metadata, one naming convention."""

    metadata = MetaData(naming_convention=NAMING)
    model_config = SQLModelConfig(arbitrary_types_allowed=True)


def key() -> Any:
    return Field(default=None, primary_key=True)


def big_key() -> Any:
    """For what comes by the thousand: 64 bits on PostgreSQL, SQLite's own row id there."""
    wide = BigInteger().with_variant(Integer(), "sqlite")
    return Field(default=None, primary_key=True, sa_type=wide)


def code() -> Any:
    """A public id: random, unguessable, the only id a press or link may carry."""
    return Field(max_length=16, unique=True)


def telegram_id(**kw: Any) -> Any:
    return Field(sa_type=BigInteger, **kw)


def link(target: str, *, index: bool = True, **kw: Any) -> Any:
    """A foreign key to `table.column`, indexed unless a unique constraint leads with it."""
    return Field(foreign_key=target, index=index, **kw)


def choice(kind: type[StrEnum], **kw: Any) -> Any:
    """A closed set of words, held by a CHECK constraint and stored by value."""
    enum = Enum(
        kind,
        native_enum=False,
        length=16,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [m.value for m in members],
    )
    return Field(sa_type=enum, **kw)


def localized(**kw: Any) -> Any:
    return Field(sa_type=LocalizedColumn, **kw)


def json_column(**kw: Any) -> Any:
    return Field(sa_type=JSON, **kw)


class Kept(Protocol):
    id: int | None


def id_of(row: Kept) -> int:
    """The id of a row that is in the database."""
    assert row.id is not None
    return row.id
