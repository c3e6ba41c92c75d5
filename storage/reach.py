"""Who can be reached: chats and people that shut us out, come back, or move to a new id."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.outbox import NEW, OUTBOX, ROW, UNSETTLED
from storage.tables import (
    Announcement,
    Chat,
    ChatState,
    OutboxState,
    Person,
    PostedCard,
    Subscription,
)

SUBSCRIPTION: Table = Subscription.__table__  # type: ignore[attr-defined]
ANNOUNCEMENT: Table = Announcement.__table__  # type: ignore[attr-defined]


async def mark_unreachable(
    session: AsyncSession, bot_id: int, chat_id: int, reason: str, *, now: datetime
) -> None:
    """Nothing more is tried there until the chat speaks or adds us again."""
    if chat_id > 0:
        person = update(Person).where(col(Person.telegram_id) == chat_id)
        await session.execute(person.values(unreachable_at=now))
    else:
        chat = update(Chat).where(col(Chat.telegram_id) == chat_id)
        await session.execute(chat.values(state=ChatState.PAUSED))
    waiting = update(OUTBOX).where(
        UNSETTLED, ROW.bot_id == bot_id, ROW.chat_id == chat_id, ROW.state == NEW
    )
    await session.execute(
        waiting.values(state=OutboxState.DEAD, error=reason[:300], settled_at=now)
    )
    copies = update(PostedCard).where(
        col(PostedCard.bot_id) == bot_id, col(PostedCard.chat_id) == chat_id
    )
    await session.execute(copies.values(lost=True))


async def mark_reachable(session: AsyncSession, chat_id: int) -> None:
    """The person wrote, or the chat took us in again."""
    if chat_id > 0:
        person = update(Person).where(col(Person.telegram_id) == chat_id)
        await session.execute(person.values(unreachable_at=None))
    else:
        chat = update(Chat).where(col(Chat.telegram_id) == chat_id)
        await session.execute(chat.values(state=ChatState.ACTIVE))


async def move_chat(session: AsyncSession, old_id: int, new_id: int) -> None:
    """A group became a supergroup. Telegram says so up to three times, in any order.

    Cards in the old chat stay behind: their message ids mean nothing in the new one."""
    await _move_record(session, old_id, new_id)
    waiting = update(OUTBOX).where(UNSETTLED, ROW.chat_id == old_id)
    await session.execute(waiting.values(chat_id=new_id))
    copies = update(PostedCard).where(col(PostedCard.chat_id) == old_id)
    await session.execute(copies.values(lost=True))


async def _move_record(session: AsyncSession, old_id: int, new_id: int) -> None:
    ids = select(Chat).where(col(Chat.telegram_id).in_((old_id, new_id))).with_for_update()
    found = {chat.telegram_id: chat for chat in (await session.execute(ids)).scalars()}
    old, new = found.get(old_id), found.get(new_id)
    if old is None:
        return
    if new is not None and old.id is not None and new.id is not None:
        await _merge(session, keep=old.id, drop=new.id)
    moved = update(Chat).where(col(Chat.id) == old.id)
    await session.execute(moved.values(telegram_id=new_id, state=ChatState.ACTIVE))


async def _merge(session: AsyncSession, *, keep: int, drop: int) -> None:
    """The supergroup was met before we knew that it is the old group."""
    kept, told = SUBSCRIPTION.alias().c, ANNOUNCEMENT.alias().c
    same = exists().where(
        kept.chat_id == keep,
        kept.brand_id.is_not_distinct_from(SUBSCRIPTION.c.brand_id),
        kept.category_id.is_not_distinct_from(SUBSCRIPTION.c.category_id),
    )
    twice = exists().where(
        told.chat_id == keep,
        told.deal_id == ANNOUNCEMENT.c.deal_id,
        told.stage == ANNOUNCEMENT.c.stage,
    )
    for table, double in ((SUBSCRIPTION, same), (ANNOUNCEMENT, twice)):
        mine = table.c.chat_id == drop
        await session.execute(update(table).where(mine, ~double).values(chat_id=keep))
        await session.execute(delete(table).where(mine))
    await session.execute(delete(Chat).where(col(Chat.id) == drop))
