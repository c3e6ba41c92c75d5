"""Statements of the hot path, run by the driver itself.

SQLAlchemy compiles each once and knows its types; what it costs beside that (a session, a
greenlet, a thread, a cache key a call) is several times what the database does. Decision 0013.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from storage.database import Database

Heard = Callable[[str], None]
Args = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A statement and its arguments; several arguments run it several times, without rows."""

    words: str
    args: Sequence[Args]
    many: bool = False


class Quick(ABC):
    """A database's driver without SQLAlchemy around it. Raises Busy and Unavailable."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.heard: list[Heard] = []  # told of every statement, as an engine's listeners are

    @abstractmethod
    async def fetch(self, words: str, args: Args) -> Sequence[Sequence[Any]]:
        """The rows of one read, which sees one moment."""

    @abstractmethod
    async def write(
        self,
        steps: Sequence[Step],
        before_commit: Callable[[], None] | None = None,
        *,
        apart: bool = False,
    ) -> Sequence[Sequence[Any]]:
        """Runs the steps in one transaction: the rows of the last. Steps that may as well be
        committed `apart` are, where that is cheaper."""

    @abstractmethod
    async def close(self) -> None: ...

    def tell(self, words: str) -> None:
        for heard in self.heard:
            heard(words)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one dialect: its words, the order of its arguments, how values change."""

    words: str
    order: Sequence[str]
    fixed: Mapping[str, Any]
    bind: Mapping[str, Callable[[Any], Any]]
    result: Sequence[Callable[[Any], Any] | None]
    row: Callable[..., Any]

    def args(self, values: Mapping[str, Any]) -> Args:
        made = {**self.fixed, **values}
        return tuple(
            self.bind[name](made[name]) if name in self.bind else made[name] for name in self.order
        )

    def rows(self, raw: Sequence[Sequence[Any]]) -> list[Any]:
        change = self.result
        return [
            self.row(
                *(
                    value if turn is None else turn(value)
                    for value, turn in zip(line, change, strict=True)
                )
            )
            for line in raw
        ]


def compiled(statement: Any, dialect: Dialect) -> Compiled:
    """Raises ValueError for a statement whose words depend on its arguments."""
    made: SQLCompiler = statement.compile(dialect=dialect)
    if made.literal_execute_params or made.post_compile_params:
        raise ValueError("a quick statement has fixed words: no lists of any length")
    columns = made._result_columns
    names = [column.keyname for column in columns]
    return Compiled(
        words=str(made),
        order=tuple(made.positiontup or ()),
        fixed={
            name: bound.effective_value for name, bound in made.binds.items() if not bound.required
        },
        bind={name: turn for name, turn in made._bind_processors.items() if callable(turn)},
        result=[column.type._cached_result_processor(dialect, None) for column in columns],
        row=namedtuple("Row", names, rename=True),
    )


@dataclass(frozen=True, slots=True)
class QuickStatement:
    """A statement with named parameters, compiled at its first use for each dialect."""

    statement: Any
    _compiled: dict[str, Compiled] = field(default_factory=dict, repr=False)

    def for_(self, dialect: Dialect) -> Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = compiled(self.statement, dialect)
        return found

    async def rows(self, database: Database, **values: Any) -> list[Any]:
        """Rows with an attribute a column; a transaction of its own."""
        quick = database.quick
        made = self.for_(quick.dialect)
        return made.rows(await quick.fetch(made.words, made.args(values)))

    async def first(self, database: Database, **values: Any) -> Any:
        """The first row, or None."""
        found = await self.rows(database, **values)
        return found[0] if found else None

    def step(self, dialect: Dialect, *values: Mapping[str, Any], many: bool = False) -> Step:
        made = self.for_(dialect)
        return Step(made.words, [made.args(one) for one in values], many)

    async def write(
        self, database: Database, before_commit: Callable[[], None] | None = None, **values: Any
    ) -> list[Any]:
        """One statement that changes something: the rows it returns."""
        quick = database.quick
        made = self.for_(quick.dialect)
        step = Step(made.words, [made.args(values)])
        return made.rows(await quick.write([step], before_commit))
