"""What a deal's row does not say itself, as scalar subqueries of a statement over deals."""

from __future__ import annotations

from sqlalchemy import Function, ScalarSelect, func, select
from sqlmodel import col

from storage.tables import Deal, DealTier, Photo, Variant


def list_price() -> ScalarSelect[int]:
    """Of the product's cheapest variant, in minor units."""
    return (
        select(func.min(col(Variant.price_minor)))
        .where(col(Variant.product_id) == col(Deal.product_id))
        .correlate(Deal)
        .scalar_subquery()
    )


def lowest_price() -> Function[int]:
    """The last tier's price, or the flash price."""
    last_tier = (
        select(func.min(col(DealTier.price_minor)))
        .where(col(DealTier.deal_id) == col(Deal.id))
        .correlate(Deal)
        .scalar_subquery()
    )
    return func.coalesce(last_tier, col(Deal.price_minor))


def first_photo() -> ScalarSelect[str]:
    """The key of the product's first picture, if it has one."""
    return (
        select(col(Photo.picture_key))
        .where(col(Photo.product_id) == col(Deal.product_id), col(Photo.position) == 0)
        .correlate(Deal)
        .scalar_subquery()
    )
