"""A brand's word on its open groups: taken as they are, or given a day more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.dealing import own_deal_row
from commerce.actions.deciding import prices_shown, succeed
from commerce.actions.leaving import lock_group
from commerce.actions.living import group_view
from commerce.actions.lookup import tiers_of
from commerce.actor import Actor, begin
from commerce.brand_views import OwnGroup, OwnGroupView
from commerce.refusals import Expired
from commerce.rules.ladder import final_price
from commerce.views import Page
from storage import posted
from storage.columns import id_of
from storage.tables import Deal, GroupBuy, GroupState, Person

DAY = timedelta(days=1)
PAGE = 6


async def own_groups(actor: Actor, deal_code: str, page: int, *, now: datetime) -> Page[OwnGroup]:
    """Open groups of an own deal, by their end. Raises NotFound, also for another brand's."""
    async with actor.database.read() as session:
        deal = await own_deal_row(session, actor, deal_code)
        rows = await session.execute(
            select(GroupBuy, col(Person.first_name))
            .join(Person, col(Person.id) == col(GroupBuy.host_id))
            .where(
                col(GroupBuy.deal_id) == deal.id,
                col(GroupBuy.state) == GroupState.OPEN,
                col(GroupBuy.ends_at) > now,
            )
            .order_by(col(GroupBuy.ends_at), col(GroupBuy.id))
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        found = [
            OwnGroup(g.code, host, g.paid, g.promised, g.capacity, g.ends_at) for g, host in rows
        ]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)


async def own_group(actor: Actor, group_code: str) -> OwnGroupView:
    """A group of an own deal as it stands. Raises NotFound, also for another brand's."""
    view = await group_view(actor.database, code=group_code)
    async with actor.database.read() as session:
        deal = await own_deal_row(session, actor, view.deal_code)
        shown = await prices_shown(session, view.id)
    price = final_price(view.tiers, view.counted, shown)
    return OwnGroupView(view, price, deal.ends_at)


async def accept_group(actor: Actor, group_code: str, *, now: datetime) -> None:
    """An open group succeeds as it is, at the price reached; below the first tier at that one's.

    Raises NotFound, also for another brand's; Expired when it is over, or nobody is in it.
    """
    async with begin(actor) as session:
        group = await _own_open_group(session, actor, group_code, now)
        if not group.paid + group.promised:
            raise Expired
        tiers = await tiers_of(session, group.deal_id)
        await succeed(session, group, tiers, now, accepted=True)


async def extend_group(actor: Actor, group_code: str, shown_end: int, *, now: datetime) -> None:
    """A day more than `shown_end` (Unix seconds, as the button was drawn), so that a second tap
    adds no second day; never past the deal's end. Raises NotFound, Expired.
    """
    async with begin(actor) as session:
        group = await _own_open_group(session, actor, group_code, now)
        deal = await session.get_one(Deal, group.deal_id)
        await session.refresh(deal, with_for_update={"key_share": True})
        ends_at = min(group.ends_at + DAY, deal.ends_at)
        if int(group.ends_at.timestamp()) != shown_end or ends_at <= group.ends_at:
            raise Expired
        group.ends_at = ends_at
        await session.flush()
        await posted.stale(session, "group", id_of(group))
        await posted.stale(session, "deal", group.deal_id)


async def _own_open_group(
    session: AsyncSession, actor: Actor, code: str, now: datetime
) -> GroupBuy:
    group = await lock_group(session, code)
    deal = await session.get_one(Deal, group.deal_id)
    await own_deal_row(session, actor, deal.code)
    if group.state != GroupState.OPEN or group.ends_at <= now:
        raise Expired
    return group
