"""Brands and their people: becoming one, approval, the hub, orders to pack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.shelving import on_sale, read_page
from commerce.actions.telling import Message, tell
from commerce.actor import Actor, begin
from commerce.brand_views import BrandDesk, BrandName
from commerce.refusals import BrandPending, Expired, NotFound, NotOperator, NotOwner
from commerce.views import Page, ProductLine
from storage.codes import new_code
from storage.columns import id_of
from storage.tables import (
    Brand,
    BrandState,
    Deal,
    DealState,
    Follow,
    Order,
    OrderState,
    Person,
    Product,
    ProductState,
    Role,
    Staff,
    Table,
)
from storage.texts import LocalizedText

PAGE = 6


@dataclass(frozen=True, slots=True)
class NewBrand:
    name: LocalizedText
    about: LocalizedText
    emoji: str
    currency: str
    shipping_minor: int


async def own_brand(session: AsyncSession, actor: Actor, code: str) -> Brand:
    """A brand that the actor works for. Raises NotFound, also for another's and a closed one."""
    brand, _ = await _own(session, actor, code)
    return brand


async def own_live_brand(
    session: AsyncSession, actor: Actor, code: str, *, owner: bool = False, lock: bool = False
) -> Brand:
    """As own_brand, and the brand may sell. Raises NotFound, BrandPending, NotOwner."""
    brand, role = await _own(session, actor, code, lock=lock)
    if brand.state == BrandState.PENDING:
        raise BrandPending
    if owner and role != Role.OWNER:
        raise NotOwner
    return brand


async def _own(
    session: AsyncSession, actor: Actor, code: str, *, lock: bool = False
) -> tuple[Brand, Role]:
    statement = (
        select(Brand, col(Staff.role))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Brand.code) == code,
            col(Brand.state) != BrandState.CLOSED,
            col(Staff.person_id) == actor.person_id,
        )
    )
    if lock:
        statement = statement.with_for_update(of=Brand, key_share=True)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def become_brand(
    actor: Actor, new: NewBrand, operators: Collection[int], *, now: datetime
) -> str:
    """The new brand's code. It waits for an operator, if this house has any and the actor is
    none. Raises BrandPending while another brand of the actor waits.
    """
    code = new_code()
    async with begin(actor, f"brand {code}") as session:
        await _require_none_waiting(session, actor)
        waits = bool(operators) and not actor.operator
        brand = Brand(
            code=code,
            name=new.name,
            about=new.about,
            welcome=LocalizedText.of(),
            emoji=new.emoji,
            currency=new.currency,
            shipping_minor=new.shipping_minor,
            state=BrandState.PENDING if waits else BrandState.LIVE,
            created_at=now,
        )
        session.add(brand)
        await session.flush()
        session.add(Staff(brand_id=id_of(brand), person_id=actor.person_id, role=Role.OWNER))
        if waits:
            await _tell_operators(session, actor, brand, operators, now)
    return code


async def require_none_waiting(actor: Actor) -> None:
    """Before somebody fills in a form in vain. Raises BrandPending."""
    async with actor.database.read() as session:
        await _require_none_waiting(session, actor)


async def _require_none_waiting(session: AsyncSession, actor: Actor) -> None:
    waiting = await session.execute(
        select(col(Brand.id))
        .join(Staff, col(Staff.brand_id) == col(Brand.id))
        .where(
            col(Brand.state) == BrandState.PENDING,
            col(Staff.person_id) == actor.person_id,
            col(Staff.role) == Role.OWNER,
        )
    )
    if waiting.first() is not None:
        raise BrandPending


async def _tell_operators(
    session: AsyncSession, actor: Actor, brand: Brand, operators: Collection[int], now: datetime
) -> None:
    found = await session.execute(
        select(col(Person.id)).where(col(Person.telegram_id).in_(operators))
    )
    facts = {"brand": brand.code, "name": brand.name.to_json(), "owner": actor.first_name}
    messages = [
        Message(
            actor.bot_id,
            person_id,
            "brand_waiting",
            facts,
            f"brand_waiting:{brand.code}:{person_id}",
        )
        for person_id in found.scalars()
        if person_id is not None
    ]
    await tell(session, messages, now=now)


async def approve_brand(actor: Actor, code: str, *, now: datetime) -> None:
    """Raises NotOperator, NotFound, Expired when it was decided before."""
    await _judge(actor, code, BrandState.LIVE, "brand_approved", now)


async def decline_brand(actor: Actor, code: str, *, now: datetime) -> None:
    """Raises NotOperator, NotFound, Expired when it was decided before."""
    await _judge(actor, code, BrandState.CLOSED, "brand_declined", now)


async def _judge(actor: Actor, code: str, verdict: BrandState, notice: str, now: datetime) -> None:
    if not actor.operator:
        raise NotOperator
    async with begin(actor) as session:
        judged = await session.execute(
            update(Brand)
            .where(col(Brand.code) == code, col(Brand.state) == BrandState.PENDING)
            .values(state=verdict)
            .returning(col(Brand.id), col(Brand.name))
        )
        row = judged.one_or_none()
        if row is None:
            known = await session.execute(select(col(Brand.id)).where(col(Brand.code) == code))
            raise Expired if known.first() else NotFound
        owners = await session.execute(
            select(col(Staff.person_id)).where(
                col(Staff.brand_id) == row[0], col(Staff.role) == Role.OWNER
            )
        )
        facts = {"brand": code, "name": row[1].to_json()}
        messages = [
            Message(actor.bot_id, p, notice, facts, f"{notice}:{code}:{p}")
            for p in owners.scalars()
        ]
        await tell(session, messages, now=now)


async def pending_brands(actor: Actor, page: int) -> Page[BrandName]:
    """What waits for an operator, the oldest first. Raises NotOperator."""
    if not actor.operator:
        raise NotOperator
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Brand)
            .where(col(Brand.state) == BrandState.PENDING)
            .order_by(col(Brand.id))
            .offset(page * PAGE)
            .limit(PAGE + 1)
        )
        found = [_name(brand) for brand in rows.scalars()]
    return Page(tuple(found[:PAGE]), page, len(found) > PAGE)


def _name(brand: Brand) -> BrandName:
    return BrandName(brand.code, brand.name, brand.about, brand.emoji, brand.state)


async def brand_desk(actor: Actor, code: str | None, *, now: datetime) -> BrandDesk | None:
    """The hub of one of the actor's brands, the first one without a code; None for a shopper.

    Raises NotFound for a code that is not the actor's.
    """
    async with actor.database.read() as session:
        rows = await session.execute(
            select(Brand, col(Staff.role))
            .join(Staff, col(Staff.brand_id) == col(Brand.id))
            .where(col(Staff.person_id) == actor.person_id, col(Brand.state) != BrandState.CLOSED)
            .order_by(col(Brand.id))
        )
        mine = rows.all()
        if code is None and not mine:
            return None
        chosen = [row for row in mine if code in (None, row[0].code)]
        if not chosen:
            raise NotFound
        brand, role = chosen[0]
        counts = (await session.execute(_counts(id_of(brand), now))).one()
    return BrandDesk(
        code=brand.code,
        name=brand.name,
        emoji=brand.emoji,
        picture=brand.picture_key,
        state=brand.state,
        role=role,
        currency=brand.currency,
        shipping_minor=brand.shipping_minor,
        followers=counts.followers,
        products=counts.products,
        deals=counts.deals,
        orders=counts.orders,
        by_hand=brand.by_hand,
        others=tuple(_name(other) for other, _ in mine if other.code != brand.code),
    )


def _counts(brand_id: int, now: datetime) -> Select[int, int, int, int]:
    def count(table: type[Table], *which: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).select_from(table).where(*which).scalar_subquery()

    return select(
        count(Follow, col(Follow.brand_id) == brand_id).label("followers"),
        count(
            Product,
            col(Product.brand_id) == brand_id,
            col(Product.state) == ProductState.LIVE,
        ).label("products"),
        count(
            Deal,
            col(Deal.brand_id) == brand_id,
            col(Deal.state) == DealState.LIVE,
            col(Deal.ends_at) > now,
        ).label("deals"),
        count(Order, col(Order.brand_id) == brand_id, col(Order.state) == OrderState.PAID).label(
            "orders"
        ),
    )


async def require_owner(actor: Actor, code: str) -> None:
    """Before a form for owners alone. Raises NotFound, BrandPending, NotOwner."""
    async with actor.database.read() as session:
        await own_live_brand(session, actor, code, owner=True)


async def require_live(actor: Actor, code: str) -> None:
    """Before a form that ends in something for sale. Raises NotFound, BrandPending."""
    async with actor.database.read() as session:
        await own_live_brand(session, actor, code)


async def brand_shelf(actor: Actor, code: str, page: int) -> Page[ProductLine]:
    """All that a live brand sells, newest first. Raises NotFound."""
    newest = on_sale().where(col(Brand.code) == code).order_by(col(Product.id).desc())
    async with actor.database.read() as session:
        found = await read_page(session, newest, page)
    if not found.items and not page:
        raise NotFound
    return found


async def unfollow(actor: Actor, code: str) -> LocalizedText:
    """Nothing more from this brand; its name. Raises NotFound."""
    async with begin(actor, f"brand {code}") as session:
        found = await session.execute(
            select(col(Brand.id), col(Brand.name)).where(col(Brand.code) == code)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFound
        await session.execute(
            delete(Follow).where(
                col(Follow.person_id) == actor.person_id, col(Follow.brand_id) == row[0]
            )
        )
        name: LocalizedText = row[1]
        return name
