"""What the tests of doors and worker share: updates, a patient wait, a scripted Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from storage.redis import MemoryBell
from tests.bot.scripted import ScriptedApi


@pytest.fixture
def bell() -> MemoryBell:
    return MemoryBell()


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    scripted = ScriptedApi()
    await scripted.start()
    yield scripted
    await scripted.stop()


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a condition that other tasks bring about."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is watched has no event of its own
            await asyncio.sleep(0.005)
