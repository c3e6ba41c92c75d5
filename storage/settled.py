"""How a message in a courier's hand ends: sent, again, unknown, dead; each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import meters, posted, reach
from storage.database import Database, db_time
from storage.outbox import (
    AGAIN_SECONDS,
    CLAIMED,
    NEW,
    OUTBOX,
    ROW,
    SENDING,
    TRIES,
    UNSETTLED,
    Claimed,
    held,
)
from storage.tables import OutboxClass, OutboxState

ERROR_LENGTH = 300
# A card may change between being drawn and being known as a copy. The courier looks again; if it
# does not come to that, the copy is drawn once more after this time.
DOUBT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Sent:
    row: Claimed
    message_id: int | None
    photo: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """It surely did not arrive: send it after `wait` seconds."""

    row: Claimed
    wait: float
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived; its class says what to do."""

    row: Claimed
    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """It did not arrive and never will."""

    row: Claimed
    error: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat cannot be reached any more, with all that waits for it."""

    row: Claimed
    error: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup: everything follows to the new id, this message too."""

    row: Claimed
    chat_id: int


Outcome = Sent | Again | Unknown | Dead | Gone | Moved


async def record(database: Database, outcomes: Sequence[Outcome], *, now: datetime) -> set[int]:
    """Settles all of them at once; returns the ids that were still this courier's to settle."""
    if not outcomes:
        return set()
    async with database.begin() as session:
        done = await _record_sent(session, [o for o in outcomes if isinstance(o, Sent)], now)
        for outcome in outcomes:
            if not isinstance(outcome, Sent):
                done |= await _record_one(session, outcome, now)
    for outcome in outcomes:
        if outcome.row.id in done:
            how = type(outcome).__name__.lower()
            meters.MESSAGES_ENDED.labels(outcome.row.kind.value, how).inc()
    return done


async def _record_sent(session: AsyncSession, sent: list[Sent], now: datetime) -> set[int]:
    if not sent:
        return set()
    arrived = {o.row.id: o.message_id for o in sent if o.message_id is not None}
    message_id: Any = case(arrived, value=ROW.id, else_=None) if arrived else None
    values = {"state": OutboxState.SENT, "message_id": message_id, "settled_at": now}
    done = await _settle(session, [o.row for o in sent], values, SENDING)
    for outcome in sent:
        if outcome.row.id in done:
            await _keep_card(session, outcome)
    return done


async def _keep_card(session: AsyncSession, sent: Sent) -> None:
    row = sent.row
    if row.card_kind is None or row.card_subject_id is None or sent.message_id is None:
        return
    copy = posted.Copy(
        bot_id=row.bot_id,
        kind=row.card_kind,
        subject_id=row.card_subject_id,
        locale=row.locale,
        timezone=row.timezone,
        photo=sent.photo,
        chat_id=row.chat_id,
        message_id=sent.message_id,
    )
    await posted.remember(session, copy, stale_after=DOUBT_SECONDS)


async def _record_one(session: AsyncSession, outcome: Outcome, now: datetime) -> set[int]:
    row = outcome.row
    match outcome:
        case Again(wait=wait, error=error):
            return await _settle(session, [row], _again(wait, error), CLAIMED, SENDING)
        case Unknown(error=error):
            return await _settle(session, [row], _unknown(row, error, now), SENDING)
        case Dead(error=error):
            return await _settle(session, [row], _dead(error, now), CLAIMED, SENDING)
        case Gone(error=error):
            done = await _settle(session, [row], _dead(error, now), SENDING)
            if done:
                await reach.mark_unreachable(session, row.bot_id, row.chat_id, error, now=now)
            return done
        case Moved(chat_id=chat_id):
            done = await _settle(session, [row], _again(0, None), SENDING)
            if done:
                await reach.move_chat(session, row.chat_id, chat_id)
            return done
    return set()


async def _settle(
    session: AsyncSession, rows: list[Claimed], values: dict[str, Any], *states: OutboxState
) -> set[int]:
    statement = update(OUTBOX).where(held(rows, *states)).values(**values).returning(ROW.id)
    return set((await session.execute(statement)).scalars())


def _again(wait: float, error: str | None) -> dict[str, Any]:
    attempts = case((ROW.state == SENDING, ROW.attempts - 1), else_=ROW.attempts)
    return {
        "state": NEW,
        "attempts": attempts,
        "lease_until": db_time() + wait,
        "error": error and error[:ERROR_LENGTH],
    }


def _dead(error: str, now: datetime) -> dict[str, Any]:
    return {"state": OutboxState.DEAD, "error": error[:ERROR_LENGTH], "settled_at": now}


def _unknown(row: Claimed, error: str, now: datetime) -> dict[str, Any]:
    """RELIABILITY.md section 7: money once more, announcements never again, answers let go."""
    if row.attempts + 1 < TRIES.get(row.kind, 0):
        wait = db_time() + AGAIN_SECONDS
        return {"state": NEW, "lease_until": wait, "error": error[:ERROR_LENGTH]}
    state = OutboxState.DEAD if row.kind is OutboxClass.ANSWER else OutboxState.UNKNOWN
    return {"state": state, "error": error[:ERROR_LENGTH], "settled_at": now}


async def settle_lost(database: Database, *, now: datetime) -> int:
    """Settles what couriers held when their lease ran out: a crash, or a very long pause."""
    lost = and_(UNSETTLED, ROW.state == SENDING, ROW.lease_until <= db_time())
    repeat = or_(*(and_(ROW.kind == kind, ROW.attempts < tries) for kind, tries in TRIES.items()))
    fenced = {"version": ROW.version + 1, "error": "the courier vanished while sending"}
    steps: list[tuple[Any, dict[str, Any]]] = [
        (
            and_(UNSETTLED, ROW.state == CLAIMED, ROW.lease_until <= db_time()),
            {"state": NEW, "lease_until": 0.0, "version": ROW.version + 1},
        ),
        (and_(lost, repeat), fenced | {"state": NEW, "lease_until": 0.0}),
        (
            and_(lost, ROW.kind == OutboxClass.ANSWER),
            fenced | {"state": OutboxState.DEAD, "settled_at": now},
        ),
        (lost, fenced | {"state": OutboxState.UNKNOWN, "settled_at": now}),
    ]
    settled = 0
    async with database.begin() as session:
        for which, values in steps:
            statement = update(OUTBOX).where(which).values(**values).returning(ROW.id)
            settled += len((await session.execute(statement)).all())
    meters.MESSAGES_LOST.inc(settled)
    return settled
