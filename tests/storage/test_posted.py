"""Living cards: no copy is forgotten, no change lost, no copy edited too often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlmodel import col

from storage import pictures, posted
from storage.database import Database, db_time
from storage.posted import Copy, StaleCopy
from storage.tables import Picture, PostedCard

BOT = 1_000
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
IN_CHAT = Copy(BOT, "group", 9, "en", chat_id=-5, message_id=70)
INLINE = Copy(BOT, "group", 9, "zh", inline_id="AbC", photo=True)


async def remember(database: Database, *copies: Copy) -> None:
    async with database.begin() as session:
        for copy in copies:
            await posted.remember(session, copy)


async def stale(database: Database, subject: int = 9) -> int:
    async with database.begin() as session:
        return await posted.stale(session, "group", subject)


async def claim(database: Database) -> list[StaleCopy]:
    return await posted.claim_stale(database, [BOT], 10, lease_seconds=30)


async def pass_time(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(update(PostedCard).values(next_at=db_time() - 1))


async def test_change_makes_every_copy_stale(database: Database) -> None:
    other = replace(IN_CHAT, subject_id=10, message_id=71)
    await remember(database, IN_CHAT, INLINE, other)
    assert await claim(database) == []
    assert await stale(database) == 2
    assert [found.copy for found in await claim(database)] == [IN_CHAT, INLINE]
    assert await claim(database) == []  # leased


async def test_many_changes_are_one_edit(database: Database) -> None:
    await remember(database, IN_CHAT)
    for _ in range(5):
        await stale(database)
    (found,) = await claim(database)
    await posted.edited(database, found)
    await pass_time(database)
    assert await claim(database) == []


async def test_change_during_an_edit_is_not_lost(database: Database) -> None:
    await remember(database, IN_CHAT)
    await stale(database)
    (found,) = await claim(database)
    await stale(database)
    await posted.edited(database, found)
    assert await claim(database) == []  # not within 3 s
    await pass_time(database)
    (again,) = await claim(database)
    assert again.version == found.version + 1


async def test_copy_that_changed_meanwhile_is_tried_again(database: Database) -> None:
    """What could not be edited is another card by now, perhaps in another message."""
    await remember(database, IN_CHAT)
    await stale(database)
    (found,) = await claim(database)
    await stale(database)
    await posted.lose(database, found)
    assert await stale(database) == 1


async def test_lost_copy_is_let_go(database: Database) -> None:
    await remember(database, IN_CHAT)
    await stale(database)
    (found,) = await claim(database)
    await posted.lose(database, found)
    assert await stale(database) == 0
    await remember(database, IN_CHAT)
    assert await stale(database) == 1


async def test_message_that_shows_another_card_is_one_copy(database: Database) -> None:
    await remember(database, IN_CHAT, replace(IN_CHAT, subject_id=10))
    assert (await stale(database), await stale(database, 10)) == (0, 1)
    async with database.begin() as session:
        await posted.forget(session, BOT, -5, 70)
    assert await stale(database, 10) == 0
    async with database.read() as session:
        assert len((await session.execute(select(col(PostedCard.id)))).all()) == 1


async def test_file_id_is_known_after_first_upload(database: Database) -> None:
    async with database.begin() as session:
        session.add(Picture(key="tea", data=b"jpeg"))
    assert await pictures.file_id(database, BOT, "tea") is None
    assert await pictures.content(database, "tea") == b"jpeg"
    assert await pictures.content(database, "none") is None
    await pictures.remember(database, BOT, "tea", "F1")
    await pictures.remember(database, BOT, "tea", "F2")
    assert await pictures.file_id(database, BOT, "tea") == "F2"
    assert await pictures.file_id(database, BOT + 1, "tea") is None
    await pictures.forget(database, BOT, "tea")
    assert await pictures.file_id(database, BOT, "tea") is None
