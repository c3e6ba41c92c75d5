"""The accounts of the ledger. What the shop has stands as plus, what it owes to someone as minus.

A movement adds and takes the same sum, so all accounts of a currency together are always zero.
A group's difference and a brand's goodwill have no account of their own: they are refunds, and
their reason is in the movement's key. `docs/ledger.md` shows each movement.
"""

from __future__ import annotations

REWARDS = "rewards"  # what the shop paid people for bringing friends


def provider(name: str) -> str:
    """What a provider took for us and has not given back: its balance with us."""
    return f"provider:{name}"


def charge(charge_id: str) -> str:
    """Of one charge: what is neither an order nor on its way back."""
    return f"charge:{charge_id}"


def refunds(name: str) -> str:
    """What this provider has been asked to give back and has not yet."""
    return f"refunds:{name}"


def brand(code: str) -> str:
    """What is owed to a brand for its orders."""
    return f"brand:{code}"


def credit(person_id: int) -> str:
    """A person's store credit."""
    return f"credit:{person_id}"


def held(checkout_code: str) -> str:
    """Store credit that waits in a checkout."""
    return f"held:{checkout_code}"


def coupons(code: str) -> str:
    """What the shop paid to brands in a buyer's stead, for one of its coupons."""
    return f"coupons:{code}"
