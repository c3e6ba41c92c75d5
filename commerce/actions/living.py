"""Deals and groups as their cards show them, for anybody, at any moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.lookup import phase_of
from commerce.actions.pricing import first_photo, list_price
from commerce.refusals import NotFound
from commerce.rules.ladder import Tier
from commerce.views import DealView, GroupView, OpenGroup
from storage import posted
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Deal,
    DealState,
    DealTier,
    GroupBuy,
    GroupState,
    Person,
    Product,
    Seat,
    SeatState,
)

SHOWN_GROUPS = 4


async def deal_view(
    database: Database, *, code: str | None = None, deal_id: int | None = None, now: datetime
) -> DealView:
    """By code (a live brand's, no draft) or by id. Raises NotFound."""
    async with database.read() as session:
        return await read_deal(session, code=code, deal_id=deal_id, now=now)


async def read_deal(
    session: AsyncSession, *, code: str | None = None, deal_id: int | None = None, now: datetime
) -> DealView:
    """As `deal_view`, inside a transaction."""
    which = (
        (col(Deal.id) == deal_id)
        if deal_id is not None
        else (col(Deal.code) == code)
        & (col(Deal.state) != DealState.DRAFT)
        & (col(Brand.state) == BrandState.LIVE)
    )
    rows = await session.execute(
        select(Deal, Product, Brand, list_price(), first_photo(), DealTier)
        .join(Product, col(Product.id) == col(Deal.product_id))
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .join(DealTier, col(DealTier.deal_id) == col(Deal.id), isouter=True)
        .where(which)
        .order_by(col(DealTier.buyers))
    )
    found = rows.all()
    if not found:
        raise NotFound
    deal, product, brand, list_minor, photo, _ = found[0]
    return DealView(
        id=id_of(deal),
        code=deal.code,
        kind=deal.kind,
        title=deal.title,
        product_code=product.code,
        product_title=product.title,
        description=product.description,
        brand_code=brand.code,
        brand_name=brand.name,
        brand_emoji=brand.emoji,
        currency=brand.currency,
        list_minor=list_minor,
        price_minor=deal.price_minor,
        tiers=tuple(Tier(t.buyers, t.price_minor) for *_, t in found if t is not None),
        stock_left=deal.stock_left,
        per_person=deal.per_person,
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        phase=phase_of(deal, now),
        photo=photo,
        groups=await _open_groups(session, id_of(deal), now),
    )


async def _open_groups(session: AsyncSession, deal_id: int, now: datetime) -> tuple[OpenGroup, ...]:
    """Groups with a free seat and at least one payer, the fullest first."""
    rows = await session.execute(
        select(GroupBuy, col(Person.first_name))
        .join(Person, col(Person.id) == col(GroupBuy.host_id))
        .where(
            col(GroupBuy.deal_id) == deal_id,
            col(GroupBuy.state) == GroupState.OPEN,
            col(GroupBuy.ends_at) > now,
            col(GroupBuy.seats_left) > 0,
            col(GroupBuy.paid) > 0,
        )
        .order_by(col(GroupBuy.seats_left), col(GroupBuy.ends_at))
        .limit(SHOWN_GROUPS)
    )
    return tuple(OpenGroup(g.code, host, g.paid, g.capacity, g.ends_at) for g, host in rows)


async def group_view(
    database: Database, *, code: str | None = None, group_id: int | None = None
) -> GroupView:
    """By code or by id. Raises NotFound."""
    which = (col(GroupBuy.id) == group_id) if group_id is not None else (col(GroupBuy.code) == code)
    async with database.read() as session:
        rows = await session.execute(
            select(GroupBuy, Deal, Brand, list_price(), first_photo(), DealTier)
            .join(Deal, col(Deal.id) == col(GroupBuy.deal_id))
            .join(Brand, col(Brand.id) == col(Deal.brand_id))
            .join(DealTier, col(DealTier.deal_id) == col(Deal.id))
            .where(which)
            .order_by(col(DealTier.buyers))
        )
        found = rows.all()
        if not found:
            raise NotFound
        group, deal, brand, list_minor, photo, _ = found[0]
        members = await _members(session, id_of(group))
        host = await session.get_one(Person, group.host_id)
    return GroupView(
        id=id_of(group),
        code=group.code,
        state=group.state,
        deal_code=deal.code,
        kind=deal.kind,
        title=deal.title,
        brand_name=brand.name,
        brand_emoji=brand.emoji,
        currency=brand.currency,
        list_minor=list_minor,
        tiers=tuple(Tier(t.buyers, t.price_minor) for *_, t in found),
        capacity=group.capacity,
        seats_left=group.seats_left,
        paid=group.paid,
        host_name=host.first_name,
        members=members,
        ends_at=group.ends_at,
        final_minor=group.final_minor,
        photo=photo,
    )


async def keep_true(database: Database, view: GroupView) -> None:
    """After a copy of this view was remembered: if the group changed meanwhile, it is stale."""
    if await group_view(database, group_id=view.id) != view:
        async with database.begin() as session:
            await posted.stale(session, "group", view.id)


async def _members(session: AsyncSession, group_id: int) -> tuple[str, ...]:
    rows = await session.execute(
        select(col(Person.first_name))
        .join(Seat, col(Seat.person_id) == col(Person.id))
        .where(col(Seat.group_id) == group_id, col(Seat.state) == SeatState.PAID)
        .order_by(col(Seat.taken_at), col(Seat.id))
    )
    return tuple(rows.scalars().all())
