"""Photos, cards, and notices that have no words."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import select

from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer, Rendered
from storage import pictures, posted
from storage.database import Database
from storage.gate import MemoryGate
from storage.outbox import Claimed
from storage.tables import Picture, PostedCard
from tests.scheduler.conftest import Turnable
from tests.scheduler.posts import (
    DEAD,
    SENT,
    arrived,
    courier,
    notice,
    put,
    render,
    run_out,
    run_until,
    settled,
)


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


async def test_card_that_changed_while_it_was_sent_is_drawn_again(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    clock: Turnable,
    world: World,
    alice: Person,
    bob: Person,
) -> None:
    """Nobody knew of the copy when the change came: the courier looks once more."""
    seats = {alice.id: 3, bob.id: 3}

    async def seats_left(row: Claimed) -> Rendered:
        rendered = Rendered("sendMessage", {"text": f"{seats[row.chat_id]} left"})
        seats[alice.id] = 2
        return rendered

    card = {"card_kind": "group", "card_subject_id": 9}
    await put(database, clock, *(notice(bot, p.id, f"{p.id}", **card) for p in (alice, bob)))
    await run_until(courier(database, bot, gate, clock, seats_left), settled, database)
    found = await posted.claim_stale(database, [bot.speaker], 9, lease_seconds=1)
    assert [stale.copy.chat_id for stale in found] == [alice.id]
