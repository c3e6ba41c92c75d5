"""Money that came, money that goes back, and the ledger of both."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Table, big_key, choice, code, key, link


class PaymentState(StrEnum):
    RECEIVED = "received"  # the money is here, nothing promised for it yet
    FULFILLED = "fulfilled"
    REFUNDED = "refunded"  # all of it is going, or went, back


class RefundReason(StrEnum):
    GROUP_FAILED = "group_failed"
    DIFFERENCE = "difference"  # the group's final price is lower than what was paid
    TOO_LATE = "too_late"  # nothing left to give for it
    PAID_TWICE = "paid_twice"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"


class Payment(Table, table=True):
    __table_args__ = (
        UniqueConstraint("provider", "charge_id"),
        CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name="refunded"),
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
    reason: RefundReason = choice(RefundReason)
    amount_minor: int
    state: RefundState = choice(RefundState)
    attempts: int = 0
    version: int = 0
    next_at: datetime
    error: str | None = None
    created_at: datetime
    done_at: datetime | None = None


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
