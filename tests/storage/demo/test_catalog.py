"""The demo catalog is whole: counts, both languages, prices, deals that really are deals."""

from collections import Counter
from collections.abc import Iterator

import pytest

from storage.demo.catalog import BRANDS, CATEGORIES, DEALS, PRODUCTS, DemoDeal, DemoProduct, Words

BY_SKU = {product.sku: product for product in PRODUCTS}


def _has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def _titles() -> Iterator[Words]:
    yield from (brand.name for brand in BRANDS)
    yield from (category.name for category in CATEGORIES)
    yield from (product.title for product in PRODUCTS)
    yield from (deal.title for deal in DEALS)


def _texts() -> Iterator[Words]:
    for brand in BRANDS:
        yield from (brand.about, brand.welcome)
    for product in PRODUCTS:
        yield product.description


def _offers(deal: DemoDeal) -> list[int]:
    return [price for _, price in deal.tiers] if deal.kind == "ladder" else [deal.price_minor or 0]


def test_catalog_has_three_brands_eight_categories_forty_products() -> None:
    assert (len(BRANDS), len(CATEGORIES), len(PRODUCTS)) == (3, 8, 40)


def test_categories_nest_under_existing_ones_and_all_have_products() -> None:
    keys = {category.key for category in CATEGORIES}
    parents = [category.parent for category in CATEGORIES if category.parent]
    assert len(parents) in (2, 3)
    assert set(parents) <= keys
    assert {product.category for product in PRODUCTS} == keys


def test_every_product_belongs_to_a_brand_and_every_brand_sells() -> None:
    assert {product.brand for product in PRODUCTS} == {brand.key for brand in BRANDS}


def test_skus_and_keys_are_unique() -> None:
    skus = [variant.sku for product in PRODUCTS for variant in product.variants]
    assert len(set(skus)) == len(skus)
    assert len(BY_SKU) == len(PRODUCTS)
    assert len({deal.key for deal in DEALS}) == len(DEALS)
    assert len({product.title.en for product in PRODUCTS}) == len(PRODUCTS)
    assert len({product.title.zh for product in PRODUCTS}) == len(PRODUCTS)


@pytest.mark.parametrize("words", list(_titles()), ids=lambda words: words.en)
def test_title_is_short_in_both_languages(words: Words) -> None:
    assert 0 < len(words.en) <= 60
    assert 0 < len(words.zh) <= 60
    assert not _has_chinese(words.en)
    assert _has_chinese(words.zh)


@pytest.mark.parametrize("words", list(_texts()), ids=lambda words: words.en[:30])
def test_text_is_one_to_three_sentences_in_both_languages(words: Words) -> None:
    assert 40 <= len(words.en) <= 300
    assert 15 <= len(words.zh) <= 300
    assert words.en.endswith((".", "!"))
    assert words.zh.endswith("。")
    assert not _has_chinese(words.en)
    assert 1 <= words.zh.count("。") <= 3


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.sku)
def test_variants_have_distinct_options_and_sane_prices(product: DemoProduct) -> None:
    variants = product.variants
    assert 1 <= len(variants) <= 6
    assert len({variant.options for variant in variants}) == len(variants)
    assert len({tuple(name for name, _ in variant.options) for variant in variants}) == 1
    assert all(300 <= variant.price_minor <= 12_000 for variant in variants)
    assert all(variant.stock >= 0 for variant in variants)


def test_some_variants_are_low_and_some_sold_out_but_no_product_is() -> None:
    stocks = [variant.stock for product in PRODUCTS for variant in product.variants]
    assert 1 <= stocks.count(0) <= 3
    assert sum(0 < stock <= 5 for stock in stocks) >= 3
    assert all(any(variant.stock for variant in product.variants) for product in PRODUCTS)


def test_deals_have_three_or_more_of_each_kind() -> None:
    counts = Counter(deal.kind for deal in DEALS)
    assert set(counts) == {"flash", "team", "ladder"}
    assert min(counts.values()) >= 3


@pytest.mark.parametrize("deal", DEALS, ids=lambda deal: deal.key)
def test_deal_is_below_the_list_price_of_every_variant(deal: DemoDeal) -> None:
    lowest = min(variant.price_minor for variant in BY_SKU[deal.product].variants)
    offers = _offers(deal)
    assert all(0 < offer < lowest for offer in offers)


@pytest.mark.parametrize("deal", DEALS, ids=lambda deal: deal.key)
def test_deal_has_a_window_stock_and_cap(deal: DemoDeal) -> None:
    stock = sum(variant.stock for variant in BY_SKU[deal.product].variants)
    assert deal.starts_in_minutes < deal.ends_in_minutes
    assert deal.ends_in_minutes > 0
    assert 0 < deal.per_person_cap <= deal.stock <= stock


@pytest.mark.parametrize("deal", DEALS, ids=lambda deal: deal.key)
def test_deal_fields_match_its_kind(deal: DemoDeal) -> None:
    assert (deal.price_minor is None) == (deal.kind == "ladder")
    assert (deal.team_size is not None) == (deal.kind == "team")
    assert bool(deal.tiers) == (deal.kind == "ladder")


def test_team_sizes_are_two_to_five() -> None:
    sizes = [deal.team_size for deal in DEALS if deal.team_size is not None]
    assert set(sizes) == {2, 3, 4, 5}


@pytest.mark.parametrize(
    "deal", [deal for deal in DEALS if deal.kind == "ladder"], ids=lambda deal: deal.key
)
def test_ladder_falls_as_buyers_rise(deal: DemoDeal) -> None:
    buyers = [count for count, _ in deal.tiers]
    prices = [price for _, price in deal.tiers]
    assert buyers == sorted(set(buyers))
    assert prices == sorted(set(prices), reverse=True)
    assert buyers[-1] <= deal.stock


def test_deals_end_at_the_hours_the_clock_announces() -> None:
    ends = sorted(deal.ends_in_minutes for deal in DEALS)
    assert ends[:3] == [25, 50, 170]
    assert 20 * 60 in ends
    assert ends[-1] > 3 * 24 * 60
    assert [deal.key for deal in DEALS if deal.starts_in_minutes > 0] == ["umbrella-flash"]
