"""Who acts, and the transaction they act in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage import inbox
from storage.crash import crash_point
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Cause:
    """The stored update that an action answers, as claimed (see storage.inbox)."""

    seq: int
    version: int


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at a bot. `cause` is None where no update stands behind the act (CLI, tests)."""

    database: Database
    bot_id: int
    person_id: int
    telegram_id: int
    first_name: str
    locale: str
    timezone: str
    operator: bool = False
    cause: Cause | None = None


@asynccontextmanager
async def begin(actor: Actor, outcome: str | None = None) -> AsyncIterator[AsyncSession]:
    """One transaction, which also marks the actor's update as applied.

    `outcome` is the press that shows what was done. Raises AlreadyApplied with it when the
    update was carried out before: nothing happens a second time, the card is just drawn again.
    """
    async with actor.database.begin() as session:
        if actor.cause:
            await inbox.mark_applied(session, actor.cause.seq, actor.cause.version, outcome)
        yield session
        crash_point("K5")
    crash_point("K6")
