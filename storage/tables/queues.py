"""What came in (inbox), what goes out (outbox, broadcasts), and the cards that stay (posted)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big_key, choice, code, json_column, key, link

UNSETTLED = "settled_at IS NULL"
UNKNOWN = "state = 'unknown'"
UNFINISHED = "state IN ('new', 'claimed')"  # written out, or no partial index matches it


class InboxState(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    DONE = "done"
    QUARANTINED = "quarantined"


class OutboxClass(StrEnum):
    """What to do when nobody knows whether a message arrived (RELIABILITY.md section 7)."""

    MONEY = "A"  # send once more; the text is a state
    ANNOUNCEMENT = "B"  # never again; listed as unknown
    CARD = "C"  # edit again
    ANSWER = "D"  # let go


class OutboxState(StrEnum):
    NEW = "new"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Inbox(Table, table=True):
    """A raw update, stored before Telegram was told that it arrived."""

    # Rows stay for a week after they are done; these two hold only what still waits.
    __table_args__ = (
        Index(
            "ix_inbox_unfinished",
            "priority",
            "seq",
            sqlite_where=text(UNFINISHED),
            postgresql_where=text(UNFINISHED),
        ),
        Index(
            "ix_inbox_unfinished_lane",
            "bot_id",
            "lane",
            "seq",
            sqlite_where=text(UNFINISHED),
            postgresql_where=text(UNFINISHED),
        ),
        UniqueConstraint("bot_id", "update_id"),
    )
    seq: int | None = big_key()
    bot_id: int = Field(sa_type=BigInteger)
    update_id: int = Field(sa_type=BigInteger)
    lane: str
    priority: int  # 0 before 1: pre-checkout queries jump the queue
    raw: str
    state: InboxState = choice(InboxState)
    applied: bool = False  # its effects are committed
    outcome: str | None = None  # the press that shows what it did, for a redraw
    attempts: int = 0
    version: int = 0
    not_before: float = 0  # database time, Unix seconds; also the lease's end while claimed
    received_at: float
    first_claimed_at: float | None = None
    error: str | None = None


class Outbox(Table, table=True):
    """A message to be sent: what happened (`notice`, `facts`), said in the receiver's language
    when it is sent."""

    # Sent rows stay; the indexes hold only what still waits, is on its way, or was left unknown.
    __table_args__ = (
        UniqueConstraint("bot_id", "dedupe_key"),
        Index(
            "ix_outbox_unknown",
            "id",
            sqlite_where=text(UNKNOWN),
            postgresql_where=text(UNKNOWN),
        ),
        Index(
            "ix_outbox_unsettled",
            "lane",
            "id",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
        Index(
            "ix_outbox_unsettled_chat",
            "chat_id",
            "bot_id",
            "lane",
            "id",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
    )
    id: int | None = big_key()
    bot_id: int = Field(sa_type=BigInteger)
    chat_id: int = Field(sa_type=BigInteger)
    notice: str
    facts: dict[str, Any] = json_column()
    locale: str = "en"  # the receiver's
    timezone: str = "UTC"
    card_kind: str | None = None  # the message is a living card: remember its copy once sent
    card_subject_id: int | None = None
    kind: OutboxClass = choice(OutboxClass)
    dedupe_key: str
    lane: int = 0  # 0 before 1: broadcasts leave room for everything else
    not_before: datetime | None = None
    not_after: datetime | None = None
    state: OutboxState = choice(OutboxState)
    attempts: int = 0
    version: int = 0
    lease_until: float = 0  # database time, Unix seconds; also "not again before"
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    created_at: datetime
    settled_at: datetime | None = None


class PostedCard(Table, table=True):
    """A copy of a living card: in a chat (chat_id, message_id) or inline (inline_id)."""

    __tablename__ = "posted_card"
    __table_args__ = (
        UniqueConstraint("bot_id", "chat_id", "message_id"),
        UniqueConstraint("bot_id", "inline_id"),
        Index("ix_posted_card_subject", "kind", "subject_id"),
        Index("ix_posted_card_stale_next_at", "stale", "next_at"),
    )
    id: int | None = key()
    bot_id: int = Field(sa_type=BigInteger)
    chat_id: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    inline_id: str | None = None
    kind: str = Field(max_length=8)  # "group" or "deal"
    subject_id: int
    locale: str
    timezone: str = "UTC"
    photo: bool = False  # the copy is a photo, so its caption is edited
    stale: bool = False  # the subject changed since the copy was drawn
    version: int = 0
    next_at: float = 0  # database time, Unix seconds: not edited again before
    lost: bool = False  # cannot be edited any more


class BroadcastState(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class Broadcast(Table, table=True):
    id: int | None = key()
    code: str = code()
    brand_id: int = link("brand.id")
    author_id: int = link("person.id", index=False)
    text: str
    deal_id: int | None = link("deal.id", index=False)
    state: BroadcastState = choice(BroadcastState)
    created_at: datetime
