"""Updates put aside, for an operator to look at and to let go again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.database import Database, db_time
from storage.inbox import INBOX, ROW, available, changed
from storage.tables import InboxState


@dataclass(frozen=True, slots=True)
class Quarantined:
    seq: int
    bot_id: int
    update_id: int
    lane: str
    attempts: int
    error: str | None
    age_seconds: float


async def list_quarantined(database: Database, limit: int = 100) -> list[Quarantined]:
    """The newest first."""
    wanted = (
        select(
            ROW.seq,
            ROW.bot_id,
            ROW.update_id,
            ROW.lane,
            ROW.attempts,
            ROW.error,
            (db_time() - ROW.received_at).label("age_seconds"),
        )
        .where(ROW.state == InboxState.QUARANTINED)
        .order_by(ROW.seq.desc())
        .limit(limit)
    )
    async with database.read() as session:
        return [Quarantined(*row) for row in (await session.execute(wanted)).all()]


async def release(database: Database, seq: int) -> bool:
    """Lets a quarantined update be tried again from the start; False when there is none."""
    statement = (
        update(INBOX)
        .where(ROW.seq == seq, ROW.state == InboxState.QUARANTINED)
        .values(
            state=InboxState.NEW,
            attempts=0,
            not_before=0.0,
            first_claimed_at=None,
            version=ROW.version + 1,
        )
    )
    async with available(), database.begin() as session:
        return await changed(session, statement)
