"""Telling operators what stands still: once an hour for each thing, for as long as it lasts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.telling import Message, tell
from commerce.rules.standing import standing_still
from storage.database import Database
from storage.figures import Figures, Waiting, figures
from storage.tables import PaymentState, Person


@dataclass(frozen=True, slots=True)
class Standing:
    """`what` is a name of commerce/rules/standing.py."""

    what: str
    waiting: Waiting


async def raise_alerts(
    database: Database, bot_id: int, operators: Collection[int], *, now: datetime
) -> list[Standing]:
    """What stands still at `now`. Operators who ever wrote to the bot are told."""
    waiting = waiting_by_name(await figures(database, now=now))
    found = [
        Standing(what, waiting[what])
        for what in standing_still({name: w.oldest_seconds for name, w in waiting.items()})
    ]
    if found and operators:
        await _tell(database, bot_id, operators, found, now)
    return found


def waiting_by_name(found: Figures) -> dict[str, Waiting]:
    return {
        "updates": found.inbox,
        "messages": found.outbox[0],  # broadcasts may be many; they are not late
        "payments": found.payments[PaymentState.RECEIVED],
    }


async def _tell(
    database: Database,
    bot_id: int,
    operators: Collection[int],
    found: list[Standing],
    now: datetime,
) -> None:
    async with database.begin() as session:
        people = await session.execute(
            select(col(Person.id)).where(col(Person.telegram_id).in_(operators))
        )
        messages = [
            Message(bot_id, person_id, "standing_still", _facts(one), _key(one, person_id, now))
            for person_id in people.scalars()
            if person_id is not None
            for one in found
        ]
        await tell(session, messages, now=now)


def _facts(one: Standing) -> dict[str, str | int]:
    minutes = int(one.waiting.oldest_seconds // 60)
    return {"what": one.what, "count": one.waiting.count, "minutes": minutes}


def _key(one: Standing, person_id: int, now: datetime) -> str:
    return f"standing_still:{one.what}:{now:%Y-%m-%dT%H}:{person_id}"
