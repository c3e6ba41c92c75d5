"""Broadcasts to a brand's followers: written down for all of them in one statement."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.branding import own_brand, own_live_brand
from commerce.actions.dealing import own_deal_row
from commerce.actions.living import read_deal
from commerce.actor import Actor, begin
from commerce.brand_views import BroadcastLine, BroadcastReport
from commerce.refusals import DealNotOpen, Expired, NotFound, TooSoon
from commerce.rules.windows import Phase
from commerce.views import DealView, Page
from storage.codes import new_code
from storage.columns import id_of
from storage.outbox import OUTBOX, ROW
from storage.tables import (
    Brand,
    BrandState,
    Broadcast,
    BroadcastState,
    Deal,
    Follow,
    OutboxClass,
    OutboxState,
    Person,
    Staff,
)

PAGE = 6
EVERY = timedelta(days=1)
LOW_LANE = 1
WAITING = (OutboxState.NEW, OutboxState.CLAIMED)
ON_ITS_WAY = (*WAITING, OutboxState.SENDING)


async def receivers(actor: Actor, brand_code: str) -> int:
    """How many followers a broadcast would go to now. Raises NotFound."""
    async with actor.database.read() as session:
        brand = await own_brand(session, actor, brand_code)
        found = await session.execute(
            select(func.count()).select_from(_followers(id_of(brand)).subquery())
        )
        return found.scalar_one()


def _followers(brand_id: int) -> Select[Any]:
    return (
        select(Person)
        .join(Follow, col(Follow.person_id) == col(Person.id))
        .where(
            col(Follow.brand_id) == brand_id,
            col(Person.telegram_id).is_not(None),
            col(Person.unreachable_at).is_(None),
        )
    )


async def broadcast_facts(
    actor: Actor, brand_code: str, text: str, deal_code: str | None, *, now: datetime
) -> dict[str, Any]:
    """What a receiver is told, as JSON; for the preview too.

    Raises NotFound for a foreign brand or deal, DealNotOpen for a deal that is over or paused.
    """
    async with actor.database.read() as session:
        brand = await own_brand(session, actor, brand_code)
        return await _facts(session, actor, brand, text, deal_code, now)


async def _facts(
    session: AsyncSession,
    actor: Actor,
    brand: Brand,
    text: str,
    deal_code: str | None,
    now: datetime,
) -> dict[str, Any]:
    deal = None
    if deal_code is not None:
        row = await own_deal_row(session, actor, deal_code)
        if row.brand_id != brand.id:
            raise NotFound
        view = await read_deal(session, deal_id=id_of(row), now=now)
        if view.phase not in (Phase.LIVE, Phase.SOON):
            raise DealNotOpen(view.phase, view.starts_at)
        deal = deal_facts(view)
    return {
        "brand": brand.code,
        "name": brand.name.to_json(),
        "emoji": brand.emoji,
        "text": text,
        "deal": deal,
    }


def deal_facts(view: DealView) -> dict[str, Any]:
    return {
        "code": view.code,
        "kind": view.kind.value,
        "title": view.title.to_json(),
        "currency": view.currency,
        "list_minor": view.list_minor,
        "price_minor": view.price_minor,
        "tiers": [[tier.buyers, tier.price_minor] for tier in view.tiers],
        "per_person": view.per_person,
        "starts_at": view.starts_at.isoformat(),
        "ends_at": view.ends_at.isoformat(),
        "phase": view.phase.value,
        "photo": view.photo,
    }


async def start_broadcast(
    actor: Actor, brand_code: str, text: str, deal_code: str | None, *, now: datetime
) -> str:
    """Queues it for every follower who can be reached, behind all other messages; its code.

    Raises NotFound, BrandPending, NotOwner, DealNotOpen, and TooSoon within a day of the last.
    """
    code = new_code()
    async with begin(actor) as session:
        # The brand's row is locked, so that two people confirming at once send one broadcast.
        brand = await own_live_brand(session, actor, brand_code, owner=True, lock=True)
        await _require_rested(session, actor, id_of(brand), now)
        facts = await _facts(session, actor, brand, text, deal_code, now)
        deal = await own_deal_row(session, actor, deal_code) if deal_code else None
        broadcast = Broadcast(
            code=code,
            brand_id=id_of(brand),
            author_id=actor.person_id,
            text=text,
            deal_id=deal.id if deal else None,
            state=BroadcastState.SENDING,
            created_at=now,
        )
        session.add(broadcast)
        await session.flush()
        rows = _rows(actor.bot_id, id_of(brand), code, facts, deal.ends_at if deal else None, now)
        await session.execute(rows)
    return code


def _rows(
    bot_id: int,
    brand_id: int,
    code: str,
    facts: dict[str, Any],
    not_after: datetime | None,
    now: datetime,
) -> Any:
    person = _followers(brand_id).subquery().c
    values: dict[str, Any] = {
        "bot_id": literal(bot_id, ROW.bot_id.type),
        "chat_id": person.telegram_id,
        "notice": literal("broadcast"),
        "facts": literal(facts, JSON),
        "locale": func.coalesce(person.locale, person.telegram_locale),
        "timezone": func.coalesce(person.timezone, "UTC"),
        "kind": literal(OutboxClass.ANNOUNCEMENT, ROW.kind.type),
        "dedupe_key": literal(_prefix(code)).op("||")(cast(person.id, String)),
        "lane": literal(LOW_LANE),
        "not_after": null() if not_after is None else literal(not_after, ROW.not_after.type),
        "state": literal(OutboxState.NEW, ROW.state.type),
        "attempts": literal(0),
        "version": literal(0),
        "lease_until": literal(0.0),
        "created_at": literal(now, ROW.created_at.type),
    }
    return insert(OUTBOX).from_select(list(values), select(*values.values()))


def _prefix(code: str) -> str:
    return f"broadcast:{code}:"


def _of(session: AsyncSession, bot_id: int, code: str) -> ColumnElement[bool]:
    """The messages of one broadcast: their keys lie between "broadcast:<code>:" and "…;"."""
    key: Any = ROW.dedupe_key
    if session.get_bind().dialect.name == "postgresql":
        key = key.collate("C")
    prefix = _prefix(code)
    return and_(ROW.bot_id == bot_id, key >= prefix, key < prefix[:-1] + ";")


async def _require_rested(
    session: AsyncSession, actor: Actor, brand_id: int, now: datetime
) -> None:
    """One broadcast a brand and day; one that was taken back before anybody got it is none."""
    rows = await session.execute(
        select(Broadcast)
        .where(
            col(Broadcast.brand_id) == brand_id,
            col(Broadcast.created_at) > now - EVERY,
            col(Broadcast.state) != BroadcastState.CANCELLED,
        )
        .order_by(col(Broadcast.created_at).desc())
        .limit(1)
    )
    last = rows.scalar_one_or_none()
    if last is not None:
        raise TooSoon(last.created_at + EVERY)


async def _own_broadcast(
    session: AsyncSession, actor: Actor, code: str, *, lock: bool = False
) -> tuple[Broadcast, Brand]:
    statement = (
        select(Broadcast, Brand)
        .join(Brand, col(Brand.id) == col(Broadcast.brand_id))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Broadcast.code) == code,
            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock:
        statement = statement.with_for_update(of=Broadcast, key_share=True)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def cancel_broadcast(actor: Actor, code: str, *, now: datetime) -> int:
    """Takes back what is not on its way yet; how many. Raises NotFound, Expired."""
    async with begin(actor) as session:
        broadcast, _ = await _own_broadcast(session, actor, code, lock=True)
        mine = _of(session, actor.bot_id, code)
        taken = await session.execute(
            update(OUTBOX)
            .where(mine, ROW.state.in_(WAITING))
            .values(state=OutboxState.CANCELLED, settled_at=now)
            .returning(ROW.id)
        )
        count = len(taken.all())
        if not count:
            raise Expired
        left = await session.execute(
            select(ROW.id).where(mine, ROW.state != OutboxState.CANCELLED).limit(1)
        )
        reached = left.first() is not None
        broadcast.state = BroadcastState.SENT if reached else BroadcastState.CANCELLED
        session.add(broadcast)
        return count


async def broadcast_report(actor: Actor, code: str) -> BroadcastReport:
    """Raises NotFound, also for another brand's."""
    async with actor.database.read() as session:
        broadcast, brand = await _own_broadcast(session, actor, code)
        rows = await session.execute(
            select(ROW.state, func.count())
            .where(_of(session, actor.bot_id, code))
            .group_by(ROW.state)
        )
        counts: dict[OutboxState, int] = dict(map(tuple, rows))
        title = None
        if broadcast.deal_id is not None:
            deal = await session.execute(
                select(col(Deal.title)).where(col(Deal.id) == broadcast.deal_id)
            )
            title = deal.scalar_one()
    return BroadcastReport(
        code=broadcast.code,
        brand_code=brand.code,
        text=broadcast.text,
        deal_title=title,
        created_at=broadcast.created_at,
        cancelled=broadcast.state == BroadcastState.CANCELLED,
        sent=counts.get(OutboxState.SENT, 0),
        waiting=sum(counts.get(state, 0) for state in ON_ITS_WAY),
        unknown=counts.get(OutboxState.UNKNOWN, 0),
        unreachable=counts.get(OutboxState.DEAD, 0),
        taken_back=counts.get(OutboxState.CANCELLED, 0),
    )


async def broadcasts(actor: Actor, brand_code: str, page: int) -> Page[BroadcastLine]:
    """Newest first. Raises NotFound."""
    async with actor.database.read() as session:
        brand = await own_brand(session, actor, brand_code)
        rows = await session.execute(
            select(Broadcast, col(Deal.title))
            .join(Deal, col(Deal.id) == col(Broadcast.deal_id), isouter=True)
            .where(col(Broadcast.brand_id) == brand.id)
            .order_by(col(Broadcast.id).desc())
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        found = [BroadcastLine(b.code, b.text, title, b.created_at) for b, title in rows]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)
