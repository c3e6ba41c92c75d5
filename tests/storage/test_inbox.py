"""The inbox keeps each update once and hands it out lane by lane, to one worker at a time."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, text, update

from storage import inbox, quarantine
from storage.database import Database, open_database
from storage.failures import AlreadyApplied, LeaseLost, Unavailable
from storage.inbox import Claimed, Raw
from storage.tables import Inbox, InboxState

LEASE = 30.0


def raw(update_id: int, lane: str = "chat:1", priority: int = 1) -> Raw:
    return Raw(7, update_id, lane, priority, f'{{"update_id":{update_id}}}')


def ids(claimed: list[Claimed]) -> list[int]:
    return [one.update_id for one in claimed]


async def rows(database: Database) -> list[Inbox]:
    async with database.read() as session:
        return list((await session.execute(select(Inbox).order_by(text("seq")))).scalars())


async def set_lease(database: Database, seq: int, not_before: float) -> None:
    async with database.begin() as session:
        await session.execute(
            update(Inbox)
            .where(Inbox.metadata.tables["inbox"].c.seq == seq)
            .values(not_before=not_before)
        )


async def test_update_stored_five_times_at_once_is_one_row(database: Database) -> None:
    await asyncio.gather(*(inbox.store(database, [raw(1), raw(2), raw(1)]) for _ in range(5)))
    assert [row.update_id for row in await rows(database)] == [1, 2]


async def test_same_update_id_of_two_bots_is_two_rows(database: Database) -> None:
    await inbox.store(database, [raw(1), Raw(8, 1, "chat:1", 1, "{}")])
    assert len(await inbox.claim(database, 10, LEASE)) == 2


async def test_claim_takes_only_the_head_of_each_lane(database: Database) -> None:
    await inbox.store(database, [raw(1), raw(2), raw(3, "chat:2"), raw(4, "chat:2")])
    assert ids(await inbox.claim(database, 10, LEASE)) == [1, 3]
    assert await inbox.claim(database, 10, LEASE) == []


async def test_finished_head_frees_the_next_in_the_same_claim(database: Database) -> None:
    await inbox.store(database, [raw(1), raw(2)])
    first = await inbox.claim(database, 10, LEASE)
    assert ids(await inbox.claim(database, 10, LEASE, done=first)) == [2]
    assert [row.raw for row in await rows(database)] == ["", '{"update_id":2}']


async def test_pre_checkout_is_claimed_before_what_came_earlier(database: Database) -> None:
    await inbox.store(database, [raw(n, f"chat:{n}") for n in range(1, 6)])
    await inbox.store(database, [raw(9, "pay:1", priority=0)])
    assert ids(await inbox.claim(database, 1, LEASE, urgent_only=True)) == [9]
    assert await inbox.claim(database, 9, LEASE, urgent_only=True) == []
    assert ids(await inbox.claim(database, 2, LEASE)) == [1, 2]


async def test_claims_at_once_never_share_a_row_or_a_lane(database: Database) -> None:
    await inbox.store(database, [raw(n, f"chat:{n % 20}") for n in range(100)])
    taken = await asyncio.gather(*(inbox.claim(database, 5, LEASE) for _ in range(8)))
    flat = [one for claimed in taken for one in claimed]
    assert len({one.seq for one in flat}) == len(flat)
    assert len({one.lane for one in flat}) == len(flat)


async def test_expired_lease_is_claimed_again_with_a_new_version(database: Database) -> None:
    await inbox.store(database, [raw(1), raw(2)])
    [first] = await inbox.claim(database, 10, 0.0)
    [second] = await inbox.claim(database, 10, LEASE)
    assert (second.update_id, second.attempts) == (1, 2)
    assert second.version == first.version + 1


async def test_lease_does_not_outlast_a_clock_put_back(database: Database) -> None:
    await inbox.store(database, [raw(1)])
    [claimed] = await inbox.claim(database, 10, LEASE)
    an_hour_ahead = (await rows(database))[0].not_before + 3_600
    await set_lease(database, claimed.seq, an_hour_ahead)
    assert ids(await inbox.claim(database, 10, LEASE)) == [1]


async def test_worker_that_lost_its_lease_changes_nothing(database: Database) -> None:
    await inbox.store(database, [raw(1)])
    [paused] = await inbox.claim(database, 10, 0.0)
    [owner] = await inbox.claim(database, 10, LEASE)
    await inbox.finish(database, [paused])
    with pytest.raises(LeaseLost):
        await inbox.retry_later(database, paused, 1, "late")
    with pytest.raises(LeaseLost):
        await inbox.quarantine(database, paused, "late")
    with pytest.raises(LeaseLost):
        async with database.begin() as session:
            await inbox.mark_applied(session, paused.seq, paused.version)
    [row] = await rows(database)
    assert (row.state, row.version, row.applied) == (InboxState.CLAIMED, owner.version, False)


async def test_effects_are_committed_once_whoever_tries(database: Database) -> None:
    await inbox.store(database, [raw(1)])
    [first] = await inbox.claim(database, 10, 0.0)
    async with database.begin() as session:
        await inbox.mark_applied(session, first.seq, first.version, "seat:1")
    [again] = await inbox.claim(database, 10, LEASE)
    assert (again.applied, again.outcome) == (True, "seat:1")
    with pytest.raises(AlreadyApplied) as refused:
        async with database.begin() as session:
            await inbox.mark_applied(session, again.seq, again.version, "seat:2")
    assert refused.value.outcome == "seat:1"


async def apply_twice(database: Database, claimed: Claimed) -> None:
    async with database.begin() as session:
        await inbox.mark_applied(session, claimed.seq, claimed.version)
        await inbox.mark_applied(session, claimed.seq, claimed.version)


async def test_effects_rolled_back_leave_the_update_unapplied(database: Database) -> None:
    await inbox.store(database, [raw(1)])
    [claimed] = await inbox.claim(database, 10, LEASE)
    with pytest.raises(AlreadyApplied):
        await apply_twice(database, claimed)
    assert [row.applied for row in await rows(database)] == [False]


async def test_retried_head_holds_its_lane_and_no_other(database: Database) -> None:
    await inbox.store(database, [raw(1), raw(2), raw(3, "chat:2")])
    first, other = await inbox.claim(database, 10, LEASE)
    await inbox.retry_later(database, first, 60, "x" * 2_000)
    assert await inbox.claim(database, 10, LEASE, done=[other]) == []
    await set_lease(database, first.seq, 0)
    assert ids(await inbox.claim(database, 10, LEASE)) == [1]


async def test_quarantined_update_is_listed_steps_aside_and_can_be_released(
    database: Database,
) -> None:
    await inbox.store(database, [raw(1), raw(2)])
    [first] = await inbox.claim(database, 10, LEASE)
    await inbox.quarantine(database, first, "ValueError: bad")
    assert ids(await inbox.claim(database, 10, LEASE)) == [2]
    [listed] = await quarantine.list_quarantined(database)
    assert (listed.update_id, listed.error, listed.attempts) == (1, "ValueError: bad", 1)
    assert await quarantine.release(database, listed.seq)
    assert not await quarantine.release(database, listed.seq)
    assert await quarantine.list_quarantined(database) == []


async def test_update_with_an_error_goes_straight_to_quarantine(database: Database) -> None:
    await inbox.store(database, [Raw(7, -5, "other", 1, "[", error="not JSON")])
    assert await inbox.claim(database, 10, LEASE) == []
    assert [one.error for one in await quarantine.list_quarantined(database)] == ["not JSON"]


async def test_only_what_is_done_and_old_is_forgotten(database: Database) -> None:
    await inbox.store(database, [raw(n, f"chat:{n}") for n in range(4)])
    claimed = await inbox.claim(database, 3, LEASE)
    await inbox.finish(database, claimed[:2])
    assert await inbox.forget_old(database, older_than_days=7) == 0
    assert await inbox.forget_old(database, older_than_days=-1, limit=1) == 1
    assert await inbox.forget_old(database, older_than_days=-1) == 1
    assert [row.update_id for row in await rows(database)] == [2, 3]


async def test_depth_counts_what_waits(database: Database) -> None:
    assert await inbox.depth(database) == (0, 0.0)
    await inbox.store(database, [raw(1), raw(2)])
    await inbox.finish(database, await inbox.claim(database, 1, LEASE))
    waiting, oldest = await inbox.depth(database)
    assert waiting == 1
    assert 0 <= oldest < 60


async def test_unreachable_database_is_unavailable() -> None:
    gone = open_database("postgresql+asyncpg://127.0.0.1:1/none")
    with pytest.raises(Unavailable):
        await inbox.store(gone, [raw(1)])
    await gone.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_claim_reads_only_what_waits(database: Database) -> None:
    """Thousands of done rows must not be in the way: the plan uses the partial indexes.

    PostgreSQL has the same indexes but chooses by size, so only SQLite's plan is fixed.
    """
    quick = database.quick
    claim = inbox.CLAIM.for_(quick.dialect)
    args = claim.args({"most": 10, "lease": LEASE})
    plan = await quick.fetch(f"EXPLAIN QUERY PLAN {claim.words}", args)
    words = " | ".join(str(step[3]) for step in plan)
    assert "USING INDEX ix_inbox_unfinished" in words
    assert "ix_inbox_unfinished_lane" in words
    assert "TEMP B-TREE" not in words
