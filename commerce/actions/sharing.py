"""What inline mode finds, and remembering the cards that it posted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from commerce.actions.browsing import deals_page
from commerce.actions.living import deal_view, group_view
from commerce.actor import Actor
from commerce.views import DealView, GroupView
from storage import posted
from storage.tables import GroupBuy, GroupState, Seat, SeatState

MOST = 10


async def shareable(
    actor: Actor, *, now: datetime
) -> tuple[tuple[GroupView, ...], tuple[DealView, ...]]:
    """The actor's own open groups, then the deals that end first."""
    async with actor.database.read() as session:
        rows = await session.execute(
            select(col(GroupBuy.id))
            .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
            .where(
                col(Seat.person_id) == actor.person_id,
                col(Seat.state) != SeatState.RELEASED,
                col(GroupBuy.state) == GroupState.OPEN,
            )
            .order_by(col(GroupBuy.ends_at))
            .limit(MOST)
        )
        ids = rows.scalars().all()
    groups = [await group_view(actor.database, group_id=i) for i in ids]
    page = await deals_page(actor, 0, now=now, size=MOST)
    deals = [await deal_view(actor.database, code=d.code, now=now) for d in page.items]
    return tuple(groups), tuple(deals)


async def remember_inline(
    actor: Actor, inline_id: str, kind: str, subject_id: int, *, photo: bool
) -> None:
    """A card was posted into some chat: from now on it follows its subject.

    It is drawn again at once, since something may have changed while it was on its way.
    """
    async with actor.database.begin() as session:
        await posted.remember(
            session,
            posted.Copy(
                bot_id=actor.bot_id,
                kind=kind,
                subject_id=subject_id,
                inline_id=inline_id,
                locale=actor.locale,
                timezone=actor.timezone,
                photo=photo,
            ),
            stale_after=0,
        )
