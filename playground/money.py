"""Currencies as Telegram payments know them: which exist, their decimals, smallest and largest."""

NO_DECIMALS = frozenset({"XTR", "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND"})
STARS_LARGEST = 100_000
_LIMITS = {
    "AED": (367, 3_672_500),
    "AUD": (100, 1_600_000),
    "BRL": (500, 5_600_000),
    "CAD": (100, 1_400_000),
    "CHF": (80, 900_000),
    "CNY": (700, 7_300_000),
    "CZK": (2_000, 23_000_000),
    "DKK": (600, 7_000_000),
    "EUR": (80, 950_000),
    "GBP": (70, 800_000),
    "HKD": (700, 7_800_000),
    "IDR": (1_500_000, 16_500_000_000),
    "INR": (8_000, 87_000_000),
    "JPY": (140, 1_560_000),
    "KRW": (1_300, 14_500_000),
    "MXN": (1_800, 20_000_000),
    "MYR": (400, 4_400_000),
    "NOK": (1_000, 11_000_000),
    "NZD": (160, 1_800_000),
    "PHP": (5_500, 58_000_000),
    "PLN": (350, 4_000_000),
    "RUB": (8_000, 95_000_000),
    "SEK": (900, 11_000_000),
    "SGD": (130, 1_350_000),
    "THB": (3_200, 34_000_000),
    "TRY": (3_500, 42_000_000),
    "TWD": (3_000, 33_000_000),
    "UAH": (4_000, 42_000_000),
    "USD": (100, 1_000_000),
    "VND": (25_000, 260_000_000),
}


def known(currency: str) -> bool:
    return currency == "XTR" or currency in _LIMITS


def payable(currency: str, total: int) -> bool:
    """About 1 to 10,000 US dollars; Stars from 1."""
    if currency == "XTR":
        return 1 <= total <= STARS_LARGEST
    smallest, largest = _LIMITS[currency]
    return smallest <= total <= largest


def written(total: int, currency: str) -> str:
    if currency == "XTR":
        return f"{total} ⭐"
    amount = f"{total:,}" if currency in NO_DECIMALS else f"{total / 100:,.2f}"
    return f"{amount} {currency}"
