"""Builds that a guard was taken out of: the judges must notice each of them.

A build is made in the process that is about to be the program; nothing of it is in the program.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import update

from bot import run
from bot.run import House
from commerce import actor as actors
from commerce.actions import announcing, deciding, importing, payments
from commerce.actions.refunding import RefundJob
from commerce.actor import Actor
from scheduler.providers.pretend import PretendCard
from storage import inbox, outbox, settled
from storage.crash import crash_point
from storage.database import db_time
from storage.gate import FloodGate, GateRates, Limit, MemoryGate
from storage.gate_redis import RedisGate
from storage.inbox import Raw
from storage.outbox import OUTBOX, ROW, UNSETTLED
from storage.tables import OutboxState

ANSWER_LEAD = 1.0

BUILDS: dict[str, Callable[[], None]] = {}


def build(make: Callable[[], None]) -> Callable[[], None]:
    BUILDS[make.__name__.replace("_", "-")] = make
    return make


@build
def small_batches() -> None:
    """No guard is out: an announcement to nine chats has three batches."""
    announcing.CHATS_A_BATCH = 3


@build
def wide_gate() -> None:
    """No guard is out: ten times as many messages a second, for a world that allows it."""

    def wide(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
        return tuple(Limit(limit.count * 10, limit.seconds) for limit in limits)

    usual = GateRates()
    rates = replace(usual, overall=wide(usual.overall), low=wide(usual.low))

    def open_gate(redis: Redis | None) -> FloodGate:
        return MemoryGate(rates) if redis is None else RedisGate(redis, rates)

    run.open_gate = open_gate


@build
def answered_first() -> None:
    """The door tells Telegram 200 and stores afterwards."""
    keep = House.keep
    under_way: set[asyncio.Task[None]] = set()

    async def store(house: House, updates: list[Raw]) -> None:
        await asyncio.sleep(ANSWER_LEAD)
        await keep(house, updates)

    async def answer(house: House, updates: list[Raw]) -> None:
        under_way.add(asyncio.create_task(store(house, updates)))

    setattr(House, "keep", answer)  # noqa: B010


@build
def marked_apart() -> None:
    """An update is marked as applied in one transaction, its effects come in the next."""

    @asynccontextmanager
    async def begin(actor: Actor, outcome: str | None = None) -> AsyncIterator[Any]:
        if actor.cause:
            async with actor.database.begin() as session:
                await inbox.mark_applied(session, actor.cause.seq, actor.cause.version, outcome)
        async with actor.database.begin() as session:
            yield session
            crash_point("K5")

    for module in _users_of(actors.begin):
        module.begin = begin


def _users_of(thing: object) -> list[Any]:
    """Modules that have it by its own name."""
    name = getattr(thing, "__name__", "")
    return [m for m in list(sys.modules.values()) if getattr(m, name, None) is thing]


@build
def sent_before_sending() -> None:
    """A message is marked as sent, and then written to Telegram."""
    mark = outbox.mark_sending

    async def mark_sent(database: Any, rows: Any, *, now: Any, lease_seconds: float) -> set[int]:
        ids = await mark(database, rows, now=now, lease_seconds=lease_seconds)
        async with database.begin() as session:
            done = update(OUTBOX).where(ROW.id.in_(ids))
            await session.execute(done.values(state=OutboxState.SENT, settled_at=now))
        return ids

    outbox.mark_sending = mark_sent


@build
def sent_again_in_doubt() -> None:
    """What a lost courier had in flight is sent again, of whatever class it is."""

    async def settle_lost(database: Any, *, now: Any) -> int:
        lost = UNSETTLED & ROW.state.in_((OutboxState.CLAIMED, OutboxState.SENDING))
        again = {"state": OutboxState.NEW, "lease_until": 0.0, "version": ROW.version + 1}
        async with database.begin() as session:
            found = await session.execute(
                update(OUTBOX)
                .where(lost, ROW.lease_until <= db_time())
                .values(**again)
                .returning(ROW.id)
            )
            return len(found.all())

    settled.settle_lost = settle_lost


@build
def refunds_without_a_key() -> None:
    """The provider is asked with another key at each try."""
    refund = PretendCard.refund

    async def keyless(card: PretendCard, job: RefundJob) -> None:
        await refund(card, replace(job, key=secrets.token_hex(8)))

    setattr(PretendCard, "refund", keyless)  # noqa: B010


def _committed_after(module: Any, name: str) -> None:
    """The function's effects are committed before its caller goes on."""
    inner: Callable[..., Awaitable[Any]] = getattr(module, name)

    async def committing(session: Any, *args: Any, **kwargs: Any) -> Any:
        result = await inner(session, *args, **kwargs)
        await session.commit()
        return result

    setattr(module, name, committing)


@build
def charge_stored_apart() -> None:
    """A charge is committed, and what it pays for comes in the next transaction."""
    _committed_after(payments, "_write_down")


@build
def decided_apart() -> None:
    """A group's end is committed, its orders and refunds come in the next transaction."""
    _committed_after(deciding, "_close")


@build
def promised_apart() -> None:
    """Who is told is committed, the messages come in the next transaction."""
    _committed_after(announcing, "_promise")


@build
def import_in_one_piece() -> None:
    """All rows of an import are one transaction."""
    importing.AT_ONCE = 1_000_000


def warm_up() -> None:
    """What the program builds at first use, built before it is forked."""
    from aiogram.types import Update

    Update.model_validate({"update_id": 1})
