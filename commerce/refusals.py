"""What the shop says no to: classes with facts. Their words are in cards/refusals.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commerce.rules.windows import Phase


class Refusal(Exception):
    """Nothing was changed; the person is told why and what to do next."""


@dataclass(eq=False)
class NotFound(Refusal):
    """Missing, or not this person's: the same answer for both."""


@dataclass(eq=False)
class Expired(Refusal):
    """The thing has changed since the button was drawn; a fresh card follows."""


@dataclass(eq=False)
class DealNotOpen(Refusal):
    phase: Phase
    starts_at: datetime


@dataclass(eq=False)
class SoldOut(Refusal):
    left: int


@dataclass(eq=False)
class GroupFull(Refusal):
    capacity: int


@dataclass(eq=False)
class GroupOver(Refusal):
    succeeded: bool


@dataclass(eq=False)
class OverLimit(Refusal):
    per_person: int


@dataclass(eq=False)
class AlreadyPaid(Refusal):
    """The seat or order of this person is paid for."""


@dataclass(eq=False)
class TooManyHolds(Refusal):
    most: int


@dataclass(eq=False)
class TooManyPromises(Refusal):
    most: int


@dataclass(eq=False)
class NeedsAddress(Refusal):
    """Nothing can be paid before it is known where the parcel goes."""


@dataclass(eq=False)
class HoldOver(Refusal):
    """The ten minutes passed; what was held went back on the shelf."""


@dataclass(eq=False)
class CardsClosed(Refusal):
    """This installation has no payment provider."""


@dataclass(eq=False)
class NoCredit(Refusal):
    """The store credit is spent, or too little to leave a sum that can be charged."""


@dataclass(eq=False)
class WrongAmount(Refusal):
    """The invoice says another amount or currency than the shop."""


@dataclass(eq=False)
class NotStaff(Refusal):
    """Only the brand's people may do this."""


@dataclass(eq=False)
class NotAdmin(Refusal):
    """Only the chat's admins may do this."""


@dataclass(eq=False)
class NotOperator(Refusal):
    """Only the operator of this shop may do this."""


@dataclass(eq=False)
class BrandPending(Refusal):
    """The operator has not approved the brand yet."""


@dataclass(eq=False)
class BadDeal(Refusal):
    """The deal's prices, window or tiers contradict each other; `reason` names which."""

    reason: str


@dataclass(eq=False)
class TooSoon(Refusal):
    """A broadcast to the same followers again today."""

    next_at: datetime


@dataclass(eq=False)
class NotOwner(Refusal):
    """The brand's owner alone may do this; an editor asked."""


@dataclass(eq=False)
class MoreThanLeft(Refusal):
    """More than what is left of an order shall go back."""

    left_minor: int
    currency: str


@dataclass(eq=False)
class ReturnOver(Refusal):
    """The days in which a return could be asked for have passed."""

    days: int


class ChoiceGone(Refusal):
    """What a late payer chose is no longer to be had; their money is still here."""
