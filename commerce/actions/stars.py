"""Stars that Telegram lists: payments whose update never came, refunds whose answer was lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col

from commerce.actions.payments import Charge, record_payment
from commerce.actions.people import House, Sender, language_of, recognise
from commerce.actions.refunding import job_of, settle_refund
from commerce.actor import Actor
from commerce.payment import STAR, STARS
from storage.columns import id_of
from storage.database import Database
from storage.tables import Brand, Payment, Refund, RefundState, StarCursor

EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of Telegram's list. `payer` is None for what is not between us and a buyer."""

    charge_id: str
    amount: int
    incoming: bool
    payload: str
    payer: Sender | None


async def due_position(database: Database, bot_id: int, *, now: datetime) -> int | None:
    """From where to read on, for one reader each ten minutes; None when it is not time.

    A shop without a brand that sells for Stars asks nothing.
    """
    async with database.begin() as session:
        sells = select(col(Brand.id)).where(col(Brand.currency) == STAR).limit(1)
        if (await session.execute(sells)).first() is None:
            return None
        write = sqlite_insert if database.dialect == "sqlite" else postgres_insert
        first = write(StarCursor).values(bot_id=bot_id, position=0, looked_at=now - EVERY)
        await session.execute(first.on_conflict_do_nothing())
        claimed = await session.execute(
            update(StarCursor)
            .where(col(StarCursor.bot_id) == bot_id, col(StarCursor.looked_at) <= now - EVERY)
            .values(looked_at=now)
            .returning(col(StarCursor.position))
        )
        return claimed.scalar_one_or_none()


async def take_page(
    database: Database, bot_id: int, page: Sequence[Listed], position: int, *, now: datetime
) -> int:
    """Records and matches what is listed from `position` on. The position after it.

    What is known already changes nothing, so a page that is read twice is harmless.
    """
    for listed in page:
        if listed.payer is None:
            continue
        if listed.incoming:
            await _record(database, bot_id, listed, listed.payer, now)
        else:
            await _match_refund(database, listed, now)
    after = position + len(page)
    async with database.begin() as session:
        await session.execute(
            update(StarCursor)
            .where(col(StarCursor.bot_id) == bot_id, col(StarCursor.position) < after)
            .values(position=after)
        )
    return after


async def _record(
    database: Database, bot_id: int, listed: Listed, payer: Sender, now: datetime
) -> None:
    house = House(bot_id, payer.language, "UTC", frozenset())
    person = await recognise(database, payer, house, now=now)
    actor = Actor(
        database=database,
        bot_id=bot_id,
        person_id=id_of(person),
        telegram_id=payer.telegram_id,
        first_name=person.first_name,
        locale=language_of(person, house),
        timezone=person.timezone or house.timezone,
    )
    charge = Charge(
        provider=STARS,
        charge_id=listed.charge_id,
        provider_charge_id=listed.charge_id,
        payload=listed.payload,
        currency=STAR,
        amount_minor=listed.amount,
    )
    await record_payment(actor, charge, now=now)


async def _match_refund(database: Database, listed: Listed, now: datetime) -> None:
    """Telegram gave it back: the job that asked for it is done, whatever its answer was."""
    async with database.begin() as session:
        found = await session.execute(
            select(col(Refund.id))
            .join(Payment, col(Payment.id) == col(Refund.payment_id))
            .where(
                col(Payment.provider) == STARS,
                col(Payment.charge_id) == listed.charge_id,
                col(Refund.provider) == STARS,
                col(Refund.state) != RefundState.DONE,
            )
        )
        for refund_id in found.scalars():
            await settle_refund(session, await job_of(session, refund_id or 0), now=now)
