"""What a group is without somebody: the next member's, nobody's, or at the end of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import seat_line
from commerce.actions.telling import Message, tell
from storage.tables import (
    Checkout,
    Deal,
    GroupBuy,
    GroupState,
    OutboxClass,
    Person,
    Seat,
    SeatState,
)


@dataclass(frozen=True, slots=True)
class Seated:
    person_id: int
    name: str
    bot_id: int


async def after_leaving(
    session: AsyncSession, group: GroupBuy, seat_id: int, now: datetime
) -> None:
    """In a locked group whose seat was given up: an empty one is called off; one whose host
    left is the next member's, by time, and everybody in it is told.
    """
    if group.state != GroupState.OPEN:
        await end_of_invoices(session, group, now)
        return
    seated = await _seated(session, group)
    if not seated:
        await _set(session, group, state=GroupState.CANCELLED)
        await seat_line.end_line(session, group, now)
    elif group.host_id not in {one.person_id for one in seated}:
        await _set(session, group, host_id=seated[0].person_id)
        await _tell(session, group, seated, seat_id, now)


async def end_of_invoices(session: AsyncSession, group: GroupBuy, now: datetime) -> None:
    """In a locked group that succeeded: its line ends when nobody has yet to pay."""
    unpaid = await session.execute(
        select(col(Seat.id))
        .where(col(Seat.group_id) == group.id, col(Seat.state) == SeatState.HELD)
        .limit(1)
    )
    if unpaid.first() is None:
        await seat_line.end_line(session, group, now)


async def _seated(session: AsyncSession, group: GroupBuy) -> list[Seated]:
    rows = await session.execute(
        select(col(Seat.person_id), col(Person.first_name), col(Checkout.bot_id))
        .join(Person, col(Person.id) == col(Seat.person_id))
        .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
        .where(col(Seat.group_id) == group.id, col(Seat.state) != SeatState.RELEASED)
        .order_by(col(Seat.taken_at), col(Seat.id))
    )
    return [Seated(*row) for row in rows]


async def _set(session: AsyncSession, group: GroupBuy, **values: object) -> None:
    await session.execute(update(GroupBuy).where(col(GroupBuy.id) == group.id).values(**values))
    await session.refresh(group)


async def _tell(
    session: AsyncSession, group: GroupBuy, seated: Sequence[Seated], seat_id: int, now: datetime
) -> None:
    deal = await session.get_one(Deal, group.deal_id)
    host = seated[0]
    messages = [
        Message(
            bot_id=one.bot_id,
            person_id=one.person_id,
            notice="host_changed",
            facts={
                "group": group.code,
                "title": deal.title.to_json(),
                "host": host.name,
                "you": one.person_id == host.person_id,
            },
            key=f"host-changed:{seat_id}:{one.person_id}",
        )
        for one in seated
    ]
    await tell(session, messages, now=now, kind=OutboxClass.ANNOUNCEMENT)
