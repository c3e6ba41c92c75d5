"""Giving a seat up: a hold or a promise freely, a paid one with its money until the decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import stock
from commerce.actions.holding import free_seat, held_goods, release
from commerce.actions.refunding import give_back_all
from commerce.actor import Actor, begin
from commerce.refusals import Expired, NotFound
from storage.columns import id_of
from storage.tables import (
    Checkout,
    CheckoutState,
    GroupBuy,
    GroupState,
    RefundReason,
    Seat,
    SeatState,
)


async def leave_group(actor: Actor, group_code: str, *, now: datetime) -> None:
    """Frees the actor's seat. Raises NotFound; Expired when there is none, or it is too late."""
    async with begin(actor, f"group {group_code}") as session:
        group = await lock_group(session, group_code)
        seat, checkout = await _seat_in(session, group, actor.person_id)
        if seat.state != SeatState.PAID:
            if not await release(session, checkout, now=now):
                raise Expired
            return
        if group.state != GroupState.OPEN or group.ends_at <= now:
            raise Expired
        await _give_up_paid(session, group, seat, checkout, now)


async def lock_group(session: AsyncSession, code: str) -> GroupBuy:
    """Locked until the end of the transaction. Raises NotFound."""
    found = await session.execute(
        select(GroupBuy).where(col(GroupBuy.code) == code).with_for_update(key_share=True)
    )
    group = found.scalar_one_or_none()
    if group is None:
        raise NotFound
    return group


async def _seat_in(session: AsyncSession, group: GroupBuy, person_id: int) -> tuple[Seat, Checkout]:
    rows = await session.execute(
        select(Seat, Checkout)
        .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
        .where(
            col(Seat.group_id) == group.id,
            col(Seat.person_id) == person_id,
            col(Seat.state) != SeatState.RELEASED,
        )
    )
    row = rows.one_or_none()
    if row is None:
        raise Expired
    return row[0], row[1]


async def _give_up_paid(
    session: AsyncSession, group: GroupBuy, seat: Seat, checkout: Checkout, now: datetime
) -> None:
    """All of the money goes back, shipping included, and the goods to whoever is in line."""
    await session.execute(
        update(Checkout).where(col(Checkout.id) == checkout.id).values(state=CheckoutState.RELEASED)
    )
    goods = await held_goods(session, [id_of(checkout)])
    await free_seat(session, group, id_of(seat), goods[group.deal_id], now)
    await give_back_all(session, checkout, RefundReason.LEFT, now=now)
    await stock.give_back(session, group.deal_id, goods[group.deal_id])
