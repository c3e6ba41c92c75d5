"""Telling subscribed chats of deals that end soon: each stage of a deal once, for ever."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.owing import MOMENT, TOLD, Ending, Hour, hours_everywhere, owed, owing
from commerce.actions.pricing import lowest_price
from commerce.rules.hours import EARLIEST, due_stage
from storage import outbox
from storage.columns import id_of
from storage.crash import crash_point
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Chat,
    ChatState,
    Deal,
    DealState,
    OutboxClass,
    Product,
)

CHATS_A_BATCH = 1_000
DEALS_A_BATCH = 2_000  # five values each: both databases take at most 32,766 in one statement
SHOWN = 10  # deals in one digest; the others are counted
CLOCK_LOCK = 0x6B61_6975  # PostgreSQL: one clock announces at a time
LOW_LANE = 1


async def announce_due(database: Database, bot_id: int, *, now: datetime) -> int:
    """Queues what is due at `now`, one message a chat. How many chats were told.

    Due is a deal's last stage passed, wherever it was not told yet: what fell into quiet hours,
    or past the day's last post, comes later if the deal is still on. A stage from before the
    chat's subscription is not made up for.
    """
    endings = await _endings(database, now)
    told = 0
    for start in range(0, len(endings), DEALS_A_BATCH):
        told += await _announce(database, bot_id, endings[start : start + DEALS_A_BATCH], now)
    return told


async def _endings(database: Database, now: datetime) -> list[Ending]:
    """By their end, so that the most urgent of a very long list is told first."""
    statement = (
        select(Deal, col(Product.category_id), col(Brand.currency), lowest_price())
        .join(Product, col(Product.id) == col(Deal.product_id))
        .join(Brand, col(Brand.id) == col(Deal.brand_id))
        .where(
            col(Deal.state) == DealState.LIVE,
            col(Brand.state) == BrandState.LIVE,
            col(Deal.stock_left) > 0,
            col(Deal.starts_at) <= now,
            col(Deal.ends_at) > now,
            col(Deal.ends_at) <= now + EARLIEST,
        )
        .order_by(col(Deal.ends_at), col(Deal.id))
    )
    async with database.read() as session:
        rows = (await session.execute(statement)).all()
    return [
        Ending(
            id=id_of(deal),
            code=deal.code,
            kind=deal.kind,
            title=deal.title,
            brand_id=deal.brand_id,
            category_id=category_id,
            price_minor=lowest,
            currency=currency,
            ends_at=deal.ends_at,
            stage=stage,
        )
        for deal, category_id, currency, lowest in rows
        # Before it was on, it was not about to end.
        if (stage := due_stage(max(deal.created_at, deal.starts_at), deal.ends_at, now))
    ]


async def _announce(
    database: Database, bot_id: int, endings: Sequence[Ending], now: datetime
) -> int:
    """Chat by chat in batches, a transaction each; where nothing is owed, nothing is locked."""
    told, last = 0, 0
    hours = await hours_everywhere(database, now)
    while hours:
        async with database.read() as session:
            ids = (
                (await session.execute(owing(endings, hours, after=last, limit=CHATS_A_BATCH)))
                .scalars()
                .all()
            )
        if not ids:
            break
        async with database.begin() as session:
            if not await _alone(session):
                break
            there = await _still_there(session, ids)
            told += await _tell(session, bot_id, endings, hours, there, now)
        crash_point("K21")
        last = ids[-1]
    return told


async def _alone(session: AsyncSession) -> bool:
    """Another clock at work counts and tells the same: this one need not wait for it."""
    if session.get_bind().dialect.name != "postgresql":
        return True  # the write lock of SQLite is enough
    taken = await session.execute(
        text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": CLOCK_LOCK}
    )
    return bool(taken.scalar_one())


async def _still_there(session: AsyncSession, ids: Sequence[int]) -> Sequence[int]:
    """Locked until their messages are written: a courier that hears meanwhile that a chat shuts
    us out waits, and then finds the message that must not leave."""
    active = select(col(Chat.id)).where(col(Chat.id).in_(ids), col(Chat.state) == ChatState.ACTIVE)
    rows = await session.execute(active.order_by(col(Chat.id)).with_for_update(read=True))
    return [id_ for id_ in rows.scalars() if id_ is not None]


async def _tell(
    session: AsyncSession,
    bot_id: int,
    endings: Sequence[Ending],
    hours: Sequence[Hour],
    ids: Sequence[int],
    now: datetime,
) -> int:
    told = await _promise(session, owed(endings, hours, ids), now)
    if not told:
        return 0
    crash_point("K20")
    by_key = {(e.id, e.stage): e for e in endings}
    found = await session.execute(select(Chat).where(col(Chat.id).in_(told)))
    notices = {
        id_of(chat): _notice(bot_id, chat, [by_key[key] for key in told[id_of(chat)]])
        for chat in found.scalars()
    }
    kept = await outbox.put(session, *notices.values(), now=now)
    rows = {chat: kept[n.dedupe_key] for chat, n in notices.items() if n.dedupe_key in kept}
    await _sign(session, rows)
    return len(rows)


async def _promise(
    session: AsyncSession, due: Select[Any], now: datetime
) -> dict[int, list[tuple[int, str]]]:
    """Writes down who is told of what; what another clock wrote first is not ours to tell."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = due.add_columns(literal(now, MOMENT))
    statement = (
        dialect.insert(TOLD)
        .from_select(["deal_id", "stage", "chat_id", "created_at"], rows)
        .on_conflict_do_nothing(index_elements=["deal_id", "stage", "chat_id"])
        .returning(TOLD.c.chat_id, TOLD.c.deal_id, TOLD.c.stage)
    )
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for chat_id, deal_id, stage in (await session.execute(statement)).all():
        told[chat_id].append((deal_id, stage))
    return told


async def _sign(session: AsyncSession, rows: dict[int, int]) -> None:
    """Which message keeps each promise; messages, not deals, count towards the day's posts."""
    if not rows:
        return
    unsigned = (
        update(TOLD)
        .where(TOLD.c.chat_id == bindparam("chat"), TOLD.c.outbox_id.is_(None))
        .values(outbox_id=bindparam("message"))
    )
    signed = [{"chat": chat, "message": message} for chat, message in rows.items()]
    await (await session.connection()).execute(unsigned, signed)


def _notice(bot_id: int, chat: Chat, endings: list[Ending]) -> outbox.Notice:
    """One deal is a living card; several are a list, with no more copies to keep alive."""
    endings.sort(key=lambda e: (e.ends_at, e.id))
    first, one = endings[0], len(endings) == 1
    return outbox.Notice(
        bot_id=bot_id,
        chat_id=chat.telegram_id,
        notice="deal_ending" if one else "deal_digest",
        facts=_ending_facts(first) if one else _digest_facts(endings),
        kind=OutboxClass.ANNOUNCEMENT,
        dedupe_key=ending_key(first.id, first.stage, id_of(chat)) if one else _key(chat, endings),
        locale=chat.locale,
        timezone=chat.timezone,
        lane=LOW_LANE,
        # The list is worded once: when its first deal is over, it is not true any more.
        not_after=first.ends_at,
        card_kind="deal" if one else None,
        card_subject_id=first.id if one else None,
    )


def ending_key(deal_id: int, stage: str, chat_id: int) -> str:
    return f"deal_ending:{deal_id}:{stage}:{chat_id}"


def _key(chat: Chat, endings: Sequence[Ending]) -> str:
    told = ",".join(f"{e.id}:{e.stage}" for e in endings)
    return f"deal_digest:{id_of(chat)}:{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def _ending_facts(ending: Ending) -> dict[str, Any]:
    return {"deal": ending.code, "stage": ending.stage}


def _digest_facts(endings: Sequence[Ending]) -> dict[str, Any]:
    return {"deals": list(_listed(endings[:SHOWN])), "more": max(len(endings) - SHOWN, 0)}


def _listed(endings: Sequence[Ending]) -> Iterator[dict[str, Any]]:
    for ending in endings:
        yield {
            "code": ending.code,
            "title": ending.title.to_json(),
            "price_minor": ending.price_minor,
            "currency": ending.currency,
            "ends_at": ending.ends_at.isoformat(),
            "kind": ending.kind.value,
        }
