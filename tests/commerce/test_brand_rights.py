"""Who may do what with a brand: for everybody else its things are not there at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from commerce.actions import branding, broadcasting, dealing, listing, order_desk
from commerce.actor import Actor
from commerce.refusals import (
    BrandPending,
    Expired,
    NotFound,
    NotOperator,
    NotOwner,
    TooSoon,
)
from storage.database import Database
from storage.tables import Brand, BrandState, DealKind, Staff
from storage.texts import LocalizedText
from tests.commerce.brand_people import a_house
from tests.commerce.people import NOW

Act = Callable[[Actor, dict[str, str]], Awaitable[Any]]
MISSING = "zzzzzzzzzzzz"


def a_product(brand: str) -> listing.NewProduct:
    return listing.NewProduct(
        brand=brand,
        title=LocalizedText.of(en="Lamp"),
        description=LocalizedText.of(en="Of paper"),
        category=listing.GENERAL,
        price_minor=900,
        stock=3,
    )


def a_flash(product: str) -> dealing.NewDeal:
    return dealing.NewDeal(
        product=product,
        kind=DealKind.FLASH,
        price_minor=900,
        tiers=(),
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        stock=3,
        per_person=1,
    )


ACTS: dict[str, tuple[str, Act]] = {
    "brand_desk": ("brand", lambda a, c: branding.brand_desk(a, c["brand"], now=NOW)),
    "order_desk": ("brand", lambda a, c: order_desk.order_desk(a, c["brand"], "pack", 0)),
    "export_orders": ("brand", lambda a, c: order_desk.export_orders(a, c["brand"], "en")),
    "require_live": ("brand", lambda a, c: branding.require_live(a, c["brand"])),
    "require_owner": ("brand", lambda a, c: branding.require_owner(a, c["brand"])),
    "list_product": (
        "brand",
        lambda a, c: listing.list_product(a, a_product(c["brand"]), now=NOW),
    ),
    "own_products": ("brand", lambda a, c: listing.own_products(a, c["brand"], 0)),
    "own_product": ("product", lambda a, c: listing.own_product(a, c["product"])),
    "own_variant": ("variant", lambda a, c: listing.own_variant(a, c["variant"])),
    "set_price": ("variant", lambda a, c: listing.set_price(a, c["variant"], 2_500)),
    "set_stock": ("variant", lambda a, c: listing.set_stock(a, c["variant"], 0)),
    "set_shown": ("product", lambda a, c: listing.set_shown(a, c["product"], shown=False)),
    "create_deal": (
        "product",
        lambda a, c: dealing.create_deal(a, a_flash(c["product"]), now=NOW),
    ),
    "own_deals": ("brand", lambda a, c: dealing.own_deals(a, c["brand"], 0, now=NOW)),
    "own_deal": ("deal", lambda a, c: dealing.own_deal(a, c["deal"], now=NOW)),
    "pause_deal": ("deal", lambda a, c: dealing.pause_deal(a, c["deal"], now=NOW)),
    "resume_deal": ("deal", lambda a, c: dealing.resume_deal(a, c["deal"], now=NOW)),
    "end_deal": ("deal", lambda a, c: dealing.end_deal(a, c["deal"], now=NOW)),
    "extend_deal": ("deal", lambda a, c: dealing.extend_deal(a, c["deal"], 1, now=NOW)),
    "receivers": ("brand", lambda a, c: broadcasting.receivers(a, c["brand"])),
    "broadcast_facts": (
        "deal",
        lambda a, c: broadcasting.broadcast_facts(a, c["brand"], "Hi", c["deal"], now=NOW),
    ),
    "start_broadcast": (
        "brand",
        lambda a, c: broadcasting.start_broadcast(a, c["brand"], "Hi", None, now=NOW),
    ),
    "start_broadcast_of_a_deal": (
        "deal",
        lambda a, c: broadcasting.start_broadcast(a, c["brand"], "", c["deal"], now=NOW),
    ),
    "cancel_broadcast": (
        "broadcast",
        lambda a, c: broadcasting.cancel_broadcast(a, c["broadcast"], now=NOW),
    ),
    "broadcast_report": (
        "broadcast",
        lambda a, c: broadcasting.broadcast_report(a, c["broadcast"]),
    ),
    "broadcasts": ("brand", lambda a, c: broadcasting.broadcasts(a, c["brand"], 0)),
}
FOR_OWNERS = {"require_owner", "start_broadcast", "start_broadcast_of_a_deal"}
# The thing is theirs, only its state does not fit: it is not paused, its end is another, …
ALSO_FINE = (Expired, TooSoon)


@pytest.mark.parametrize("name", ACTS)
async def test_matrix_of_rights(database: Database, name: str) -> None:
    subject, act = ACTS[name]
    house = await a_house(database)
    for stranger in (house.shopper, house.other, replace(house.shopper, operator=True)):
        with pytest.raises(NotFound):
            await act(stranger, house.codes)
    with pytest.raises(NotFound):
        await act(house.owner, house.codes | {subject: MISSING})
    if name in FOR_OWNERS:
        with pytest.raises(NotOwner):
            await act(house.editor, house.codes)
    for person in (house.owner, house.editor):
        if person is house.editor and name in FOR_OWNERS:
            continue
        try:
            await act(person, house.codes)
        except ALSO_FINE:
            continue


@pytest.mark.parametrize("name", ACTS)
async def test_who_left_the_brand_may_do_nothing_more(database: Database, name: str) -> None:
    house = await a_house(database)
    async with database.begin() as session:
        await session.execute(delete(Staff).where(col(Staff.person_id) == house.editor.person_id))
    with pytest.raises(NotFound):
        await ACTS[name][1](house.editor, house.codes)


@pytest.mark.parametrize("name", ACTS)
async def test_closed_brand_is_gone_for_its_own_people_too(database: Database, name: str) -> None:
    house = await a_house(database)
    async with database.begin() as session:
        await session.execute(
            update(Brand)
            .where(col(Brand.id) == house.deal.brand_id)
            .values(state=BrandState.CLOSED)
        )
    with pytest.raises(NotFound):
        await ACTS[name][1](house.owner, house.codes)


@pytest.mark.parametrize("name", ["create_deal", "start_broadcast", "require_live"])
async def test_pending_brand_sells_nothing_yet(database: Database, name: str) -> None:
    house = await a_house(database)
    async with database.begin() as session:
        await session.execute(
            update(Brand)
            .where(col(Brand.id) == house.deal.brand_id)
            .values(state=BrandState.PENDING)
        )
    with pytest.raises(BrandPending):
        await ACTS[name][1](house.owner, house.codes)
    assert await listing.list_product(house.owner, a_product(house.codes["brand"]), now=NOW)


async def test_deal_of_another_own_brand_is_not_broadcast(database: Database) -> None:
    house = await a_house(database)
    theirs = (await branding.brand_desk(house.other, None, now=NOW)) or pytest.fail("no brand")
    async with database.begin() as session:
        session.add(
            Staff(
                brand_id=house.deal.brand_id,
                person_id=house.other.person_id,
                role="owner",  # type: ignore[arg-type]
            )
        )
    with pytest.raises(NotFound):
        await broadcasting.start_broadcast(
            house.other, theirs.code, "Hi", house.codes["deal"], now=NOW
        )


async def test_only_operators_judge(database: Database) -> None:
    house = await a_house(database)
    for judge in (branding.approve_brand, branding.decline_brand):
        for person in (house.owner, house.shopper):
            with pytest.raises(NotOperator):
                await judge(person, house.codes["brand"], now=NOW)
        operator = replace(house.shopper, operator=True)
        with pytest.raises(Expired):
            await judge(operator, house.codes["brand"], now=NOW)
        with pytest.raises(NotFound):
            await judge(operator, MISSING, now=NOW)


async def test_house_without_operators_opens_brands_at_once(database: Database) -> None:
    house = await a_house(database)
    new = branding.NewBrand(
        name=LocalizedText.of(en="Free"),
        about=LocalizedText.of(en="For all"),
        emoji="🛍",
        currency="USD",
        shipping_minor=0,
    )
    code = await branding.become_brand(house.shopper, new, (), now=NOW)
    desk = await branding.brand_desk(house.shopper, code, now=NOW)
    assert desk is not None
    assert desk.state == BrandState.LIVE
    await branding.become_brand(house.shopper, new, (1,), now=NOW)
    with pytest.raises(BrandPending):
        await branding.become_brand(house.shopper, new, (1,), now=NOW)
