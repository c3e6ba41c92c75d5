"""Rows for couriers, and words for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from playground.world import World
from scheduler.announcer import Announcer, Rendered
from scheduler.courier import Courier
from scheduler.hand import Pace, Render
from storage import outbox
from storage.database import Database, db_time
from storage.gate import FloodGate
from storage.outbox import Claimed, Notice
from storage.tables import Outbox, OutboxClass, OutboxState
from tests.scheduler.conftest import Turnable

QUICK = Pace(idle=0.05, settle=0.05)
NEW, SENT, DEAD, UNKNOWN = (
    OutboxState.NEW,
    OutboxState.SENT,
    OutboxState.DEAD,
    OutboxState.UNKNOWN,
)


def notice(bot: Announcer, chat: int, text: str, **fields: Any) -> Notice:
    kind = fields.pop("kind", OutboxClass.ANNOUNCEMENT)
    return Notice(
        bot.speaker, chat, "text", {"text": text}, kind, fields.pop("key", text), **fields
    )


async def put(database: Database, clock: Turnable, *notices: Notice) -> None:
    async with database.begin() as session:
        await outbox.put(session, *notices, now=clock())


async def render(row: Claimed) -> Rendered | None:
    return Rendered("sendMessage", {"text": row.facts["text"]})


def courier(
    database: Database,
    bot: Announcer,
    gate: FloodGate,
    clock: Turnable,
    words: Render = render,
    *,
    pace: Pace = QUICK,
    **more: Any,
) -> Courier:
    return Courier(database, [bot], gate, words, now=clock, pace=pace, **more)


async def rows(database: Database) -> list[Outbox]:
    async with database.read() as session:
        return list((await session.execute(select(Outbox).order_by(col(Outbox.id)))).scalars())


async def states(database: Database) -> list[OutboxState]:
    return [row.state for row in await rows(database)]


async def run_out(database: Database) -> None:
    """Ends all leases, as if their time had passed."""
    async with database.begin() as session:
        await session.execute(update(Outbox).values(lease_until=db_time() - 1))


async def run_until(
    courier: Courier, done: Callable[[list[Outbox]], bool], database: Database
) -> list[Outbox]:
    """Runs it until the rows are as wanted, at most 15 s; returns the rows."""
    running = asyncio.create_task(courier.run())
    try:
        async with asyncio.timeout(15):
            while not done(found := await rows(database)):
                if running.done():
                    running.result()
                await asyncio.sleep(0.02)
    finally:
        await courier.stop()
        await running
    return found


def settled(found: list[Outbox]) -> bool:
    unfinished = (OutboxState.NEW, OutboxState.CLAIMED, OutboxState.SENDING)
    return all(row.state not in unfinished for row in found)


def arrived(world: World, chat: int) -> list[str]:
    return [delivery.text for delivery in world.deliveries if delivery.chat == chat]
