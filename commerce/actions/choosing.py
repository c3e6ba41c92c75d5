"""A late payer's three choices: the next group, the single price, the money back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.groups import first_with_room, hold_seat, new_group
from commerce.actions.holding import hold, one_at_a_time
from commerce.actions.late import Wanted, can_open, next_groups, no_longer_late, wanted_by
from commerce.actions.lookup import checkout_of, require_still_live
from commerce.actions.refunding import ask_refund, send_back, tell_started
from commerce.actions.settling import settle
from commerce.actor import Actor, begin
from commerce.refusals import ChoiceGone, DealNotOpen, Expired, OverLimit, SoldOut
from storage import posted
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    BrandState,
    Checkout,
    CheckoutState,
    Commitment,
    GroupBuy,
    Order,
    Payment,
    ProductState,
    RefundReason,
)

GONE = (SoldOut, OverLimit, DealNotOpen)


async def choose_next_group(actor: Actor, code: str, *, now: datetime) -> str:
    """Late money takes a seat in the next group of its deal, or in a new one. The group's code.

    What it paid too much goes back. Raises ChoiceGone, Expired, NotFound, TooManyHolds.
    """
    try:
        async with begin(actor, f"late {code}") as session:
            wanted = await _chosen(session, actor, code)
            if wanted.deal is None or wanted.deal.commitment != Commitment.PAY_NOW:
                raise ChoiceGone
            group = await _next_group(session, actor, wanted, now)
            checkout = await hold_seat(
                session,
                actor,
                wanted.deal,
                group,
                new_code(),
                now,
                variant=wanted.variant,
                quantity=wanted.line.quantity,
            )
            if group.host_id == actor.person_id:  # opened just now
                await require_still_live(session, wanted.deal, now)
            await _pay(session, wanted, checkout, group, now)
            return group.code
    except GONE:
        raise ChoiceGone from None


async def _next_group(
    session: AsyncSession, actor: Actor, wanted: Wanted, now: datetime
) -> GroupBuy:
    """With the seat counted already."""
    quantity = wanted.line.quantity
    found = await next_groups(session, wanted, now)
    group = await first_with_room(session, found, now, quantity)
    if group is not None:
        await posted.stale(session, "group", id_of(group))
        return group
    if wanted.deal is None or not can_open(wanted, now):
        raise ChoiceGone
    return await new_group(session, actor, wanted.deal, new_code(), now, quantity)


async def choose_single(actor: Actor, code: str, *, now: datetime) -> str:
    """Late money buys the same at its list price, as far as it reaches. The order's code.

    Raises ChoiceGone, Expired, NotFound, TooManyHolds.
    """
    try:
        async with begin(actor, f"late {code}") as session:
            wanted = await _chosen(session, actor, code)
            checkout = await hold(
                session,
                actor,
                code=new_code(),
                variant=wanted.variant,
                brand_id=id_of(wanted.brand),
                deal=None,
                seat=None,
                quantity=wanted.line.quantity,
                unit_minor=wanted.variant.price_minor,
                currency=wanted.checkout.currency,
                shipping_minor=wanted.brand.shipping_minor,
                expires_at=now,
                now=now,
            )
            await _pay(session, wanted, checkout, None, now)
            order = select(col(Order.code)).where(col(Order.checkout_id) == checkout.id)
            return (await session.execute(order)).scalar_one()
    except GONE:
        raise ChoiceGone from None


async def choose_refund(actor: Actor, code: str, *, now: datetime) -> None:
    """Late money goes back. Raises Expired, NotFound."""
    async with begin(actor, f"late {code}") as session:
        await one_at_a_time(session, actor)
        payment = await _claim(session, actor, code)
        await send_back(session, payment, RefundReason.CHOSEN, now=now)


async def _chosen(session: AsyncSession, actor: Actor, code: str) -> Wanted:
    """The late money, ours from now on, and what it was for."""
    await one_at_a_time(session, actor)
    wanted = await wanted_by(session, await _claim(session, actor, code))
    if wanted is None or wanted.product.state != ProductState.LIVE:
        raise ChoiceGone
    if wanted.brand.state != BrandState.LIVE:
        raise ChoiceGone
    return wanted


async def _claim(session: AsyncSession, actor: Actor, code: str) -> Payment:
    checkout = await checkout_of(session, actor.person_id, code)
    payment = await no_longer_late(session, col(Payment.checkout_id) == checkout.id)
    if payment is None:
        raise Expired
    return payment


async def _pay(
    session: AsyncSession,
    wanted: Wanted,
    checkout: Checkout,
    group: GroupBuy | None,
    now: datetime,
) -> None:
    """The late payment is this checkout's from now on; what is left of it goes back."""
    payment, before = wanted.payment, wanted.checkout
    left = wanted.paid_minor - checkout.total_minor
    if left < 0:
        raise ChoiceGone
    checkout.address, checkout.country = before.address, before.country
    checkout.state = CheckoutState.PAID
    payment.checkout_id = id_of(checkout)
    await session.flush()
    if left:
        await ask_refund(session, payment, RefundReason.SURPLUS, left, now=now)
        await tell_started(session, payment, RefundReason.SURPLUS, left, now=now)
    await settle(session, checkout, group, now)
