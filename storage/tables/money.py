"""Money that came, money that goes back, and the ledger of both."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.columns import Table, big_key, choice, code, key, link


class PaymentState(StrEnum):
    RECEIVED = "received"  # the money is here, nothing promised for it yet
    LATE = "late"  # came when nothing was held any more: its payer chooses, until decide_by
    FULFILLED = "fulfilled"
    REFUNDED = "refunded"  # all of it is going, or went, back


class RefundReason(StrEnum):
    GROUP_FAILED = "group_failed"
    DIFFERENCE = "difference"  # the group's final price is lower than what was paid
    TOO_LATE = "too_late"  # nothing left to give for it
    CHOSEN = "chosen"  # a late payer wanted it back, or did not choose
    LEFT = "left"  # a seat given up before the group was decided
    UNCLAIMED = "unclaimed"  # a seat for a friend whom nobody was
    TOLERANCE = "tolerance"  # pieces that somebody could do without
    SURPLUS = "surplus"  # more was paid than the next choice costs
    PAID_TWICE = "paid_twice"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    GOODWILL = "goodwill"  # the brand gave a part back


class RefundState(StrEnum):
    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"


class Payment(Table, table=True):
    __table_args__ = (
        UniqueConstraint("provider", "charge_id"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refunded"),
        Index("ix_payment_state_decide_by", "state", "decide_by"),
        Index(
            "uq_payment_late",  # an invoice leads to one choice at a time
            "checkout_id",
            unique=True,
            sqlite_where=text("state = 'late'"),
            postgresql_where=text("state = 'late'"),
        ),
    )
    id: int | None = key()
    provider: str = Field(max_length=16)
    charge_id: str  # telegram_payment_charge_id: the key, never the payload
    provider_charge_id: str
    bot_id: int = Field(sa_type=BigInteger)
    checkout_id: int | None = link("checkout.id")
    person_id: int = link("person.id")
    state: PaymentState = choice(PaymentState)
    currency: str = Field(max_length=3)
    amount_minor: int
    refunded_minor: int = 0
    received_at: datetime
    decide_by: datetime | None = None  # late money goes back by itself then


class Refund(Table, table=True):
    """One job: carried out by the cashier, alone, until the money is back."""

    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_refund_state_next_at", "state", "next_at"),
    )
    id: int | None = key()
    code: str = code()
    payment_id: int = link("payment.id")
    key: str = Field(unique=True)  # reason:payment, so that a refund is asked for once
    provider: str = Field(max_length=16)  # who carries it out: the payment's, or "credit"
    order_id: int | None = link("purchase_order.id")
    reason: RefundReason = choice(RefundReason)
    amount_minor: int
    state: RefundState = choice(RefundState)
    attempts: int = 0
    version: int = 0
    next_at: datetime
    error: str | None = None
    alerted_at: datetime | None = None  # the operator was told that it waits too long
    created_at: datetime
    done_at: datetime | None = None


class Credit(Table, table=True):
    """A person's store credit in one currency: the sum of their ledger account, held >= 0."""

    __table_args__ = (CheckConstraint("balance_minor >= 0", name="balance"),)
    person_id: int = link("person.id", index=False, primary_key=True)
    currency: str = Field(max_length=3, primary_key=True)
    balance_minor: int = Field(sa_type=BigInteger)


class StarCursor(Table, table=True):
    """How far Telegram's list of Stars was read, and when."""

    __tablename__ = "star_cursor"
    bot_id: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    position: int
    looked_at: datetime


class LedgerEntry(Table, table=True):
    """Append-only; the entries of one transaction and currency sum to zero."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("transaction_key", "account", "currency"),)
    id: int | None = big_key()
    transaction_key: str
    account: str = Field(index=True)
    currency: str = Field(max_length=3)
    amount_minor: int = Field(sa_type=BigInteger)
    created_at: datetime
