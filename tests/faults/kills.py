"""One kill: the program dies at a crash point, is started again, and is judged."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.bench import KILLED, ROLES, Bench, Server, make_template, opened_bench, until
from tests.faults.judges import EVER, Marks, left_over, marks, unknown
from tests.faults.scenes import Announcement, Ending, MakeScene, Purchase, Scene

DEATH_SECONDS = 120.0
RECOVERY_SECONDS = 60.0
STORY_SECONDS = 60.0
AFTERWARDS_SECONDS = 15.0
AT_ONCE: dict[Server, int] = {"sqlite": 10, "postgres": 4}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point is passed: in which scenes, how often at least, and by which role."""

    role: str
    scenes: Sequence[tuple[MakeScene, int]]


PLACES = {
    "K1": Place("web", [(Purchase, 15)]),
    "K2": Place("web", [(Purchase, 10)]),
    "K3": Place("web", [(Purchase, 10)]),
    "K4": Place("worker", [(Purchase, 15)]),
    "K5": Place("worker", [(Purchase, 9)]),
    "K6": Place("worker", [(Purchase, 9)]),
    "K7": Place("courier", [(Announcement, 9), (Purchase, 9)]),
    "K8": Place("courier", [(Announcement, 9), (Purchase, 9)]),
    "K9": Place("courier", [(Announcement, 9), (Purchase, 9)]),
    "K10": Place("courier", [(Announcement, 9), (Purchase, 9)]),
    "K11": Place("courier", [(Announcement, 1), (Purchase, 3)]),
    "K12": Place("worker", [(Purchase, 3)]),
    "K13": Place("worker", [(Purchase, 3)]),
    "K14": Place("worker", [(Purchase, 3)]),
    "K15": Place("worker", [(Purchase, 3)]),
    "K16": Place("clock", [(Ending, 1)]),
    "K17": Place("clock", [(Ending, 1)]),
    "K18": Place("clock", [(Ending, 3)]),
    "K19": Place("clock", [(Ending, 3)]),
    "K20": Place("clock", [(Announcement, 3)]),
    "K21": Place("clock", [(Announcement, 3)]),
}
IN_SMALL_BATCHES = ("small-batches",)  # three chats a batch
BUILDS = {"K20": IN_SMALL_BATCHES, "K21": IN_SMALL_BATCHES}


@dataclass(slots=True)
class Kill:
    """One of a dose, and how it ended."""

    point: str
    server: Server
    number: int
    passing: int = 0  # 0: one of those there are, by the number
    wrong: list[str] = field(default_factory=list)
    recovered: float = 0.0
    unknown: int = 0

    def __str__(self) -> str:
        where = f"{self.point}:{self.passing} number {self.number} on {self.server}"
        return f"{where}: {'; '.join(self.wrong)}"


async def kill_once(
    kill: Kill, folder: Path, nursery: str, *, broken: tuple[str, ...] = ()
) -> Kill:
    place = PLACES[kill.point]
    make, passings = place.scenes[kill.number % len(place.scenes)]
    dice = random.Random(f"{kill.point} {kill.number}")
    kill.passing = kill.passing or dice.randint(1, passings)
    builds = (*BUILDS.get(kill.point, ()), *broken)
    async with opened_bench(kill.server, folder, nursery, broken=builds) as bench:
        scene = make(bench, kill.number)
        await scene.prepare()
        role = "all" if kill.server == "sqlite" else place.role
        await bench.open(*ROLES[kill.server], crash=f"{kill.point}:{kill.passing}", dying=role)
        story = asyncio.create_task(scene.live())
        try:
            await _die_and_rise(kill, bench, scene, role, story)
            kill.wrong += await scene.judge()
        except TimeoutError as late:
            kill.wrong.append(str(late))
            kill.wrong += await scene.judge()
        finally:
            story.cancel()
            await asyncio.gather(story, return_exceptions=True)
        if kill.wrong and not broken:
            kill.wrong.append(bench.words())
    return kill


async def _die_and_rise(
    kill: Kill, bench: Bench, scene: Scene, role: str, story: asyncio.Task[None]
) -> None:
    code = await _death(bench, role, story)
    if code != KILLED:
        kill.wrong.append(f"the point was not passed (exit code {code})")
        return
    died, then = time.monotonic(), await marks(bench)
    await bench.start(role)
    scene.recover()
    await all_done(bench, then, RECOVERY_SECONDS)
    kill.recovered = time.monotonic() - died
    await _finished(story)
    await all_done(bench, None, STORY_SECONDS)
    if not scene.people_act:  # what was missed in the crash is part of the recovery
        kill.recovered = time.monotonic() - died
    kill.unknown = await unknown(bench.database)
    if kill.unknown > then.sending:
        kill.wrong.append(f"{kill.unknown} unknown, {then.sending} were in flight")


async def _death(bench: Bench, role: str, story: asyncio.Task[None]) -> int | None:
    """How the process ended; None when it lives on though the story is over."""
    ending = asyncio.create_task(bench.lives[role].end())
    await asyncio.wait({story, ending}, timeout=DEATH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({ending}, timeout=AFTERWARDS_SECONDS)
    if ending.done():
        return ending.result()
    ending.cancel()
    return None


async def _finished(story: asyncio.Task[None]) -> None:
    await asyncio.wait({story}, timeout=STORY_SECONDS)
    if not story.done():
        raise TimeoutError("the story did not come to its end")
    story.result()


async def all_done(bench: Bench, then: Marks | None, seconds: float) -> None:
    """Until nothing is left over of what began before then, or at all."""
    left: list[str] = []

    async def done() -> bool:
        left[:] = await left_over(bench, then or EVER)
        return not left

    try:
        await until(done, seconds)
    except TimeoutError:
        raise TimeoutError(f"after {seconds:.0f} s {', '.join(left)}") from None


async def kill_all(
    kills: Sequence[Kill], folder: Path, nursery: str, *, broken: tuple[str, ...] = ()
) -> list[Kill]:
    """Side by side, for most of a kill is waiting for a lease to end."""
    await make_template(kills[0].server, folder)
    gate = asyncio.Semaphore(AT_ONCE[kills[0].server])

    async def one(number: int, kill: Kill) -> Kill:
        async with gate:
            return await kill_once(kill, folder / str(number), nursery, broken=broken)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(*numbered)) for numbered in enumerate(kills)]
    return [task.result() for task in tasks]
