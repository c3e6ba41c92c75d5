"""Getting to know a person, and what they set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from commerce.actor import Actor, begin
from storage.database import Database
from storage.quick import QuickStatement
from storage.tables import Person

SEEN_EVERY = timedelta(hours=6)
WHO = QuickStatement(
    select(*Person.metadata.tables["person"].c).where(
        col(Person.telegram_id) == bindparam("telegram_id")
    )
)


@dataclass(frozen=True, slots=True)
class Sender:
    """What Telegram says of a person."""

    telegram_id: int
    first_name: str
    username: str | None
    language: str


@dataclass(frozen=True, slots=True)
class House:
    """The defaults of this installation, for people who chose nothing."""

    bot_id: int
    locale: str
    timezone: str
    operators: frozenset[int]
    currency: str = "USD"


async def recognise(database: Database, sender: Sender, house: House, *, now: datetime) -> Person:
    """The person behind a sender; met for the first time, they are written down."""
    row = await WHO.first(database, telegram_id=sender.telegram_id)
    if row is None:
        return await _meet(database, sender, now)
    person = Person(**row._asdict())
    if _is_stale(person, sender, now):
        await _refresh(database, person, sender, now)
    return person


def _is_stale(person: Person, sender: Sender, now: datetime) -> bool:
    return (
        person.unreachable_at is not None
        or (person.first_name, person.username, person.telegram_locale)
        != (sender.first_name, sender.username, sender.language)
        or now - person.seen_at > SEEN_EVERY
    )


async def _meet(database: Database, sender: Sender, now: datetime) -> Person:
    async with database.begin() as session:
        found = await session.execute(
            select(Person).where(col(Person.telegram_id) == sender.telegram_id)
        )
        person = found.scalar_one_or_none()
        if person is None:
            person = Person(
                telegram_id=sender.telegram_id,
                first_name=sender.first_name,
                username=sender.username,
                telegram_locale=sender.language,
                created_at=now,
                seen_at=now,
            )
            session.add(person)
            await session.flush()
        return person


async def _refresh(database: Database, person: Person, sender: Sender, now: datetime) -> None:
    async with database.begin() as session:
        await session.execute(
            update(Person)
            .where(col(Person.id) == person.id)
            .values(
                first_name=sender.first_name,
                username=sender.username,
                telegram_locale=sender.language,
                seen_at=now,
                unreachable_at=None,
            )
        )


def language_of(person: Person, house: House) -> str:
    """What the person chose, else what Telegram says, else the installation's default."""
    return person.locale or person.telegram_locale or house.locale


async def choose_language(actor: Actor, locale: str) -> None:
    async with begin(actor) as session:
        await session.execute(
            update(Person).where(col(Person.id) == actor.person_id).values(locale=locale)
        )


async def choose_timezone(actor: Actor, timezone: str) -> None:
    async with begin(actor) as session:
        await session.execute(
            update(Person).where(col(Person.id) == actor.person_id).values(timezone=timezone)
        )
