"""What a chat wants to hear of, when, and in which language. Who may say so was asked before.

Every change sets a state and none flips one, so that a press carried out twice changes nothing
a second time and its card is simply drawn again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actor import Actor
from commerce.refusals import NotFound
from commerce.views import ChatView, OnOff, Page
from storage.columns import id_of
from storage.database import Database
from storage.tables import Brand, BrandState, Category, Chat, ChatState, Subscription

CHOICES_A_PAGE = 8


async def chat_view(
    database: Database, *, code: str | None = None, telegram_id: int | None = None
) -> ChatView:
    """By its public code or its Telegram id. Raises NotFound."""
    which = (col(Chat.code) == code) if code else (col(Chat.telegram_id) == telegram_id)
    statement = (
        select(Chat, Subscription, col(Brand.name), col(Category.name))
        .join(Subscription, col(Subscription.chat_id) == col(Chat.id), isouter=True)
        .join(Brand, col(Brand.id) == col(Subscription.brand_id), isouter=True)
        .join(Category, col(Category.id) == col(Subscription.category_id), isouter=True)
        .where(which)
        .order_by(col(Subscription.id))
    )
    async with database.read() as session:
        rows = (await session.execute(statement)).all()
    if not rows:
        raise NotFound
    chat: Chat = rows[0][0]
    chosen = [(brand, shelf) for _, subscription, brand, shelf in rows if subscription is not None]
    return ChatView(
        code=chat.code,
        telegram_id=chat.telegram_id,
        kind=chat.kind,
        title=chat.title,
        active=chat.state == ChatState.ACTIVE,
        locale=chat.locale,
        timezone=chat.timezone,
        quiet=_quiet(chat),
        posts_a_day=chat.posts_a_day,
        everything=any(brand is None and shelf is None for brand, shelf in chosen),
        brands=tuple(brand for brand, _ in chosen if brand is not None),
        categories=tuple(shelf for _, shelf in chosen if shelf is not None),
    )


def _quiet(chat: Chat) -> tuple[int, int] | None:
    if chat.quiet_from is None or chat.quiet_until is None:
        return None
    return chat.quiet_from, chat.quiet_until


async def brand_choices(database: Database, chat_code: str, page: int) -> Page[OnOff]:
    """Live brands, each on or off for the chat."""
    statement = (
        select(col(Brand.code), col(Brand.name), col(Brand.emoji), col(Subscription.id))
        .select_from(Brand)
        .join(Chat, col(Chat.code) == chat_code)
        .join(
            Subscription,
            (col(Subscription.chat_id) == col(Chat.id))
            & (col(Subscription.brand_id) == col(Brand.id)),
            isouter=True,
        )
        .where(col(Brand.state) == BrandState.LIVE)
        .order_by(col(Brand.id))
    )
    return await _choices(database, statement, page)


async def category_choices(database: Database, chat_code: str, page: int) -> Page[OnOff]:
    """Shelves in the shop's order, each on or off for the chat."""
    statement = (
        select(col(Category.code), col(Category.name), col(Category.emoji), col(Subscription.id))
        .select_from(Category)
        .join(Chat, col(Chat.code) == chat_code)
        .join(
            Subscription,
            (col(Subscription.chat_id) == col(Chat.id))
            & (col(Subscription.category_id) == col(Category.id)),
            isouter=True,
        )
        .order_by(col(Category.position), col(Category.id))
    )
    return await _choices(database, statement, page)


async def _choices(database: Database, statement: Any, page: int) -> Page[OnOff]:
    wanted = statement.offset(page * CHOICES_A_PAGE).limit(CHOICES_A_PAGE + 1)
    async with database.read() as session:
        rows = (await session.execute(wanted)).all()
    found = [OnOff(code, name, emoji, on is not None) for code, name, emoji, on in rows]
    return Page(tuple(found[:CHOICES_A_PAGE]), page, len(found) > CHOICES_A_PAGE)


async def choose_everything(actor: Actor, chat_code: str, *, on: bool, now: datetime) -> None:
    """Every deal of the shop, instead of what was picked before; or nothing any more."""
    async with actor.database.begin() as session:
        chat_id = await _locked(session, chat_code)
        await _subscribe(session, chat_id, None, None, on=on, now=now)
        if on:
            mine = col(Subscription.chat_id) == chat_id
            picked = col(Subscription.brand_id).is_not(None) | col(Subscription.category_id).is_not(
                None
            )
            await session.execute(delete(Subscription).where(mine, picked))


async def choose_brand(
    actor: Actor, chat_code: str, brand_code: str, *, on: bool, now: datetime
) -> None:
    """Picking one ends "everything". Raises NotFound."""
    async with actor.database.begin() as session:
        chat_id = await _locked(session, chat_code)
        found = await session.execute(
            select(col(Brand.id)).where(
                col(Brand.code) == brand_code, col(Brand.state) == BrandState.LIVE
            )
        )
        await _pick(session, chat_id, found.scalar_one_or_none(), None, on=on, now=now)


async def choose_category(
    actor: Actor, chat_code: str, category_code: str, *, on: bool, now: datetime
) -> None:
    """With all shelves below it. Picking one ends "everything". Raises NotFound."""
    async with actor.database.begin() as session:
        chat_id = await _locked(session, chat_code)
        found = await session.execute(
            select(col(Category.id)).where(col(Category.code) == category_code)
        )
        await _pick(session, chat_id, None, found.scalar_one_or_none(), on=on, now=now)


async def _pick(
    session: AsyncSession,
    chat_id: int,
    brand_id: int | None,
    category_id: int | None,
    *,
    on: bool,
    now: datetime,
) -> None:
    if brand_id is None and category_id is None:
        raise NotFound
    await _subscribe(session, chat_id, brand_id, category_id, on=on, now=now)
    if on:
        await _subscribe(session, chat_id, None, None, on=False, now=now)


async def _subscribe(
    session: AsyncSession,
    chat_id: int,
    brand_id: int | None,
    category_id: int | None,
    *,
    on: bool,
    now: datetime,
) -> None:
    """The chat is locked: no database holds a key unique in which there are empty fields."""
    which = (
        col(Subscription.chat_id) == chat_id,
        col(Subscription.brand_id).is_not_distinct_from(brand_id),
        col(Subscription.category_id).is_not_distinct_from(category_id),
    )
    if not on:
        await session.execute(delete(Subscription).where(*which))
        return
    there = await session.execute(select(col(Subscription.id)).where(*which).limit(1))
    if there.first() is None:
        session.add(
            Subscription(
                chat_id=chat_id, brand_id=brand_id, category_id=category_id, created_at=now
            )
        )
        await session.flush()


async def _locked(session: AsyncSession, chat_code: str) -> int:
    chosen = select(Chat).where(col(Chat.code) == chat_code)
    found = await session.execute(chosen.with_for_update(key_share=True))
    chat = found.scalar_one_or_none()
    if chat is None:
        raise NotFound
    return id_of(chat)


async def stop_all(actor: Actor, chat_code: str) -> None:
    async with actor.database.begin() as session:
        chat_id = await _locked(session, chat_code)
        await session.execute(delete(Subscription).where(col(Subscription.chat_id) == chat_id))


async def choose_language(actor: Actor, chat_code: str, locale: str) -> None:
    await _set(actor, chat_code, locale=locale)


async def choose_zone(actor: Actor, chat_code: str, timezone: str) -> None:
    await _set(actor, chat_code, timezone=timezone)


async def choose_quiet(actor: Actor, chat_code: str, quiet: tuple[int, int] | None) -> None:
    """From and until, in minutes after midnight in the chat's zone; None = no quiet hours."""
    start, end = quiet or (None, None)
    await _set(actor, chat_code, quiet_from=start, quiet_until=end)


async def choose_posts(actor: Actor, chat_code: str, posts_a_day: int) -> None:
    await _set(actor, chat_code, posts_a_day=posts_a_day)


async def _set(actor: Actor, chat_code: str, **fields: Any) -> None:
    async with actor.database.begin() as session:
        await session.execute(update(Chat).where(col(Chat.code) == chat_code).values(**fields))
