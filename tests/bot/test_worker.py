"""The worker: order in a lane, lanes side by side, urgent ones first, poison set aside."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from bot.logs import place_of
from bot.worker import Pace, Poison, Worker
from storage import inbox, quarantine, schema
from storage.database import Database, open_database
from storage.failures import AlreadyApplied, Busy, LeaseLost
from storage.inbox import Claimed, Raw
from storage.quick import Quick
from storage.redis import MemoryBell
from tests.bot.conftest import until

# For what the loop alone decides; all else runs on both databases.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

QUICK = Pace(backoff=(0.01, 0.02, 0.02, 0.02), idle_seconds=0.2, drain_seconds=2)


def raw(update_id: int, lane: str | None = None, priority: int = 1) -> Raw:
    return Raw(9, update_id, lane or f"chat:{update_id}", priority, "{}")


class Seen:
    """A handler that keeps the order of what it was given, by lane."""

    def __init__(self, act: Callable[[Claimed], Awaitable[None]] | None = None) -> None:
        self.began: list[int] = []
        self.ended: list[int] = []
        self.lanes: dict[str, list[int]] = defaultdict(list)
        self.at: dict[int, float] = {}
        self.act = act

    async def __call__(self, claimed: Claimed) -> None:
        self.began.append(claimed.update_id)
        if self.act:
            await self.act(claimed)
        self.lanes[claimed.lane].append(claimed.update_id)
        self.at[claimed.update_id] = monotonic()
        self.ended.append(claimed.update_id)


class Alerts:
    def __init__(self) -> None:
        self.given: list[tuple[int, str]] = []

    async def __call__(self, claimed: Claimed, error: str) -> None:
        self.given.append((claimed.update_id, error))


@asynccontextmanager
async def working(
    database: Database,
    handle: Callable[[Claimed], Awaitable[None]],
    *,
    pace: Pace = QUICK,
    bell: MemoryBell | None = None,
    alerts: Alerts | None = None,
) -> AsyncIterator[Worker]:
    worker = Worker(database, handle, bell or MemoryBell(), pace=pace, alert=alerts or Alerts())
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop()
        await asyncio.wait({running}, timeout=30)
    assert running.exception() is None


async def test_lanes_run_side_by_side_and_keep_their_order(database: Database) -> None:
    chance = random.Random(7)

    async def act(claimed: Claimed) -> None:
        await asyncio.sleep(chance.uniform(0, 0.01))

    seen = Seen(act)
    await inbox.store(database, [raw(n, f"chat:{n % 12}") for n in range(1, 121)])
    async with working(database, seen):
        await until(lambda: len(seen.ended) == 120)
    assert all(order == sorted(order) for order in seen.lanes.values())
    assert seen.ended != sorted(seen.ended)
    assert await inbox.depth(database) == (0, 0.0)


@on_one_database
async def test_bell_wakes_an_idle_worker(database: Database, bell: MemoryBell) -> None:
    seen = Seen()
    async with working(database, seen, bell=bell, pace=replace(QUICK, idle_seconds=30)):
        await asyncio.sleep(0.1)
        await inbox.store(database, [raw(1)])
        await bell.ring()
        await until(lambda: seen.ended == [1])


@on_one_database
async def test_unrung_worker_looks_by_itself(database: Database) -> None:
    seen = Seen()
    async with working(database, seen):
        await inbox.store(database, [raw(1)])
        await until(lambda: seen.ended == [1])


@on_one_database
async def test_pre_checkout_jumps_the_queue(database: Database, bell: MemoryBell) -> None:
    release = asyncio.Event()

    async def act(claimed: Claimed) -> None:
        if claimed.priority:
            await release.wait()

    seen = Seen(act)
    pace = replace(QUICK, concurrency=6, reserved=2, patience=60)
    await inbox.store(database, [raw(n) for n in range(1, 31)])
    async with working(database, seen, pace=pace, bell=bell):
        await until(lambda: len(seen.began) == 4)
        await inbox.store(database, [raw(99, "pay:1", 0)])
        await bell.ring()
        await until(lambda: seen.ended == [99])
        assert len(seen.began) == 5
        release.set()
        await until(lambda: len(seen.ended) == 31)


@on_one_database
async def test_slow_tries_give_their_slots_to_others(database: Database) -> None:
    """A hundred handlers that hang, before thirty good ones, on eight slots."""
    hang = asyncio.Event()

    async def act(claimed: Claimed) -> None:
        if claimed.update_id <= 100:
            await hang.wait()

    seen = Seen(act)
    pace = replace(QUICK, concurrency=8, reserved=2, patience=0.02)
    await inbox.store(database, [raw(n) for n in range(1, 131)])
    async with working(database, seen, pace=pace):
        await until(lambda: len(seen.ended) == 30)
        hang.set()
        await until(lambda: len(seen.ended) == 130)


async def test_failed_update_is_tried_again_and_holds_only_its_lane(database: Database) -> None:
    tries: list[int] = []

    async def act(claimed: Claimed) -> None:
        if claimed.update_id == 1:
            tries.append(claimed.attempts)
            if claimed.attempts < 4:
                raise ValueError("not yet")

    seen, alerts = Seen(act), Alerts()
    await inbox.store(database, [raw(1, "chat:a"), raw(2, "chat:a"), raw(3, "chat:b")])
    async with working(database, seen, alerts=alerts):
        await until(lambda: len(seen.ended) == 3)
    assert tries == [1, 2, 3, 4]
    assert seen.lanes["chat:a"] == [1, 2]
    assert seen.ended[0] == 3
    assert alerts.given == []


async def test_fifth_failure_is_quarantine_with_an_alert_and_no_personal_words(
    database: Database,
) -> None:
    async def act(claimed: Claimed) -> None:
        if claimed.update_id == 1:
            raise ValueError("Canary wrote this")

    seen, alerts = Seen(act), Alerts()
    await inbox.store(database, [raw(1, "chat:a"), raw(2, "chat:a")])
    async with working(database, seen, alerts=alerts):
        await until(lambda: seen.ended == [2])
    assert seen.began == [1] * 5 + [2]
    [(update_id, error)] = alerts.given
    assert update_id == 1
    assert error.startswith("ValueError at test_worker.py:")
    [aside] = await quarantine.list_quarantined(database)
    assert (aside.error, aside.attempts) == (error, 5)


def test_lane_waits_at_most_a_minute_for_poison() -> None:
    pace = Pace()
    longest_pauses = sum(pace.backoff) + pace.idle_seconds * len(pace.backoff)
    assert len(pace.backoff) == pace.tries - 1
    assert pace.tries * pace.try_seconds + longest_pauses < 60
    assert pace.lease_seconds > pace.try_seconds + pace.drain_seconds


@on_one_database
async def test_handler_that_hangs_is_cut_off_and_set_aside(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        if claimed.update_id == 1:
            await asyncio.sleep(60)

    seen, alerts = Seen(act), Alerts()
    await inbox.store(database, [raw(1, "chat:a"), raw(2, "chat:a")])
    async with working(database, seen, alerts=alerts, pace=replace(QUICK, try_seconds=0.05)):
        await until(lambda: seen.ended == [2])
    assert alerts.given == [(1, "TimeoutError")]


@on_one_database
async def test_poison_is_set_aside_at_once(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        raise Poison("no such kind of update")

    seen, alerts = Seen(act), Alerts()
    await inbox.store(database, [raw(1)])
    async with working(database, seen, alerts=alerts):
        await until(lambda: len(alerts.given) == 1)
    assert seen.began == [1]
    assert alerts.given == [(1, "Poison: no such kind of update")]


@on_one_database
async def test_failing_alert_does_not_stop_the_worker(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        if claimed.update_id == 1:
            raise Poison("x")

    class Mute(Alerts):
        async def __call__(self, claimed: Claimed, error: str) -> None:
            raise OSError("nobody listens")

    seen = Seen(act)
    await inbox.store(database, [raw(1, "chat:a"), raw(2, "chat:a")])
    async with working(database, seen, alerts=Mute()):
        await until(lambda: seen.ended == [2])


@on_one_database
async def test_busy_is_waited_for_within_the_same_try(database: Database) -> None:
    times = 0

    async def act(claimed: Claimed) -> None:
        nonlocal times
        times += 1
        if times < 4:
            raise Busy

    seen = Seen(act)
    await inbox.store(database, [raw(1)])
    async with working(database, seen):
        await until(lambda: seen.ended == [1])
    assert seen.began == [1] * 4


async def test_update_applied_before_is_done(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        raise AlreadyApplied("seat:1")

    seen = Seen(act)
    await inbox.store(database, [raw(1)])
    async with working(database, seen):
        await until(lambda: seen.began == [1])
    assert await inbox.depth(database) == (0, 0.0)


async def test_hundred_poison_lanes_do_not_delay_a_hundred_good_ones(database: Database) -> None:
    """All good ones are through while the poison, stored before them, still waits to be retried."""

    async def good_or_bad(claimed: Claimed) -> None:
        await asyncio.sleep(0.002)
        if claimed.update_id <= 100:
            raise ValueError("bad")

    seen, alerts = Seen(good_or_bad), Alerts()
    await inbox.store(database, [raw(n) for n in range(1, 201)])
    slow_retries = replace(QUICK, backoff=(60.0,) * 4)
    async with working(database, seen, alerts=alerts, pace=slow_retries):
        await until(lambda: len(seen.ended) == 100)
        await until(lambda: len(seen.began) == 200)
    assert sorted(seen.ended) == list(range(101, 201))
    assert alerts.given == []
    await _end_all_pauses(database)
    async with working(database, seen, alerts=alerts):
        await until(lambda: len(alerts.given) == 100)
    assert len(seen.began) == 100 + 100 * 5
    assert len(await quarantine.list_quarantined(database, 200)) == 100


async def _end_all_pauses(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(text("UPDATE inbox SET not_before = 0 WHERE state = 'new'"))


@pytest.mark.clocked
async def test_paused_worker_loses_its_lease_and_one_effect_remains(database: Database) -> None:
    """The first worker stands still past its lease; the second does the work; then it goes on."""
    resumed = asyncio.Event()
    effects: list[str] = []
    lost: list[str] = []
    began: list[str] = []

    def handler(name: str, pause: bool) -> Callable[[Claimed], Awaitable[None]]:
        async def handle(claimed: Claimed) -> None:
            began.append(name)
            if pause:
                await resumed.wait()
            try:
                async with database.begin() as session:
                    await inbox.mark_applied(session, claimed.seq, claimed.version, name)
                effects.append(name)
            except (LeaseLost, AlreadyApplied):
                lost.append(name)
                raise

        return handle

    await inbox.store(database, [raw(1)])
    paused_pace = replace(QUICK, lease_seconds=0.3, idle_seconds=30)
    async with working(database, handler("paused", True), pace=paused_pace):
        await until(lambda: began == ["paused"])
        async with working(database, handler("second", False)):
            await until(lambda: effects == ["second"])
            resumed.set()
            await until(lambda: lost == ["paused"] or "paused" in effects)
    async with database.begin() as session:
        with pytest.raises(AlreadyApplied) as outcome:
            await inbox.mark_applied(session, 1, 1)
    assert (effects, outcome.value.outcome) == (["second"], "second")


async def test_crash_after_the_effect_is_redrawn_not_repeated(database: Database) -> None:
    """Committed, then the process died before the row was marked done: the next one sees it."""
    await inbox.store(database, [raw(1)])
    [claimed] = await inbox.claim(database, 1, 0.0)
    async with database.begin() as session:
        await inbox.mark_applied(session, claimed.seq, claimed.version, "seat:1")
    given: list[tuple[bool, str | None]] = []

    async def handle(claimed: Claimed) -> None:
        given.append((claimed.applied, claimed.outcome))

    async with working(database, handle):
        await until(lambda: len(given) == 1)
    assert given == [(True, "seat:1")]


@on_one_database
async def test_update_that_takes_the_process_along_is_set_aside(database: Database) -> None:
    await inbox.store(database, [raw(1)])
    for _ in range(5):
        assert len(await inbox.claim(database, 1, 0.0)) == 1
    seen, alerts = Seen(), Alerts()
    async with working(database, seen, alerts=alerts):
        await until(lambda: len(alerts.given) == 1)
    assert seen.began == []
    assert alerts.given == [(1, "no try came to an end")]


async def test_two_workers_share_the_work_without_doing_it_twice(database_url: str) -> None:
    first, second = open_database(database_url), open_database(database_url)
    await schema.upgrade(first)
    both = asyncio.Event()

    async def act(claimed: Claimed) -> None:
        if one.began and two.began:
            both.set()
        await both.wait()
        await asyncio.sleep(0.002)

    one, two = Seen(act), Seen(act)
    pace = replace(QUICK, patience=60, try_seconds=60)  # 28 lanes at most for either
    await inbox.store(first, [raw(n, f"chat:{n % 40}") for n in range(1, 181)])
    async with working(first, one, pace=pace), working(second, two, pace=pace):
        await until(lambda: len(one.ended) + len(two.ended) == 180)
    assert sorted(one.ended + two.ended) == list(range(1, 181))
    assert one.ended
    assert two.ended
    await first.close()
    await second.close()


@on_one_database
async def test_stop_finishes_what_runs_and_takes_nothing_new(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        await asyncio.sleep(0.1)

    seen = Seen(act)
    pace = replace(QUICK, concurrency=5, reserved=1, patience=60)
    await inbox.store(database, [raw(n) for n in range(1, 21)])
    async with working(database, seen, pace=pace) as worker:
        await until(lambda: len(seen.began) == 4)
        await worker.stop()
    assert sorted(seen.ended) == sorted(seen.began)
    waiting, _ = await inbox.depth(database)
    assert waiting == 20 - len(seen.ended)


@on_one_database
async def test_stop_gives_back_what_does_not_end_in_time(database: Database) -> None:
    async def act(claimed: Claimed) -> None:
        await asyncio.sleep(60)

    seen = Seen(act)
    await inbox.store(database, [raw(1)])
    async with working(database, seen, pace=replace(QUICK, drain_seconds=0.05)):
        await until(lambda: seen.began == [1])
    [again] = await inbox.claim(database, 1, 30)
    assert (again.update_id, again.applied) == (1, False)


@on_one_database
async def test_database_away_is_outlasted(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed and refusing for a while; the worker says so once and goes on afterwards."""
    seen = Seen()
    await inbox.store(database, [raw(1), raw(2, "chat:1")])
    kind = type(database.quick)
    real = kind.write
    away = True

    async def write(self: Quick, *steps: Any, **how: Any) -> Sequence[Sequence[Any]]:
        if away:
            raise ConnectionRefusedError("no database here")
        return await real(self, *steps, **how)

    monkeypatch.setattr(kind, "write", write)
    async with working(database, seen):
        await until(lambda: "the inbox cannot be read" in caplog.text)
        away = False
        await until(lambda: seen.ended == [1, 2])
    assert caplog.text.count("the inbox cannot be read") == 1


def test_place_of_names_our_line_not_the_words() -> None:
    import json

    with pytest.raises(ValueError, match="Expecting") as failed:
        json.loads("Canary")
    assert place_of(failed.value).startswith("JSONDecodeError at test_worker.py:")
    assert place_of(ValueError("Canary")) == "ValueError"
