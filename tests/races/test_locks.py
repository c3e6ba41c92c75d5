"""What two transactions lock, they lock in the same order; what one counts, no other changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import checkout, deciding, groups, holding, stock
from commerce.actions.dealing import end_deal, pause_deal
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.refusals import DealNotOpen, OverLimit
from storage import posted
from storage.codes import new_code
from storage.columns import id_of
from storage.database import Database, open_database
from storage.failures import Busy
from storage.tables import (
    Checkout,
    Deal,
    DealKind,
    DealTier,
    GroupBuy,
    GroupState,
    PostedCard,
    Staff,
    Variant,
)
from storage.tables.brands import Role
from storage.texts import LocalizedText
from tests.commerce.people import BOT, NOW, a_deal, some_people
from tests.races.stops import Stop, stands

pytestmark = pytest.mark.clocked  # transactions stand still for moments

PRICE = 1_500
STOCK = 1_000
SHELF = "UPDATE variant"
OVER = NOW + timedelta(days=1)
ALMOST = OVER - timedelta(minutes=5)
POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
async def doors(database_url: str, database: Database) -> AsyncIterator[list[Database]]:
    """Two programs beside the test's own."""
    async with AsyncExitStack() as stack:
        opened = [open_database(database_url, pool_size=2) for _ in range(2)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


def at(people: list[Actor], doors: list[Database]) -> list[Actor]:
    """The first people, each at a door of their own."""
    return [replace(p, database=door) for p, door in zip(people, doors, strict=False)]


async def another_variant(database: Database) -> list[str]:
    """A second choice of the only product. The codes of both, by id."""
    async with database.begin() as session:
        first = (await session.execute(select(Variant))).scalar_one()
        session.add(
            Variant(
                code=new_code(),
                product_id=first.product_id,
                sku="W",
                name=LocalizedText.of(en="Other"),
                price_minor=2_000,
                stock_left=STOCK,
            )
        )
        await session.flush()
        rows = await session.execute(select(col(Variant.code)).order_by(col(Variant.id)))
        return list(rows.scalars())


async def shelf(database: Database) -> list[int]:
    async with database.read() as session:
        rows = await session.execute(select(col(Variant.stock_left)).order_by(col(Variant.id)))
        return list(rows.scalars())


async def outcomes(*tasks: asyncio.Task[Any]) -> list[type | None]:
    """What each ended with: None, or the kind of its failure."""
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    return [type(end) if isinstance(end, BaseException) else None for end in ends]


async def swap_crosswise(database: Database, doors: list[Database]) -> list[type | None]:
    """One swaps the first variant for the second, another the second for the first."""
    people = await some_people(database, 2)
    await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    variants = await another_variant(database)
    held = [
        await checkout.buy_variant(p, v, now=NOW) for p, v in zip(people, variants, strict=True)
    ]
    stops = [Stop(door, SHELF, 2) for door in doors]
    tasks = []
    for who, code, wanted, stop in zip(
        at(people, doors), held, reversed(variants), stops, strict=True
    ):
        swapping = checkout.choose_variant(who, code, wanted, now=NOW)
        tasks.append(asyncio.create_task(swapping))
        await stands(tasks[-1], stop)
    for stop in stops:
        stop.go.set()
    return await outcomes(*tasks)


async def test_variants_swapped_crosswise_wait_for_each_other(
    database: Database, doors: list[Database]
) -> None:
    assert await swap_crosswise(database, doors) == [None, None]
    assert await shelf(database) == [STOCK - 1, STOCK - 1]


async def careless_swap(session: AsyncSession, old_id: int, new_id: int, quantity: int) -> None:
    await stock.take(session, new_id, None, quantity)
    await stock.give_back(session, None, {old_id: quantity})


@POSTGRES
async def test_without_the_order_swaps_deadlock(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock, "swap", careless_swap)
    assert sorted(map(str, await swap_crosswise(database, doors))) == sorted(map(str, [Busy, None]))


async def two_paying(database: Database, people: list[Actor]) -> tuple[int, list[str]]:
    """A group in which two are still paying. Its id, and their checkouts."""
    deal = await a_deal(database, DealKind.TEAM, ((3, PRICE),))
    opened = await groups.open_group(people[0], deal.code, now=NOW)
    await holding_longer(database, opened.checkout_code)
    joined = await groups.join_group(people[1], opened.group_code, now=ALMOST)
    async with database.read() as session:
        group_id = (await session.execute(select(col(GroupBuy.id)))).scalar_one()
    assert group_id is not None
    return group_id, [opened.checkout_code, joined.checkout_code]


async def holding_longer(database: Database, code: str) -> None:
    async with database.begin() as session:
        await session.execute(
            update(Checkout).where(col(Checkout.code) == code).values(expires_at=OVER)
        )


async def choose_while_deciding(database: Database, doors: list[Database]) -> list[type | None]:
    """The second payer swaps the variant at the moment when the group's time is over."""
    people = await some_people(database, 2)
    group_id, codes = await two_paying(database, people)
    other = (await another_variant(database))[1]
    stop = Stop(doors[0], SHELF)
    late = replace(people[1], database=doors[0])
    choosing = asyncio.create_task(checkout.choose_variant(late, codes[1], other, now=ALMOST))
    await stands(choosing, stop)
    closing = asyncio.create_task(deciding.decide_group(doors[1], group_id, now=OVER))
    await stands(closing)
    stop.go.set()
    return await outcomes(choosing, closing)


async def test_closing_a_group_waits_for_who_still_chooses(
    database: Database, doors: list[Database]
) -> None:
    assert await choose_while_deciding(database, doors) == [None, None]
    assert await shelf(database) == [STOCK, STOCK]


async def careless_release(
    session: AsyncSession, group: GroupBuy, *, now: datetime, promised: bool = False
) -> Counter[int]:
    """One after the other: goods of the first are locked before the checkout of the second."""
    rows = await session.execute(select(Checkout).order_by(col(Checkout.id)))
    for one in rows.scalars().all():
        await holding.release(session, one, now=now)
    return Counter()


@POSTGRES
async def test_without_the_order_closing_and_choosing_deadlock(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "release_seats", careless_release)
    assert Busy in await choose_while_deciding(database, doors)


async def a_paid_group(
    database: Database, people: list[Actor], deal: Deal, wanted: list[str], charges: str
) -> int:
    """Two of three have paid, each for another variant. The group's id."""
    opened = await groups.open_group(people[0], deal.code, now=NOW)
    joined = await groups.join_group(people[1], opened.group_code, now=NOW)
    codes = (opened.checkout_code, joined.checkout_code)
    for who, code, variant in zip(people, codes, wanted, strict=True):
        await checkout.choose_variant(who, code, variant, now=NOW)
        charge = Charge("pretend", f"{charges}-{code}", code, code, "USD", PRICE)
        await record_payment(who, charge, now=NOW)
    async with database.read() as session:
        found = await session.execute(
            select(col(GroupBuy.id)).where(col(GroupBuy.code) == opened.group_code)
        )
        return found.scalar_one() or 0


async def fail_crosswise(database: Database, doors: list[Database]) -> list[type | None]:
    """Two groups fail, whose members paid for the same two variants in opposite order."""
    people = await some_people(database, 4)
    deal = await a_deal(database, DealKind.TEAM, ((3, PRICE),))
    variants = await another_variant(database)
    ids = [
        await a_paid_group(database, people[:2], deal, variants, "a"),
        await a_paid_group(database, people[2:], await a_twin(database, deal), variants[::-1], "b"),
    ]
    stops = [Stop(door, SHELF, 2) for door in doors]
    tasks = []
    for door, group_id, stop in zip(doors, ids, stops, strict=True):
        tasks.append(asyncio.create_task(deciding.decide_group(door, group_id, now=OVER)))
        await stands(tasks[-1], stop)
    for stop in stops:
        stop.go.set()
    return await outcomes(*tasks)


async def a_twin(database: Database, deal: Deal) -> Deal:
    """Another deal of the same product."""
    fields = deal.model_dump(exclude={"id", "code"}) | {"code": new_code(), "title": deal.title}
    async with database.begin() as session:
        twin = Deal(**fields)
        session.add(twin)
        await session.flush()
        session.add(DealTier(deal_id=id_of(twin), buyers=3, price_minor=PRICE))
    return twin


async def test_groups_that_fail_together_wait_for_each_other(
    database: Database, doors: list[Database]
) -> None:
    assert await fail_crosswise(database, doors) == [None, None]
    assert await shelf(database) == [STOCK, STOCK]


async def careless_give_back(
    session: AsyncSession, deal_id: int | None, quantities: Mapping[int, int]
) -> None:
    for variant_id, quantity in quantities.items():
        await stock.give_back(session, deal_id, {variant_id: quantity})


@POSTGRES
async def test_without_the_order_failing_groups_deadlock(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "give_back", careless_give_back)
    assert sorted(map(str, await fail_crosswise(database, doors))) == sorted(map(str, [Busy, None]))


async def tap_twice(database: Database, doors: list[Database]) -> list[type | None]:
    """The same person buys at two doors at once."""
    [person] = await some_people(database, 1)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),), per_person=1)
    one, two = (replace(person, database=door) for door in doors)
    stop = Stop(doors[0], "INSERT INTO checkout ")
    first = asyncio.create_task(checkout.buy_flash(one, deal.code, now=NOW))
    await stands(first, stop)
    second = asyncio.create_task(checkout.buy_flash(two, deal.code, now=NOW))
    await stands(second)
    stop.go.set()
    return await outcomes(first, second)


async def test_two_taps_at_once_stay_under_the_cap(
    database: Database, doors: list[Database]
) -> None:
    assert await tap_twice(database, doors) == [None, OverLimit]


async def nobody_waits(session: AsyncSession, actor: Actor) -> None:
    """`one_at_a_time` without its lock."""


@POSTGRES
async def test_without_the_lock_two_taps_pass_the_cap(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "one_at_a_time", nobody_waits)
    assert await tap_twice(database, doors) == [None, None]


async def an_owner(database: Database, person: Actor, deal: Deal) -> Actor:
    async with database.begin() as session:
        session.add(
            Staff(
                brand_id=deal.brand_id,
                person_id=person.person_id,
                role=Role.OWNER,
            )
        )
    return person


async def buy_while_it_ends(database: Database, doors: list[Database]) -> list[type | None]:
    """The buyer saw a live deal; before their transaction takes a piece, the brand ends it."""
    buyer, brand = await some_people(database, 2)
    deal = await a_deal(database, DealKind.FLASH, ((0, PRICE),))
    owner = await an_owner(database, brand, deal)
    stop = Stop(doors[0], "BEGIN IMMEDIATE" if database.dialect == "sqlite" else "UPDATE deal")
    buying = asyncio.create_task(
        checkout.buy_flash(replace(buyer, database=doors[0]), deal.code, now=NOW)
    )
    await stands(buying, stop)
    await end_deal(owner, deal.code, now=NOW)
    stop.go.set()
    return await outcomes(buying)


async def test_a_deal_that_has_just_ended_sells_nothing(
    database: Database, doors: list[Database]
) -> None:
    assert await buy_while_it_ends(database, doors) == [DealNotOpen]
    assert await shelf(database) == [STOCK]


async def surely(session: AsyncSession, deal: Deal, now: datetime) -> None:
    """`require_still_live` that believes what was read before."""


async def test_without_a_second_look_an_ended_deal_sells(
    database: Database, doors: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "require_still_live", surely)
    assert await buy_while_it_ends(database, doors) == [None]


@POSTGRES
async def test_a_deal_is_paused_while_a_group_is_being_opened(
    database: Database, doors: list[Database]
) -> None:
    """Rows are locked against change, not against being pointed at (FOR NO KEY UPDATE)."""
    buyer, brand = await some_people(database, 2)
    deal = await a_deal(database, DealKind.TEAM, ((2, PRICE),))
    owner = await an_owner(database, brand, deal)
    stop = Stop(doors[0], "UPDATE deal")
    opening = asyncio.create_task(
        groups.open_group(replace(buyer, database=doors[0]), deal.code, now=NOW)
    )
    await stands(opening, stop)
    await pause_deal(owner, deal.code, now=NOW)
    stop.go.set()
    assert await outcomes(opening) == [DealNotOpen]


@POSTGRES
async def test_a_copy_being_edited_is_drawn_again_all_the_same(
    database: Database, doors: list[Database]
) -> None:
    async with database.begin() as session:
        place = {"bot_id": BOT, "kind": "group", "subject_id": 1, "chat_id": 5, "locale": "en"}
        rows = [place | {"message_id": n, "stale": False, "version": 0} for n in (1, 2)]
        await session.execute(insert(PostedCard), rows)

    async def change() -> int:
        async with doors[0].begin() as session:
            return await posted.stale(session, "group", 1)

    async with database.begin() as session:
        await session.execute(text("UPDATE posted_card SET next_at = 9 WHERE message_id = 1"))
        changing = asyncio.create_task(change())
        await stands(changing)
    assert await changing == 2
    async with database.read() as session:
        found = await session.execute(
            select(
                col(PostedCard.stale), col(PostedCard.version), col(PostedCard.next_at)
            ).order_by(col(PostedCard.message_id))
        )
    assert [tuple(row) for row in found] == [(True, 1, 9), (True, 1, 0)]


async def test_group_is_failed_after_its_time(database: Database) -> None:
    """The scene of these races, without a race."""
    people = await some_people(database, 2)
    group_id, _ = await two_paying(database, people)
    assert await deciding.decide_group(database, group_id, now=OVER) == GroupState.FAILED
    assert await shelf(database) == [STOCK]
