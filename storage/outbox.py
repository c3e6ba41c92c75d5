"""The outbox: messages written down with what caused them, claimed by couriers, settled once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Table,
    and_,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database, db_time
from storage.tables import Outbox, OutboxClass, OutboxState
from storage.tables.queues import UNKNOWN

ROWS_A_STATEMENT = 500  # both databases take at most 32,766 values in one
CLAIM_LOCK = 0x6B61_6974  # PostgreSQL: couriers claim one after another
AGAIN_SECONDS = 30.0  # before a message that may have arrived is sent once more
TRIES = {OutboxClass.MONEY: 2, OutboxClass.CARD: 5}  # how often a message may arrive

OUTBOX: Table = Outbox.__table__  # type: ignore[attr-defined]
ROW = OUTBOX.c
UNSETTLED = ROW.settled_at.is_(None)  # the indexes' own words, or they are not used
LEFT_UNKNOWN: ColumnElement[bool] = text(UNKNOWN)  # type: ignore[assignment]

NEW, CLAIMED, SENDING = OutboxState.NEW, OutboxState.CLAIMED, OutboxState.SENDING
UNFINISHED = (NEW, CLAIMED, SENDING)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that someone shall be told; `facts` is JSON and is worded when it is sent."""

    bot_id: int
    chat_id: int
    notice: str
    facts: dict[str, Any]
    kind: OutboxClass
    dedupe_key: str
    locale: str = "en"
    timezone: str = "UTC"
    lane: int = 0
    not_before: datetime | None = None
    not_after: datetime | None = None
    card_kind: str | None = None
    card_subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in a courier's hand; `version` proves that it still is."""

    id: int
    version: int
    bot_id: int
    chat_id: int
    notice: str
    kind: OutboxClass
    locale: str
    timezone: str
    lane: int
    attempts: int
    not_after: datetime | None
    card_kind: str | None
    card_subject_id: int | None
    facts: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row as the operator sees it."""

    id: int
    bot_id: int
    chat_id: int
    notice: str
    kind: OutboxClass
    state: OutboxState
    attempts: int
    created_at: datetime
    error: str | None


CLAIMED_COLUMNS = tuple(ROW[name] for name in Claimed.__dataclass_fields__)
LISTED_COLUMNS = tuple(ROW[name] for name in Listed.__dataclass_fields__)


async def put(session: AsyncSession, *notices: Notice, now: datetime) -> dict[str, int]:
    """Writes them down in the caller's transaction; returns the ids of the new ones by dedupe
    key. One whose (bot, dedupe key) is there already changes nothing."""
    ids: dict[str, int] = {}
    for start in range(0, len(notices), ROWS_A_STATEMENT):
        rows = [_row(notice, now) for notice in notices[start : start + ROWS_A_STATEMENT]]
        ids |= dict(await _insert_new(session, rows))
    return ids


async def _insert_new(session: AsyncSession, rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(OUTBOX)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["bot_id", "dedupe_key"])
        .returning(ROW.dedupe_key, ROW.id)
    )
    return [(key, id_) for key, id_ in (await session.execute(statement)).all()]


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    row = {name: getattr(notice, name) for name in Notice.__dataclass_fields__}
    return row | {
        "state": NEW,
        "attempts": 0,
        "version": 0,
        "lease_until": 0.0,
        "created_at": now,
    }


async def claim(
    database: Database, bots: Collection[int], limit: int, *, now: datetime, lease_seconds: float
) -> list[Claimed]:
    """The next messages, at most one of each chat, for this courier until its lease ends."""
    async with database.begin() as session:
        if database.dialect == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
        heads = (
            select(ROW.id)
            # A sum keeps SQLite from walking the index of all that a bot ever sent.
            .where((ROW.bot_id + 0).in_(bots), _due(now))
            .order_by(ROW.lane, ROW.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = (await session.execute(heads)).scalars().all()
        if not ids:
            return []
        taken = (
            update(OUTBOX)
            .where(ROW.id.in_(ids))
            .values(
                state=CLAIMED,
                version=ROW.version + 1,
                lease_until=db_time() + lease_seconds,
            )
            .returning(*CLAIMED_COLUMNS)
        )
        rows = [Claimed(**row._mapping) for row in (await session.execute(taken)).all()]
    return sorted(rows, key=lambda row: (row.lane, row.id))


def _due(now: datetime) -> ColumnElement[bool]:
    """Scalar subqueries on purpose: a planner that joins compares every row with every other."""
    waits = and_(ROW.state == NEW, ROW.lease_until <= db_time(), _started(ROW, now))
    return and_(UNSETTLED, waits, ROW.id == _head(now), _in_flight() == 0)


def _started(row: Any, now: datetime) -> ColumnElement[bool]:
    return or_(row.not_before.is_(None), row.not_before <= now)


def _head(now: datetime) -> ScalarSelect[int]:
    """The chat's next message, by lane and then as written. One that waits for its own hour
    lets others pass; one that was put back keeps its place."""
    other = OUTBOX.alias().c
    return (
        select(other.id)
        .where(_same_chat(other), other.settled_at.is_(None), _started(other, now))
        .order_by(other.lane, other.id)
        .limit(1)
        .scalar_subquery()
    )


def _in_flight() -> ScalarSelect[int]:
    other = OUTBOX.alias().c
    return (
        select(func.count())
        .where(_same_chat(other), other.settled_at.is_(None), other.state.in_((CLAIMED, SENDING)))
        .scalar_subquery()
    )


def _same_chat(other: Any) -> ColumnElement[bool]:
    return and_(other.chat_id == ROW.chat_id, other.bot_id == ROW.bot_id)


async def mark_sending(
    database: Database, rows: Sequence[Claimed], *, now: datetime, lease_seconds: float
) -> set[int]:
    """Commits that these are about to be written; returns the ids that may be: still held, not
    cancelled, not too late. An attempt counts from here on."""
    async with database.begin() as session:
        statement = (
            update(OUTBOX)
            .where(held(rows, CLAIMED), ROW.lease_until > db_time(), not_late(now))
            .values(
                state=SENDING,
                attempts=ROW.attempts + 1,
                lease_until=db_time() + lease_seconds,
            )
            .returning(ROW.id)
        )
        return set((await session.execute(statement)).scalars())


def not_late(now: datetime) -> ColumnElement[bool]:
    return or_(ROW.not_after.is_(None), ROW.not_after > now)


def held(rows: Sequence[Claimed], *states: OutboxState) -> ColumnElement[bool]:
    """These rows, as long as nobody took them over."""
    return and_(
        tuple_(ROW.id, ROW.version).in_([(row.id, row.version) for row in rows]),
        ROW.state.in_(states),
    )


async def cancel(session: AsyncSession, bot_id: int, *dedupe_keys: str, now: datetime) -> int:
    """Takes back what is not on its way yet; returns how many."""
    statement = (
        update(OUTBOX)
        .where(
            ROW.bot_id == bot_id,
            ROW.dedupe_key.in_(dedupe_keys),
            ROW.state.in_((NEW, CLAIMED)),
        )
        .values(state=OutboxState.CANCELLED, settled_at=now)
        .returning(ROW.id)
    )
    return len((await session.execute(statement)).all())


async def counts(database: Database) -> dict[OutboxState, int]:
    statement = select(ROW.state, func.count()).group_by(ROW.state)
    async with database.read() as session:
        found = dict(map(tuple, (await session.execute(statement)).all()))
    return {state: found.get(state, 0) for state in OutboxState}


async def pending(database: Database) -> int:
    """How many wait or are on their way."""
    async with database.read() as session:
        statement = select(func.count()).select_from(OUTBOX).where(UNSETTLED)
        return (await session.execute(statement)).scalar_one()


async def oldest_waiting(database: Database, *, now: datetime) -> datetime | None:
    """When the oldest message that could already have been sent was written."""
    statement = select(func.min(ROW.created_at)).where(UNSETTLED, _started(ROW, now))
    async with database.read() as session:
        found: datetime | None = (await session.execute(statement)).scalar_one()
    return found


async def list_rows(database: Database, *states: OutboxState, limit: int = 100) -> list[Listed]:
    statement = (
        select(*LISTED_COLUMNS)
        .where(ROW.state.in_(states or UNFINISHED))
        .order_by(ROW.id)
        .limit(limit)
    )
    async with database.read() as session:
        return [Listed(**row._mapping) for row in (await session.execute(statement)).all()]


async def list_unknown(database: Database, limit: int = 100) -> list[Listed]:
    """Messages that may have arrived or not; Telegram cannot be asked."""
    statement = select(*LISTED_COLUMNS).where(LEFT_UNKNOWN).order_by(ROW.id).limit(limit)
    async with database.read() as session:
        return [Listed(**row._mapping) for row in (await session.execute(statement)).all()]


async def count_unknown(database: Database) -> int:
    async with database.read() as session:
        statement = select(func.count()).select_from(OUTBOX).where(LEFT_UNKNOWN)
        return (await session.execute(statement)).scalar_one()


async def retry(database: Database, id_: int) -> bool:
    """Sends an unknown or dead message again, because the operator says so."""
    statement = (
        update(OUTBOX)
        .where(ROW.id == id_, ROW.state.in_((OutboxState.UNKNOWN, OutboxState.DEAD)))
        .values(
            state=NEW,
            attempts=0,
            version=ROW.version + 1,
            lease_until=0.0,
            error=None,
            settled_at=None,
        )
        .returning(ROW.id)
    )
    async with database.begin() as session:
        return (await session.execute(statement)).scalar_one_or_none() is not None
