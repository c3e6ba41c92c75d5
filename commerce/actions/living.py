"""Deals and groups as their cards show them, for anybody, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.pricing import first_photo, list_price
from commerce.refusals import NotFound
from commerce.rules.ladder import Tier
from commerce.rules.windows import phase
from commerce.views import DealView, GroupView, OpenGroup
from storage import posted
from storage.columns import id_of
from storage.database import Database
from storage.quick import QuickStatement
from storage.tables import (
    Brand,
    BrandState,
    Commitment,
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
    rows = await DEAL.rows(database, code=code, deal_id=deal_id)
    groups = [] if not rows else await OPEN_GROUPS.rows(database, deal_id=rows[0].id, now=now)
    return _deal_view(rows, groups, now)


async def read_deal(session: AsyncSession, *, deal_id: int, now: datetime) -> DealView:
    """As `deal_view`, inside a transaction."""
    rows = await session.execute(DEAL.statement, {"code": None, "deal_id": deal_id})
    groups = await session.execute(OPEN_GROUPS.statement, {"deal_id": deal_id, "now": now})
    return _deal_view(rows.all(), groups.all(), now)


def _deal_view(rows: Sequence[Any], groups: Sequence[Any], now: datetime) -> DealView:
    if not rows:
        raise NotFound
    deal = rows[0]
    return DealView(
        id=deal.id,
        code=deal.code,
        kind=deal.kind,
        title=deal.title,
        product_code=deal.product_code,
        product_title=deal.product_title,
        description=deal.description,
        brand_code=deal.brand_code,
        brand_name=deal.brand_name,
        brand_emoji=deal.brand_emoji,
        currency=deal.currency,
        list_minor=deal.list_minor,
        price_minor=deal.price_minor,
        tiers=tuple(Tier(t.tier_buyers, t.tier_minor) for t in rows if t.tier_buyers is not None),
        stock_left=deal.stock_left,
        per_person=deal.per_person,
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        phase=phase(
            paused=deal.state == DealState.PAUSED,
            ended=deal.state == DealState.ENDED,
            starts_at=deal.starts_at,
            ends_at=deal.ends_at,
            stock_left=deal.stock_left,
            now=now,
        ),
        photo=deal.photo,
        groups=tuple(OpenGroup(*group) for group in groups),
        by_promise=deal.commitment == Commitment.PROMISE,
    )


def _deal() -> QuickStatement:
    """A line a tier, or one without tiers."""
    by_code = (
        (col(Deal.code) == bindparam("code"))
        & (col(Deal.state) != DealState.DRAFT)
        & (col(Brand.state) == BrandState.LIVE)
    )
    return QuickStatement(
        select(
            *Deal.metadata.tables["deal"].c,
            col(Product.code).label("product_code"),
            col(Product.title).label("product_title"),
            col(Product.description),
            col(Brand.code).label("brand_code"),
            col(Brand.name).label("brand_name"),
            col(Brand.emoji).label("brand_emoji"),
            col(Brand.currency),
            list_price().label("list_minor"),
            first_photo().label("photo"),
            col(DealTier.buyers).label("tier_buyers"),
            col(DealTier.price_minor).label("tier_minor"),
        )
        .join(Product, col(Product.id) == col(Deal.product_id))
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .join(DealTier, col(DealTier.deal_id) == col(Deal.id), isouter=True)
        .where(by_code | (col(Deal.id) == bindparam("deal_id", type_=Integer)))
        .order_by(col(DealTier.buyers))
    )


def _open_groups() -> QuickStatement:
    """Groups with a free seat and at least one who paid or promised, the fullest first."""
    return QuickStatement(
        select(
            col(GroupBuy.code),
            col(Person.first_name),
            col(GroupBuy.paid) + col(GroupBuy.promised),
            col(GroupBuy.capacity),
            col(GroupBuy.ends_at),
        )
        .join(Person, col(Person.id) == col(GroupBuy.host_id))
        .where(
            col(GroupBuy.deal_id) == bindparam("deal_id"),
            col(GroupBuy.state) == GroupState.OPEN,
            col(GroupBuy.ends_at) > bindparam("now"),
            col(GroupBuy.seats_left) > 0,
            col(GroupBuy.paid) + col(GroupBuy.promised) > 0,
        )
        .order_by(col(GroupBuy.seats_left), col(GroupBuy.ends_at))
        .limit(literal_column(str(SHOWN_GROUPS)))
    )


DEAL, OPEN_GROUPS = _deal(), _open_groups()


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
        promised=group.promised,
        accepted=group.accepted,
        by_promise=deal.commitment == Commitment.PROMISE,
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
        .where(
            col(Seat.group_id) == group_id,
            col(Seat.state).in_((SeatState.PAID, SeatState.PROMISED)),
        )
        .order_by(col(Seat.taken_at), col(Seat.id))
    )
    return tuple(rows.scalars().all())
