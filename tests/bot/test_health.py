"""Health pages: alive, ready or what is red, and figures; in every role."""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text, update
from sqlmodel import col

from bot.clock import SystemClock
from bot.health import Health
from bot.roles import ROLES
from bot.run import House, Part
from bot.settings import Settings
from playground.server import running
from playground.world import World
from scheduler.clock import ClockWork
from storage import inbox, outbox
from storage.database import Database, open_database
from storage.gate import MemoryGate
from storage.inbox import Raw
from storage.redis import MemoryBell, open_redis
from storage.tables import Outbox, OutboxClass, OutboxState
from tests.bot.conftest import until
from tests.bot.scripted import ScriptedApi
from tests.bot.test_run import free_port, launched

CANARY = "Canary"


class Turned:
    """The monotonic clock, ahead of itself."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead


def house_of(database: Database, api: ScriptedApi, redis: str = "") -> House:
    settings = Settings(_env_file=None, telegram_api_base=api.base)
    client = open_redis(redis) if redis else None
    return House(settings, database, SystemClock(), api.client(), MemoryGate(), client)


@asynccontextmanager
async def pages(
    house: House, parts: Sequence[Part] = (), monotonic: Turned | None = None
) -> AsyncIterator[Health]:
    health = Health(house, "clock", parts, "127.0.0.1", 0, monotonic=monotonic or Turned())
    yield health
    await house.api.close()
    if house.redis is not None:
        await house.redis.aclose()


async def ready(health: Health) -> tuple[int, dict[str, Any]]:
    answer = await health._ready(None)  # type: ignore[arg-type]
    assert answer.text is not None
    return answer.status, json.loads(answer.text)


async def figures_of(health: Health) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = await health._metrics(None)  # type: ignore[arg-type]
    assert isinstance(answer.body, bytes)
    return samples(answer.body.decode())


def samples(body: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def raw(number: int, error: str | None = None) -> Raw:
    return Raw(7_000_000_001, number, f"chat:{CANARY}{number}", 1, f'"{CANARY}"', error)


async def make_older(database: Database, seconds: float) -> None:
    async with database.begin() as session:
        await session.execute(
            text("UPDATE inbox SET received_at = received_at - :by"), {"by": seconds}
        )


async def write(database: Database, *, lane: int, age: timedelta, key: str) -> None:
    notice = outbox.Notice(
        7_000_000_001, 42, "refund_started", {"name": CANARY}, OutboxClass.MONEY, key, lane=lane
    )
    async with database.begin() as session:
        await outbox.put(session, notice, now=datetime.now(UTC) - age)


async def test_all_is_well(database: Database, api: ScriptedApi) -> None:
    async with pages(house_of(database, api)) as health:
        status, said = await ready(health)
    assert (status, said["ready"], said["red"]) == (200, True, [])
    assert set(said["checks"]) == {"database", "inbox", "outbox", "last_update"}


async def test_database_that_is_away_is_red_and_the_program_alive(api: ScriptedApi) -> None:
    away = open_database("postgresql+asyncpg://127.0.0.1:1/none")
    async with pages(house_of(away, api)) as health:
        status, said = await ready(health)
        assert (status, said["red"]) == (503, ["database"])
        assert (await health._alive(None)).status == 200  # type: ignore[arg-type]
        assert (await figures_of(health))["kaituan_database_up", ()] == 0
    await away.close()


async def test_redis_that_is_away_is_red(database: Database, api: ScriptedApi) -> None:
    async with pages(house_of(database, api, f"redis://:{CANARY}@127.0.0.1:1/0")) as health:
        status, said = await ready(health)
    assert (status, said["red"]) == (503, ["redis"])
    assert CANARY not in json.dumps(said)


async def test_redis_that_answers_is_green(
    database: Database, api: ScriptedApi, redis_url: str
) -> None:
    async with pages(house_of(database, api, redis_url)) as health:
        assert (await ready(health))[0] == 200


@pytest.mark.parametrize(("seconds", "red"), [(50, []), (70, ["inbox"])])
async def test_inbox_that_stands_still_is_red(
    database: Database, api: ScriptedApi, seconds: float, red: list[str]
) -> None:
    await inbox.store(database, [raw(1)])
    await make_older(database, seconds)
    async with pages(house_of(database, api)) as health:
        status, said = await ready(health)
    assert (status, said["red"]) == (503 if red else 200, red)
    assert seconds <= said["checks"]["last_update"]["seconds"] < seconds + 60


@pytest.mark.parametrize(("lane", "minutes", "red"), [(0, 9, []), (0, 11, ["outbox"]), (1, 11, [])])
async def test_outbox_that_stands_still_is_red_but_broadcasts_may_be_many(
    database: Database, api: ScriptedApi, lane: int, minutes: int, red: list[str]
) -> None:
    await write(database, lane=lane, age=timedelta(minutes=minutes), key="k")
    async with pages(house_of(database, api)) as health:
        assert (await ready(health))[1]["red"] == red


async def test_message_for_a_later_hour_is_not_late(database: Database, api: ScriptedApi) -> None:
    await write(database, lane=0, age=timedelta(hours=9), key="k")
    async with database.begin() as session:
        await session.execute(
            update(Outbox).values(not_before=datetime.now(UTC) + timedelta(minutes=1))
        )
    async with pages(house_of(database, api)) as health:
        assert (await ready(health))[1]["red"] == []


async def test_clock_that_stands_still_is_named(database: Database, api: ScriptedApi) -> None:
    clock = ClockWork(database, 1, now=lambda: datetime.now(UTC), bell=MemoryBell(), sweeps=())
    turned = Turned()
    async with pages(house_of(database, api), [clock], turned) as health:
        turned.ahead = 31
        assert (await ready(health))[1]["red"] == ["clock"]
        await clock.tick()
        turned.ahead = 29
        assert (await ready(health))[1]["red"] == []
        assert (await figures_of(health))["kaituan_part_silent_seconds", (("part", "clock"),)] > 28


async def test_figures_count_what_waits(database: Database, api: ScriptedApi) -> None:
    await inbox.store(database, [raw(1), raw(2), raw(3, "no update")])
    await write(database, lane=0, age=timedelta(seconds=90), key="a")
    await write(database, lane=1, age=timedelta(seconds=30), key="b")
    await write(database, lane=1, age=timedelta(seconds=30), key="c")
    async with database.begin() as session:
        await session.execute(
            update(Outbox)
            .where(col(Outbox.dedupe_key) == "c")
            .values(state=OutboxState.UNKNOWN, settled_at=datetime.now(UTC))
        )
    async with pages(house_of(database, api)) as health:
        found = await figures_of(health)
        body = (await health._metrics(None)).body  # type: ignore[arg-type]
    assert found["kaituan_database_up", ()] == 1
    assert found["kaituan_inbox_waiting", ()] == 2
    assert found["kaituan_updates_quarantined", ()] == 1
    assert found["kaituan_outbox_waiting", (("lane", "first"),)] == 1
    assert found["kaituan_outbox_waiting", (("lane", "low"),)] == 1
    assert 89 < found["kaituan_outbox_oldest_seconds", (("lane", "first"),)] < 150
    assert found["kaituan_messages_unknown", (("kind", "A"),)] == 1
    assert found["kaituan_messages_unknown", (("kind", "B"),)] == 0
    assert found["kaituan_refunds_waiting", ()] == 0
    assert found["kaituan_payments_waiting", (("state", "late"),)] == 0
    assert found["kaituan_updates_stored_total", ()] >= 3
    assert isinstance(body, bytes)
    assert CANARY.encode() not in body


async def test_taken_port_is_tried_again(database: Database, api: ScriptedApi) -> None:
    house, port = house_of(database, api), free_port()
    first = Health(house, "all", (), "127.0.0.1", port)
    second = Health(house, "all", (), "127.0.0.1", port, again_seconds=0.05)
    running = [asyncio.create_task(one.run()) for one in (first, second)]
    await until(lambda: first._server is not None or second._server is not None)
    owner, other = (first, second) if first._server is not None else (second, first)
    assert other is second  # the first came first
    await owner.stop()
    await until(lambda: other._server is not None)
    await other.stop()
    await asyncio.gather(*running)
    await house.api.close()


@pytest.mark.processes
@pytest.mark.parametrize("role", sorted(ROLES))
async def test_each_role_says_how_it_is(tmp_path: Path, role: str) -> None:
    world = World(f"{10**9 + secrets.randbelow(10**9)}:health-{'x' * 30}")
    settings = {
        "BOT_TOKEN": world.bot.token,
        "HEALTH_PORT": str(free_port()),
        "PAYMENT_PROVIDER_TOKEN": f"1:TEST:{CANARY}",
    }
    base = f"http://127.0.0.1:{settings['HEALTH_PORT']}"
    async with running(world) as table:
        settings["TELEGRAM_API_BASE"] = table.base_url
        process = launched(tmp_path, "run", "--role", role, **settings)
        try:
            async with ClientSession() as client:
                await _answers(client, f"{base}/healthz")
                async with client.get(f"{base}/readyz") as answer:
                    said = await answer.json()
                async with client.get(f"{base}/metrics") as answer:
                    body = await answer.text()
            asked = launched(tmp_path, "health", "--ready", **settings)
            out, err = await asyncio.to_thread(asked.communicate, timeout=60)
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = await asyncio.to_thread(process.communicate, timeout=60)
    assert (said["ready"], said["red"], said["role"]) == (True, [], role)
    assert set(said["checks"]) - {"database", "inbox", "outbox", "last_update"} == PARTS[role]
    assert (asked.returncode, json.loads(out)["ready"], err) == (0, True, "")
    [build] = [labels for name, labels in samples(body) if name == "kaituan_build_info"]
    assert build == (("role", role), ("version", version("kaituan")))
    assert CANARY not in body + out + log
    assert process.returncode == 0, log


PARTS: Mapping[str, set[str]] = {
    "web": {"door"},
    "worker": {"worker"},
    "clock": {"clock", "cashier", "watch"},
    "courier": {"courier", "cards"},
    "all": {"door", "worker", "clock", "cashier", "watch", "courier", "cards"},
}


async def _answers(client: ClientSession, page: str) -> None:
    async with asyncio.timeout(150):
        while True:
            try:
                async with client.get(page) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                await asyncio.sleep(0.1)


@pytest.mark.processes
def test_health_of_nothing_is_exit_1(tmp_path: Path) -> None:
    asked = launched(tmp_path, "health", HEALTH_PORT=str(free_port()))
    out, err = asked.communicate(timeout=60)
    assert (asked.returncode, out) == (1, "")
    assert err.startswith("kaituan: no answer at 127.0.0.1:")
