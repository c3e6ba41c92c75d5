"""Chats that the bot was added to, and what they subscribed to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Table, choice, code, key, link, telegram_id


class ChatState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # the bot was removed, or cannot speak there


class Chat(Table, table=True):
    id: int | None = key()
    code: str = code()
    telegram_id: int = telegram_id(unique=True)
    kind: str
    title: str
    locale: str = "en"
    timezone: str = "UTC"
    quiet_from: int | None = None  # minutes after midnight in the chat's zone
    quiet_until: int | None = None
    posts_a_day: int = 6
    state: ChatState = choice(ChatState)
    created_at: datetime


class Subscription(Table, table=True):
    """A brand or a category whose deals the chat wants to hear of; neither = everything."""

    __table_args__ = (UniqueConstraint("chat_id", "brand_id", "category_id"),)
    id: int | None = key()
    chat_id: int = link("chat.id", index=False)
    brand_id: int | None = link("brand.id")
    category_id: int | None = link("category.id")
    created_at: datetime


class Announcement(Table, table=True):
    """That a chat was told of a deal's stage. The key is the promise: once each."""

    __table_args__ = (Index("ix_announcement_chat_id_created_at", "chat_id", "created_at"),)
    deal_id: int = link("deal.id", index=False, primary_key=True)
    stage: str = Field(primary_key=True, max_length=16)
    chat_id: int = link("chat.id", index=False, primary_key=True)
    outbox_id: int | None = link("outbox.id", sa_type=BigInteger)
    created_at: datetime
