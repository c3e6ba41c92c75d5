"""Which chats are owed which announcements: one statement, however many chats there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    true,
    values,
)
from sqlmodel import col

from commerce.rules.hours import day_began, local_minute, stage_began
from storage.database import Database
from storage.tables import Announcement, Category, Chat, ChatState, DealKind, Subscription
from storage.texts import LocalizedText

TOLD: Table = Announcement.__table__  # type: ignore[attr-defined]
MOMENT: Any = TOLD.c.created_at.type


@dataclass(frozen=True, slots=True)
class Ending:
    """A deal whose stage has come."""

    id: int
    code: str
    kind: DealKind
    title: LocalizedText
    brand_id: int
    category_id: int
    price_minor: int
    currency: str
    ends_at: datetime
    stage: str


@dataclass(frozen=True, slots=True)
class Hour:
    """What a zone's clocks show at one instant."""

    zone: str
    minute: int
    midnight: datetime


async def hours_everywhere(database: Database, now: datetime) -> list[Hour]:
    """In every zone that a chat lives in: some dozens, however many chats there are."""
    statement = select(col(Chat.timezone)).where(col(Chat.state) == ChatState.ACTIVE).distinct()
    async with database.read() as session:
        zones = (await session.execute(statement)).scalars().all()
    return [Hour(zone, local_minute(now, zone), day_began(now, zone)) for zone in zones]


def owing(
    endings: Sequence[Ending], hours: Sequence[Hour], *, after: int, limit: int
) -> Select[Any]:
    """The next chats, by id, to which something is owed."""
    due, chat_id = _due(endings), col(Chat.id)
    # What is mostly so comes first: nearly all that is due has been told.
    anything = select(due.c.deal_id).where(~_told(due), _wanted(due, _lineage()))
    return (
        select(chat_id)
        .where(chat_id > after, *_awake(hours), _there_is(anything, Chat), _posts_left(hours))
        .order_by(chat_id)
        .limit(limit)
    )


def owed(endings: Sequence[Ending], hours: Sequence[Hour], ids: Sequence[int]) -> Select[Any]:
    """Deal, stage and chat of all that these chats shall hear now and have not heard."""
    due, chat_id = _due(endings), col(Chat.id)
    return (
        select(due.c.deal_id, due.c.stage, chat_id.label("chat_id"))
        .select_from(Chat)
        .join(due, true())
        .where(
            chat_id.in_(ids),
            *_awake(hours),
            ~_told(due),
            _wanted(due, _lineage()),
            _posts_left(hours),
        )
    )


def _awake(hours: Sequence[Hour]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Chat.state) == ChatState.ACTIVE,
        # A chat that just moved to a zone of its own is looked at next time.
        col(Chat.timezone).in_([hour.zone for hour in hours]),
        ~_quiet(hours),
    )


def _there_is(found: Select[Any], *outer: Any) -> ColumnElement[bool]:
    """Whether there is one. A scalar on purpose: a planner that makes a join of it compares
    every row with every other when it does not know yet how many there are."""
    return found.limit(1).correlate(*outer).scalar_subquery().is_not(None)


def _due(endings: Sequence[Ending]) -> CTE:
    """The deals as a table: only the rule knows which stage has come."""
    return (
        values(
            column("deal_id", Integer),
            column("stage", String),
            column("brand_id", Integer),
            column("category_id", Integer),
            column("began_at", MOMENT),
            name="due",
        )
        .data(
            [
                (e.id, e.stage, e.brand_id, e.category_id, stage_began(e.stage, e.ends_at))
                for e in endings
            ]
        )
        .cte("due")
    )


def _lineage() -> CTE:
    """Every category with itself and all shelves above it."""
    category_id, parent_id = col(Category.id), col(Category.parent_id)
    itself: Any = select(category_id.label("category_id"), category_id.label("above_id"))
    lineage: CTE = itself.cte("lineage", recursive=True)
    above = (
        select(lineage.c.category_id, parent_id)
        .join(Category, category_id == lineage.c.above_id)
        .where(parent_id.is_not(None))
    )
    return lineage.union(above)


def _told(due: CTE) -> ColumnElement[bool]:
    told = select(TOLD.c.deal_id).where(
        TOLD.c.deal_id == due.c.deal_id,
        TOLD.c.stage == due.c.stage,
        TOLD.c.chat_id == col(Chat.id),
    )
    return _there_is(told, due, Chat)


def _wanted(due: CTE, lineage: CTE) -> ColumnElement[bool]:
    brand_id, category_id = col(Subscription.brand_id), col(Subscription.category_id)
    shelves = select(lineage.c.above_id).where(lineage.c.category_id == due.c.category_id)
    wanted = select(col(Subscription.id)).where(
        col(Subscription.chat_id) == col(Chat.id),
        col(Subscription.created_at) <= due.c.began_at,
        or_(
            and_(brand_id.is_(None), category_id.is_(None)),
            brand_id == due.c.brand_id,
            category_id.in_(shelves),
        ),
    )
    return _there_is(wanted, due, Chat)


def _quiet(hours: Sequence[Hour]) -> ColumnElement[bool]:
    """`commerce.rules.hours.is_quiet` for all chats at once."""
    start, end = func.coalesce(col(Chat.quiet_from), 0), func.coalesce(col(Chat.quiet_until), 0)
    minute = case({hour.zone: hour.minute for hour in hours}, value=col(Chat.timezone), else_=0)
    return or_(
        and_(start < end, minute >= start, minute < end),
        and_(start > end, or_(minute >= start, minute < end)),
    )


def _posts_left(hours: Sequence[Hour]) -> ColumnElement[bool]:
    """A post is a message, whatever it tells of, since the midnight of the chat's own zone."""
    midnights = {hour.zone: literal(hour.midnight, MOMENT) for hour in hours}
    midnight = case(midnights, value=col(Chat.timezone))
    today = (
        select(func.count(TOLD.c.outbox_id.distinct()))
        .where(TOLD.c.chat_id == col(Chat.id), TOLD.c.created_at >= midnight)
        .correlate(Chat)
        .scalar_subquery()
    )
    return today < col(Chat.posts_a_day)
