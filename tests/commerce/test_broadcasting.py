"""Broadcasts: one row a follower, one a day, taken back while they wait, counted exactly."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from commerce.actions import branding, broadcasting, dealing
from commerce.refusals import DealNotOpen, Expired, TooSoon
from storage import outbox
from storage.database import Database
from storage.outbox import OUTBOX, ROW
from storage.tables import DealKind, Follow, OutboxClass, OutboxState, Person
from tests.commerce.brand_people import House, a_house
from tests.commerce.people import BOT, NOW

DAY = timedelta(days=1)


async def with_followers(database: Database, count: int) -> House:
    """`count` followers in all, every one of them reachable."""
    house = await a_house(database)
    people = [
        {
            "telegram_id": 50_000 + n,
            "first_name": "F",
            "telegram_locale": "zh-hans" if n % 2 else "en",
            "timezone": "Asia/Shanghai" if n % 2 else None,
            "created_at": NOW,
            "seen_at": NOW,
        }
        for n in range(count - 1)
    ]
    async with database.begin() as session:
        if people:
            await session.execute(insert(Person), people)
        ids = await session.execute(select(col(Person.id)).where(col(Person.telegram_id) >= 50_000))
        rows = [
            {"person_id": i, "brand_id": house.deal.brand_id, "created_at": NOW}
            for i in ids.scalars()
        ]
        if rows:
            await session.execute(insert(Follow), rows)
    return house


async def start(house: House, text: str = "Hi", deal: str | None = None) -> str:
    return await broadcasting.start_broadcast(
        house.owner, house.codes["brand"], text, deal, now=NOW
    )


async def test_every_follower_gets_one_row_in_their_language(database: Database) -> None:
    house = await with_followers(database, 3_000)
    code = await start(house)
    async with database.read() as session:
        rows = (await session.execute(select(OUTBOX).order_by(ROW.chat_id))).all()
    assert len(rows) == 3_000
    assert {(r.kind, r.lane, r.state, r.notice, r.bot_id) for r in rows} == {
        (OutboxClass.ANNOUNCEMENT, 1, OutboxState.NEW, "broadcast", BOT)
    }
    assert {(r.locale, r.timezone) for r in rows} == {("zh-hans", "Asia/Shanghai"), ("en", "UTC")}
    assert len({r.dedupe_key for r in rows}) == 3_000
    assert all(r.dedupe_key.startswith(f"broadcast:{code}:") for r in rows)
    assert rows[0].facts["text"] == "Hi"
    assert rows[0].created_at == NOW
    claimed = await outbox.claim(database, [BOT], 10, now=NOW, lease_seconds=30)
    assert len(claimed) == 10


async def test_unreachable_and_gone_followers_are_left_out(database: Database) -> None:
    house = await with_followers(database, 4)
    async with database.begin() as session:
        await session.execute(
            update(Person).where(col(Person.telegram_id) == 50_000).values(unreachable_at=NOW)
        )
        await session.execute(
            update(Person).where(col(Person.telegram_id) == 50_001).values(telegram_id=None)
        )
    assert await broadcasting.receivers(house.owner, house.codes["brand"]) == 2
    report = await broadcasting.broadcast_report(house.owner, await start(house))
    assert (report.waiting, report.sent) == (2, 0)


async def test_one_broadcast_a_day_even_if_two_confirm_at_once(database: Database) -> None:
    house = await with_followers(database, 2)
    outcomes = await asyncio.gather(start(house), start(house), return_exceptions=True)
    refused = [o for o in outcomes if isinstance(o, TooSoon)]
    assert len(refused) == 1
    assert refused[0].next_at == NOW + DAY
    assert await outbox.pending(database) == 2
    await broadcasting.start_broadcast(house.owner, house.codes["brand"], "Hi", None, now=NOW + DAY)


async def test_cancelled_before_anybody_got_it_does_not_count(database: Database) -> None:
    house = await with_followers(database, 3)
    code = await start(house)
    assert await broadcasting.cancel_broadcast(house.editor, code, now=NOW) == 3
    report = await broadcasting.broadcast_report(house.owner, code)
    assert (report.cancelled, report.waiting, report.taken_back) == (True, 0, 3)
    with pytest.raises(Expired):
        await broadcasting.cancel_broadcast(house.owner, code, now=NOW)
    assert await outbox.claim(database, [BOT], 10, now=NOW, lease_seconds=30) == []
    await start(house)


async def test_report_counts_each_end_of_its_own_rows_only(database: Database) -> None:
    house = await with_followers(database, 6)
    code = await start(house)
    ends = (
        OutboxState.SENT,
        OutboxState.SENT,
        OutboxState.UNKNOWN,
        OutboxState.DEAD,
        OutboxState.SENDING,
    )
    async with database.begin() as session:
        ids = (await session.execute(select(ROW.id).order_by(ROW.id))).scalars().all()
        for id_, state in zip(ids, ends, strict=False):
            await session.execute(update(OUTBOX).where(ROW.id == id_).values(state=state))
        for key in (f"broadcast:{code}", f"broadcast:{code};1", f"broadcast:{code.swapcase()}:1"):
            notice = outbox.Notice(BOT, 1, "x", {}, OutboxClass.ANNOUNCEMENT, key)
            await outbox.put(session, notice, now=NOW)
    report = await broadcasting.broadcast_report(house.editor, code)
    assert (report.sent, report.unknown, report.unreachable, report.waiting) == (2, 1, 1, 2)
    assert await broadcasting.cancel_broadcast(house.owner, code, now=NOW) == 1
    report = await broadcasting.broadcast_report(house.editor, code)
    assert (report.waiting, report.taken_back, report.cancelled) == (1, 1, False)
    with pytest.raises(TooSoon):
        await start(house)


async def test_deal_is_not_broadcast_after_its_end(database: Database) -> None:
    house = await with_followers(database, 2)
    await start(house, deal=house.codes["deal"])
    async with database.read() as session:
        rows = (await session.execute(select(ROW.not_after, ROW.facts))).all()
    assert {r.not_after for r in rows} == {house.deal.ends_at}
    assert rows[0].facts["deal"]["tiers"] == [[3, 1_500], [5, 1_200]]
    await dealing.pause_deal(house.owner, house.codes["deal"], now=NOW)
    with pytest.raises(DealNotOpen):
        await broadcasting.broadcast_facts(
            house.owner, house.codes["brand"], "", house.codes["deal"], now=NOW
        )


async def test_unfollowing_twice_is_fine_and_ends_it(database: Database) -> None:
    house = await with_followers(database, 1)
    for _ in range(2):
        name = await branding.unfollow(house.shopper, house.codes["brand"])
        assert name.in_("en") == "Brand"
    assert await broadcasting.receivers(house.owner, house.codes["brand"]) == 0
    assert house.deal.kind == DealKind.LADDER
