"""Looking after a database: opening it safely, copying it, checking it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError

from storage import schema
from storage.database import Database, open_database
from storage.failures import SchemaMismatch, StorageError, Unavailable


class CopyFailed(StorageError):
    """No copy was made; the message says why."""


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address, None for a server's."""
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    return Path(parsed.database or "") if is_sqlite else None


def describe(url: str) -> str:
    """The address without its password."""
    return make_url(url).render_as_string(hide_password=True)


async def open_current(url: str, *, create: bool = False) -> Database:
    """A database at this program's schema version.

    `create` makes a SQLite file that is not there yet; nothing else is ever upgraded here.
    Raises SchemaMismatch or Unavailable.
    """
    file = sqlite_file(url)
    new = file is not None and not file.exists()
    if new and not create:
        raise SchemaMismatch(f"{file} does not exist: run `kaituan db upgrade`")
    if file is not None and new:
        await _make(url, file)
    database = _open(url)
    try:
        await _require_current(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _make(url: str, file: Path) -> None:
    """Made aside and moved into place, so that nobody ever sees half of it."""
    aside = file.with_name(f"{file.name}.making-{os.getpid()}")
    database = open_database(make_url(url).set(database=str(aside)).render_as_string())
    try:
        await schema.upgrade(database)
        await database.close()
        await asyncio.to_thread(_move, aside, file)
    except Exception as error:
        raise _named(error) from error
    finally:
        await database.close()
        await asyncio.to_thread(aside.unlink, missing_ok=True)


def _move(aside: Path, file: Path) -> None:
    try:
        file.hardlink_to(aside)
    except FileExistsError:  # another process was quicker, and made the same
        return
    except OSError:  # a file system without links
        if not file.exists():
            aside.rename(file)


def _open(url: str) -> Database:
    try:
        return open_database(url)
    except ModuleNotFoundError as error:
        raise Unavailable(
            f"{error.name} is not installed: pip install 'kaituan[postgres]'"
        ) from None


async def upgrade(url: str) -> Database:
    """The database, brought to this program's schema. Raises SchemaMismatch or Unavailable."""
    database = _open(url)
    try:
        await schema.upgrade(database)
        await _require_current(database)
    except StorageError:
        await database.close()
        raise
    except Exception as error:
        await database.close()
        raise _named(error) from error
    return database


async def _require_current(database: Database) -> None:
    try:
        await schema.require_current(database)
    except SchemaMismatch as mismatch:
        raise SchemaMismatch(f"{mismatch}: run `kaituan db upgrade`") from None
    except Exception as error:
        raise _named(error) from error


def _named(error: Exception) -> StorageError:
    if isinstance(error, DatabaseError) and "not a database" in str(error.orig):
        return SchemaMismatch("the file is no SQLite database")
    if "already exists" in str(error) or "Can't locate revision" in str(error):
        return SchemaMismatch("the tables were made by another version of the program")
    return Unavailable(f"the database cannot be reached ({type(error).__name__})")


async def damage(database: Database) -> str | None:
    """What is broken in a SQLite file, or None. A PostgreSQL server watches over its own."""
    if database.dialect != "sqlite":
        return None
    async with database.read() as session:
        found = (await session.execute(text("PRAGMA integrity_check(1)"))).scalar_one()
        if found == "ok":
            orphan = (await session.execute(text("PRAGMA foreign_key_check"))).first()
            return f"a row of {orphan[0]} points nowhere" if orphan else None
    return str(found)


async def copy_to(url: str, target: Path) -> None:
    """A consistent copy while others go on: a SQLite file, or pg_dump's custom format.

    Raises FileExistsError and other OSErrors of the target, and CopyFailed.
    """
    # Made first, for the owner alone: it holds people's addresses.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source = sqlite_file(url)
    try:
        if source is None:
            await _dump_postgres(make_url(url), target)
        else:
            await asyncio.to_thread(_copy_sqlite, source, target)
    except BaseException:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.exists():
        raise CopyFailed(f"{source} does not exist")
    try:
        connection = sqlite3.connect(source)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CopyFailed(f"SQLite says: {error}") from None
    with target.open("rb") as copy:
        os.fsync(copy.fileno())


async def _dump_postgres(url: URL, target: Path) -> None:
    if shutil.which("pg_dump") is None:
        raise CopyFailed("pg_dump is not installed here")
    where = url.set(drivername="postgresql", password=None).render_as_string()
    process = await asyncio.create_subprocess_exec(
        "pg_dump",
        "--format=custom",
        f"--file={target}",
        where,
        env={**os.environ, **({"PGPASSWORD": url.password} if url.password else {})},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        line = said.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise CopyFailed(f"pg_dump says: {line[0]}")
