"""A hold that ran out a moment too soon: taken again for money that came after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import stock
from commerce.actions.holding import held_goods, require_under_limit
from commerce.actions.lookup import phase_of
from commerce.refusals import OverLimit
from commerce.rules.windows import Phase
from storage.columns import id_of
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    CheckoutLine,
    CheckoutState,
    Deal,
    DealKind,
    GroupBuy,
    GroupState,
    Product,
    ProductState,
    Seat,
    SeatState,
    Variant,
)


async def take_again(
    session: AsyncSession, checkout: Checkout, group: GroupBuy | None, now: datetime
) -> bool:
    """Opens a released checkout again when all that it held is still to be had.

    Not what its person let go of before its time; not what leaned on a coupon or on credit.
    The caller has locked person, group and checkout; seat, deals and variants follow here.
    """
    if not _ran_out(checkout, now) or not await _still_sold(session, checkout):
        return False
    seat = await _seat(session, checkout)
    if seat is not None and not (group and await _seat_is_free(session, seat, group, now)):
        return False
    goods = await held_goods(session, [id_of(checkout)])
    if not await _deals_go_on(session, checkout, goods, now):
        return False
    if not await stock.are_there(session, goods):
        return False
    if seat is not None and group is not None:
        await _sit_down_again(session, seat, group)
    await _take_all(session, goods)
    checkout.state = CheckoutState.OPEN
    await session.flush()
    return True


def _ran_out(checkout: Checkout, now: datetime) -> bool:
    over = checkout.state == CheckoutState.RELEASED and checkout.expires_at <= now
    return over and not checkout.credit_minor and checkout.coupon_id is None


async def _take_all(session: AsyncSession, goods: Mapping[int | None, Counter[int]]) -> None:
    for deal_id, quantities in goods.items():
        for variant_id, quantity in sorted(quantities.items()):
            await stock.take(session, variant_id, deal_id, quantity)


async def _seat(session: AsyncSession, checkout: Checkout) -> Seat | None:
    found = await session.execute(
        select(Seat).where(col(Seat.id) == checkout.seat_id).with_for_update(key_share=True)
    )
    return found.scalar_one_or_none()


async def _seat_is_free(session: AsyncSession, seat: Seat, group: GroupBuy, now: datetime) -> bool:
    """Room in a group that goes on, and its person has no other seat there by now."""
    if group.state != GroupState.OPEN or group.ends_at <= now:
        return False
    another = await session.execute(
        select(func.count())
        .select_from(Seat)
        .where(
            col(Seat.group_id) == group.id,
            col(Seat.person_id) == seat.person_id,
            col(Seat.state) != SeatState.RELEASED,
        )
    )
    return group.seats_left >= seat.quantity and not another.scalar_one()


async def _still_sold(session: AsyncSession, checkout: Checkout) -> bool:
    """Whether neither a product nor its brand was taken off the shelf."""
    gone = await session.execute(
        select(func.count())
        .select_from(CheckoutLine)
        .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(
            col(CheckoutLine.checkout_id) == checkout.id,
            (col(Product.state) != ProductState.LIVE) | (col(Brand.state) != BrandState.LIVE),
        )
    )
    return not gone.scalar_one()


async def _deals_go_on(
    session: AsyncSession,
    checkout: Checkout,
    goods: Mapping[int | None, Counter[int]],
    now: datetime,
) -> bool:
    """A flash price while it is on; a seat unless the deal is paused. Within the cap, too."""
    rows = await session.execute(
        select(Deal)
        .where(col(Deal.id).in_([d for d in goods if d is not None]))
        .order_by(col(Deal.id))
        .with_for_update(key_share=True)
    )
    for deal in rows.scalars().all():
        phase = phase_of(deal, now)
        if phase == Phase.PAUSED or (phase == Phase.ENDED and deal.kind == DealKind.FLASH):
            return False
        try:
            wanted = goods[deal.id].total()
            await require_under_limit(session, deal, checkout.person_id, wanted)
        except OverLimit:
            return False
    return True


async def _sit_down_again(session: AsyncSession, seat: Seat, group: GroupBuy) -> None:
    seat.state = SeatState.HELD
    await session.execute(
        update(GroupBuy)
        .where(col(GroupBuy.id) == group.id, col(GroupBuy.seats_left) >= seat.quantity)
        .values(seats_left=col(GroupBuy.seats_left) - seat.quantity)
    )
    await session.flush()
    await session.refresh(group)
