"""The outbox: written once, claimed by one, settled by what is known."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from storage import outbox, posted, settled
from storage.database import Database, db_time
from storage.outbox import Claimed, Notice
from storage.settled import Again, Gone, Moved, Sent, Unknown
from storage.tables import (
    Announcement,
    Brand,
    Chat,
    ChatState,
    Outbox,
    OutboxClass,
    OutboxState,
    Person,
    PostedCard,
    Subscription,
)
from storage.tables.brands import BrandState
from storage.texts import LocalizedText

BOT = 1_000
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
A, B, C, D = OutboxClass.MONEY, OutboxClass.ANNOUNCEMENT, OutboxClass.CARD, OutboxClass.ANSWER


def notice(chat: int, key: str, *, kind: OutboxClass = B, lane: int = 0) -> Notice:
    return Notice(BOT, chat, "deal_ends", {"deal": 1}, kind, key, lane=lane)


async def put(database: Database, *notices: Notice) -> dict[str, int]:
    async with database.begin() as session:
        return await outbox.put(session, *notices, now=NOW)


async def claim(
    database: Database, limit: int = 50, *, now: datetime = NOW, lease: float = 30
) -> list[Claimed]:
    return await outbox.claim(database, [BOT], limit, now=now, lease_seconds=lease)


async def sending(database: Database, rows: Sequence[Claimed], lease: float = 30) -> set[int]:
    return await outbox.mark_sending(database, rows, now=NOW, lease_seconds=lease)


async def rows(database: Database) -> list[Outbox]:
    async with database.read() as session:
        return list((await session.execute(select(Outbox).order_by(col(Outbox.id)))).scalars())


async def states(database: Database) -> list[OutboxState]:
    return [row.state for row in await rows(database)]


async def run_out(database: Database) -> None:
    """Ends all leases, as if their time had passed."""
    async with database.begin() as session:
        await session.execute(update(Outbox).values(lease_until=db_time() - 1))


async def test_same_key_is_written_once(database: Database) -> None:
    first = await put(database, notice(1, "a"), notice(2, "b"))
    again = await put(database, notice(1, "a"), notice(3, "c"))
    assert (sorted(first), sorted(again)) == (["a", "b"], ["c"])
    assert [row.chat_id for row in await rows(database)] == [1, 2, 3]


async def test_thousand_rows_are_written_at_once(database: Database) -> None:
    ids = await put(database, *(notice(chat, f"k{chat}") for chat in range(1, 1_201)))
    assert len(ids) == 1_200


async def test_facts_come_back_as_written(database: Database) -> None:
    facts = {"title": "茶 <b>", "seats": 3, "prices": [1, 2]}
    await put(database, replace(notice(1, "a"), facts=facts, locale="zh", not_after=LATER))
    (row,) = await claim(database)
    assert (row.facts, row.locale, row.not_after, row.kind) == (facts, "zh", LATER, B)


async def test_only_the_head_of_a_chat_is_claimed(database: Database) -> None:
    await put(database, *(notice(chat, f"{chat}/{n}") for n in range(3) for chat in (1, 2)))
    first = await claim(database)
    assert [row.chat_id for row in first] == [1, 2]
    assert await claim(database) == []
    await sending(database, first)
    assert await claim(database) == []
    await settled.record(database, [Sent(row, 5) for row in first], now=NOW)
    assert [row.id for row in await claim(database)] == [3, 4]


async def test_what_is_in_flight_is_waited_for_by_what_is_more_urgent(database: Database) -> None:
    await put(database, notice(1, "broadcast", lane=1))
    [flying] = await claim(database)
    await put(database, notice(1, "receipt", kind=A))
    assert await claim(database) == []
    await sending(database, [flying])
    await settled.record(database, [settled.Sent(flying, 70)], now=NOW)
    assert [row.kind for row in await claim(database)] == [A]


async def test_broadcasts_come_after_everything_else(database: Database) -> None:
    await put(database, notice(1, "low", lane=1), notice(2, "news"), notice(1, "receipt"))
    assert [row.id for row in await claim(database)] == [2, 3]


async def test_row_waiting_for_its_hour_lets_others_pass(database: Database) -> None:
    await put(database, replace(notice(1, "morning"), not_before=LATER), notice(1, "now"))
    assert [row.id for row in await claim(database)] == [2]
    assert await claim(database, now=LATER) == []  # one of the chat is still in flight


async def test_row_sent_back_keeps_its_place(database: Database) -> None:
    await put(database, notice(1, "a"), notice(1, "b"))
    (row,) = await claim(database)
    await settled.record(database, [Again(row, 60, "429")], now=NOW)
    assert await claim(database) == []
    await run_out(database)
    (again,) = await claim(database)
    assert (again.id, again.attempts, again.version) == (row.id, 0, row.version + 1)


async def test_other_bots_rows_are_left_alone(database: Database) -> None:
    await put(database, replace(notice(1, "a"), bot_id=BOT + 1))
    assert await claim(database) == []


async def test_couriers_at_once_share_nothing(database: Database) -> None:
    await put(database, *(notice(chat % 40, f"{chat}") for chat in range(120)))
    claims = await asyncio.gather(*(claim(database, 15) for _ in range(4)))
    chats = [row.chat_id for rows in claims for row in rows]
    assert sorted(chats) == list(range(40))


async def test_marking_needs_the_lease_the_version_and_time(database: Database) -> None:
    late = replace(notice(4, "late"), not_after=NOW)
    await put(database, notice(1, "a"), notice(2, "b"), notice(3, "c"), late)
    taken = await claim(database)
    async with database.begin() as session:
        assert await outbox.cancel(session, BOT, "b", "unheard", now=NOW) == 1
    stranger = replace(taken[2], version=taken[2].version - 1)
    assert await sending(database, [taken[0], taken[1], stranger, taken[3]]) == {taken[0].id}

    assert await states(database) == [
        OutboxState.SENDING,
        OutboxState.CANCELLED,
        OutboxState.CLAIMED,
        OutboxState.CLAIMED,
    ]


async def test_what_is_on_its_way_cannot_be_cancelled(database: Database) -> None:
    await put(database, notice(1, "a"))
    await sending(database, await claim(database))
    async with database.begin() as session:
        assert await outbox.cancel(session, BOT, "a", now=NOW) == 0


async def test_expired_lease_cannot_be_marked(database: Database) -> None:
    await put(database, notice(1, "a"))
    taken = await claim(database)
    await run_out(database)
    assert await sending(database, taken) == set()


async def test_courier_that_lost_its_lease_changes_nothing(database: Database) -> None:
    await put(database, notice(1, "a", kind=A))
    old = await claim(database)
    await sending(database, old)
    await run_out(database)
    assert await settled.settle_lost(database, now=NOW) == 1
    (new,) = await claim(database)
    await sending(database, [new])
    assert await settled.record(database, [Sent(old[0], 70)], now=NOW) == set()
    assert await settled.record(database, [Sent(new, 71)], now=NOW) == {new.id}
    assert (await rows(database))[0].message_id == 71


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (A, [OutboxState.NEW, OutboxState.UNKNOWN]),
        (B, [OutboxState.UNKNOWN]),
        (C, [OutboxState.NEW] * 4 + [OutboxState.UNKNOWN]),
        (D, [OutboxState.DEAD]),
    ],
)
@pytest.mark.parametrize("crash", [True, False])
async def test_unknown_is_settled_by_class(
    database: Database, kind: OutboxClass, ends: list[OutboxState], crash: bool
) -> None:
    await put(database, notice(1, "a", kind=kind))
    seen = []
    for _ in ends:
        taken = await claim(database)
        await sending(database, taken)
        if not crash:
            await settled.record(database, [Unknown(taken[0], "read timeout")], now=NOW)
        await run_out(database)
        await settled.settle_lost(database, now=NOW)
        seen += await states(database)
    assert seen == ends
    assert (await rows(database))[0].error is not None


async def test_crash_before_sending_frees_the_row(database: Database) -> None:
    await put(database, notice(1, "a"))
    await claim(database)
    assert await settled.settle_lost(database, now=NOW) == 0
    await run_out(database)
    assert await settled.settle_lost(database, now=NOW) == 1
    assert [row.attempts for row in await claim(database)] == [0]


async def test_sent_card_is_kept_as_a_copy(database: Database) -> None:
    card = replace(notice(-5, "a"), card_kind="group", card_subject_id=9, locale="zh")
    await put(database, card, notice(2, "b"))
    taken = await claim(database)
    await sending(database, taken)
    outcomes = [Sent(taken[0], 70, photo=True), Sent(taken[1], 71)]
    await settled.record(database, outcomes, now=NOW)
    async with database.read() as session:
        (copy,) = (await session.execute(select(PostedCard))).scalars()
    assert (copy.chat_id, copy.message_id, copy.kind, copy.subject_id) == (-5, 70, "group", 9)
    assert (copy.locale, copy.photo, copy.stale) == ("zh", True, True)
    assert await posted.claim_stale(database, [BOT], 9, lease_seconds=1) == []  # not yet
    assert [row.message_id for row in await rows(database)] == [70, 71]


async def test_gone_person_is_not_tried_again(database: Database) -> None:
    async with database.begin() as session:
        session.add(Person(telegram_id=1, first_name="Mei", created_at=NOW, seen_at=NOW))
    await put(database, notice(1, "a"), notice(1, "b"), notice(2, "c"))
    taken = await claim(database)
    await sending(database, taken)
    await settled.record(database, [Gone(taken[0], "403"), Sent(taken[1], 1)], now=NOW)

    assert await states(database) == [OutboxState.DEAD, OutboxState.DEAD, OutboxState.SENT]
    async with database.read() as session:
        person = (await session.execute(select(Person))).scalar_one()
    assert person.unreachable_at == NOW


def chat(telegram_id: int) -> Chat:
    return Chat(
        code=f"c{telegram_id}",
        telegram_id=telegram_id,
        kind="group",
        title="Tea",
        state=ChatState.ACTIVE,
        created_at=NOW,
    )


async def move(database: Database) -> None:
    taken = await claim(database)
    await sending(database, taken)
    await settled.record(database, [Moved(taken[0], -100_7)], now=NOW)


async def test_group_moves_with_all_that_waits(database: Database) -> None:
    async with database.begin() as session:
        session.add(chat(-7))
    await put(database, notice(-7, "a"), notice(-7, "b"))
    await move(database)
    assert [(row.chat_id, row.state, row.attempts) for row in await rows(database)] == [
        (-100_7, OutboxState.NEW, 0)
    ] * 2
    async with database.read() as session:
        assert (await session.execute(select(col(Chat.telegram_id)))).scalar_one() == -100_7


async def test_supergroup_met_first_becomes_one_chat(database: Database) -> None:
    async with database.begin() as session:
        words = LocalizedText.of(en="Tea")
        brands = [
            Brand(
                code=f"b{n}",
                name=words,
                about=words,
                welcome=words,
                currency="USD",
                state=BrandState.LIVE,
                created_at=NOW,
            )
            for n in (1, 2)
        ]
        old, new = chat(-7), chat(-100_7)
        session.add_all([*brands, old, new])
        await session.flush()
        for place, brand in ((old, 0), (new, 0), (new, 1)):
            assert place.id is not None
            session.add(Subscription(chat_id=place.id, brand_id=brands[brand].id, created_at=NOW))
        kept = old.id
    await put(database, notice(-7, "a"))
    await move(database)
    async with database.read() as session:
        only = (await session.execute(select(Chat))).scalar_one()
        subscribed = (await session.execute(select(Subscription))).scalars().all()
        assert (await session.execute(select(Announcement))).first() is None
    assert (only.id, only.telegram_id) == (kept, -100_7)
    assert sorted((s.chat_id, s.brand_id) for s in subscribed) == [
        (kept, brands[0].id),
        (kept, brands[1].id),
    ]


async def test_operator_lists_and_retries_unknown(database: Database) -> None:
    await put(database, notice(1, "a"), notice(2, "b"))
    taken = await claim(database)
    await sending(database, taken)
    await settled.record(database, [Unknown(taken[0], "reset"), Sent(taken[1], 4)], now=NOW)
    (listed,) = await outbox.list_unknown(database)
    assert (listed.chat_id, listed.error, listed.attempts) == (1, "reset", 1)
    assert (await outbox.pending(database), await outbox.count_unknown(database)) == (0, 1)
    assert await outbox.retry(database, listed.id)
    assert not await outbox.retry(database, taken[1].id)
    assert await outbox.pending(database) == 1
    assert await outbox.oldest_waiting(database, now=NOW) == NOW
    assert [row.id for row in await claim(database)] == [listed.id]
