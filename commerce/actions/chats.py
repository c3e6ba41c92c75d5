"""Group chats and channels: getting to know them, what they subscribe to, what is posted there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.announcing import ending_key
from commerce.actions.lookup import deal_by_code, phase_of, require_live
from commerce.actor import Actor, begin
from commerce.refusals import NotFound, SoldOut
from commerce.rules.hours import STAGES
from commerce.rules.windows import Phase
from storage import outbox, reach
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database
from storage.outbox import OUTBOX, ROW
from storage.tables import Chat, ChatState, Deal, OutboxClass, OutboxState

AGAIN_AFTER = timedelta(minutes=10)  # before the same deal may be posted into a chat again


@dataclass(frozen=True, slots=True)
class Place:
    """What Telegram says of a chat."""

    telegram_id: int
    kind: str
    title: str


class Meeting(StrEnum):
    NEW = "new"
    BACK = "back"  # it was paused
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Met:
    meeting: Meeting
    code: str
    locale: str
    timezone: str


async def meet(
    database: Database, place: Place, *, locale: str, timezone: str, now: datetime
) -> Met:
    """A chat where the bot may speak: written down, or taken up again. Costs one look when
    nothing is new. `locale` and `timezone` are for a chat met for the first time."""
    async with database.read() as session:
        found = await _at(session, place.telegram_id)
    if found is not None and _same(found, place):
        return _met(Meeting.KNOWN, found)
    async with database.begin() as session:
        chat = await _at(session, place.telegram_id, lock=True)
        if chat is None:
            chat = Chat(
                code=new_code(),
                telegram_id=place.telegram_id,
                kind=place.kind,
                title=place.title,
                locale=locale,
                timezone=timezone,
                state=ChatState.ACTIVE,
                created_at=now,
            )
            session.add(chat)
            return _met(Meeting.NEW, chat)
        meeting = Meeting.BACK if chat.state == ChatState.PAUSED else Meeting.KNOWN
        chat.kind, chat.title, chat.state = place.kind, place.title, ChatState.ACTIVE
        return _met(meeting, chat)


async def _at(session: AsyncSession, telegram_id: int, *, lock: bool = False) -> Chat | None:
    statement = select(Chat).where(col(Chat.telegram_id) == telegram_id)
    found = await session.execute(statement.with_for_update() if lock else statement)
    return found.scalar_one_or_none()


def _same(chat: Chat, place: Place) -> bool:
    known = (chat.state, chat.kind, chat.title)
    return known == (ChatState.ACTIVE, place.kind, place.title)


def _met(meeting: Meeting, chat: Chat) -> Met:
    return Met(meeting, chat.code, chat.locale, chat.timezone)


async def shut_out(
    database: Database, bot_id: int, telegram_id: int, reason: str, *, now: datetime
) -> None:
    """The bot was removed, muted or blocked there: nothing is sent until it is let in again."""
    async with database.begin() as session:
        await reach.mark_unreachable(session, bot_id, telegram_id, reason, now=now)


async def let_in(database: Database, telegram_id: int) -> None:
    async with database.begin() as session:
        await reach.mark_reachable(session, telegram_id)


async def move(database: Database, old_id: int, new_id: int) -> None:
    """A group became a supergroup; told twice, in any order, it stays one chat."""
    async with database.begin() as session:
        await reach.move_chat(session, old_id, new_id)
        moved = update(Chat).where(col(Chat.telegram_id) == new_id)
        await session.execute(moved.values(kind="supergroup"))


async def rename(database: Database, telegram_id: int, title: str) -> None:
    async with database.begin() as session:
        named = update(Chat).where(col(Chat.telegram_id) == telegram_id)
        await session.execute(named.values(title=title))


async def chat_language(
    database: Database, chat_id: int, *, otherwise: tuple[str, str] = ("en", "UTC")
) -> tuple[str, str]:
    """The locale and time zone of what is posted into a chat, by its Telegram id."""
    statement = select(col(Chat.locale), col(Chat.timezone)).where(col(Chat.telegram_id) == chat_id)
    async with database.read() as session:
        row = (await session.execute(statement)).one_or_none()
    return (row[0], row[1]) if row else otherwise


async def post_deal(actor: Actor, chat_id: int, deal_code: str, *, now: datetime) -> bool:
    """Queues a deal's living card for the chat with this Telegram id.

    False when one was posted there less than ten minutes ago, by whomever. Raises NotFound,
    DealNotOpen, SoldOut.
    """
    async with begin(actor) as session:
        chat = await _at(session, chat_id, lock=True)
        if chat is None:
            raise NotFound
        deal = await deal_by_code(session, deal_code)
        if phase_of(deal, now) != Phase.SOON:
            require_live(deal, now)
            if not deal.stock_left:
                raise SoldOut(0)
        if await _stands_above(session, actor.bot_id, chat, deal, now):
            return False
        return bool(await outbox.put(session, _posting(actor.bot_id, chat, deal, now), now=now))


def _posting(bot_id: int, chat: Chat, deal: Deal, now: datetime) -> outbox.Notice:
    return outbox.Notice(
        bot_id=bot_id,
        chat_id=chat.telegram_id,
        notice="deal_posted",
        facts={"deal": deal.code},
        kind=OutboxClass.ANSWER,
        dedupe_key=_posting_key(chat, deal, now),
        locale=chat.locale,
        timezone=chat.timezone,
        not_after=deal.ends_at,
        card_kind="deal",
        card_subject_id=deal.id,
    )


def _posting_key(chat: Chat, deal: Deal, at: datetime) -> str:
    """The same for ten minutes by the clock, so that even a race posts once."""
    span = int(at.timestamp() // AGAIN_AFTER.total_seconds())
    return f"deal_posted:{id_of(deal)}:{id_of(chat)}:{span}"


async def _stands_above(
    session: AsyncSession, bot_id: int, chat: Chat, deal: Deal, now: datetime
) -> bool:
    keys = [_posting_key(chat, deal, at) for at in (now, now - AGAIN_AFTER)]
    keys += [ending_key(id_of(deal), stage, id_of(chat)) for stage, _ in STAGES]
    gone = (OutboxState.DEAD, OutboxState.CANCELLED)
    statement: Any = select(ROW.id).where(
        ROW.bot_id == bot_id,
        ROW.dedupe_key.in_(keys),
        ROW.created_at > now - AGAIN_AFTER,
        ROW.state.not_in(gone),
    )
    return (await session.execute(statement.select_from(OUTBOX))).first() is not None
