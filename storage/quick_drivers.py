"""SQLite and PostgreSQL as their own drivers speak to them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Dialect

from storage.failures import Busy, Unavailable
from storage.quick import Args, Quick, Step

if TYPE_CHECKING:
    from asyncpg import Connection

BUSY_MS = 5_000
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
)
CONNECTIONS = 5


class QuickSqlite(Quick):
    """Reads in the loop's own thread: each takes less than handing it to another would. Writes
    wait for the disk, in one thread, and for `turn`, in which all writers of this process stand."""

    def __init__(self, dialect: Dialect, file: str, turn: asyncio.Lock) -> None:
        super().__init__(dialect)
        self._file, self._turn = file, turn
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._thread: ThreadPoolExecutor | None = None

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    async def fetch(self, words: str, args: Args) -> Sequence[Sequence[Any]]:
        self.tell(words)
        try:
            if self._reader is None:
                self._reader = self._open()
            return self._reader.execute(words, args).fetchall()
        except sqlite3.Error as error:
            raise _named(error) from error

    async def write(
        self,
        steps: Sequence[Step],
        before_commit: Callable[[], None] | None = None,
        *,
        apart: bool = False,
    ) -> Sequence[Sequence[Any]]:
        for step in steps:
            self.tell(step.words)
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="quick writes")
        async with self._turn:
            work = asyncio.get_running_loop().run_in_executor(
                self._thread, self._write, steps, before_commit
            )
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                await asyncio.gather(work, return_exceptions=True)  # the turn is over when it is
                raise

    def _write(
        self, steps: Sequence[Step], before_commit: Callable[[], None] | None
    ) -> Sequence[Sequence[Any]]:
        try:
            if self._writer is None:
                self._writer = self._open()
            return self._transaction(self._writer, steps, before_commit)
        except sqlite3.Error as error:
            raise _named(error) from error

    def _transaction(
        self,
        connection: sqlite3.Connection,
        steps: Sequence[Step],
        before_commit: Callable[[], None] | None,
    ) -> Sequence[Sequence[Any]]:
        connection.execute("BEGIN IMMEDIATE")
        rows: Sequence[Sequence[Any]] = ()
        try:
            for step in steps:
                if step.many:
                    connection.executemany(step.words, step.args)
                else:
                    rows = connection.execute(step.words, step.args[0]).fetchall()
            if before_commit:
                before_commit()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return rows

    async def close(self) -> None:
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = self._thread = None


def _named(error: sqlite3.Error) -> Busy | Unavailable:
    return Busy() if "locked" in str(error) else Unavailable(f"{type(error).__name__}: {error}")


class QuickPostgres(Quick):
    """A few connections of its own, whose statements stay prepared. One that was cut is replaced;
    a read is then tried once more."""

    def __init__(
        self, dialect: Dialect, where: Mapping[str, Any], server_settings: Mapping[str, str]
    ) -> None:
        super().__init__(dialect)
        self._where, self._server_settings = where, server_settings
        self._free: list[Connection] = []
        self._places: asyncio.Semaphore | None = None

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        import asyncpg

        if self._places is None:
            self._places = asyncio.Semaphore(CONNECTIONS)
        async with self._places:
            connection = self._free.pop() if self._free else None
            if connection is None or connection.is_closed():
                connection = await asyncpg.connect(
                    **self._where, server_settings=dict(self._server_settings)
                )
            try:
                yield connection
            except BaseException as error:
                if not isinstance(error, asyncpg.PostgresError) or connection.is_closed():
                    connection.terminate()
                else:
                    self._free.append(connection)
                raise
            self._free.append(connection)

    async def fetch(self, words: str, args: Args) -> Sequence[Sequence[Any]]:
        self.tell(words)
        try:
            return await self._fetch(words, args)
        except Unavailable:  # the server was restarted since: the other connections are cut too
            self._drop_free()
            return await self._fetch(words, args)

    async def _fetch(self, words: str, args: Args) -> Sequence[Sequence[Any]]:
        async with _postgres_errors(), self._connection() as connection:
            found: Sequence[Sequence[Any]] = await connection.fetch(words, *args)
            return found

    async def write(
        self,
        steps: Sequence[Step],
        before_commit: Callable[[], None] | None = None,
        *,
        apart: bool = False,
    ) -> Sequence[Sequence[Any]]:
        for step in steps:
            self.tell(step.words)
        async with _postgres_errors(), self._connection() as connection:
            if apart or (len(steps) == 1 and before_commit is None):
                return await _run_all(connection, steps)
            async with connection.transaction():
                rows = await _run_all(connection, steps)
                if before_commit:
                    before_commit()
            return rows

    def _drop_free(self) -> None:
        while self._free:
            self._free.pop().terminate()

    async def close(self) -> None:
        while self._free:
            await self._free.pop().close(timeout=2)


async def _run_all(connection: Connection, steps: Sequence[Step]) -> Sequence[Sequence[Any]]:
    rows: Sequence[Sequence[Any]] = ()
    for step in steps:
        rows = await _run(connection, step)
    return rows


async def _run(connection: Connection, step: Step) -> Sequence[Sequence[Any]]:
    if step.many:
        await connection.executemany(step.words, step.args)
        return ()
    found: Sequence[Sequence[Any]] = await connection.fetch(step.words, *step.args[0])
    return found


@asynccontextmanager
async def _postgres_errors() -> AsyncIterator[None]:
    import asyncpg

    try:
        yield
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
        raise Busy from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise Unavailable(type(error).__name__) from error
    except asyncpg.InternalClientError as error:  # cut in the midst of an answer
        raise Unavailable(type(error).__name__) from error
