"""The inbox: updates kept before Telegram is told they arrived, handed out lane by lane."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Dialect,
    Float,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage import meters
from storage.crash import crash_point
from storage.database import Database, db_time
from storage.failures import AlreadyApplied, LeaseLost, StorageError, Unavailable
from storage.quick import QuickStatement, Step
from storage.tables import Inbox, InboxState
from storage.tables.queues import UNFINISHED

INBOX = Inbox.metadata.tables["inbox"]
ROW = INBOX.c
EARLIER = INBOX.alias("earlier")
ERROR_LENGTH = 500
FARTHEST_SECONDS = 90.0  # no lease and no pause is longer
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Raw:
    """An update as it came: `raw` is its JSON text. With an `error` it goes to quarantine."""

    bot_id: int
    update_id: int
    lane: str
    priority: int
    raw: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An update that is ours until the lease ends; `version` is the fence.

    `applied` says that an earlier try committed its effects, and `outcome` is the press that
    shows them. `attempts` counts this try.
    """

    seq: int
    bot_id: int
    update_id: int
    lane: str
    priority: int
    raw: str
    version: int
    applied: bool
    outcome: str | None
    attempts: int


async def store(database: Database, updates: Sequence[Raw]) -> None:
    """Keeps a batch in one commit. What was stored before (same bot and update id) is left alone.

    Raises Busy or Unavailable when nothing was stored.
    """
    if not updates:
        return
    quick = database.quick
    # Two doors that store the same updates take their locks in the same order.
    rows = [_as_row(raw) for raw in sorted(updates, key=lambda raw: (raw.bot_id, raw.update_id))]
    step = STORE[database.dialect].step(quick.dialect, *rows, many=True)
    async with available():
        await quick.write([step], lambda: crash_point("K2"))
    meters.UPDATES_STORED.inc(len(rows))


def _as_row(raw: Raw) -> dict[str, Any]:
    return {
        "bot_id": raw.bot_id,
        "update_id": raw.update_id,
        "lane": raw.lane,
        "priority": raw.priority,
        "raw": raw.raw,
        "state": InboxState.QUARANTINED if raw.error else InboxState.NEW,
        "error": raw.error,
    }


async def claim(
    database: Database,
    limit: int,
    lease_seconds: float,
    *,
    done: Sequence[Claimed] = (),
    urgent_only: bool = False,
) -> list[Claimed]:
    """Takes the head of up to `limit` lanes, pre-checkout first, for `lease_seconds`.

    `done` rows are finished before the choice, so that the next row of their lanes can be among
    those taken.
    """
    if lease_seconds > FARTHEST_SECONDS:
        raise ValueError(f"a lease of {lease_seconds} s is too long")
    if limit <= 0:
        await finish(database, done)
        return []
    quick = database.quick
    claiming = CLAIM_URGENT if urgent_only else CLAIM
    taking = claiming.step(quick.dialect, {"most": limit, "lease": lease_seconds})
    async with available():
        raw = await quick.write([*_finishing(quick.dialect, done), taking], apart=True)
    rows = claiming.for_(quick.dialect).rows(raw)
    return sorted((Claimed(*row) for row in rows), key=lambda taken: (taken.priority, taken.seq))


def _time_has_come() -> ColumnElement[bool]:
    """A time beyond all leases was set before the machine's clock was put back."""
    return or_(ROW.not_before <= db_time(), ROW.not_before > db_time() + FARTHEST_SECONDS)


def _storing(insert: Any) -> QuickStatement:
    given = ("bot_id", "update_id", "lane", "priority", "raw", "state", "error")
    return QuickStatement(
        insert(INBOX)
        .values(
            **{name: bindparam(name, type_=ROW[name].type) for name in given},
            applied=false(),
            attempts=literal_column("0"),
            version=literal_column("0"),
            not_before=literal_column("0.0"),
            received_at=db_time(),
        )
        .on_conflict_do_nothing(index_elements=["bot_id", "update_id"])
    )


def _claiming(*urgent: ColumnElement[bool]) -> QuickStatement:
    head = ~exists().where(
        and_(
            EARLIER.c.bot_id == ROW.bot_id,
            EARLIER.c.lane == ROW.lane,
            EARLIER.c.seq < ROW.seq,
            text(f"earlier.{UNFINISHED}"),
        )
    )
    due = (
        select(ROW.seq)
        .where(text(f"inbox.{UNFINISHED}"), _time_has_come(), head, *urgent)
        .order_by(ROW.priority, ROW.seq)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return QuickStatement(
        update(INBOX)
        .where(ROW.seq.in_(select(due.c.seq)))
        .values(
            state=InboxState.CLAIMED,
            version=ROW.version + 1,
            attempts=ROW.attempts + 1,
            not_before=db_time() + bindparam("lease", type_=Float),
            first_claimed_at=func.coalesce(ROW.first_claimed_at, db_time()),
        )
        .returning(*(ROW[name] for name in Claimed.__dataclass_fields__))
    )


STORE = {"sqlite": _storing(sqlite.insert), "postgresql": _storing(postgresql.insert)}
CLAIM, CLAIM_URGENT = _claiming(), _claiming(ROW.priority == 0)
# The text goes: what is done needs only its key, and holds no person's words.
FINISH = QuickStatement(
    update(INBOX)
    .where(ROW.seq == bindparam("mine"), ROW.version == bindparam("fence"))
    .values(state=InboxState.DONE, raw="", error=None)
)


async def finish(database: Database, claimed: Sequence[Claimed]) -> None:
    """Marks rows done, but for those that somebody else has claimed since."""
    if claimed:
        async with available():
            await database.quick.write(_finishing(database.quick.dialect, claimed))


def _finishing(dialect: Dialect, claimed: Sequence[Claimed]) -> list[Step]:
    mine = [{"mine": c.seq, "fence": c.version} for c in sorted(claimed, key=lambda c: c.seq)]
    return [FINISH.step(dialect, *mine, many=True)] if mine else []


async def retry_later(database: Database, claimed: Claimed, seconds: float, error: str) -> None:
    """Gives the row back; its lane waits until it may be tried again."""
    await _settle(
        database,
        claimed,
        state=InboxState.NEW,
        not_before=db_time() + seconds,
        error=error[:ERROR_LENGTH],
    )


async def quarantine(database: Database, claimed: Claimed, error: str) -> None:
    """Puts the row aside for an operator; its lane goes on."""
    await _settle(database, claimed, state=InboxState.QUARANTINED, error=error[:ERROR_LENGTH])


async def _settle(database: Database, claimed: Claimed, **values: Any) -> None:
    """Raises LeaseLost when the row is no longer ours."""
    statement = (
        update(INBOX)
        .where(
            ROW.seq == claimed.seq,
            ROW.version == claimed.version,
            ROW.state == InboxState.CLAIMED,
        )
        .values(**values)
    )
    async with available(), database.begin() as session:
        if not await changed(session, statement):
            raise LeaseLost


async def mark_applied(
    session: AsyncSession, seq: int, version: int, outcome: str | None = None
) -> None:
    """Inside a business transaction: this update's effects are being committed, now or never.

    Raises AlreadyApplied when they were before, LeaseLost when the row is somebody else's.
    """
    mine = (
        update(INBOX)
        .where(
            ROW.seq == seq,
            ROW.version == version,
            ROW.state == InboxState.CLAIMED,
            ROW.applied.is_(False),
        )
        .values(applied=True, outcome=outcome)
    )
    if await changed(session, mine):
        return
    found = await session.execute(select(ROW.applied, ROW.outcome).where(ROW.seq == seq))
    row = found.one_or_none()
    if row is not None and row.applied:
        raise AlreadyApplied(row.outcome)
    raise LeaseLost


async def changed(session: AsyncSession, statement: Any) -> bool:
    result = cast("CursorResult[Any]", await session.execute(statement))
    return result.rowcount == 1


async def forget_old(database: Database, older_than_days: float = 7, limit: int = 1_000) -> int:
    """Deletes up to `limit` rows done long ago; says how many, so that the caller goes on.

    Not under 7 days: after a quiet week Telegram starts update ids anew, from a random one.
    """
    old = (
        select(ROW.seq)
        .where(
            ROW.state == InboxState.DONE,
            ROW.received_at < db_time() - older_than_days * DAY_SECONDS,
        )
        .order_by(ROW.seq)
        .limit(limit)
    )
    async with available(), database.begin() as session:
        result = await session.execute(delete(INBOX).where(ROW.seq.in_(old)))
        return cast("CursorResult[Any]", result).rowcount


async def depth(database: Database) -> tuple[int, float]:
    """How many updates wait, and for how many seconds the oldest has."""
    waiting = (
        select(func.count(), func.coalesce(func.max(db_time() - ROW.received_at), 0.0))
        .select_from(INBOX)
        .where(text(f"inbox.{UNFINISHED}"))
    )
    async with database.read() as session:
        count, oldest = (await session.execute(waiting)).one()
    return int(count), float(oldest)


@asynccontextmanager
async def available() -> AsyncIterator[None]:
    """One name for the many ways in which a driver says that the database is not there."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        raise Unavailable(type(error).__name__) from error
