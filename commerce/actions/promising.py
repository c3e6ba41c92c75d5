"""A seat without money: promised now, invoiced at the final price when the group succeeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import seat_line
from commerce.actions.deciding import decide
from commerce.actions.holding import lock_group_of, one_at_a_time
from commerce.actions.lookup import checkout_of
from commerce.actor import Actor, begin
from commerce.refusals import Expired, GroupOver, HoldOver, NeedsAddress, NotFound, TooManyPromises
from storage import posted
from storage.columns import id_of
from storage.tables import (
    Checkout,
    CheckoutState,
    Commitment,
    Deal,
    GroupBuy,
    GroupState,
    Seat,
    SeatState,
)

MOST_PROMISES = 3


async def confirm_promise(actor: Actor, code: str, *, now: datetime) -> None:
    """Turns the actor's held seat into a promised one; it counts as a buyer from now on.

    Raises NotFound, Expired, HoldOver, GroupOver, NeedsAddress, TooManyPromises.
    """
    async with begin(actor, f"checkout {code}") as session:
        await one_at_a_time(session, actor)
        checkout = await checkout_of(session, actor.person_id, code)
        if checkout.seat_id is None:
            raise NotFound
        group = await lock_group_of(session, checkout.seat_id)
        await session.refresh(checkout, with_for_update={"key_share": True})
        await _require_promisable(session, checkout, group, now)
        await _require_few_promises(session, actor.person_id)
        await _promise(session, checkout, group)
        await seat_line.served(session, checkout.seat_id)
        await posted.stale(session, "group", id_of(group))
        await decide(session, group, now)


async def _require_promisable(
    session: AsyncSession, checkout: Checkout, group: GroupBuy, now: datetime
) -> None:
    deal = await session.get_one(Deal, group.deal_id)
    if deal.commitment != Commitment.PROMISE:
        raise NotFound
    if checkout.state in (CheckoutState.PROMISED, CheckoutState.PAID) or checkout.invoiced:
        raise Expired
    if checkout.state != CheckoutState.OPEN or checkout.expires_at <= now:
        raise HoldOver
    if group.state != GroupState.OPEN or group.ends_at <= now:
        raise GroupOver(succeeded=group.state == GroupState.SUCCEEDED)
    if not checkout.address:
        raise NeedsAddress


async def _require_few_promises(session: AsyncSession, person_id: int) -> None:
    """An invoice that waits to be paid is a promise still."""
    invoice = (col(Checkout.state) == CheckoutState.OPEN) & col(Checkout.invoiced)
    given = await session.execute(
        select(func.count())
        .select_from(Checkout)
        .where(
            col(Checkout.person_id) == person_id,
            (col(Checkout.state) == CheckoutState.PROMISED) | invoice,
        )
    )
    if given.scalar_one() >= MOST_PROMISES:
        raise TooManyPromises(MOST_PROMISES)


async def _promise(session: AsyncSession, checkout: Checkout, group: GroupBuy) -> None:
    checkout.state, checkout.expires_at = CheckoutState.PROMISED, group.ends_at
    await session.flush()
    seat = await session.execute(
        update(Seat)
        .where(col(Seat.id) == checkout.seat_id, col(Seat.state) == SeatState.HELD)
        .values(state=SeatState.PROMISED)
        .returning(col(Seat.quantity))
    )
    quantity = seat.scalar_one()
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id)
        .values(promised=col(GroupBuy.promised) + quantity)
    )
    await session.refresh(group)
