"""Cash or a transfer: the shopper says it comes, the brand says whether it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.branding import own_live_brand
from commerce.actions.handing import announce_cash, facts_of
from commerce.actions.holding import lock_group_of, release
from commerce.actions.lookup import checkout_of, open_checkout, require_no_promise
from commerce.actions.payments import Charge, take_charge
from commerce.actions.refunding import job_of, settle_refund
from commerce.actions.settling import require_payable
from commerce.actions.telling import Message, tell
from commerce.actions.ways import ways_of
from commerce.actor import Actor, begin
from commerce.payment import CASH
from commerce.refusals import Expired, NotFound
from storage.columns import id_of
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    GroupBuy,
    GroupState,
    Payment,
    Refund,
    RefundState,
    Staff,
)

WAITS = timedelta(hours=48)


async def set_by_hand(actor: Actor, brand_code: str, on: bool, *, note: str = "") -> None:
    """Whether a brand takes cash or transfers, where. Raises NotFound, NotOwner, BrandPending."""
    async with begin(actor, f"desk {brand_code}") as session:
        brand = await own_live_brand(session, actor, brand_code, owner=True)
        brand.by_hand, brand.by_hand_note = on, note


async def may_set(actor: Actor, brand_code: str) -> None:
    """Before somebody fills in a form in vain. Raises NotFound, NotOwner, BrandPending."""
    async with actor.database.read() as session:
        await own_live_brand(session, actor, brand_code, owner=True)


async def pay_by_hand(actor: Actor, code: str, *, now: datetime) -> None:
    """The goods stay held for two days, never past their group's end, and the brand is told.

    Raises NotFound, HoldOver, NeedsAddress, GroupOver, Expired where the brand takes no cash.
    """
    async with begin(actor, f"checkout {code}") as session:
        seen = await checkout_of(session, actor.person_id, code)
        group = await lock_group_of(session, seen.seat_id) if seen.seat_id is not None else None
        checkout = await open_checkout(session, actor, code, now)
        left = checkout.total_minor - checkout.credit_minor
        require_payable(checkout, checkout.currency, left, group, now)
        await require_no_promise(session, checkout)
        if not left or not (await ways_of(session, checkout)).by_hand:
            raise Expired
        checkout.state = CheckoutState.BY_HAND
        checkout.expires_at = _until(group, now)
        await announce_cash(session, checkout, actor.first_name, now=now)


def _until(group: GroupBuy | None, now: datetime) -> datetime:
    undecided = group is not None and group.state == GroupState.OPEN
    return min(now + WAITS, group.ends_at) if group and undecided else now + WAITS


async def confirm_by_hand(actor: Actor, code: str, *, now: datetime) -> None:
    """The brand has the money: one charge, however many of its people say so.

    Money that comes when nothing is held any more is written down too, and goes back.
    Raises NotFound, also to others than the brand's people; Expired when it was said before.
    """
    async with begin(actor) as session:
        checkout = await _of_own_brand(session, actor, code)
        if checkout.state == CheckoutState.OPEN:
            raise Expired
        charge = Charge(
            provider=CASH,
            charge_id=f"{CASH}:{code}",
            provider_charge_id="",
            payload=code,
            currency=checkout.currency,
            amount_minor=checkout.total_minor - checkout.credit_minor,
        )
        payer = replace(actor, person_id=checkout.person_id, bot_id=checkout.bot_id)
        if not await take_charge(session, payer, charge, now=now):
            raise Expired


async def decline_by_hand(actor: Actor, code: str, *, now: datetime) -> None:
    """The money did not come: what was held is let go, and its buyer told.

    Raises NotFound, Expired when that was decided before.
    """
    async with begin(actor) as session:
        checkout = await _of_own_brand(session, actor, code)
        if checkout.state != CheckoutState.BY_HAND:
            raise Expired
        if not await release(session, checkout, now=now):
            raise Expired
        facts = await facts_of(session, checkout.id)
        key = f"cash-missing:{code}"
        message = Message(checkout.bot_id, checkout.person_id, "cash_missing", facts, key)
        await tell(session, [message], now=now)


async def hand_back(actor: Actor, refund_code: str, *, now: datetime) -> None:
    """The brand gave the money back by hand. Raises NotFound, Expired when it said so before."""
    async with begin(actor) as session:
        found = await session.execute(
            select(Refund)
            .join(Payment, col(Payment.id) == col(Refund.payment_id))
            .where(
                col(Refund.code) == refund_code,
                col(Refund.provider) == CASH,
                _is_own(actor, col(Payment.checkout_id)),
            )
            .with_for_update(of=Refund, key_share=True)
        )
        refund = found.scalar_one_or_none()
        if refund is None:
            raise NotFound
        if refund.state == RefundState.DONE:
            raise Expired
        await settle_refund(session, await job_of(session, id_of(refund)), now=now)


async def _of_own_brand(session: AsyncSession, actor: Actor, code: str) -> Checkout:
    """A checkout of a brand that the actor works for, as it is at this moment."""
    found = await session.execute(
        select(Checkout)
        .where(col(Checkout.code) == code, _is_own(actor, col(Checkout.id)))
        .execution_options(populate_existing=True)
    )
    checkout = found.scalar_one_or_none()
    if checkout is None:
        raise NotFound
    return checkout


def _is_own(actor: Actor, checkout_id: object) -> ColumnElement[bool]:
    return (
        select(col(CheckoutLine.id))
        .join(Staff, col(Staff.brand_id) == col(CheckoutLine.brand_id))
        .where(
            col(CheckoutLine.checkout_id) == checkout_id, col(Staff.person_id) == actor.person_id
        )
        .exists()
    )
