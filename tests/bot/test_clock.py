"""`now` comes from one clock; in rehearsals it follows another that can be turned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.clock import FollowedClock, SystemClock, open_clock
from tests.bot.conftest import until


class Turned:
    """An address that tells a time which tests turn."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.broken = False
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        if self.broken:
            return web.Response(status=502, text="<html>")
        return web.json_response({"now": time.time() + self.ahead})


@pytest.fixture
async def turned() -> AsyncIterator[Turned]:
    there = Turned()
    app = web.Application()
    app.router.add_get("/clock", there.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}/clock"
    yield there
    await runner.cleanup()


def ahead(clock: FollowedClock) -> float:
    return (clock.now() - datetime.now(UTC)).total_seconds()


async def test_followed_clock_goes_with_the_turned_one(turned: Turned) -> None:
    turned.ahead = 3_600
    clock = FollowedClock(turned.url, every_seconds=0.01)
    await clock.start()
    assert ahead(clock) == pytest.approx(3_600, abs=1)
    turned.ahead = 90_000
    await until(lambda: ahead(clock) > 80_000)
    await clock.stop()


async def test_followed_clock_keeps_its_offset_while_nobody_answers(turned: Turned) -> None:
    turned.ahead = 600
    clock = FollowedClock(turned.url, every_seconds=0.01)
    await clock.start()
    turned.broken = True
    await asyncio.sleep(0.1)
    assert ahead(clock) == pytest.approx(600, abs=1)
    await clock.stop()


async def test_followed_clock_without_an_answer_is_the_system_clock(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.clock.FIRST_ANSWER_SECONDS", 0.05)
    clock = FollowedClock("http://127.0.0.1:1/clock")
    await clock.start()
    assert ahead(clock) == pytest.approx(0, abs=1)
    assert "CLOCK_URL does not answer" in caplog.text
    await clock.stop()


async def test_system_clock_tells_utc() -> None:
    clock = open_clock("")
    assert isinstance(clock, SystemClock)
    await clock.start()
    assert clock.now().utcoffset() == timedelta(0)
    await clock.stop()
