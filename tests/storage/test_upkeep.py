"""Databases are opened with care: made once, never upgraded by surprise, copied whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage import inbox
from storage.database import Database
from storage.failures import SchemaMismatch
from storage.inbox import Raw
from storage.upkeep import (
    CopyFailed,
    copy_to,
    damage,
    describe,
    open_current,
    sqlite_file,
    upgrade,
)
from tests.conftest import need

ROOT = Path(__file__).parents[2]


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


START = """
import asyncio, sys
from storage.upkeep import open_current
async def start():
    await (await open_current(sys.argv[1], create=True)).close()
asyncio.run(start())
"""


@pytest.mark.processes
def test_processes_that_start_together_make_one_database(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'new.db'}"
    started = [
        subprocess.Popen([sys.executable, "-c", START, url], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert names_in(tmp_path) == {"new.db"}


async def test_missing_file_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="does not exist"):
        await open_current(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    assert names_in(tmp_path) == set()


async def test_upgrade_makes_what_open_then_accepts(database_url: str) -> None:
    await (await upgrade(database_url)).close()
    await (await upgrade(database_url)).close()
    opened = await open_current(database_url)
    assert await damage(opened) is None
    await opened.close()


async def test_copy_holds_what_was_committed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    if sqlite_file(database_url) is None:
        need("pg_dump", shutil.which("pg_dump"))
    await inbox.store(database, [Raw(9, 1, "chat:1", 1, "{}")])
    target = tmp_path / "copy"
    await copy_to(database_url, target)
    if sqlite_file(database_url) is None:
        assert target.read_bytes().startswith(b"PGDMP")
        return
    copy = await open_current(f"sqlite+aiosqlite:///{target}")
    assert (await inbox.depth(copy))[0] == 1
    await copy.close()


async def test_copy_that_fails_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "garbage.db"
    source.write_bytes(b"garbage " * 500)
    with pytest.raises(CopyFailed, match="not a database"):
        await copy_to(f"sqlite+aiosqlite:///{source}", tmp_path / "copy")
    assert names_in(tmp_path) == {source.name}


def test_describe_hides_the_password() -> None:
    assert describe("postgresql+asyncpg://me:Canary@db/x") == "postgresql+asyncpg://me:***@db/x"
