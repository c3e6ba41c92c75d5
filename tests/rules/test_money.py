"""Prices are read as people type them, and never as floats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.rules.money import MAX_MINOR, decimals, parse_price, parse_quantity


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1.5", "USD", 150),
        ("1,5", "USD", 150),
        ("15", "USD", 1_500),
        ("1 500", "USD", 150_000),
        ("1,500", "USD", 150_000),
        ("1.500", "USD", 150_000),
        ("1,500.25", "USD", 150_025),
        ("1.500,25", "USD", 150_025),
        ("1'500.25", "USD", 150_025),
        ("١٢", "USD", 1_200),
        ("１２．５", "USD", None),
        ("500", "JPY", 500),
        ("1,500", "JPY", 1_500),
        ("1.5", "JPY", None),
        ("1.250", "KWD", 1_250_000),
        ("0.5", "KWD", 500),
        (" 9.99 ", "USD", 999),
    ],
)
def test_price_as_typed(typed: str, currency: str, minor: int | None) -> None:
    assert parse_price(typed, currency) == minor


@pytest.mark.parametrize(
    "typed",
    ["", "0", "0.00", "0.001", "-1", "+1", "1e9", "NaN", "inf", "1.5.5", "1 50", "12,34,56", "x",
     "5 USD", "1_000", "9999999999", str(2**63), "½", "1..5", ".5"],
)  # fmt: skip
def test_what_is_no_price(typed: str) -> None:
    assert parse_price(typed, "USD") is None


@given(st.integers(1, MAX_MINOR), st.sampled_from(["USD", "JPY"]))
def test_written_price_is_read_back(minor: int, currency: str) -> None:
    places = decimals(currency)
    whole, part = divmod(minor, 10**places)
    typed = f"{whole}.{part:0{places}d}" if places else str(whole)
    assert parse_price(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [("1", 1), ("9", 9), ("10", None), ("0", None), ("-1", None), ("1.0", None), ("one", None),
     ("", None), ("٣", 3), ("1000000000", None), ("01", None)],
)  # fmt: skip
def test_quantity_as_typed(typed: str, quantity: int | None) -> None:
    assert parse_quantity(typed, 9) == quantity
