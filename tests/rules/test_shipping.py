"""What a parcel costs to send, and which country a word means."""

from __future__ import annotations

import pytest

from commerce.rules.countries import country_code
from commerce.rules.shipping import Rate, Shipping, shipping

RATES = {"": Rate(900, 8_000), "US": Rate(400, 5_000), "CA": Rate(600), "MX": Rate(0)}


@pytest.mark.parametrize(
    ("country", "goods", "costs"),
    [
        ("US", 0, Shipping(400, 5_000)),
        ("US", 4_999, Shipping(400, 1)),
        ("US", 5_000, Shipping()),
        ("CA", 999_999, Shipping(600)),
        ("MX", 1, Shipping()),
        ("DE", 7_590, Shipping(900, 410)),
        ("", 8_000, Shipping()),
    ],
)
def test_a_parcel_costs_by_country_and_goods(country: str, goods: int, costs: Shipping) -> None:
    assert shipping(RATES, country, goods) == costs


def test_a_brand_without_rates_sends_free() -> None:
    assert shipping({}, "US", 1) == Shipping()
    assert shipping({"US": Rate(400)}, "DE", 1) == Shipping()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("Germany", "DE"), (" germany ", "DE"), ("德国", "DE"), ("de", "DE"), ("UK", "GB")),
        *(("香港", "HK"), ("中国", "CN"), ("United States", "US"), ("usa", "US")),
        *(("", ""), ("Atlantis", ""), ("ZZ", ""), ("Germany2", "")),
    ],
)
def test_a_country_is_known_by_its_names(written: str, code: str) -> None:
    assert country_code(written) == code
