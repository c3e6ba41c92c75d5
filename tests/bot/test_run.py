"""The running program: parts start together, end together, and a wrong start is one clear line."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from bot.doors.polling import DoorClosed
from bot.doors.webhook import SECRET_HEADER
from bot.run import House, Part, door, run_parts, serve
from bot.settings import NAMES, Settings, load_settings
from bot.worker import Worker
from storage import inbox
from storage.failures import SchemaMismatch, Unavailable
from storage.inbox import Claimed
from storage.upkeep import open_current
from tests.bot.conftest import until
from tests.bot.scripted import TOKEN, ScriptedApi

ROOT = Path(__file__).parents[2]
SECRET = "k3y-" * 7 + "Canary_5678"
UPDATE = '{"update_id":7,"message":{"chat":{"id":42},"text":"hi"}}'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(autouse=True)
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.upper() in NAMES]:
        monkeypatch.delenv(name)
    return tmp_path


def settings_of(monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, **more: str) -> Settings:
    for name, value in {"BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": api.base, **more}.items():
        monkeypatch.setenv(name, value)
    return load_settings(needs_bot=True)


class Handled:
    """A worker whose handler keeps what it was given."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    async def __call__(self, house: House) -> Part:
        async def handle(claimed: Claimed) -> None:
            self.seen.append(claimed.update_id)

        return Worker(house.database, handle, house.bell("inbox"))


@asynccontextmanager
async def running(
    settings: Settings, *makers: Callable[[House], Awaitable[Part]]
) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(serve(settings, "all", {"all": makers}))
    try:
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait({task}, timeout=30)
        assert task.done()


async def test_update_goes_from_polling_to_the_handler(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, empty_home: Path
) -> None:
    api.says(UPDATE)
    handled = Handled()
    async with running(settings_of(monkeypatch, api), door, handled) as task:
        await until(lambda: handled.seen == [7])
    assert task.exception() is None
    database = await open_current(f"sqlite+aiosqlite:///{empty_home / 'kaituan.db'}")
    assert await inbox.depth(database) == (0, 0.0)
    await database.close()


async def test_update_goes_from_the_webhook_to_the_handler(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hooks/telegram"
    settings = settings_of(
        monkeypatch,
        api,
        MODE="webhook",
        WEBHOOK_URL=url,
        WEBHOOK_SECRET=SECRET,
        WEB_PORT=str(port),
    )
    handled = Handled()
    async with running(settings, door, handled), ClientSession() as client:
        await until(lambda: [method for method, _ in api.asked] == ["setWebhook"])
        _, asked = api.asked[0]
        assert (asked["url"], asked["secret_token"]) == (url, SECRET)
        headers = {SECRET_HEADER: SECRET}
        for _ in range(5):
            async with client.post(url, data=UPDATE, headers=headers) as answer:
                assert answer.status == 200
        async with client.get(f"http://127.0.0.1:{port}/readyz") as answer:
            assert answer.status == 200
        await until(lambda: handled.seen == [7])
    assert handled.seen == [7]


async def test_redis_that_does_not_answer_is_said_and_survived(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.says(UPDATE)
    handled = Handled()
    settings = settings_of(monkeypatch, api, REDIS_URL="redis://:Canary@127.0.0.1:1/0")
    async with running(settings, door, handled):
        await until(lambda: handled.seen == [7])
    assert "REDIS_URL does not answer" in caplog.text
    assert "Canary" not in caplog.text


async def test_closed_door_ends_the_program(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi
) -> None:
    api.refuses(401, "Unauthorized")
    async with running(settings_of(monkeypatch, api), door, Handled()) as task:
        with pytest.raises(DoorClosed):
            await asyncio.wait_for(asyncio.shield(task), 30)


async def test_empty_server_database_is_not_upgraded_by_itself(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi, database_url: str, empty_home: Path
) -> None:
    (empty_home / "kaituan.db").touch()  # there, but empty
    with pytest.raises(SchemaMismatch, match="run `kaituan db upgrade`"):
        await serve(settings_of(monkeypatch, api, DATABASE_URL=database_url), "all", {"all": ()})


async def test_unreachable_database_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, api: ScriptedApi
) -> None:
    settings = settings_of(monkeypatch, api, DATABASE_URL="postgresql://127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await serve(settings, "all", {"all": ()})


class Toy:
    def __init__(self, *, fails: bool = False, clings: bool = False) -> None:
        self.fails, self.clings = fails, clings
        self.stopped = asyncio.Event()

    async def run(self) -> None:
        if self.fails:
            raise RuntimeError("broken")
        if self.clings:
            await asyncio.Event().wait()
        await self.stopped.wait()

    async def stop(self) -> None:
        self.stopped.set()
        if self.clings:
            await asyncio.Event().wait()


async def test_failing_part_stops_the_others_and_is_raised() -> None:
    other = Toy()
    with pytest.raises(RuntimeError, match="broken"):
        await run_parts([other, Toy(fails=True)])
    assert other.stopped.is_set()


async def test_part_that_clings_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.run.STOP_SECONDS", 0.1)
    with pytest.raises(RuntimeError, match="broken"):
        await run_parts([Toy(clings=True), Toy(fails=True)])


def launched(home: Path, *words: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_nothing_acknowledged_is_lost_when_the_door_is_killed(
    api: ScriptedApi, empty_home: Path, number: signal.Signals
) -> None:
    """A whole process, the door alone, ended while Telegram is posting."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    process = launched(
        empty_home,
        "run",
        "--role",
        "web",
        BOT_TOKEN=TOKEN,
        TELEGRAM_API_BASE=api.base,
        MODE="webhook",
        WEBHOOK_URL=url,
        WEBHOOK_SECRET=SECRET,
        WEB_PORT=str(port),
        LOG_FORMAT="json",
        BOT_TOKN="x",
    )
    try:
        await until(lambda: "setWebhook" in [method for method, _ in api.asked], 60)
        accepted = await _post_until_refused(url, process, number)
        began = time.monotonic()
        out, err = await asyncio.to_thread(process.communicate, timeout=15)
        assert time.monotonic() - began < 10
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
    assert (process.returncode, out) == (0 if number == signal.SIGTERM else -number, "")
    assert "BOT_TOKN in the environment is no setting; did you mean BOT_TOKEN?" in err
    assert "Canary" not in err
    assert "Traceback" not in err
    assert [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    database = await open_current(f"sqlite+aiosqlite:///{empty_home / 'kaituan.db'}")
    stored = {one.update_id for one in await inbox.claim(database, 10_000, 30)}
    await database.close()
    assert accepted
    assert accepted <= stored


async def _post_until_refused(
    url: str, process: subprocess.Popen[str], ending: signal.Signals
) -> set[int]:
    """Posts on and on; after some answers the process gets the signal."""
    accepted: set[int] = set()
    async with ClientSession(headers={SECRET_HEADER: SECRET}) as client:
        for number in range(1, 10_000):
            body = json.dumps({"update_id": number, "message": {"chat": {"id": number}}})
            try:
                async with client.post(url, data=body) as answer:
                    if answer.status == 200:
                        accepted.add(number)
            except (ClientError, OSError):
                break
            if number == 50:
                process.send_signal(ending)
    return accepted


@pytest.mark.processes
def test_wrong_start_is_one_line_and_78(empty_home: Path) -> None:
    process = launched(empty_home, "run", BOT_TOKEN=f'"{TOKEN}"')
    out, err = process.communicate(timeout=60)
    assert process.returncode == 78
    assert (out, err) == ("", "kaituan: BOT_TOKEN has quotes around it; write it without\n")
