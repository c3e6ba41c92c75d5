"""What happens on the bench while the program is killed: a purchase, an announcement, an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update
from sqlmodel import col

from commerce.actions.groups import join_group, open_group
from commerce.actions.payments import Charge, record_payment
from commerce.actor import Actor
from commerce.rules.ladder import Tier
from playground.records import Charge as Taken
from playground.things import Member
from playground.world import DEFAULT_PROVIDER_TOKEN
from storage.tables import Chat, Checkout, Deal, DealKind, GroupBuy, GroupState, Outbox
from tests.commerce.announced import LONG_AGO, Street
from tests.commerce.people import a_deal, some_people
from tests.faults.bench import Bench, until
from tests.faults.buyers import Buyer
from tests.faults.judges import Told, complaints, refunds_made
from tests.races import group_books as books

STORY_SECONDS = 150.0  # with a death, a start and a lease in the middle
DAY = 24 * 3600
FIRST_PERSON = 5_000
STOCK = 40
Tiers = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Scene:
    """One story: `prepare` before the program runs, `live` while it is killed and started."""

    bench: Bench
    number: int
    people_act: bool = False  # during the kill, so that the story takes its time

    async def prepare(self) -> None: ...

    async def live(self) -> None: ...

    def recover(self) -> None:
        """What the world does after the crash, such as letting time pass."""

    async def judge(self) -> list[str]:
        return []


@dataclass(slots=True)
class Shopping(Scene):
    """A deal with a ladder, and people who know where they live."""

    tiers: Tiers = ((2, 1_500), (3, 1_000))
    crowd: int = 3
    people: list[Actor] = field(default_factory=list)
    buyers: list[Buyer] = field(default_factory=list)
    deal: str = ""

    async def prepare(self) -> None:
        bench, now = self.bench, datetime.now(UTC)
        made = await a_deal(
            bench.database, DealKind.LADDER, self.tiers, stock=STOCK, variant_stock=STOCK
        )
        self.deal = made.code
        async with bench.database.begin() as session:
            times = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=9)}
            await session.execute(update(Deal).values(**times))
        known = await some_people(bench.database, self.crowd, first=FIRST_PERSON)
        self.people = [replace(actor, bot_id=bench.world.bot.id) for actor in known]
        for actor in self.people:
            person = bench.world.new_person(actor.first_name, id=actor.telegram_id)
            bench.world.private(person).started = True
            self.buyers.append(Buyer(bench.world, person))

    async def books(self, told: Told) -> list[str]:
        """What is wrong about seats, stock, money, messages."""
        found = await complaints(self.bench, told)
        kept = await books.read_books(self.bench.database)
        tiers = [Tier(*tier) for tier in self.tiers]
        checks: Sequence[Callable[[], None]] = (
            lambda: books.check_seats(kept),
            lambda: books.check_stock(kept, STOCK, STOCK),
            lambda: books.check_money(kept),
            lambda: books.check_ledger(kept),
            lambda: books.check_prices(kept, tiers),
            lambda: books.check_all_is_over(kept),
        )
        for check in checks:
            try:
                check()
            except (AssertionError, LookupError) as wrong:
                found.append(f"the books: {type(wrong).__name__} {str(wrong)[:300]}")
        back = {p.charge_id: p.refunded_minor for p in kept.payments.values()}
        return found + refunds_made(self.bench.world, back)

    def everybody(self, *notices: str) -> Told:
        return Counter((a.telegram_id, notice) for a in self.people for notice in notices)


@dataclass(slots=True)
class Purchase(Shopping):
    """One opens a group, two join and pay; it is full, and the difference comes back."""

    people_act: bool = True

    async def live(self) -> None:
        host, *friends = self.buyers
        await host.buy(f"d{self.deal}", "🎉")
        async with self.bench.database.read() as session:
            group = (await session.execute(select(col(GroupBuy.code)))).scalar_one()
        for friend in friends:
            await friend.buy(f"g{group}", "🙋")

    async def judge(self) -> list[str]:
        found = await self.books(self.everybody("seat_paid", "group_succeeded", "refund_arrived"))
        async with self.bench.database.read() as session:
            groups = (await session.execute(select(GroupBuy))).scalars().all()
        ends = [(group.state, group.paid) for group in groups]
        wrong = ends != [(GroupState.SUCCEEDED, 3)]
        return [*found, *([f"the group ended as {ends}"] if wrong else [])]


@dataclass(slots=True)
class Ending(Shopping):
    """Three have paid, and then their group's time is over: it is filled enough, or not."""

    def __post_init__(self) -> None:
        enough, few = ((2, 1_500), (3, 1_200), (6, 1_000)), ((4, 1_500), (6, 1_000))
        self.tiers = enough if self.number % 2 else few

    async def prepare(self) -> None:
        await Shopping.prepare(self)
        now = datetime.now(UTC)
        host, *friends = self.people
        opened = await open_group(host, self.deal, now=now)
        await self._pay(host, opened.checkout_code, now)
        for friend in friends:
            joined = await join_group(friend, opened.group_code, now=now)
            await self._pay(friend, joined.checkout_code, now)

    async def _pay(self, actor: Actor, code: str, now: datetime) -> None:
        """With the pretend card, whose company must know the charge to give it back."""
        world = self.bench.world
        async with self.bench.database.read() as session:
            found = await session.execute(
                select(col(Checkout.total_minor)).where(col(Checkout.code) == code)
            )
            total = found.scalar_one()
        number, place = f"tg_{code}", actor.telegram_id
        world.charges[number] = Taken(
            number,
            f"ch_{code}",
            world.bot.id,
            place,
            place,
            "USD",
            total,
            code,
            now.timestamp(),
            DEFAULT_PROVIDER_TOKEN,
        )
        charge = Charge("pretend", number, f"ch_{code}", code, "USD", total)
        await record_payment(actor, charge, now=now)

    async def live(self) -> None:
        self.bench.world.turn_clock(DAY + 60)
        await until(self._decided, STORY_SECONDS)

    async def _decided(self) -> bool:
        async with self.bench.database.read() as session:
            state = (await session.execute(select(col(GroupBuy.state)))).scalar_one()
        return state != GroupState.OPEN

    def recover(self) -> None:
        """A refund's lease ends by the shop's own clock."""
        self.bench.world.turn_clock(61)

    async def judge(self) -> list[str]:
        end = "group_succeeded" if self.number % 2 else "group_failed"
        return await self.books(self.everybody("seat_paid", end, "refund_arrived"))


@dataclass(slots=True)
class Announcement(Scene):
    """A deal ends within three hours, and every subscribed chat is told."""

    chats: int = 9
    where: list[int] = field(default_factory=list)

    async def prepare(self) -> None:
        world, street = self.bench.world, Street(self.bench.database)
        shelf = await street.shelf()
        ends_at = datetime.now(UTC) + timedelta(hours=2, minutes=50)
        await street.deal(shelf, ends_at, starts_at=LONG_AGO)
        owner = world.new_person("Olga")
        for _ in range(self.chats):
            await street.chat()
        async with self.bench.database.read() as session:
            rows = await session.execute(select(col(Chat.telegram_id)).order_by(col(Chat.id)))
            self.where = list(rows.scalars())
        for telegram_id in self.where:
            chat = world.new_group("Tea friends", [owner], id=telegram_id)
            chat.members[world.bot.id] = Member("member")

    async def live(self) -> None:
        await until(self._all_written, STORY_SECONDS)

    async def _all_written(self) -> bool:
        async with self.bench.database.read() as session:
            found = await session.execute(select(func.count()).select_from(Outbox))
            return int(found.scalar_one()) >= self.chats

    async def judge(self) -> list[str]:
        return await complaints(self.bench, Counter((chat, "deal_ending") for chat in self.where))


MakeScene = Callable[[Bench, int], Scene]
