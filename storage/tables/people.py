"""People and where they live."""

from __future__ import annotations

from datetime import datetime

from storage.columns import Table, key, link, telegram_id


class Person(Table, table=True):
    id: int | None = key()
    telegram_id: int | None = telegram_id(unique=True, nullable=True)
    first_name: str
    username: str | None = None
    locale: str | None = None  # chosen in /settings; empty = follow Telegram's
    telegram_locale: str = "en"
    timezone: str | None = None
    created_at: datetime
    seen_at: datetime
    unreachable_at: datetime | None = None  # blocked the bot, until they write again


class Address(Table, table=True):
    """Where parcels go; the newest one of a person is offered first."""

    id: int | None = key()
    person_id: int = link("person.id")
    name: str
    phone: str
    street: str
    city: str
    postcode: str
    country: str
    created_at: datetime
