"""A brand with its owner and editor, a shopper, and the owner of another brand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from commerce.actor import Actor
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    Broadcast,
    BroadcastState,
    Deal,
    DealKind,
    Follow,
    Product,
    Role,
    Staff,
    Variant,
)
from tests.commerce.people import NOW, a_deal, some_people


@dataclass(frozen=True, slots=True)
class House:
    """Two brands, of which `codes` are the first one's."""

    owner: Actor
    editor: Actor
    shopper: Actor
    other: Actor
    codes: dict[str, str]
    deal: Deal


async def a_house(database: Database, kind: DealKind = DealKind.LADDER) -> House:
    tiers = ((0, 1_500),) if kind == DealKind.FLASH else ((3, 1_500), (5, 1_200))
    deal, foreign = await a_deal(database, kind, tiers), await a_deal(database, kind, tiers)
    owner, editor, shopper, other = await some_people(database, 4)
    async with database.begin() as session:
        session.add_all(
            Staff(brand_id=brand_id, person_id=person.person_id, role=role)
            for brand_id, person, role in (
                (deal.brand_id, owner, Role.OWNER),
                (deal.brand_id, editor, Role.EDITOR),
                (foreign.brand_id, other, Role.OWNER),
            )
        )
        session.add(Follow(person_id=shopper.person_id, brand_id=deal.brand_id, created_at=NOW))
        broadcast = Broadcast(
            code="Broadcast123",
            brand_id=deal.brand_id,
            author_id=owner.person_id,
            text="Hello",
            state=BroadcastState.CANCELLED,
            created_at=NOW,
        )
        session.add(broadcast)
        brand = await session.get_one(Brand, deal.brand_id)
        product = await session.get_one(Product, deal.product_id)
        variant = await session.execute(
            select(col(Variant.code)).where(col(Variant.product_id) == id_of(product))
        )
        codes = {
            "brand": brand.code,
            "product": product.code,
            "variant": variant.scalar_one(),
            "deal": deal.code,
            "broadcast": broadcast.code,
        }
    return House(owner, editor, shopper, other, codes, deal)
