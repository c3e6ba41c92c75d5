"""Deals that end soon are announced to subscribed chats: each stage once, while they are on."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from commerce.rules.hours import is_quiet
from scheduler.clock import ClockWork
from storage.database import Database, open_database
from storage.redis import MemoryBell
from storage.tables import (
    Announcement,
    BrandState,
    Chat,
    ChatState,
    Deal,
    DealState,
    OutboxClass,
)
from tests.commerce.announced import BOT, NOON, Street

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def street(database: Database) -> Street:
    return Street(database)


async def test_a_deal_is_announced_once_a_stage(street: Street) -> None:
    deal = await street.deal(await street.shelf(), NOON + DAY)
    chat = await street.chat(locale="zh", timezone="Asia/Shanghai")
    moment, told = NOON - HOUR, 0
    while moment < NOON + DAY + HOUR:
        told += await street.announce(moment)
        moment += 10 * MINUTE
    assert told == 3
    assert await street.stages() == ["24h", "3h", "30m"]
    first = (await street.queued())[0]
    assert (first.bot_id, first.chat_id, first.lane) == (BOT, -1_001, 1)
    assert (first.card_kind, first.card_subject_id) == ("deal", deal)
    assert (first.locale, first.timezone) == ("zh", "Asia/Shanghai")
    assert first.kind == OutboxClass.ANNOUNCEMENT
    assert first.not_after == NOON + DAY
    assert first.dedupe_key == f"deal_ending:{deal}:24h:{chat}"


async def test_racing_clocks_tell_each_chat_once(street: Street) -> None:
    shelf = await street.shelf()
    for minutes in (20, 21, 22):
        await street.deal(shelf, NOON + minutes * MINUTE)
    for _ in range(25):
        await street.chat()
    told = await asyncio.gather(*(street.announce(NOON) for _ in range(4)))
    told.append(await street.announce(NOON))
    assert sum(told) == 25
    receivers = [row.chat_id for row in await street.queued()]
    assert sorted(receivers) == sorted({-1_000 - n for n in range(1, 26)})
    async with street.database.read() as session:
        kept = await session.execute(
            select(func.count())
            .select_from(Announcement)
            .where(Announcement.outbox_id.is_not(None))  # type: ignore[union-attr]
        )
    assert kept.scalar_one() == 75


async def test_batches_reach_every_chat(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commerce.actions.announcing.CHATS_A_BATCH", 4)
    await street.deal(await street.shelf(), NOON + 20 * MINUTE)
    for _ in range(10):
        await street.chat()
    assert await street.announce(NOON) == 10
    assert await street.announce(NOON) == 0


async def test_after_an_outage_only_what_is_alive_is_told_and_only_its_last_stage(
    street: Street,
) -> None:
    shelf = await street.shelf()
    await street.chat()
    await street.deal(shelf, NOON + 24 * HOUR, title="Over meanwhile")
    await street.deal(shelf, NOON + 27 * HOUR, title="Two hours left")
    asleep_until = NOON + 25 * HOUR
    assert await street.announce(asleep_until) == 1
    assert await street.stages() == ["3h"]
    assert (await street.queued())[0].not_after == NOON + 27 * HOUR


async def test_several_due_at_once_are_one_digest(street: Street) -> None:
    shelf = await street.shelf()
    await street.chat()
    await street.deal(shelf, NOON + 2 * HOUR, title="Cup")
    await street.deal(shelf, NOON + 20 * HOUR, title="Lamp")
    await street.deal(shelf, NOON + 20 * MINUTE, title="Pot")
    assert await street.announce(NOON) == 1
    assert await street.stages() == ["Pot+Cup+Lamp"]
    digest = (await street.queued())[0]
    assert (digest.notice, digest.card_kind, digest.facts["more"]) == ("deal_digest", None, 0)
    assert digest.not_after == NOON + 20 * MINUTE
    assert digest.facts["deals"][0]["price_minor"] == 2_000
    assert datetime.fromisoformat(digest.facts["deals"][0]["ends_at"]) == NOON + 20 * MINUTE
    assert await street.announce(NOON + MINUTE) == 0


async def test_a_long_digest_counts_what_it_does_not_list(street: Street) -> None:
    shelf = await street.shelf()
    await street.chat()
    for minutes in range(12):
        await street.deal(shelf, NOON + (10 + minutes) * MINUTE)
    assert await street.announce(NOON) == 1
    facts = (await street.queued())[0].facts
    assert (len(facts["deals"]), facts["more"]) == (10, 2)
    assert await street.announce(NOON) == 0


async def test_quiet_hours_are_kept_and_the_morning_brings_what_is_alive(street: Street) -> None:
    shelf = await street.shelf()
    await street.chat(timezone="Europe/Helsinki", quiet_from=22 * 60, quiet_until=8 * 60)
    evening = NOON.replace(hour=20)  # 22:00 in Helsinki
    await street.deal(shelf, evening + 2 * HOUR, title="Over by morning")
    await street.deal(shelf, evening + 12 * HOUR, title="Cup")
    await street.deal(shelf, evening + 25 * HOUR, title="Lamp")
    night = [evening + n * 10 * MINUTE for n in range(60)]
    assert [await street.announce(moment) for moment in night] == [0] * 60
    assert await street.announce(evening + 10 * HOUR) == 1
    assert await street.stages() == ["Cup+Lamp"]
    assert await street.announce(evening + 10 * HOUR + MINUTE) == 0


@pytest.mark.parametrize(
    ("zone", "midnight", "quiet_until", "told_at"),
    [
        ("Europe/Helsinki", "2026-03-28T22:00+00:00", 210, [180, 270]),  # 03:30 never comes
        ("Europe/Helsinki", "2026-10-24T21:00+00:00", 210, [210, 270]),  # 03:30 comes twice
        ("America/New_York", "2026-03-08T05:00+00:00", 150, [120, 270]),  # 02:30 never comes
        ("America/New_York", "2026-11-01T04:00+00:00", 150, [210, 270]),  # 01:30 comes twice
        ("Australia/Lord_Howe", "2026-10-03T13:30+00:00", 135, [120, 270]),  # half an hour less
        ("Australia/Lord_Howe", "2026-04-04T13:00+00:00", 105, [105, 135, 270]),  # 01:45 twice
    ],
)
async def test_nights_when_clocks_change_tell_once(
    street: Street, zone: str, midnight: str, quiet_until: int, told_at: list[int]
) -> None:
    """All of it in the quiet hours but the end; minutes are those that really passed."""
    began = datetime.fromisoformat(midnight)
    assert began.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "00:00"
    deal = await street.deal(
        await street.shelf(),
        began + 5 * HOUR,
        starts_at=began - 10 * DAY,
        created_at=began - 10 * DAY,
    )
    chat = await street.chat(to=None, timezone=zone, quiet_from=0, quiet_until=quiet_until)
    await street.subscribe(chat, ("all", 0), since=began - 10 * DAY)
    quarters = range(0, 360, 15)
    assert [n for n in quarters if await street.announce(began + n * MINUTE)] == told_at
    assert await street.stages() == ["24h", "3h", "30m"][-len(told_at) :]
    assert {row.card_subject_id for row in await street.queued()} == {deal}


@pytest.mark.parametrize("count", [2, 3])
async def test_clocks_of_several_processes_tell_each_stage_once(
    street: Street, database_url: str, count: int
) -> None:
    """Each with a database of its own, all at the same moment, and again a moment later."""
    await street.deal(await street.shelf(), NOON + DAY)
    chats = 8
    for _ in range(chats):
        await street.chat()
    doors = [open_database(database_url, pool_size=2) for _ in range(count)]
    for moment in (NOON, NOON + 21 * HOUR, NOON + 23.5 * HOUR):
        now = partial(datetime.fromisoformat, moment.isoformat())
        clocks = [ClockWork(door, BOT, now=now, bell=MemoryBell()) for door in doors]
        for _ in range(2):
            await asyncio.gather(*(clock.tick() for clock in clocks))
    for door in doors:
        await door.close()
    told = Counter((row.chat_id, row.facts["stage"]) for row in await street.queued())
    receivers = [-1_001 - n for n in range(chats)]
    assert told == {(chat, stage): 1 for chat in receivers for stage in ("24h", "3h", "30m")}


async def test_posts_a_day_are_counted_in_the_chats_own_day(street: Street) -> None:
    shelf = await street.shelf()
    await street.chat(timezone="Asia/Shanghai", posts_a_day=2)
    midnight = NOON.replace(hour=16)  # in Shanghai
    for hours in (1, 2, 3, 4):
        await street.deal(shelf, midnight - 5 * HOUR + hours * HOUR, title=f"Deal {hours}")
    told = []
    moment = midnight - 5 * HOUR
    while moment < midnight:
        told.append(await street.announce(moment))
        moment += 10 * MINUTE
    assert sum(told) == 2
    assert await street.announce(midnight - MINUTE) == 0
    await street.deal(shelf, midnight + 20 * MINUTE, title="Tomorrow")
    assert await street.announce(midnight - MINUTE) == 0
    assert await street.announce(midnight) == 1


async def test_only_what_was_subscribed_is_told(street: Street) -> None:
    mine, other = await street.shelf(), await street.shelf()
    await street.deal(mine, NOON + 20 * MINUTE)
    for to in (
        ("all", 0),
        ("brand", mine.brand),
        ("category", mine.category),
        ("category", mine.above),
        ("brand", other.brand),
        ("category", other.category),
        ("category", other.above),
        None,
    ):
        await street.chat(to=to)
    assert await street.announce(NOON) == 4
    assert [row.chat_id for row in await street.queued()] == [-1_001, -1_002, -1_003, -1_004]


async def test_a_chat_with_two_reasons_hears_once(street: Street) -> None:
    shelf = await street.shelf()
    await street.deal(shelf, NOON + 20 * MINUTE)
    chat = await street.chat(to=("brand", shelf.brand))
    await street.subscribe(chat, ("category", shelf.category))
    await street.subscribe(chat, ("category", shelf.above))
    assert await street.announce(NOON) == 1
    assert await street.stages() == ["30m"]


async def test_stages_from_before_the_subscription_are_not_made_up_for(street: Street) -> None:
    await street.deal(await street.shelf(), NOON + 2 * HOUR)
    chat = await street.chat(to=None)
    await street.subscribe(chat, ("all", 0), since=NOON)
    assert await street.announce(NOON) == 0
    assert await street.announce(NOON + 90 * MINUTE) == 1
    assert await street.stages() == ["30m"]


async def test_a_paused_chat_hears_nothing_until_it_is_back(street: Street) -> None:
    await street.deal(await street.shelf(), NOON + 20 * MINUTE)
    chat = await street.chat(state=ChatState.PAUSED)
    assert await street.announce(NOON) == 0
    await street.change(Chat, chat, state=ChatState.ACTIVE)
    assert await street.announce(NOON + MINUTE) == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"stock": 0},
        {"state": DealState.PAUSED},
        {"state": DealState.ENDED},
        {"state": DealState.DRAFT},
        {"starts_at": NOON + 10 * MINUTE},
        {"starts_at": NOON - 5 * MINUTE},
        {"created_at": NOON - 5 * MINUTE},
    ],
)
async def test_a_deal_that_cannot_be_bought_or_is_too_new_is_not_announced(
    street: Street, terms: dict[str, Any]
) -> None:
    await street.deal(await street.shelf(), NOON + 20 * MINUTE, **terms)
    await street.chat()
    assert await street.announce(NOON) == 0
    assert await street.queued() == []


async def test_a_closed_brand_is_not_announced(street: Street) -> None:
    await street.deal(await street.shelf(BrandState.CLOSED), NOON + 20 * MINUTE)
    await street.chat()
    assert await street.announce(NOON) == 0


async def test_an_extended_deal_is_not_announced_a_second_time(street: Street) -> None:
    deal = await street.deal(await street.shelf(), NOON + 20 * MINUTE)
    await street.chat()
    assert await street.announce(NOON) == 1
    await street.change(Deal, deal, ends_at=NOON + 50 * MINUTE)
    assert await street.announce(NOON + 20 * MINUTE) == 0
    assert await street.announce(NOON + 40 * MINUTE) == 0


async def test_quiet_hours_of_many_chats_at_once_are_those_of_the_rule(street: Street) -> None:
    zones = ("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Los_Angeles", "Australia/Sydney")
    windows = ((None, None), (22 * 60, 8 * 60), (0, 9 * 60), (12 * 60, 12 * 60 + 1), (60, 60))
    await street.deal(await street.shelf(), NOON + 20 * MINUTE)
    awake = 0
    for zone in zones:
        for start, end in windows:
            await street.chat(timezone=zone, quiet_from=start, quiet_until=end)
            awake += not is_quiet(NOON, zone, start, end)
    assert 0 < awake < 25
    assert await street.announce(NOON) == awake
    for row in await street.queued():
        start, end = windows[(-1_001 - row.chat_id) % len(windows)]
        assert not is_quiet(NOON, row.timezone, start, end)
