"""Bells wake who waits, across processes with Redis and without it."""

from __future__ import annotations

import asyncio
import uuid

from storage.redis import MemoryBell, RedisBell


async def test_ring_wakes_and_is_used_up() -> None:
    bell = MemoryBell()
    await bell.ring()
    assert await bell.wait(5)
    assert not await bell.wait(0.01)


async def test_ring_crosses_processes(redis_url: str) -> None:
    name = uuid.uuid4().hex
    here, there = RedisBell(redis_url, name), RedisBell(redis_url, name)
    assert await there.wait(5)  # it listens now
    waiting = asyncio.create_task(there.wait(10))
    await here.ring()
    assert await waiting
    await here.close()
    await there.close()


async def test_bell_without_redis_rings_at_home() -> None:
    bell = RedisBell("redis://127.0.0.1:1", "x")
    assert not await bell.wait(0.05)
    await bell.ring()
    assert await bell.wait(5)
    await bell.close()
