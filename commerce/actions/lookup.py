"""Finding rows by what a press carries. A foreign id and a missing id are the same: NotFound."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actor import Actor
from commerce.payment import needs_address
from commerce.refusals import DealNotOpen, Expired, HoldOver, NotFound
from commerce.rules.ladder import Tier
from commerce.rules.windows import Phase, phase
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    CheckoutState,
    Commitment,
    Deal,
    DealState,
    DealTier,
    GroupBuy,
    Product,
    ProductState,
    Seat,
    Variant,
)


async def deal_by_code(session: AsyncSession, code: str) -> Deal:
    """A deal of a live brand; drafts are nobody's."""
    found = await session.execute(
        select(Deal)
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .where(
            col(Deal.code) == code,
            col(Deal.state) != DealState.DRAFT,
            col(Brand.state) == BrandState.LIVE,
        )
    )
    deal = found.scalar_one_or_none()
    if deal is None:
        raise NotFound
    return deal


async def group_by_code(session: AsyncSession, code: str) -> GroupBuy:
    found = await session.execute(select(GroupBuy).where(col(GroupBuy.code) == code))
    group = found.scalar_one_or_none()
    if group is None:
        raise NotFound
    return group


async def checkout_of(session: AsyncSession, person_id: int, code: str) -> Checkout:
    found = await session.execute(
        select(Checkout).where(col(Checkout.code) == code, col(Checkout.person_id) == person_id)
    )
    checkout = found.scalar_one_or_none()
    if checkout is None:
        raise NotFound
    return checkout


async def open_checkout(session: AsyncSession, actor: Actor, code: str, now: datetime) -> Checkout:
    """The actor's own, locked, while it is held. Raises NotFound, Expired, HoldOver."""
    found = await session.execute(
        select(Checkout)
        .where(col(Checkout.code) == code, col(Checkout.person_id) == actor.person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    checkout = found.scalar_one_or_none()
    if checkout is None:
        raise NotFound
    require_held(checkout, now)
    return checkout


def require_held(checkout: Checkout, now: datetime) -> None:
    """Raises Expired once it is promised, paid or on its way by hand, HoldOver when it was let
    go."""
    if checkout.state in (CheckoutState.PROMISED, CheckoutState.PAID, CheckoutState.BY_HAND):
        raise Expired
    if checkout.state != CheckoutState.OPEN or checkout.expires_at <= now:
        raise HoldOver


async def require_no_promise(session: AsyncSession, checkout: Checkout) -> None:
    """Raises Expired where a promise is asked for, and no money yet."""
    if await promise_minutes(session, checkout) is not None:
        raise Expired


async def promise_minutes(session: AsyncSession, checkout: Checkout) -> int | None:
    """Where a seat is taken by a promise and no money: how long its invoice can be paid."""
    if checkout.seat_id is None or checkout.invoiced:
        return None
    found = await session.execute(
        select(col(Deal.commitment), col(Deal.pay_minutes))
        .join(GroupBuy, col(GroupBuy.deal_id) == col(Deal.id))
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == checkout.seat_id)
    )
    commitment, minutes = found.one()
    return minutes if commitment == Commitment.PROMISE else None


async def tiers_of(session: AsyncSession, deal_id: int) -> tuple[Tier, ...]:
    rows = await session.execute(
        select(col(DealTier.buyers), col(DealTier.price_minor))
        .where(col(DealTier.deal_id) == deal_id)
        .order_by(col(DealTier.buyers))
    )
    return tuple(Tier(buyers, price) for buyers, price in rows)


async def variants_of(session: AsyncSession, product_id: int) -> Sequence[Variant]:
    rows = await session.execute(
        select(Variant)
        .where(col(Variant.product_id) == product_id)
        .order_by(col(Variant.position), col(Variant.id))
    )
    return rows.scalars().all()


async def variant_by_code(session: AsyncSession, code: str) -> tuple[Variant, Product, Brand]:
    """A variant that anybody may buy."""
    found = await session.execute(
        select(Variant, Product, Brand)
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(
            col(Variant.code) == code,
            col(Product.state) == ProductState.LIVE,
            col(Brand.state) == BrandState.LIVE,
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    variant, product, brand = row
    return variant, product, brand


def phase_of(deal: Deal, now: datetime) -> Phase:
    return phase(
        paused=deal.state == DealState.PAUSED,
        ended=deal.state == DealState.ENDED,
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        stock_left=deal.stock_left,
        now=now,
    )


def require_live(deal: Deal, now: datetime) -> None:
    """Raises DealNotOpen unless the deal sells at `now`. Stock is for the taker to find out."""
    found = phase_of(deal, now)
    if found not in (Phase.LIVE, Phase.SOLD_OUT):
        raise DealNotOpen(found, deal.starts_at)


async def require_still_live(session: AsyncSession, deal: Deal, now: datetime) -> None:
    """After its stock was taken: the row is ours now, so nobody pauses or ends it any more."""
    fresh = select(Deal).where(col(Deal.id) == deal.id).execution_options(populate_existing=True)
    require_live((await session.execute(fresh)).scalar_one(), now)


async def currency_of(session: AsyncSession, brand_id: int) -> tuple[str, int]:
    """The brand's currency and its flat shipping, in minor units; nothing digital is sent."""
    row = await session.execute(
        select(col(Brand.currency), col(Brand.shipping_minor)).where(col(Brand.id) == brand_id)
    )
    currency, shipping = row.one()
    return currency, shipping if needs_address(currency) else 0


async def first_in_stock(session: AsyncSession, product_id: int, quantity: int) -> Variant:
    """The first variant that can be sold; the first of all where none can."""
    variants = await variants_of(session, product_id)
    if not variants:
        raise NotFound
    return next((v for v in variants if v.stock_left >= quantity), variants[0])
