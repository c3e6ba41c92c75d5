"""The demo shop's catalog: three brands, eight categories, forty products, their deals."""

from storage.demo.brands import BRANDS, CATEGORIES
from storage.demo.deals import DEALS
from storage.demo.goods import (
    DemoBrand,
    DemoCategory,
    DemoDeal,
    DemoProduct,
    DemoVariant,
    Words,
)
from storage.demo.products_kiln import KILN
from storage.demo.products_tea import TEA
from storage.demo.products_tram import TRAM
from storage.demo.products_wear import WEAR

CURRENCY = "USD"
PRODUCTS: tuple[DemoProduct, ...] = (*TEA, *KILN, *TRAM, *WEAR)

__all__ = [
    "BRANDS",
    "CATEGORIES",
    "CURRENCY",
    "DEALS",
    "PRODUCTS",
    "DemoBrand",
    "DemoCategory",
    "DemoDeal",
    "DemoProduct",
    "DemoVariant",
    "Words",
]
