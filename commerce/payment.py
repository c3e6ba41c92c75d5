"""How the shop names a way to pay; carrying refunds out is scheduler/providers' work."""

from __future__ import annotations

from dataclasses import dataclass, field

PRETEND = ":pretend-card"
CREDIT = "credit"  # store credit
STARS = "stars"  # Telegram Stars; their currency is XTR
CASH = "cash"  # cash or a transfer, confirmed by the brand
WHOLE_ONLY = frozenset({STARS, CASH})
STAR = "XTR"


@dataclass(frozen=True, slots=True)
class Provider:
    """`name` stands on every payment and tells the cashier whom to ask for a refund."""

    name: str
    token: str = field(repr=False)

    def for_currency(self, currency: str) -> Provider:
        """Telegram itself takes Stars, and wants no token for them."""
        return Provider(STARS, "") if currency == STAR else self


def provider_for(token: str) -> Provider:
    """The playground's pretend card by its token's end; everything else is a real company."""
    return Provider("pretend" if token.endswith(PRETEND) else "telegram", token)


def needs_address(currency: str) -> bool:
    """What is sold for Stars is digital: nothing is sent."""
    return currency != STAR


def refunder(provider: str, *, whole: bool) -> str:
    """Who gives money back that came through `provider`: itself, or store credit for a part
    that it cannot give back alone."""
    return CREDIT if provider in WHOLE_ONLY and not whole else provider
