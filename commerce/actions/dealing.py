"""A brand's own deals: made, paused, extended, ended; every posted card follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.branding import own_brand, own_live_brand
from commerce.actions.listing import own_product_row
from commerce.actions.living import deal_view
from commerce.actions.lookup import phase_of
from commerce.actor import Actor, begin
from commerce.brand_views import OwnDealView
from commerce.refusals import BadDeal, Expired, NotFound
from commerce.rules.ladder import Tier, capacity, is_ladder
from commerce.views import DealLine, Page
from storage import posted
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Brand,
    BrandState,
    Commitment,
    Deal,
    DealKind,
    DealState,
    DealTier,
    GroupBuy,
    GroupState,
    Photo,
    Product,
    ProductState,
    Staff,
    Variant,
)
from storage.texts import LocalizedText

PAGE = 6
LONGEST = timedelta(days=366)
DAY = timedelta(days=1)
MOST_PER_PERSON = 100
RUNNING = (DealState.LIVE, DealState.PAUSED)


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A team deal is one tier, a flash sale none. Without a title it takes the product's."""

    product: str
    kind: DealKind
    price_minor: int
    tiers: tuple[Tier, ...]
    starts_at: datetime
    ends_at: datetime
    stock: int
    per_person: int
    title: LocalizedText | None = None
    commitment: Commitment = Commitment.PAY_NOW


def what_is_wrong(new: NewDeal, list_prices: Sequence[int], now: datetime) -> str | None:
    """Which part of a deal contradicts the others: price, tiers, window, stock; None = sound."""
    grouped = new.kind != DealKind.FLASH
    first = new.tiers[0].price_minor if grouped and new.tiers else new.price_minor
    if grouped and (not is_ladder(new.tiers) or (new.kind == DealKind.TEAM and len(new.tiers) > 1)):
        return "tiers"
    if first <= 0 or any(first >= price for price in list_prices):
        return "price"
    if not now < new.ends_at <= now + LONGEST or new.ends_at <= new.starts_at:
        return "window"
    least = capacity(new.tiers) if grouped else 1
    if new.stock < least or not 0 < new.per_person <= MOST_PER_PERSON:
        return "stock"
    return None


async def create_deal(actor: Actor, new: NewDeal, *, now: datetime) -> str:
    """Its code; it is live at once, or from its start on.

    Raises NotFound for a foreign or hidden product, BrandPending, BadDeal.
    """
    code = new_code()
    async with begin(actor, f"deal {code}") as session:
        product, brand = await own_product_row(session, actor, new.product)
        await own_live_brand(session, actor, brand.code)
        if product.state != ProductState.LIVE:
            raise NotFound
        prices = await session.execute(
            select(col(Variant.price_minor)).where(col(Variant.product_id) == product.id)
        )
        wrong = what_is_wrong(new, prices.scalars().all(), now)
        if wrong:
            raise BadDeal(wrong)
        tiers = new.tiers if new.kind != DealKind.FLASH else ()
        deal = Deal(
            code=code,
            brand_id=id_of(brand),
            product_id=id_of(product),
            kind=new.kind,
            title=new.title or product.title,
            state=DealState.LIVE,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            price_minor=tiers[0].price_minor if tiers else new.price_minor,
            stock_left=new.stock,
            per_person=new.per_person,
            commitment=new.commitment if tiers else Commitment.PAY_NOW,
            created_at=now,
        )
        session.add(deal)
        await session.flush()
        session.add_all(
            DealTier(deal_id=id_of(deal), buyers=t.buyers, price_minor=t.price_minor) for t in tiers
        )
    return code


async def own_deals(
    actor: Actor, brand_code: str, page: int, *, now: datetime, running: bool = False
) -> Page[DealLine]:
    """Running ones by their end, then those that are over. Raises NotFound."""
    async with actor.database.read() as session:
        brand = await own_brand(session, actor, brand_code)
        over = (col(Deal.state) == DealState.ENDED) | (col(Deal.ends_at) <= now)
        statement = (
            select(Deal, col(Product.from_minor), col(Photo.picture_key))
            .join(Product, col(Product.id) == col(Deal.product_id))
            .join(
                Photo,
                (col(Photo.product_id) == col(Product.id)) & (col(Photo.position) == 0),
                isouter=True,
            )
            .where(col(Deal.brand_id) == brand.id)
        )
        if running:
            statement = statement.where(~over, col(Deal.state) == DealState.LIVE)
        rows = await session.execute(
            statement.order_by(over, col(Deal.ends_at), col(Deal.id))
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        found = [
            DealLine(
                code=deal.code,
                kind=deal.kind,
                title=deal.title,
                price_minor=deal.price_minor,
                list_minor=list_minor,
                currency=brand.currency,
                starts_at=deal.starts_at,
                ends_at=deal.ends_at,
                phase=phase_of(deal, now),
                photo=photo,
            )
            for deal, list_minor, photo in rows
        ]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)


async def own_deal(actor: Actor, code: str, *, now: datetime) -> OwnDealView:
    """Raises NotFound, also for another brand's."""
    async with actor.database.read() as session:
        deal = await own_deal_row(session, actor, code)
        groups = await session.execute(
            select(func.count())
            .select_from(GroupBuy)
            .where(
                col(GroupBuy.deal_id) == deal.id,
                col(GroupBuy.state) == GroupState.OPEN,
                col(GroupBuy.ends_at) > now,
            )
        )
        open_groups = groups.scalar_one()
    view = await deal_view(actor.database, deal_id=id_of(deal), now=now)
    return OwnDealView(view, deal.state, open_groups)


async def own_deal_row(
    session: AsyncSession, actor: Actor, code: str, *, lock: bool = False
) -> Deal:
    statement = (
        select(Deal)
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Deal.code) == code,
            col(Brand.state) == BrandState.LIVE,
            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock:
        statement = statement.with_for_update(of=Deal, key_share=True)
    deal = (await session.execute(statement)).scalar_one_or_none()
    if deal is None:
        raise NotFound
    return deal


async def pause_deal(actor: Actor, code: str, *, now: datetime) -> None:
    """Nothing is sold until it goes on. Raises NotFound; Expired when it is paused or over."""
    await _change(actor, code, now, (DealState.LIVE,), state=DealState.PAUSED)


async def resume_deal(actor: Actor, code: str, *, now: datetime) -> None:
    """Raises NotFound; Expired when it is not paused, or over."""
    await _change(actor, code, now, (DealState.PAUSED,), state=DealState.LIVE)


async def end_deal(actor: Actor, code: str, *, now: datetime) -> None:
    """Sells nothing more from now on and opens no new groups.

    Groups that are open keep the deadline that their members were promised. Raises NotFound;
    Expired when it is over.
    """
    await _change(actor, code, now, RUNNING, state=DealState.ENDED, ends_at=now)


async def extend_deal(actor: Actor, code: str, shown_end: int, *, now: datetime) -> None:
    """One day more than `shown_end` (Unix seconds, as the button was drawn), so that a second
    tap adds no second day. Raises NotFound, Expired, and BadDeal past a year.
    """
    await _change(actor, code, now, RUNNING, shown_end=shown_end)


async def _change(
    actor: Actor,
    code: str,
    now: datetime,
    possible: Sequence[DealState],
    *,
    shown_end: int | None = None,
    **values: Any,
) -> None:
    async with begin(actor) as session:
        deal = await own_deal_row(session, actor, code, lock=True)
        if deal.state not in possible or deal.ends_at <= now:
            raise Expired
        if shown_end is not None:
            values["ends_at"] = _a_day_longer(deal, shown_end, now)
        for name, value in values.items():
            setattr(deal, name, value)
        if deal.ends_at <= deal.starts_at:  # ended before it began
            deal.starts_at = deal.ends_at - timedelta(seconds=1)
        session.add(deal)
        await session.flush()
        await posted.stale(session, "deal", id_of(deal))


def _a_day_longer(deal: Deal, shown_end: int, now: datetime) -> datetime:
    if int(deal.ends_at.timestamp()) != shown_end:
        raise Expired
    if deal.ends_at + DAY > now + LONGEST:
        raise BadDeal("window")
    return deal.ends_at + DAY
