"""Living cards: every copy that was posted, and which of them must be drawn again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.database import Database, db_time
from storage.tables import PostedCard

BETWEEN_EDITS = 3.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A card that stands in a chat (chat_id, message_id) or in someone's chat (inline_id)."""

    bot_id: int
    kind: str
    subject_id: int
    locale: str
    timezone: str = "UTC"
    photo: bool = False
    chat_id: int | None = None
    message_id: int | None = None
    inline_id: str | None = None


@dataclass(frozen=True, slots=True)
class StaleCopy:
    """A copy to be edited; a change after `version` makes it stale again."""

    id: int
    version: int
    copy: Copy


async def remember(session: AsyncSession, copy: Copy, *, stale_after: float | None = None) -> None:
    """Keeps a copy, or what it shows now if the message was another card before.

    With `stale_after` seconds it is drawn again then, unless someone says that it is fresh."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    place = ["bot_id", "inline_id"] if copy.inline_id else ["bot_id", "chat_id", "message_id"]
    fields = {name: getattr(copy, name) for name in Copy.__dataclass_fields__}
    shown = {name: fields[name] for name in fields if name not in place} | {"lost": False}
    doubt = {
        "stale": stale_after is not None,
        "next_at": db_time() + stale_after if stale_after is not None else 0.0,
    }
    statement = dialect.insert(PostedCard).values(**fields, **doubt, version=0, lost=False)
    again = shown | doubt | {"version": PostedCard.version + 1}
    await session.execute(statement.on_conflict_do_update(index_elements=place, set_=again))


async def forget(session: AsyncSession, bot_id: int, chat_id: int, message_id: int) -> None:
    """The message shows something else now, which does not live."""
    statement = update(PostedCard).where(
        col(PostedCard.bot_id) == bot_id,
        col(PostedCard.chat_id) == chat_id,
        col(PostedCard.message_id) == message_id,
    )
    await session.execute(statement.values(lost=True, stale=False))


async def find(database: Database, bot_id: int, chat_id: int, message_id: int) -> StaleCopy | None:
    columns = [getattr(PostedCard, name) for name in Copy.__dataclass_fields__]
    statement = select(col(PostedCard.id), col(PostedCard.version), *columns).where(
        col(PostedCard.bot_id) == bot_id,
        col(PostedCard.chat_id) == chat_id,
        col(PostedCard.message_id) == message_id,
    )
    async with database.read() as session:
        row = (await session.execute(statement)).one_or_none()
    return None if row is None else StaleCopy(row[0], row[1], Copy(*row[2:]))


async def stale(session: AsyncSession, kind: str, *subject_ids: int) -> int:
    """In the transaction that changes them: all their copies must be drawn again.

    Locked in the order of ids: two groups of one deal may be decided at the same moment.
    """
    copies = (
        select(col(PostedCard.id))
        .where(
            col(PostedCard.kind) == kind,
            col(PostedCard.subject_id).in_(subject_ids),
            col(PostedCard.lost).is_(False),
        )
        .order_by(col(PostedCard.id))
        .with_for_update(key_share=True)
    )
    statement = (
        update(PostedCard)
        .where(col(PostedCard.id).in_(copies))
        .values(stale=True, version=PostedCard.version + 1)
        .returning(col(PostedCard.id))
    )
    return len((await session.execute(statement)).all())


async def claim_stale(
    database: Database, bots: Collection[int], limit: int, *, lease_seconds: float
) -> list[StaleCopy]:
    """Copies to edit now; nobody else edits them until the lease ends."""
    due = (
        select(col(PostedCard.id))
        .where(
            col(PostedCard.stale).is_(True),
            col(PostedCard.next_at) <= db_time(),
            col(PostedCard.lost).is_(False),
            col(PostedCard.bot_id).in_(bots),
        )
        .order_by(col(PostedCard.next_at), col(PostedCard.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    columns = [getattr(PostedCard, name) for name in Copy.__dataclass_fields__]
    async with database.begin() as session:
        ids = (await session.execute(due)).scalars().all()
        if not ids:
            return []
        taken = (
            update(PostedCard)
            .where(col(PostedCard.id).in_(ids))
            .values(next_at=db_time() + lease_seconds)
            .returning(col(PostedCard.id), col(PostedCard.version), *columns)
        )
        rows = (await session.execute(taken)).all()
    return [StaleCopy(row[0], row[1], Copy(*row[2:])) for row in sorted(rows)]


async def edited(database: Database, *copies: StaleCopy) -> None:
    """They show what was true at their version; a change since then is drawn next."""
    async with database.begin() as session:
        for found in copies:
            changed = case((col(PostedCard.version) == found.version, False), else_=True)
            statement = update(PostedCard).where(col(PostedCard.id) == found.id)
            await session.execute(
                statement.values(stale=changed, next_at=db_time() + BETWEEN_EDITS)
            )


async def postpone(database: Database, found: StaleCopy, seconds: float) -> None:
    statement = update(PostedCard).where(col(PostedCard.id) == found.id)
    async with database.begin() as session:
        await session.execute(statement.values(next_at=db_time() + seconds))


async def lose(database: Database, found: StaleCopy) -> None:
    """It cannot be edited any more; it is let go."""
    statement = update(PostedCard).where(
        col(PostedCard.id) == found.id, col(PostedCard.version) == found.version
    )
    async with database.begin() as session:
        await session.execute(statement.values(lost=True, stale=False))
