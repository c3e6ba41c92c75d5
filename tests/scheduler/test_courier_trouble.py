"""Each message ends as its class promises, whatever breaks on the way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from playground import acts, membership
from playground.server import Running
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer
from scheduler.hand import Pace
from scheduler.line import TokenRefused
from storage import outbox, reach
from storage.database import Database
from storage.gate import MemoryGate
from storage.tables import Chat, ChatState, OutboxClass, OutboxState
from storage.tables import Person as PersonRow
from tests.scheduler.conftest import Turnable
from tests.scheduler.posts import (
    DEAD,
    NEW,
    SENT,
    UNKNOWN,
    arrived,
    courier,
    notice,
    put,
    rows,
    run_out,
    run_until,
    settled,
    states,
)


@pytest.mark.parametrize(
    ("kind", "copies", "end"),
    [
        (OutboxClass.MONEY, 2, SENT),
        (OutboxClass.ANNOUNCEMENT, 1, UNKNOWN),
        (OutboxClass.CARD, 2, SENT),
        (OutboxClass.ANSWER, 1, DEAD),
    ],
)
async def test_reset_after_arrival_is_settled_by_class(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    kind: OutboxClass,
    copies: int,
    end: OutboxState,
) -> None:
    world.faults.plan("reset", when="after", method="sendMessage")
    await put(database, clock, notice(bot, alice.id, "x", kind=kind))
    found = await run_until(
        courier(database, bot, gate, clock), lambda found: found[0].error is not None, database
    )
    await run_out(database)  # a second try waits half a minute
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert [row.state for row in found] == [end]
    assert arrived(world, alice.id) == ["x"] * copies


@pytest.mark.parametrize(
    ("kind", "copies", "end"),
    [(OutboxClass.MONEY, 2, SENT), (OutboxClass.ANNOUNCEMENT, 1, UNKNOWN)],
)
async def test_crash_while_sending_is_settled_by_class(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    kind: OutboxClass,
    copies: int,
    end: OutboxState,
) -> None:
    """Killed after the write and before the record: nobody wrote down what happened."""
    await put(database, clock, notice(bot, alice.id, "x", kind=kind))
    (row,) = await outbox.claim(database, [bot.speaker], 1, now=clock(), lease_seconds=30)
    await outbox.mark_sending(database, [row], now=clock(), lease_seconds=30)
    await bot.call("sendMessage", {"chat_id": alice.id, "text": "x"})
    await run_out(database)
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert ([row.state for row in found], arrived(world, alice.id)) == ([end], ["x"] * copies)


async def test_without_the_mark_a_crash_doubles_an_announcement(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    """The negative control: what `mark_sending` before the write is for."""
    await put(database, clock, notice(bot, alice.id, "x"))
    await outbox.claim(database, [bot.speaker], 1, now=clock(), lease_seconds=30)
    await bot.call("sendMessage", {"chat_id": alice.id, "text": "x"})
    await run_out(database)
    await run_until(courier(database, bot, gate, clock), settled, database)
    assert arrived(world, alice.id) == ["x", "x"]


async def test_blocked_chat_is_tried_once(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
) -> None:
    async with database.begin() as session:
        session.add(
            PersonRow(telegram_id=alice.id, first_name="A", created_at=clock(), seen_at=clock())
        )
    await acts.block(world, alice)
    waiting = [notice(bot, alice.id, f"a{n}") for n in range(3)]
    await put(database, clock, *waiting, notice(bot, bob.id, "b"))
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert [row.state for row in found] == [DEAD, DEAD, DEAD, SENT]
    assert [call.chat for call in world.calls if call.code == 403] == [alice.id]
    async with database.read() as session:
        person = (await session.execute(select(PersonRow))).scalar_one()
    assert person.unreachable_at == clock()


async def test_moved_group_gets_it_once_under_its_new_id(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    group = world.new_group("Tea", [alice])
    membership.add_member(world, group, alice, world.bot)
    await put(database, clock, notice(bot, group.id, "a"), notice(bot, group.id, "b"))
    fresh = membership.upgrade(world, group, alice)
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert [(row.state, row.chat_id) for row in found] == [(SENT, fresh.id)] * 2
    assert (arrived(world, fresh.id), arrived(world, group.id)) == (["a", "b"], [])


class Asleep:
    """A monotonic clock that jumps, as a process that was stopped for a while sees it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead


async def test_courier_that_slept_past_its_lease_sends_nothing(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    sleeper = Asleep()
    slow = courier(database, bot, gate, clock, monotonic=sleeper)
    await put(database, clock, notice(bot, alice.id, "x", kind=OutboxClass.MONEY))
    await slow.step()  # marked as sending; its task has not run yet
    sleeper.ahead = 600
    await run_out(database)
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert ([row.state for row in found], arrived(world, alice.id)) == ([SENT], ["x"])
    await slow.step()
    assert [row.state for row in await rows(database)] == [SENT]


async def test_silent_telegram_is_asked_and_not_written_to(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
) -> None:
    people = [world.new_person(f"P{n}") for n in range(20)]
    for person in people:
        await acts.start(world, person)
    await put(
        database, clock, *(notice(bot, person.id, "x", key=f"{person.id}") for person in people)
    )
    world.faults.plan("reset", method="sendMessage", times=None)
    silence = world.faults.plan("reset", method="getMe", times=2)
    pace = Pace(idle=0.05, settle=0.05, in_flight=2)
    posting = courier(database, bot, gate, clock, pace=pace)

    def probed(found: Any) -> bool:
        return silence.hits == 2

    await run_until(posting, probed, database)
    world.faults.clear()
    tried = [row for row in await rows(database) if row.state is UNKNOWN]
    assert 3 <= len(tried) <= 4
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert sum(row.state is SENT for row in found) == 20 - len(tried)


async def test_refused_connection_loses_and_doubles_nothing(
    database: Database, table: Running, gate: MemoryGate, clock: Turnable, alice: Person
) -> None:
    token = table.world.bot.token
    deaf = Announcer.of(token, gate, "http://127.0.0.1:1")
    await put(database, clock, *(notice(deaf, alice.id, f"{n}") for n in range(3)))
    found = await run_until(
        courier(database, deaf, gate, clock),
        lambda found: found[0].error == "ClientConnectorError" and found[0].state is NEW,
        database,
    )
    assert [row.attempts for row in found] == [0, 0, 0]
    await run_out(database)
    bot = Announcer.of(token, gate, table.base_url)
    await run_until(courier(database, bot, gate, clock), settled, database)
    assert arrived(table.world, alice.id) == ["0", "1", "2"]
    await deaf.close_line()
    await bot.close_line()


async def test_revoked_token_stops_the_courier(
    database: Database, table: Running, gate: MemoryGate, clock: Turnable, alice: Person
) -> None:
    bot = Announcer.of(f"{table.world.bot.id}:revoked", gate, table.base_url)
    await put(database, clock, notice(bot, alice.id, "x"))
    posting = courier(database, bot, gate, clock)
    with pytest.raises(TokenRefused):
        async with asyncio.timeout(10):
            await posting.run()
    assert await states(database) == [NEW]
    await bot.close_line()


async def test_group_that_threw_the_bot_out_is_paused(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    group = world.new_group("Tea", [alice])
    membership.add_member(world, group, alice, world.bot)
    membership.remove_member(world, group, alice, world.bot)
    async with database.begin() as session:
        session.add(
            Chat(
                code="tea",
                telegram_id=group.id,
                kind="group",
                title="Tea",
                state=ChatState.ACTIVE,
                created_at=clock(),
            )
        )
    await put(database, clock, notice(bot, group.id, "a"), notice(bot, group.id, "b"))
    found = await run_until(courier(database, bot, gate, clock), settled, database)
    assert [row.state for row in found] == [DEAD, DEAD]
    assert len([call for call in world.calls if call.chat == group.id]) == 1
    async with database.begin() as session:
        assert (await session.execute(select(Chat))).scalar_one().state is ChatState.PAUSED
        await reach.mark_reachable(session, group.id)
        assert (await session.execute(select(Chat))).scalar_one().state is ChatState.ACTIVE
