"""People, brands and deals for tests of actions, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select
from sqlmodel import col

from commerce.actor import Actor
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Address,
    Brand,
    BrandState,
    Category,
    Deal,
    DealKind,
    DealState,
    DealTier,
    Person,
    Product,
    ProductState,
    Variant,
)
from storage.texts import LocalizedText

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BOT = 7_000_000_001


async def some_people(database: Database, count: int, *, first: int = 1_000) -> list[Actor]:
    """People with an address; `first` is the Telegram id of the first of them."""
    rows = [
        {
            "telegram_id": first + n,
            "first_name": f"P{n}",
            "telegram_locale": "en",
            "created_at": NOW,
            "seen_at": NOW,
        }
        for n in range(count)
    ]
    async with database.begin() as session:
        await session.execute(insert(Person), rows)
        found = await session.execute(
            select(Person).where(col(Person.telegram_id) >= first).order_by(col(Person.telegram_id))
        )
        people = found.scalars().all()
        session.add_all(
            Address(
                person_id=id_of(p),
                name=p.first_name,
                phone="",
                street="1 Lane",
                city="Town",
                postcode="",
                country="Land",
                created_at=NOW,
            )
            for p in people
        )
    return [actor(database, p) for p in people]


def actor(database: Database, person: Person) -> Actor:
    return Actor(
        database=database,
        bot_id=BOT,
        person_id=id_of(person),
        telegram_id=person.telegram_id or 0,
        first_name=person.first_name,
        locale="en",
        timezone="UTC",
    )


async def a_deal(
    database: Database,
    kind: DealKind,
    tiers: tuple[tuple[int, int], ...],
    *,
    stock: int = 1_000,
    variant_stock: int = 1_000,
    per_person: int = 1,
) -> Deal:
    """A live deal on a product with one variant at 20.00; `tiers` of one for a flash price."""
    async with database.begin() as session:
        brand = Brand(
            code=new_code(),
            name=LocalizedText.of(en="Brand"),
            about=LocalizedText.of(en="About"),
            welcome=LocalizedText.of(en="Welcome"),
            currency="USD",
            state=BrandState.LIVE,
            created_at=NOW,
        )
        category = Category(code=new_code(), name=LocalizedText.of(en="Things"))
        session.add_all([brand, category])
        await session.flush()
        product = Product(
            code=new_code(),
            brand_id=id_of(brand),
            category_id=id_of(category),
            sku="SKU",
            title=LocalizedText.of(en="Thing"),
            description=LocalizedText.of(en="A thing"),
            state=ProductState.LIVE,
            from_minor=2_000,
            created_at=NOW,
        )
        session.add(product)
        await session.flush()
        deal = Deal(
            code=new_code(),
            brand_id=id_of(brand),
            product_id=id_of(product),
            kind=kind,
            title=LocalizedText.of(en="Deal"),
            state=DealState.LIVE,
            starts_at=NOW - timedelta(hours=1),
            ends_at=NOW + timedelta(days=2),
            price_minor=tiers[0][1],
            stock_left=stock,
            per_person=per_person,
            created_at=NOW - timedelta(hours=1),
        )
        session.add_all(
            [
                deal,
                Variant(
                    code=new_code(),
                    product_id=id_of(product),
                    sku="V",
                    name=LocalizedText.of(),
                    price_minor=2_000,
                    stock_left=variant_stock,
                ),
            ]
        )
        await session.flush()
        if kind != DealKind.FLASH:
            session.add_all(
                DealTier(deal_id=id_of(deal), buyers=buyers, price_minor=price)
                for buyers, price in tiers
            )
    return deal
