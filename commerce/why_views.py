"""How an order, a checkout or a group came about: plain values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.order_views import EventLine
from storage.tables import CheckoutState, GroupState, OutboxState, RefundReason
from storage.texts import LocalizedText


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A thing bought. `list_minor` is today's list price; `deal` the deal it was bought in."""

    title: LocalizedText
    quantity: int
    unit_minor: int
    list_minor: int
    deal: LocalizedText | None


@dataclass(frozen=True, slots=True)
class GroupStep:
    """What its group did to the price. `joined_minor` was shown when the reader's seat was
    taken; `tier_buyers` is the tier that `paid` seats reached, None below the first."""

    state: GroupState
    paid: int
    tier_buyers: int | None
    joined_minor: int | None
    final_minor: int | None


@dataclass(frozen=True, slots=True)
class MoneyStep:
    """A movement of the ledger; `by` is the provider's name, `reason` why it goes back."""

    kind: str
    at: datetime
    amount_minor: int
    by: str
    reason: RefundReason | None


@dataclass(frozen=True, slots=True)
class Told:
    """A message. `mine`: the reader got it. Worded like the message itself."""

    notice: str
    facts: Mapping[str, Any]
    at: datetime
    state: OutboxState
    mine: bool


@dataclass(frozen=True, slots=True)
class Why:
    """`code` is the one asked about; `checkout` its checkout's state where it is no order."""

    code: str
    checkout: CheckoutState | None
    currency: str
    lines: tuple[PriceLine, ...]
    group: GroupStep | None
    coupon: str | None
    discount_minor: int
    shipping_minor: int
    total_minor: int
    credit_minor: int
    money: tuple[MoneyStep, ...]
    events: tuple[EventLine, ...]
    told: tuple[Told, ...]
