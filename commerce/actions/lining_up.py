"""Standing in line for a full group, and leaving the line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import seat_line
from commerce.actions.holding import one_at_a_time, require_under_limit
from commerce.actions.leaving import lock_group
from commerce.actor import Actor, begin
from commerce.refusals import Expired, GroupOver, OverLimit
from storage.columns import id_of
from storage.tables import Deal, GroupBuy, GroupState, Seat, SeatState, Waiter, WaiterState


async def wait_for_seat(actor: Actor, group_code: str, *, now: datetime) -> int:
    """A place in line, from 1; who is in line keeps theirs.

    Raises NotFound, GroupOver, OverLimit; Expired when a seat is free, or theirs already.
    """
    async with begin(actor, f"group {group_code}") as session:
        await one_at_a_time(session, actor)
        group = await lock_group(session, group_code)
        place = await place_in_line(session, id_of(group), actor.person_id)
        if place:
            return place
        if group.state != GroupState.OPEN or group.ends_at <= now:
            raise GroupOver(succeeded=group.state == GroupState.SUCCEEDED)
        if group.seats_left or await _is_seated(session, group, actor.person_id):
            raise Expired
        await _require_room(session, group, actor.person_id)
        session.add(
            Waiter(
                group_id=id_of(group),
                person_id=actor.person_id,
                bot_id=actor.bot_id,
                state=WaiterState.WAITING,
                created_at=now,
            )
        )
        await session.flush()
        return await place_in_line(session, id_of(group), actor.person_id)


async def leave_line(actor: Actor, group_code: str) -> None:
    """Gives the place up. Raises NotFound; Expired when there is none."""
    async with begin(actor, f"group {group_code}") as session:
        group = await lock_group(session, group_code)
        if not await seat_line.step_out(session, id_of(group), actor.person_id):
            raise Expired


async def place_in_line(session: AsyncSession, group_id: int, person_id: int) -> int:
    """How many stand there up to this person, themselves included; 0 when they do not."""
    own = (
        select(col(Waiter.id))
        .where(
            col(Waiter.group_id) == group_id,
            col(Waiter.person_id) == person_id,
            col(Waiter.state) == WaiterState.WAITING,
        )
        .scalar_subquery()
    )
    found = await session.execute(
        select(func.count())
        .select_from(Waiter)
        .where(
            col(Waiter.group_id) == group_id,
            col(Waiter.state) == WaiterState.WAITING,
            col(Waiter.id) <= own,
        )
    )
    return found.scalar_one()


async def _is_seated(session: AsyncSession, group: GroupBuy, person_id: int) -> bool:
    found = await session.execute(
        select(col(Seat.id)).where(
            col(Seat.group_id) == group.id,
            col(Seat.person_id) == person_id,
            col(Seat.state) != SeatState.RELEASED,
        )
    )
    return found.first() is not None


async def _require_room(session: AsyncSession, group: GroupBuy, person_id: int) -> None:
    """A place counts as a piece of the deal: offered, it shall not be one too many."""
    deal = await session.get_one(Deal, group.deal_id)
    places = await seat_line.places_of(session, group.deal_id, person_id)
    if len(places) > await require_under_limit(session, deal, person_id, 1):
        raise OverLimit(deal.per_person)
