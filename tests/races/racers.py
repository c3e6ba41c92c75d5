"""Real processes that act in the shop at the same moment, each with a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy.orm import configure_mappers

from commerce.actor import Actor
from commerce.refusals import Refusal
from storage.database import Database, answers, open_database
from storage.failures import Busy

DONE = ""  # how a job ends that was refused nothing
TIMES = 20  # a person who is told "busy, try again" does
SECONDS = 120  # no race takes longer

configure_mappers()  # here, for all racers at once
# One clean process imports the shop once; each racer is forked from it in milliseconds.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "tests.races.careless", "tests.faults.tellers"])


@dataclass(frozen=True, slots=True)
class Job:
    """One call of an action: its first argument is the actor, or the database for a sweep."""

    do: Callable[..., Awaitable[object]]
    actor: Actor | None
    args: tuple[Any, ...]
    now: datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)

    async def run(self, database: Database) -> None:
        first = database if self.actor is None else replace(self.actor, database=database)
        now = {} if self.now is None else {"now": self.now}
        await self.do(first, *self.args, **now, **self.more)


def job(
    do: Callable[..., Awaitable[object]],
    actor: Actor | None,
    *args: Any,
    now: datetime | None = None,
    **more: Any,
) -> Job:
    return Job(do, _portable(actor), args, now, more)


def _portable(actor: Actor | None) -> Actor | None:
    """A connection cannot be handed to another process; a racer has its own."""
    return replace(actor, database=None) if actor else None  # type: ignore[arg-type]


async def race(
    url: str,
    lines: Sequence[Sequence[Job]],
    *,
    in_step: bool = False,
    without: Callable[[], None] | None = None,
) -> list[list[str]]:
    """A process a line, all let go at once; `in_step`, they wait for each other before each job.

    `without` takes a guard out, in the racers alone. How each job ended: DONE, or the name of
    what was raised.
    """
    return await asyncio.to_thread(_race, url, lines, in_step, without)


def _race(
    url: str, lines: Sequence[Sequence[Job]], in_step: bool, without: Callable[[], None] | None
) -> list[list[str]]:
    barrier = PROCESSES.Barrier(len(lines))
    ears, racers = [], []
    for line in lines:
        ear, mouth = PROCESSES.Pipe(duplex=False)
        given = (url, line, barrier, in_step, without, mouth)
        racers.append(PROCESSES.Process(target=_racer, args=given, daemon=True))
        racers[-1].start()
        mouth.close()
        ears.append(ear)
    try:
        return [_heard(ear) for ear in ears]
    finally:
        for racer in racers:
            racer.join(SECONDS)
            racer.close()


def _heard(ear: Connection) -> list[str]:
    if not ear.poll(SECONDS):
        raise TimeoutError("a racer says nothing")
    said: list[str] = ear.recv()
    return said


def _racer(
    url: str,
    line: Sequence[Job],
    barrier: Barrier,
    in_step: bool,
    without: Callable[[], None] | None,
    mouth: Connection,
) -> None:
    if without:
        without()
    mouth.send(asyncio.run(_run(url, line, barrier, in_step)))


async def _run(url: str, line: Sequence[Job], barrier: Barrier, in_step: bool) -> list[str]:
    database = open_database(url, pool_size=1)
    await answers(database)
    ends = []
    for number, each in enumerate(line):
        if in_step or number == 0:
            barrier.wait(SECONDS)
        ends.append(await _end_of(each, database))
    await database.close()
    return ends


async def _end_of(each: Job, database: Database) -> str:
    for _ in range(TIMES):
        try:
            await each.run(database)
        except Busy:
            continue
        except Refusal as refusal:
            return type(refusal).__name__
        except Exception as error:
            return type(error).__name__
        return DONE
    return Busy.__name__
