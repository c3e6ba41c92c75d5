"""Databases and servers for the whole suite: each test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from storage.database import Database, open_database
from tests import services, templates
from tests.stocking import stock

MISSING: set[str] = set()

hypothesis_settings.register_profile("normal", deadline=None)
hypothesis_settings.register_profile("nightly", deadline=None, max_examples=10_000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "normal"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the long doses too")
    parser.addoption("--tally", type=Path, help="a file for how many tests ended in which way")
    parser.addoption("--report", metavar="PAGE", help="write the table of faults into this page")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    if nightly:
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]


def need(name: str, there: object) -> None:
    """Skips where a server is missing; the last lines name it, REQUIRE_SERVICES=1 fails it."""
    if there:
        return
    MISSING.add(name)
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{name} does not answer, and REQUIRE_SERVICES=1", pytrace=False)
    pytest.skip(f"{name} does not answer")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser"):
        need("Chromium", services.CHROMIUM)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What a worker missed is said by the process that writes the last lines."""
    MISSING.update(getattr(node, "workeroutput", {}).get("missing", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tally = terminalreporter.config.getoption("--tally")
    if tally is not None:
        ended = {how: len(those) for how, those in terminalreporter.stats.items() if how}
        tally.write_text(json.dumps(ended))
    for name in sorted(MISSING):
        terminalreporter.write_line(
            f"NOT TESTED: {name} did not answer; its tests were skipped.", yellow=True
        )


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database of its own for each test.

    With the fixture `database` it has the current schema, with `stocked` the demo shop as well;
    alone it is empty.
    """
    names = request.fixturenames
    if request.param == "postgres":
        need("PostgreSQL", await services.postgres_server())
    if "database" not in names:
        async with bare(request.param, tmp_path) as url:
            yield url
        return
    kind, fill = ("shop", stock) if "stocked" in names else ("empty", templates.nothing_more)
    if request.param == "sqlite":
        yield await templates.sqlite_copy(tmp_path / "kaituan.db", kind, fill)
        return
    async with templates.postgres_copy(kind, fill) as url:
        yield url


@asynccontextmanager
async def bare(server: str, folder: Path) -> AsyncIterator[str]:
    if server == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'kaituan.db'}"
        return
    async with services.fresh_postgres() as url:
        yield url


@pytest.fixture
def stocked() -> None:
    """Asks for the demo shop in the test's database; its brands belong to OWNER."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with the current schema."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = sorted(MISSING)
    asyncio.run(templates.drop_templates())


@pytest.fixture
async def redis_url() -> str:
    """A Redis; tests keep to keys of their own."""
    address = await services.redis_server()
    need("Redis", address)
    assert address is not None
    return address
