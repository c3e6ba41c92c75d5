"""The judges: what reached the phones, and what the database says; nothing else counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from playground.world import World
from storage.database import Database
from storage.tables import (
    Inbox,
    InboxState,
    Outbox,
    OutboxClass,
    OutboxState,
    Refund,
    RefundState,
)
from tests.faults.bench import Bench

SAYS = {
    "deal_ending": "⏰",
    "group_failed": "was not filled in time",
    "group_succeeded": "Group complete",
    "refund_arrived": ": done.",
    "seat_paid": "Your seat is paid",
}
Told = Counter[tuple[int, str]]  # (chat, notice)


@dataclass(frozen=True, slots=True)
class Marks:
    """How far everything had come at one moment, and what was in flight."""

    update: int
    seq: int
    row: int
    refund: int
    sending: int


EVER = Marks(2**31 - 1, 2**31 - 1, 2**31 - 1, 2**31 - 1, 0)
# A process may die between an answer and its own note of it. Telegram refuses the second.
UNAVOIDABLE = ("a callback was answered twice",)


async def marks(bench: Bench) -> Marks:
    async with bench.database.read() as session:
        highest = await session.execute(
            select(
                select(func.coalesce(func.max(col(Inbox.seq)), 0)).scalar_subquery(),
                select(func.coalesce(func.max(col(Outbox.id)), 0)).scalar_subquery(),
                select(func.coalesce(func.max(col(Refund.id)), 0)).scalar_subquery(),
                select(func.count())
                .select_from(Outbox)
                .where(col(Outbox.state) == OutboxState.SENDING)
                .scalar_subquery(),
            )
        )
        seq, row, refund, sending = highest.one()
    return Marks(bench.world.queues[bench.world.bot.id].next_id, seq, row, refund, sending)


async def left_over(bench: Bench, until: Marks) -> list[str]:
    """What began before `until` and is not done with: empty once the shop has recovered."""
    queue = bench.world.queues[bench.world.bot.id]
    # First of all: what is not here any more is surely in the database that is read next.
    waiting = sum(update.id < until.update for update in queue.pending)
    async with bench.database.read() as session:
        counted = await session.execute(
            select(
                select(func.count())
                .select_from(Inbox)
                .where(
                    col(Inbox.seq) <= until.seq,
                    col(Inbox.state).in_((InboxState.NEW, InboxState.CLAIMED)),
                )
                .scalar_subquery(),
                select(func.count())
                .select_from(Outbox)
                .where(col(Outbox.id) <= until.row, col(Outbox.settled_at).is_(None))
                .scalar_subquery(),
                select(func.count())
                .select_from(Refund)
                .where(col(Refund.id) <= until.refund, col(Refund.state) != RefundState.DONE)
                .scalar_subquery(),
            )
        )
        updates, messages, refunds = counted.one()
    found = {
        "updates at Telegram": waiting,
        "updates in the inbox": updates,
        "messages": messages,
        "refunds": refunds,
    }
    return [f"{count} {what} not done with" for what, count in found.items() if count]


async def complaints(bench: Bench, told: Told) -> list[str]:
    """What is wrong about updates and messages; `told` are the rows there ought to be."""
    found = await _updates(bench)
    rows = await _rows(bench.database)
    found += _rows_wanted(rows, told)
    found += _arrivals(bench.world, rows)
    found += [
        f"violation: {one.method}: {one.error}"
        for one in bench.world.violations
        if one.error not in UNAVOIDABLE
    ]
    return found


async def _updates(bench: Bench) -> list[str]:
    async with bench.database.read() as session:
        rows = (await session.execute(select(col(Inbox.update_id), col(Inbox.state)))).all()
    stored = Counter(update_id for update_id, _ in rows)
    sent = range(bench.first_update, bench.world.queues[bench.world.bot.id].next_id)
    lost = set(sent) - set(stored)
    return [
        *(f"update {one - bench.first_update} is lost" for one in sorted(lost)),
        *(
            f"update {one - bench.first_update} is {state}"
            for one, state in rows
            if state != InboxState.DONE
        ),
        *(f"update {one} is stored {times} times" for one, times in stored.items() if times > 1),
    ]


@dataclass(frozen=True, slots=True)
class Row:
    chat: int
    notice: str
    kind: OutboxClass
    state: OutboxState
    attempts: int

    @property
    def least(self) -> int:
        """How often it must have arrived."""
        return int(self.state == OutboxState.SENT)

    @property
    def most(self) -> int:
        """How often it may have: money again after a doubt, an announcement never."""
        once = self.state in (OutboxState.SENT, OutboxState.UNKNOWN)
        return max(self.attempts, 1) if self.kind == OutboxClass.MONEY else int(once)


async def _rows(database: Database) -> list[Row]:
    async with database.read() as session:
        found = await session.execute(
            select(
                col(Outbox.chat_id),
                col(Outbox.notice),
                col(Outbox.kind),
                col(Outbox.state),
                col(Outbox.attempts),
            )
        )
        return [Row(*row) for row in found]


def _rows_wanted(rows: list[Row], told: Told) -> Iterator[str]:
    written = Counter((row.chat, row.notice) for row in rows)
    for (chat, notice), times in (told - written).items():
        yield f"{chat} is never told {notice} ({times})"
    for (chat, notice), times in (written - told).items():
        yield f"{chat} is told {notice} {times} times too often"
    for row in rows:
        if row.state not in (OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.DEAD):
            yield f"{row.notice} to {row.chat} is {row.state} for ever"


def _arrivals(world: World, rows: list[Row]) -> Iterator[str]:
    """The delivery log against the table: each message as often as its row allows."""
    for notice in {row.notice for row in rows}:
        arrived = _arrived(world, SAYS[notice])
        least = _sum(rows, notice, lambda row: row.least)
        most = _sum(rows, notice, lambda row: row.most)
        for chat in set(least) | set(arrived):
            if arrived[chat] < least[chat]:
                yield f"{notice} to {chat} is marked sent and did not arrive"
            if arrived[chat] > most[chat]:
                yield f"{notice} to {chat} arrived {arrived[chat]} times"


def _arrived(world: World, words: str) -> Counter[int]:
    return Counter(one.chat for one in world.deliveries if not one.edit and words in one.text)


def _sum(rows: list[Row], notice: str, of: Callable[[Row], int]) -> Counter[int]:
    total: Counter[int] = Counter()
    for row in rows:
        total[row.chat] += of(row) if row.notice == notice else 0
    return total


async def unknown(database: Database) -> int:
    async with database.read() as session:
        found = await session.execute(
            select(func.count()).select_from(Outbox).where(col(Outbox.state) == OutboxState.UNKNOWN)
        )
        return int(found.scalar_one())


def refunds_made(world: World, booked: Mapping[str, int]) -> list[str]:
    """The provider's own list against ours, both in minor units by charge."""
    made = {charge.charge_id: charge.refunded for charge in world.charges.values()}
    return [
        f"{charge}: the provider gave back {minor}, we booked {booked.get(charge, 0)}"
        for charge, minor in made.items()
        if minor != booked.get(charge, 0)
    ]
