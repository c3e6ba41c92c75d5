"""Chats: met, paused, moved, subscribed, and posted into; each but once whatever races."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions import chats, subscribing
from commerce.actions.chats import Meeting, Place
from commerce.actor import Actor
from commerce.refusals import DealNotOpen, NotFound, SoldOut
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Category,
    Chat,
    ChatState,
    Deal,
    DealState,
    Outbox,
    OutboxState,
    Subscription,
)
from tests.commerce.announced import BOT, NOON, Shelf, Street

MINUTE = timedelta(minutes=1)
FRIENDS = Place(-1_001, "group", "Tea friends")


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


@pytest.fixture
def admin(database: Database) -> Actor:
    return Actor(database, BOT, 1, 501, "Alice", "en", "UTC")


async def meet(street: Street, place: Place = FRIENDS) -> chats.Met:
    return await chats.meet(street.database, place, locale="zh", timezone="Asia/Shanghai", now=NOON)


async def code_of(street: Street, chat_id: int) -> str:
    async with street.database.read() as session:
        return (await session.get_one(Chat, chat_id)).code


async def deal_code(street: Street, deal_id: int) -> str:
    async with street.database.read() as session:
        return (await session.get_one(Deal, deal_id)).code


async def codes(street: Street, shelf: Shelf) -> tuple[str, str]:
    """Of the brand and of the category."""
    async with street.database.read() as session:
        brand = await session.get_one(Brand, shelf.brand)
        category = await session.get_one(Category, shelf.category)
    return brand.code, category.code


async def subscriptions(street: Street) -> list[tuple[int | None, int | None]]:
    async with street.database.read() as session:
        rows = await session.execute(
            select(col(Subscription.brand_id), col(Subscription.category_id)).order_by(
                col(Subscription.id)
            )
        )
    return [(row[0], row[1]) for row in rows]


async def test_a_chat_is_met_once_and_keeps_what_it_chose(street: Street) -> None:
    first = await meet(street)
    assert (first.meeting, first.locale, first.timezone) == (Meeting.NEW, "zh", "Asia/Shanghai")
    assert (await meet(street)).meeting == Meeting.KNOWN
    await chats.shut_out(street.database, BOT, FRIENDS.telegram_id, "kicked", now=NOON)
    renamed = Place(FRIENDS.telegram_id, "group", "Coffee friends")
    again = await chats.meet(street.database, renamed, locale="en", timezone="UTC", now=NOON)
    assert (again.meeting, again.code, again.locale) == (Meeting.BACK, first.code, "zh")
    view = await subscribing.chat_view(street.database, code=first.code)
    assert (view.title, view.active) == ("Coffee friends", True)


async def test_a_chats_language_is_its_own_or_else_the_askers(street: Street) -> None:
    await meet(street)
    assert await chats.chat_language(street.database, -1_001) == ("zh", "Asia/Shanghai")
    assert await chats.chat_language(street.database, -9) == ("en", "UTC")
    asked = await chats.chat_language(street.database, -9, otherwise=("fi", "Europe/Helsinki"))
    assert asked == ("fi", "Europe/Helsinki")


async def test_shutting_out_pauses_and_drops_what_waits(street: Street) -> None:
    await street.deal(await street.shelf(), NOON + 20 * MINUTE)
    await street.chat()
    assert await street.announce(NOON) == 1
    await chats.shut_out(street.database, BOT, -1_001, "kicked", now=NOON)
    assert [row.state for row in await street.queued()] == [OutboxState.DEAD]
    assert not (await subscribing.chat_view(street.database, telegram_id=-1_001)).active


@pytest.mark.parametrize("met_before", [False, True])
async def test_a_group_that_grows_stays_one_subscription(street: Street, met_before: bool) -> None:
    deal = await street.deal(await street.shelf(), NOON + 40 * MINUTE)
    chat = await street.chat()
    assert await street.announce(NOON) == 1
    grown = Place(-1_000_000_000_777, "supergroup", "Tea friends")
    if met_before:
        await meet(street, grown)
        await street.change(Chat, chat, state=ChatState.PAUSED)
    for _ in range(2):
        await chats.move(street.database, -1_001, grown.telegram_id)
    if not met_before:
        assert (await meet(street, grown)).meeting == Meeting.KNOWN
    view = await subscribing.chat_view(street.database, telegram_id=grown.telegram_id)
    assert (view.kind, view.active, view.everything) == ("supergroup", True, True)
    assert await street.announce(NOON) == 0
    assert await street.announce(NOON + 10 * MINUTE) == 1
    told = [(row.chat_id, row.card_subject_id) for row in await street.queued()]
    assert told == [(grown.telegram_id, deal)] * 2
    async with street.database.read() as session:
        assert len((await session.execute(select(Chat))).all()) == 1


async def test_everything_takes_the_place_of_what_was_picked(street: Street, admin: Actor) -> None:
    shelf = await street.shelf()
    brand, category = await codes(street, shelf)
    chat = await code_of(street, await street.chat(to=None))
    await subscribing.choose_brand(admin, chat, brand, on=True, now=NOON)
    await subscribing.choose_category(admin, chat, category, on=True, now=NOON)
    assert await subscriptions(street) == [(shelf.brand, None), (None, shelf.category)]
    await subscribing.choose_everything(admin, chat, on=True, now=NOON)
    assert await subscriptions(street) == [(None, None)]
    await subscribing.choose_brand(admin, chat, brand, on=True, now=NOON)
    assert await subscriptions(street) == [(shelf.brand, None)]
    await subscribing.choose_brand(admin, chat, brand, on=False, now=NOON)
    assert await subscriptions(street) == []


async def test_racing_choices_subscribe_once(street: Street, admin: Actor) -> None:
    brand, _ = await codes(street, shelf := await street.shelf())
    chat = await code_of(street, await street.chat(to=None))
    await asyncio.gather(
        *(subscribing.choose_brand(admin, chat, brand, on=True, now=NOON) for _ in range(5))
    )
    assert await subscriptions(street) == [(shelf.brand, None)]
    await asyncio.gather(
        *(subscribing.choose_everything(admin, chat, on=True, now=NOON) for _ in range(5))
    )
    assert await subscriptions(street) == [(None, None)]


async def test_choices_of_nothing_that_exists_are_not_found(street: Street, admin: Actor) -> None:
    brand, category = await codes(street, await street.shelf())
    chat = await code_of(street, await street.chat(to=None))
    for attempt in (
        subscribing.choose_brand(admin, chat, category, on=True, now=NOON),
        subscribing.choose_category(admin, chat, brand, on=True, now=NOON),
        subscribing.choose_everything(admin, brand, on=True, now=NOON),
        subscribing.stop_all(admin, brand),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await subscriptions(street) == []


async def test_a_closed_brand_is_not_chosen(street: Street, admin: Actor) -> None:
    brand, _ = await codes(street, await street.shelf())
    chat = await code_of(street, await street.chat(to=None))
    async with street.database.begin() as session:
        await session.execute(update(Brand).values(state=BrandState.CLOSED))
    with pytest.raises(NotFound):
        await subscribing.choose_brand(admin, chat, brand, on=True, now=NOON)
    assert await subscriptions(street) == []


async def test_lists_of_choices_show_what_is_on(street: Street, admin: Actor) -> None:
    shelf = await street.shelf()
    await street.shelf()
    brand, category = await codes(street, shelf)
    chat = await code_of(street, await street.chat(to=None))
    other = await code_of(street, await street.chat(to=("brand", shelf.brand)))
    await subscribing.choose_category(admin, chat, category, on=True, now=NOON)
    shelves = await subscribing.category_choices(street.database, chat, 0)
    assert {line.code for line in shelves.items if line.on} == {category}
    assert len(shelves.items) == 4
    brands = await subscribing.brand_choices(street.database, other, 0)
    assert {line.code for line in brands.items if line.on} == {brand}
    assert not any(
        line.on for line in (await subscribing.brand_choices(street.database, chat, 0)).items
    )


async def test_a_deal_is_posted_once_in_ten_minutes(street: Street, admin: Actor) -> None:
    deal = await street.deal(await street.shelf(), NOON + timedelta(hours=30))
    code = await deal_code(street, deal)
    await street.chat(timezone="Asia/Tokyo")
    posted = await asyncio.gather(
        *(chats.post_deal(admin, -1_001, code, now=NOON) for _ in range(4))
    )
    assert sorted(posted) == [False, False, False, True]
    assert not await chats.post_deal(admin, -1_001, code, now=NOON + 9 * MINUTE)
    assert await chats.post_deal(admin, -1_001, code, now=NOON + 10 * MINUTE)
    first, second = await street.queued()
    assert (first.card_kind, first.card_subject_id) == ("deal", deal)
    assert (first.timezone, first.chat_id, first.lane) == ("Asia/Tokyo", -1_001, 0)
    assert second.not_after == NOON + timedelta(hours=30)


async def test_an_announced_deal_stands_above_already(street: Street, admin: Actor) -> None:
    deal = await street.deal(await street.shelf(), NOON + 40 * MINUTE)
    code = await deal_code(street, deal)
    await street.chat()
    await street.announce(NOON)
    assert not await chats.post_deal(admin, -1_001, code, now=NOON + MINUTE)
    assert await chats.post_deal(admin, -1_001, code, now=NOON + 11 * MINUTE)


async def test_a_post_that_never_arrived_is_posted_again(street: Street, admin: Actor) -> None:
    deal = await street.deal(await street.shelf(), NOON + timedelta(hours=30))
    code = await deal_code(street, deal)
    await street.chat()
    assert await chats.post_deal(admin, -1_001, code, now=NOON)
    (row,) = await street.queued()
    await street.change(Outbox, id_of(row), state=OutboxState.DEAD, settled_at=NOON)
    assert await chats.post_deal(admin, -1_001, code, now=NOON + 10 * MINUTE)


async def test_only_a_deal_that_can_be_bought_is_posted(street: Street, admin: Actor) -> None:
    shelf = await street.shelf()
    await street.chat()
    over = await deal_code(street, await street.deal(shelf, NOON))
    paused = await deal_code(
        street, await street.deal(shelf, NOON + MINUTE, state=DealState.PAUSED)
    )
    gone = await deal_code(street, await street.deal(shelf, NOON + MINUTE, stock=0))
    for code in (over, paused):
        with pytest.raises(DealNotOpen):
            await chats.post_deal(admin, -1_001, code, now=NOON)
    with pytest.raises(SoldOut):
        await chats.post_deal(admin, -1_001, gone, now=NOON)
    fine = await deal_code(street, await street.deal(shelf, NOON + MINUTE))
    with pytest.raises(NotFound):
        await chats.post_deal(admin, -99, fine, now=NOON)
    assert await street.queued() == []
