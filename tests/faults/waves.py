"""Announcements to many chats, while couriers and clocks are killed at random."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import col

from playground.faults import Fault
from playground.records import Delivery
from playground.things import Member
from storage.codes import new_code
from storage.tables import Chat, ChatState, Outbox, OutboxState, Subscription
from tests.commerce.announced import LONG_AGO, Street
from tests.faults.bench import LOOK_SECONDS, Bench, Server, until
from tests.faults.judges import EVER, left_over

STAGES = {
    "24h": "⏰ Ends within a day",
    "3h": "⏰ Ends within three hours",
    "30m": "⏰ Last call",
}
ENDS_IN = {"24h": 23.9 * 3600, "3h": 2.9 * 3600, "30m": 12.0}  # when a wave begins, in seconds
SHARES = {"24h": 0.45, "3h": 0.45, "30m": 0.1}  # of the kills
GONE = 0.3
AMBIGUOUS = (("reset", "before"), ("reset", "after"), ("500", "before"), ("502", "after"))
PART = 0.05 / len(AMBIGUOUS) / 0.98  # each of them; a later one is asked only if none before struck
PROCESSES: dict[Server, tuple[str, ...]] = {
    "sqlite": ("all",),
    "postgres": tuple(f"{role}-{n}" for role in ("courier", "clock") for n in range(3)),
}
SOON_SECONDS, STARTED_SECONDS = 0.4, 1.5
UNDER_WAY_SECONDS = 10.0
SETTLED_SECONDS = 240.0


# What was on the line when the deal ended, on a busy machine, cannot be called back.
FLIGHT_SECONDS = 1.0


@dataclass(slots=True)
class Wave:
    """One deal, many subscribed chats, and how often the program dies meanwhile."""

    bench: Bench
    chats: int
    kills: int
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    ends_at: float = 0.0
    where: list[int] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    in_flight: set[tuple[int, int]] = field(default_factory=set)  # row, attempt
    most_in_flight: int = 0
    killed: int = 0
    in_the_middle: int = 0

    async def run(self) -> None:
        await self._prepare()
        self._plan_faults()
        for name in PROCESSES[self.bench.server]:
            await self.bench.start(name)
        for stage, share in SHARES.items():
            if stage == "30m":  # what is held for a dead process must not fall past the end
                await until(self._settled, SETTLED_SECONDS)
            self._turn_to(stage)
            await self._kill_while_told(stage, round(self.kills * share))
        while self.killed < self.kills:
            await self._kill()
        await until(self._settled, SETTLED_SECONDS)

    async def _prepare(self) -> None:
        bench = self.bench
        street = Street(bench.database)
        ends_at = datetime.now(UTC) + timedelta(days=3)
        self.ends_at = ends_at.timestamp()
        await street.deal(await street.shelf(), ends_at, starts_at=LONG_AGO)
        self.where = [-1_000_000 - n for n in range(self.chats)]
        self.gone = set(self.dice.sample(self.where, round(self.chats * GONE)))
        async with bench.database.begin() as session:
            await session.execute(insert(Chat), [_chat(id_) for id_ in self.where])
            ids = (await session.execute(select(col(Chat.id)))).scalars().all()
            everything = [{"chat_id": id_, "created_at": LONG_AGO} for id_ in ids]
            await session.execute(insert(Subscription), everything)
        bench.world.flood.on = False
        owner = bench.world.new_person("Olga")
        for id_ in self.where:
            chat = bench.world.new_group("Tea friends", [owner], id=id_)
            if id_ not in self.gone:
                chat.members[bench.world.bot.id] = Member("member")

    def _plan_faults(self) -> None:
        """One call in twenty fails, some before and some after they took effect."""
        for kind, when in AMBIGUOUS:
            for method in ("sendmessage", "sendphoto"):
                self.faults.append(
                    self.bench.world.faults.plan(
                        kind,  # type: ignore[arg-type]
                        when=when,  # type: ignore[arg-type]
                        method=method,
                        times=None,
                        probability=PART,
                    )
                )

    def _turn_to(self, stage: str) -> None:
        now = self.bench.world.clock.now()
        self.bench.world.turn_clock(self.ends_at - ENDS_IN[stage] - now)

    async def _kill_while_told(self, stage: str, kills: int) -> None:
        """Until the wave is over; the kills come first."""
        for _ in range(kills):
            if await self._over(stage):
                return
            await self._kill()
        await until(lambda: self._over(stage), SETTLED_SECONDS)

    async def _over(self, stage: str) -> bool:
        """Every chat of the wave has been told, or its message is in somebody's hand."""
        async with self.bench.database.read() as session:
            found = await session.execute(
                select(
                    func.count(), func.count().filter(col(Outbox.state) == OutboxState.NEW)
                ).where(col(Outbox.dedupe_key).contains(f":{stage}:"))
            )
            written, waiting = found.one()
            owed = await session.execute(
                select(func.count()).where(col(Chat.state) == ChatState.ACTIVE)
            )
        return bool(waiting == 0 and (written >= owed.scalar_one() or self._ended))

    @property
    def _ended(self) -> bool:
        return self.bench.world.clock.now() > self.ends_at

    async def _kill(self) -> None:
        """Every other time in the midst of a wave, else whenever it may be."""
        names = PROCESSES[self.bench.server]
        name = self.dice.choice(names)
        if self.killed % 2:
            await asyncio.sleep(self.dice.uniform(0, STARTED_SECONDS))
        else:
            await self._wait_until_under_way()
            await asyncio.sleep(self.dice.uniform(0, SOON_SECONDS))
        life = self.bench.lives[name]
        life.kill()
        await life.end()
        self.killed += 1
        await self._note_flights()
        await self.bench.start(name)

    async def _wait_until_under_way(self) -> None:
        before = len(self.bench.world.deliveries)
        try:
            async with asyncio.timeout(UNDER_WAY_SECONDS):
                while len(self.bench.world.deliveries) == before:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS / 10)
        except TimeoutError:
            return

    async def _note_flights(self) -> None:
        """What is marked as being sent just after a kill; what others send is counted as well."""
        async with self.bench.database.read() as session:
            rows = await session.execute(
                select(col(Outbox.id), col(Outbox.attempts)).where(
                    col(Outbox.state) == OutboxState.SENDING
                )
            )
            fresh = {(int(i or 0), int(a)) for i, a in rows} - self.in_flight
        self.in_flight |= fresh
        self.in_the_middle += bool(fresh)
        self.most_in_flight = max(self.most_in_flight, len(fresh))

    async def _settled(self) -> bool:
        return not await left_over(self.bench, EVER)

    @property
    def ambiguous(self) -> int:
        return sum(fault.hits for fault in self.faults)

    async def judge(self) -> list[str]:
        async with self.bench.database.read() as session:
            rows = await session.execute(
                select(col(Outbox.chat_id), col(Outbox.facts), col(Outbox.state))
            )
            states = {(chat, str(facts["stage"])): state for chat, facts, state in rows}
        told = [one for one in self.bench.world.deliveries if not one.edit]
        return [
            *self._doubled(told),
            *self._lost(told, states),
            *self._late(told),
            *self._pestered(states),
        ]

    def _doubled(self, told: list[Delivery]) -> Iterator[str]:
        for (chat, stage), times in _by_stage(told).items():
            if times > 1:
                yield f"{chat} is told {stage} {times} times"

    def _lost(
        self, told: list[Delivery], states: dict[tuple[int, str], OutboxState]
    ) -> Iterator[str]:
        arrived = _by_stage(told)
        for chat in set(self.where) - self.gone:
            for stage in STAGES:
                state = states.get((chat, stage))
                cut = stage == "30m" and state in (None, OutboxState.DEAD)  # by the deal's end
                if not arrived[chat, stage] and state != OutboxState.UNKNOWN and not cut:
                    yield f"{chat} is not told {stage}, its message is {state}"
        unknown = sum(state == OutboxState.UNKNOWN for state in states.values())
        if unknown > len(self.in_flight) + self.ambiguous:
            yield f"{unknown} unknown, {len(self.in_flight)} in flight, {self.ambiguous} in doubt"

    def _late(self, told: list[Delivery]) -> Iterator[str]:
        for one in told:
            if one.at > self.ends_at + FLIGHT_SECONDS:
                yield f"{one.chat} is told {one.at - self.ends_at:.1f} s after the end"

    def _pestered(self, states: dict[tuple[int, str], OutboxState]) -> Iterator[str]:
        """Once is enough to know, unless the answer was lost: then the next wave tries again."""
        unheard = Counter(chat for (chat, _), s in states.items() if s == OutboxState.UNKNOWN)
        for chat, times in self.bench.world.knocks.items():
            if times > unheard[chat]:
                yield f"{chat} is gone, and was tried {times} times more"

    async def unknown(self) -> int:
        async with self.bench.database.read() as session:
            found = await session.execute(
                select(func.count()).where(col(Outbox.state) == OutboxState.UNKNOWN)
            )
            return int(found.scalar_one())


def _chat(telegram_id: int) -> dict[str, Any]:
    return {
        "code": new_code(),
        "telegram_id": telegram_id,
        "kind": "group",
        "title": "Tea friends",
        "locale": "en",
        "timezone": "UTC",
        "posts_a_day": 6,
        "state": ChatState.ACTIVE,
        "created_at": LONG_AGO,
    }


def _by_stage(told: list[Delivery]) -> Counter[tuple[int, str]]:
    return Counter(
        (one.chat, stage)
        for one in told
        for stage, words in STAGES.items()
        if one.text.startswith(words)
    )
