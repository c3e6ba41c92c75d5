"""Messages to people other than the one who pressed, written in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import outbox
from storage.tables import OutboxClass, Person


@dataclass(frozen=True, slots=True)
class Message:
    """One notice for one person, from the bot they bought at; `key` makes it unique for ever."""

    bot_id: int
    person_id: int
    notice: str
    facts: Mapping[str, Any]
    key: str


async def tell(
    session: AsyncSession,
    messages: list[Message],
    *,
    now: datetime,
    kind: OutboxClass = OutboxClass.MONEY,
) -> None:
    """Queues each message in its receiver's language. Who cannot be reached is left out."""
    if not messages:
        return
    people = await _receivers(session, {m.person_id for m in messages})
    notices = [
        outbox.Notice(
            bot_id=message.bot_id,
            chat_id=person.telegram_id,
            notice=message.notice,
            facts=dict(message.facts),
            kind=kind,
            dedupe_key=message.key,
            locale=person.locale or person.telegram_locale,
            timezone=person.timezone or "UTC",
        )
        for message in messages
        if (person := people.get(message.person_id)) and person.telegram_id is not None
    ]
    await outbox.put(session, *notices, now=now)


async def _receivers(session: AsyncSession, ids: set[int]) -> dict[int, Person]:
    found = await session.execute(
        select(Person).where(col(Person.id).in_(ids), col(Person.unreachable_at).is_(None))
    )
    return {person.id: person for person in found.scalars() if person.id is not None}
