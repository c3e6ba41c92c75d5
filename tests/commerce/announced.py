"""A small street of shops and chats, and what the clock has queued for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions.announcing import announce_due
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Chat,
    ChatState,
    Deal,
    DealKind,
    DealState,
    Outbox,
    Product,
    ProductState,
    Subscription,
    Variant,
)
from storage.texts import LocalizedText

BOT = 7_000_000_001
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=60)


def text(words: str) -> LocalizedText:
    return LocalizedText.of(en=words)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A brand's product on a shelf below another."""

    brand: int
    product: int
    category: int
    above: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How a test's deal differs from one that is on and has plenty left."""

    title: str = "Teapot"
    state: DealState = DealState.LIVE
    stock: int = 5
    starts_at: datetime = LONG_AGO
    created_at: datetime = LONG_AGO


@dataclass(slots=True)
class Street:
    """What tests build on one database."""

    database: Database
    count: int = 0

    async def shelf(self, state: BrandState = BrandState.LIVE) -> Shelf:
        async with self.database.begin() as session:
            above = Category(code=new_code(), name=text("Home"))
            brand = Brand(
                code=new_code(),
                name=text("Kiln"),
                about=text(""),
                welcome=text(""),
                currency="EUR",
                state=state,
                created_at=LONG_AGO,
            )
            session.add_all([above, brand])
            await session.flush()
            category = Category(code=new_code(), name=text("Tea"), parent_id=above.id)
            session.add(category)
            await session.flush()
            product = Product(
                code=new_code(),
                brand_id=id_of(brand),
                category_id=id_of(category),
                sku="T1",
                title=text("Teapot"),
                description=text(""),
                state=ProductState.LIVE,
                from_minor=3_000,
                created_at=LONG_AGO,
            )
            session.add(product)
            await session.flush()
            session.add(
                Variant(
                    code=new_code(),
                    product_id=id_of(product),
                    sku="T1",
                    name=text(""),
                    price_minor=3_000,
                    stock_left=9,
                )
            )
        return Shelf(id_of(brand), id_of(product), id_of(category), id_of(above))

    async def deal(
        self, shelf: Shelf, ends_at: datetime, terms: Terms | None = None, **other: Any
    ) -> int:
        terms = replace(terms or Terms(), **other)
        async with self.database.begin() as session:
            deal = Deal(
                code=new_code(),
                brand_id=shelf.brand,
                product_id=shelf.product,
                kind=DealKind.FLASH,
                title=text(terms.title),
                state=terms.state,
                starts_at=terms.starts_at,
                ends_at=ends_at,
                price_minor=2_000,
                stock_left=terms.stock,
                created_at=terms.created_at,
            )
            session.add(deal)
        return id_of(deal)

    async def chat(self, *, to: tuple[str, int] | None = ("all", 0), **fields: Any) -> int:
        """A group subscribed to everything, or to ("brand", id) or ("category", id)."""
        self.count += 1
        known: dict[str, Any] = {"state": ChatState.ACTIVE, "title": "Tea friends"} | fields
        async with self.database.begin() as session:
            chat = Chat(
                code=new_code(),
                telegram_id=-1_000 - self.count,
                kind="group",
                created_at=LONG_AGO,
                **known,
            )
            session.add(chat)
        if to is not None:
            await self.subscribe(id_of(chat), to)
        return id_of(chat)

    async def subscribe(
        self, chat_id: int, to: tuple[str, int], since: datetime = LONG_AGO
    ) -> None:
        kind, subject = to
        async with self.database.begin() as session:
            session.add(
                Subscription(
                    chat_id=chat_id,
                    brand_id=subject if kind == "brand" else None,
                    category_id=subject if kind == "category" else None,
                    created_at=since,
                )
            )

    async def change(self, table: Any, id_: int, **fields: Any) -> None:
        async with self.database.begin() as session:
            await session.execute(update(table).where(col(table.id) == id_).values(**fields))

    async def announce(self, now: datetime) -> int:
        return await announce_due(self.database, BOT, now=now)

    async def queued(self) -> list[Outbox]:
        async with self.database.read() as session:
            rows = await session.execute(select(Outbox).order_by(col(Outbox.id)))
            return list(rows.scalars())

    async def stages(self) -> list[str]:
        """The stage of each queued message, or the titles of a digest."""
        return [
            str(row.facts["stage"])
            if row.notice == "deal_ending"
            else "+".join(
                LocalizedText.from_json(deal["title"]).in_("en") for deal in row.facts["deals"]
            )
            for row in await self.queued()
        ]
