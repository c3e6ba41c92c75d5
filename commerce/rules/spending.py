"""How much store credit a purchase may use, so that what is left can still be charged."""

from __future__ import annotations

from commerce.rules.money import decimals

# Telegram takes no invoice below about one US dollar (core.telegram.org/bots/payments,
# currencies.json), in minor units. Others of 100 minor units a unit: one unit.
SMALLEST = {
    "AED": 367, "AUD": 100, "BRL": 500, "CAD": 100, "CHF": 80, "CNY": 700, "CZK": 2_000,
    "DKK": 600, "EUR": 80, "GBP": 70, "HKD": 700, "IDR": 1_500_000, "INR": 8_000, "JPY": 140,
    "KRW": 1_300, "MXN": 1_800, "MYR": 400, "NOK": 1_000, "NZD": 160, "PHP": 5_500, "PLN": 350,
    "RUB": 8_000, "SEK": 900, "SGD": 130, "THB": 3_200, "TRY": 3_500, "TWD": 3_000, "UAH": 4_000,
    "USD": 100, "VND": 25_000, "XTR": 1,
}  # fmt: skip


def smallest_charge(currency: str) -> int:
    """In minor units: less than this no invoice may ask for."""
    return SMALLEST.get(currency) or int(10 ** decimals(currency))


def usable_credit(balance_minor: int, to_pay_minor: int, currency: str) -> int:
    """How much of a balance a purchase can use: all of the price, or so much that the rest is
    an amount that can be charged. Zero where neither is possible."""
    if balance_minor >= to_pay_minor:
        return to_pay_minor
    return max(0, min(balance_minor, to_pay_minor - smallest_charge(currency)))
