"""The courier delivers in order, at the gate's pace; the stand-in's log is the judge."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from playground import acts
from playground.server import Running
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer
from scheduler.hand import Pace
from scheduler.transport import Transport
from storage import outbox
from storage.database import Database
from storage.gate import MemoryGate, Send
from storage.redis import MemoryBell
from storage.tables import OutboxState
from tests.scheduler.conftest import Turnable
from tests.scheduler.posts import (
    DEAD,
    NEW,
    QUICK,
    SENT,
    arrived,
    courier,
    notice,
    put,
    run_until,
    settled,
    states,
)


async def test_each_chat_gets_its_messages_in_order(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
) -> None:
    wanted = {person.id: [f"{person.id}/{n}" for n in range(6)] for person in (alice, bob)}
    for n in range(6):
        for chat in wanted:
            await put(database, clock, notice(bot, chat, f"{chat}/{n}"))
    world.faults.plan("429", times=2, probability=0.3, retry_after=1)
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert {row.state for row in found} == {SENT}
    assert {chat: arrived(world, chat) for chat in wanted} == wanted
    assert [row.message_id for row in found if row.chat_id == alice.id] == [
        delivery.message_id for delivery in world.deliveries if delivery.chat == alice.id
    ]


async def test_refused_chat_is_silent_to_the_second_and_others_go_on(
    database: Database, table: Running, clock: Turnable, alice: Person, bob: Person
) -> None:
    """The stand-in remembers its pause, and counts who speaks into it."""
    world, gate = table.world, MemoryGate()
    world.flood.on = True
    bot = Announcer.of(world.bot.token, gate, table.base_url)
    world.faults.plan("429", chat=alice.id, method="sendMessage", retry_after=3)
    texts = ("1", "2")
    await put(
        database,
        clock,
        *(notice(bot, p.id, text, key=f"{p.id}/{text}") for text in texts for p in (alice, bob)),
    )
    began = world.clock.now()
    await run_until(courier(database, bot, gate, clock), settled, database)
    times = {p.id: [d.at - began for d in world.deliveries if d.chat == p.id] for p in (alice, bob)}
    assert 3.0 <= times[alice.id][0] < 4.5
    assert times[bob.id][-1] < 2.5
    assert (arrived(world, alice.id), arrived(world, bob.id)) == (["1", "2"], ["1", "2"])
    await bot.close_line()


class Watched(Transport):
    """Counts how many requests are under way."""

    flying = most = 0

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.flying += 1
        self.most = max(self.most, self.flying)
        try:
            return await super().do_request(*args, **kwargs)
        finally:
            self.flying -= 1


async def test_one_of_a_chat_is_in_flight_at_most(
    database: Database, table: Running, gate: MemoryGate, clock: Turnable, alice: Person
) -> None:
    line = Watched(table.world.bot.token, table.base_url)
    bot = Announcer(table.world.bot.id, gate, line)
    await put(database, clock, *(notice(bot, alice.id, f"{n}") for n in range(6)))
    couriers = [courier(database, bot, gate, clock) for _ in range(3)]
    await asyncio.gather(*(run_until(one, settled, database) for one in couriers))
    assert (line.most, arrived(table.world, alice.id)) == (1, ["0", "1", "2", "3", "4", "5"])
    await bot.close_line()


async def test_nothing_is_sent_after_its_time(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    ends = clock()
    clock.turn(-60)
    await gate.close(Send(bot.speaker, alice.id), 1.0)
    await put(database, clock, notice(bot, alice.id, "x", not_after=ends))
    posting = courier(database, bot, gate, clock)
    await posting.step()
    assert await states(database) == [OutboxState.CLAIMED]  # held: the gate opens in a second
    clock.turn(61)
    found = await run_until(posting, settled, database)
    assert [(row.state, row.error) for row in found] == [(DEAD, "too late")]
    assert arrived(world, alice.id) == []


async def test_closed_chat_waits_in_the_table(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
) -> None:
    await gate.close(Send(bot.speaker, alice.id), 600)
    await put(database, clock, notice(bot, alice.id, "a"), notice(bot, bob.id, "b"))
    found = await run_until(
        courier(database, bot, gate, clock), lambda found: found[1].state is SENT, database
    )
    assert [(row.state, row.attempts) for row in found] == [(NEW, 0), (SENT, 1)]
    assert await outbox.claim(database, [bot.speaker], 9, now=clock(), lease_seconds=1) == []


async def test_bell_wakes_a_sleeping_courier(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    bell = MemoryBell()
    pace = Pace(idle=60, settle=60)
    posting = courier(database, bot, gate, clock, pace=pace, bell=bell)
    running = asyncio.create_task(posting.run())
    await asyncio.sleep(0.2)  # it looked, and found nothing
    await put(database, clock, notice(bot, alice.id, "x"))
    await bell.ring()
    await world.wait_for(lambda: arrived(world, alice.id) == ["x"], timeout=10)
    await posting.stop()
    await running
    assert await states(database) == [SENT]


async def test_bell_rung_while_it_looks_is_heard(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is written after the look and rung for before its end is not left for the next hour."""
    bell, looked, put_in = MemoryBell(), asyncio.Event(), asyncio.Event()
    claim = outbox.claim

    async def slow(*args: Any, **how: Any) -> Any:
        rows = await claim(*args, **how)
        looked.set()
        await put_in.wait()
        return rows

    monkeypatch.setattr(outbox, "claim", slow)
    pace = Pace(idle=3_600, settle=3_600)
    posting = courier(database, bot, gate, clock, pace=pace, bell=bell)
    running = asyncio.create_task(posting.run())
    await looked.wait()
    await put(database, clock, notice(bot, alice.id, "x"))
    await bell.ring()
    await asyncio.sleep(0)  # it is heard
    await asyncio.sleep(0)
    put_in.set()
    await world.wait_for(lambda: arrived(world, alice.id) == ["x"])
    await posting.stop()
    await running


async def test_stop_finishes_what_is_in_flight(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
) -> None:
    await gate.close(Send(bot.speaker, bob.id), 1)
    await put(database, clock, notice(bot, alice.id, "a"), notice(bot, bob.id, "b"))
    posting = courier(database, bot, gate, clock)
    running = asyncio.create_task(posting.run())
    await world.wait_for(lambda: arrived(world, alice.id) == ["a"], timeout=10)
    await posting.stop()
    await running
    assert await states(database) == [SENT, NEW]


@pytest.mark.clocked
async def test_steady_state_stays_within_telegrams_windows(
    database: Database, table: Running, clock: Turnable
) -> None:
    """Real windows on both sides: three couriers, one gate, 80 chats, two messages each."""
    world, gate = table.world, MemoryGate()
    world.flood.on = True
    bot = Announcer.of(world.bot.token, gate, table.base_url)
    people = [world.new_person(f"P{n}") for n in range(40)]
    for person in people:
        await acts.start(world, person)
    messages = [notice(bot, p.id, f"{n}", key=f"{p.id}/{n}") for n in range(2) for p in people]
    await put(database, clock, *messages)
    couriers = [courier(database, bot, gate, clock, pace=QUICK) for _ in range(3)]
    found, *_ = await asyncio.gather(*(run_until(c, settled, database) for c in couriers))
    assert {row.state for row in found} == {SENT}
    assert (world.flood.refused, len(world.deliveries)) == (0, 80)
    await bot.close_line()
