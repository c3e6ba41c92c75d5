"""A served world, one announcer in it, and a turnable clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from playground import acts
from playground.server import Running, running
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer
from storage.gate import GateRates, Limit, MemoryGate

WIDE = Limit(100_000, 1.0)
WIDE_RATES = GateRates(*[(WIDE,)] * 5)


class Turnable:
    """Business time, turned by the test."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Turnable:
    return Turnable()


@pytest.fixture
async def table() -> AsyncIterator[Running]:
    async with running(World()) as served:
        served.world.flood.on = False
        yield served
        assert served.world.violations == []
        assert served.world.flood.early == 0


@pytest.fixture
def world(table: Running) -> World:
    return table.world


@pytest.fixture
def gate() -> MemoryGate:
    return MemoryGate(WIDE_RATES)


@pytest.fixture
async def bot(table: Running, gate: MemoryGate) -> AsyncIterator[Announcer]:
    made = Announcer.of(table.world.bot.token, gate, table.base_url)
    yield made
    await made.close_line()


@pytest.fixture
async def alice(world: World) -> Person:
    person = world.new_person("Alice", id=501)
    await acts.start(world, person)
    return person


@pytest.fixture
async def bob(world: World) -> Person:
    person = world.new_person("Bob", id=502)
    await acts.start(world, person)
    return person


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "#7a9").save(drawn, "JPEG")
    return drawn.getvalue()
