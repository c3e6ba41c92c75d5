"""The courier delivers each message as its class promises; the stand-in's log is the judge."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy import select

from playground import acts, membership
from playground.server import Running
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer, Rendered
from scheduler.courier import Pace
from scheduler.line import TokenRefused
from scheduler.transport import Transport
from storage import outbox, pictures
from storage.database import Database
from storage.gate import MemoryGate, Send
from storage.outbox import Claimed
from storage.redis import MemoryBell
from storage.tables import OutboxClass, OutboxState, Picture, PostedCard
from storage.tables import Person as PersonRow
from tests.scheduler.conftest import Turnable
from tests.scheduler.posts import (
    QUICK,
    courier,
    notice,
    put,
    render,
    rows,
    run_out,
    run_until,
    settled,
    states,
)

SENT, DEAD, UNKNOWN, NEW = (
    OutboxState.SENT,
    OutboxState.DEAD,
    OutboxState.UNKNOWN,
    OutboxState.NEW,
)


def arrived(world: World, chat: int) -> list[str]:
    return [delivery.text for delivery in world.deliveries if delivery.chat == chat]


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


async def test_photo_is_uploaded_once_and_then_named(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
    jpeg: bytes,
) -> None:
    async with database.begin() as session:
        session.add(Picture(key="pot", data=jpeg))

    async def with_photo(row: Claimed) -> Rendered:
        params = {"caption": row.facts["text"], "photo": pictures.PictureRef(row.notice)}
        return Rendered("sendPhoto", params)

    card = {"card_kind": "group", "card_subject_id": 9}
    first = notice(bot, alice.id, "a", **card)
    for row in (first, notice(bot, bob.id, "b"), notice(bot, bob.id, "c")):
        row = type(row)(
            **{n: getattr(row, n) for n in row.__dataclass_fields__} | {"notice": "pot"}
        )
        await put(database, clock, row)
        await run_until(courier(database, bot, gate, clock, with_photo), settled, database)
    assert arrived(world, bob.id) == ["b", "c"]
    photos = [call.params.get("photo") for call in world.calls if call.method == "sendPhoto"]
    known = await pictures.file_id(database, bot.speaker, "pot")
    assert photos == [None, known, known]
    async with database.read() as session:
        copy = (await session.execute(select(PostedCard))).scalar_one()
    assert (copy.photo, copy.chat_id, copy.subject_id) == (True, alice.id, 9)


async def test_missing_picture_leaves_the_words(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
) -> None:
    async def with_photo(row: Claimed) -> Rendered:
        params = {"caption": row.facts["text"], "photo": pictures.PictureRef("nowhere")}
        return Rendered("sendPhoto", params)

    await put(database, clock, notice(bot, alice.id, "a"))
    await run_until(courier(database, bot, gate, clock, with_photo), settled, database)
    assert arrived(world, alice.id) == ["a"]


async def test_notice_without_words_dies_and_blocks_nobody(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(row: Claimed) -> Rendered | None:
        if row.facts["text"] == "bad":
            raise KeyError("title")
        return None if row.facts["text"] == "over" else await render(row)

    caplog.set_level(logging.CRITICAL)
    texts = ("bad", "over", "good")
    await put(database, clock, *(notice(bot, alice.id, text) for text in texts))
    posting = courier(database, bot, gate, clock, broken)
    for _ in range(3):
        await posting.step()
        await posting.step()
        await run_out(database)
    found = await run_until(posting, settled, database)
    assert [row.state for row in found] == [DEAD, DEAD, SENT]
    assert found[0].error == "no words: KeyError"


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
