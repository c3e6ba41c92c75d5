"""The whole life of group buys in any order: open, join, promise, pay, leave, wait in line,
extend, accept, cancel, deadline, late and twice."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound
from sqlmodel import col

from commerce.actions import (
    accepting,
    checkout,
    choosing,
    groups,
    leaving,
    lining_up,
    promising,
    refunding,
    sweeps,
)
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actor import Actor
from commerce.refusals import Refusal
from commerce.rules.ladder import Tier
from storage.codes import new_code
from storage.database import Database, open_database
from storage.tables import (
    Checkout,
    Commitment,
    Deal,
    DealKind,
    GroupBuy,
    GroupState,
    Role,
    Staff,
    Variant,
)
from storage.texts import LocalizedText
from tests import services, templates
from tests.commerce.people import NOW, a_deal, some_people
from tests.conftest import need
from tests.races import group_books
from tests.races.group_books import TAKEN

T = TypeVar("T")
TIERS = (Tier(2, 1_500), Tier(3, 1_300), Tier(4, 1_100))
PEOPLE, DEAL_STOCK, VARIANT_STOCK, CAP = 6, 7, 5, 2
LINE = PEOPLE + 1  # rounds until everybody in line has let their offer go
MINUTES = (1, 4, 9, 11, 24 * 60 - 5)
PICK = st.integers(0, 7)
Choice = Callable[..., Coroutine[Any, Any, Any]]
CHOICES: tuple[Choice, ...] = (
    choosing.choose_next_group,
    choosing.choose_single,
    choosing.choose_refund,
)
SHARE = {"sqlite": 0.3, "postgres": 0.05}  # of the profile's examples


class GroupLife(RuleBasedStateMachine):
    """One ladder deal with two variants; who is refused has changed nothing."""

    server = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.now = NOW
        self.checkouts: list[tuple[Actor, str]] = []
        self.groups: list[str] = []
        self.charges: list[tuple[Actor, Charge]] = []
        self.counted: dict[int | None, tuple[int, list[int]]] = {}
        self.shown: dict[int | None, int] = {}
        self.ended: dict[int | None, tuple[GroupState, datetime | None, int | None]] = {}
        self.run(self.open_shop())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def open_shop(self) -> None:
        if self.server == "postgres":
            copy = templates.postgres_copy("empty", templates.nothing_more)
            url = await self.stack.enter_async_context(copy)
        else:
            folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
            url = await templates.sqlite_copy(folder / "k.db", "empty", templates.nothing_more)
        self.database: Database = open_database(url)
        self.stack.push_async_callback(self.database.close)
        *self.people, self.owner = await some_people(self.database, PEOPLE + 1)
        deal = await a_deal(
            self.database,
            DealKind.LADDER,
            tuple((t.buyers, t.price_minor) for t in TIERS),
            stock=DEAL_STOCK,
            variant_stock=VARIANT_STOCK,
            per_person=CAP,
        )
        self.deal = deal.code
        async with self.database.begin() as session:
            session.add(
                Staff(brand_id=deal.brand_id, person_id=self.owner.person_id, role=Role.EDITOR)
            )
        self.variants = await self.two_variants()

    async def two_variants(self) -> list[str]:
        async with self.database.begin() as session:
            first = (await session.execute(select(Variant))).scalar_one()
            second = Variant(
                code=new_code(),
                product_id=first.product_id,
                sku="W",
                name=LocalizedText.of(en="Other"),
                price_minor=first.price_minor,
                stock_left=first.stock_left,
            )
            session.add(second)
            return [first.code, second.code]

    def attempt(self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return self.run(work)
        except Refusal:
            return None

    def keep(self, who: Actor, joined: groups.Joined | None) -> None:
        if joined is not None:
            self.checkouts.append((who, joined.checkout_code))
            if joined.group_code not in self.groups:
                self.groups.append(joined.group_code)

    async def set_commitment(self, commitment: Commitment) -> None:
        async with self.database.begin() as session:
            await session.execute(update(Deal).values(commitment=commitment))

    @initialize(
        people=st.lists(st.integers(0, PEOPLE - 1), min_size=1, max_size=5, unique=True),
        commitment=st.sampled_from(Commitment),
    )
    def begins_with_a_group(self, people: list[int], commitment: Commitment) -> None:
        self.run(self.set_commitment(commitment))
        self.open(people[0])
        for person in people[1:]:
            self.join(person, 0)

    @rule(person=st.integers(0, PEOPLE - 1))
    def open(self, person: int) -> None:
        who = self.people[person]
        self.keep(who, self.attempt(groups.open_group(who, self.deal, now=self.now)))

    @precondition(lambda self: self.groups)
    @rule(person=st.integers(0, PEOPLE - 1), group=PICK)
    def join(self, person: int, group: int) -> None:
        who, code = self.people[person], self.groups[group % len(self.groups)]
        self.keep(who, self.attempt(groups.join_group(who, code, now=self.now)))

    @precondition(lambda self: self.groups)
    @rule(person=st.integers(0, PEOPLE - 1), group=PICK)
    def leave(self, person: int, group: int) -> None:
        code = self.groups[group % len(self.groups)]
        self.attempt(leaving.leave_group(self.people[person], code, now=self.now))

    @precondition(lambda self: self.groups)
    @rule(person=st.integers(0, PEOPLE - 1), group=PICK)
    def wait_in_line(self, person: int, group: int) -> None:
        code = self.groups[group % len(self.groups)]
        self.attempt(lining_up.wait_for_seat(self.people[person], code, now=self.now))

    @precondition(lambda self: self.groups)
    @rule(person=st.integers(0, PEOPLE - 1), group=PICK)
    def leave_line(self, person: int, group: int) -> None:
        code = self.groups[group % len(self.groups)]
        self.attempt(lining_up.leave_line(self.people[person], code))

    @precondition(lambda self: self.groups)
    @rule(group=PICK)
    def accept(self, group: int) -> None:
        code = self.groups[group % len(self.groups)]
        self.attempt(accepting.accept_group(self.owner, code, now=self.now))

    @precondition(lambda self: self.groups)
    @rule(group=PICK)
    def extend(self, group: int) -> None:
        code = self.groups[group % len(self.groups)]
        ends = int(self.run(self.end_of(code)).timestamp())
        self.attempt(accepting.extend_group(self.owner, code, ends, now=self.now))

    async def end_of(self, code: str) -> datetime:
        async with self.database.read() as session:
            found = await session.execute(
                select(col(GroupBuy.ends_at)).where(col(GroupBuy.code) == code)
            )
            return found.scalar_one()

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, newest=st.booleans())
    def promise(self, which: int, newest: bool) -> None:
        which = -1 - which if newest else which
        who, code = self.checkouts[which % len(self.checkouts)]
        self.attempt(promising.confirm_promise(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, newest=st.booleans(), off_by=st.sampled_from((0, 0, 0, 0, 1)))
    def pay(self, which: int, newest: bool, off_by: int) -> None:
        """In time, late, or once more: the provider has taken the money in any case."""
        which = -1 - which if newest else which
        who, code = self.checkouts[which % len(self.checkouts)]
        number = len(self.charges) + 1
        amount = self.run(self.price(code)) + off_by
        charge = Charge("pretend", f"charge-{number}", f"ch_{number}", code, "USD", amount)
        self.charges.append((who, charge))
        self.run(record_payment(who, charge, now=self.now))

    async def price(self, code: str) -> int:
        async with self.database.read() as session:
            found = await session.execute(
                select(col(Checkout.total_minor)).where(col(Checkout.code) == code)
            )
            return found.scalar_one()

    @precondition(lambda self: self.charges)
    @rule(which=PICK)
    def tell_of_a_payment_again(self, which: int) -> None:
        who, charge = self.charges[which % len(self.charges)]
        self.run(record_payment(who, charge, now=self.now))

    @precondition(lambda self: self.charges)
    @rule(which=PICK, choice=st.sampled_from(CHOICES))
    def choose_for_late_money(self, which: int, choice: Choice) -> None:
        who, charge = self.charges[-1 - which % len(self.charges)]
        self.attempt(choice(who, charge.payload, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def ask_before_charging(self, which: int) -> None:
        who, code = self.checkouts[which % len(self.checkouts)]
        amount = self.run(self.price(code))
        self.attempt(confirm_checkout(who, code, "USD", amount, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def cancel(self, which: int) -> None:
        who, code = self.checkouts[which % len(self.checkouts)]
        self.attempt(checkout.cancel_checkout(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, quantity=st.integers(1, 3))
    def take_seats(self, which: int, quantity: int) -> None:
        who, code = self.checkouts[which % len(self.checkouts)]
        self.attempt(checkout.choose_quantity(who, code, quantity, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, variant=st.integers(0, 1))
    def choose(self, which: int, variant: int) -> None:
        who, code = self.checkouts[which % len(self.checkouts)]
        wanted = self.variants[variant]
        self.attempt(checkout.choose_variant(who, code, wanted, now=self.now))

    @rule(minutes=st.sampled_from(MINUTES), swept=st.booleans())
    def time_passes(self, minutes: int, swept: bool) -> None:
        self.now += timedelta(minutes=minutes)
        if swept:
            self.run(self.sweep())

    async def sweep(self) -> None:
        await sweeps.end_holds(self.database, now=self.now)
        await sweeps.close_groups(self.database, now=self.now)
        await sweeps.end_deals(self.database, now=self.now)
        await sweeps.end_choices(self.database, now=self.now)

    @rule()
    def money_goes_back(self) -> None:
        self.run(self.refund())

    async def refund(self) -> None:
        for job in await refunding.claim_refunds(self.database, 100, now=self.now):
            await refunding.refund_done(self.database, job, now=self.now)
            await refunding.refund_done(self.database, job, now=self.now)

    @invariant()
    def books_are_true(self) -> None:
        books = self.run(group_books.read_books(self.database))
        self.look(books)
        group_books.check_all(
            books,
            deal_stock=DEAL_STOCK,
            variant_stock=VARIANT_STOCK,
            tiers=TIERS,
            counted=self.counted,
        )
        group_books.check_line(books, self.now, CAP)
        self.ends_are_final(books.groups)

    def look(self, books: group_books.Books) -> None:
        """Takes up the checkouts of seats that were offered, and what counted for an end."""
        people = {who.person_id: who for who in self.people}
        known = {code for _, code in self.checkouts}
        for id_, found in books.checkouts.items():
            if found.seat_id:
                price = books.seats[found.seat_id].price_minor
                assert price <= self.shown.setdefault(id_, price)
            if found.code not in known:
                self.checkouts.append((people[found.person_id], found.code))
        for id_, group in books.groups.items():
            if group.state == GroupState.SUCCEEDED and id_ not in self.counted:
                seated = [s for s in books.seats.values() if s.group_id == id_ and s.state in TAKEN]
                prices = [
                    self.shown[c.id]
                    for c in books.checkouts.values()
                    if c.seat_id in {s.id for s in seated}
                ]
                self.counted[id_] = (sum(s.quantity for s in seated), prices)

    def ends_are_final(self, found: dict[int | None, GroupBuy]) -> None:
        for group_id, group in found.items():
            now = (group.state, group.decided_at, group.final_minor)
            assert self.ended.get(group_id, now) == now
            if group.state != GroupState.OPEN:
                self.ended[group_id] = now

    def teardown(self) -> None:
        try:
            self.run(self.long_after())
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    async def long_after(self) -> None:
        for _ in range(LINE):
            self.now += timedelta(days=4)
            await self.sweep()
        await self.refund()
        books = await group_books.read_books(self.database)
        group_books.check_all_is_over(books)
        group_books.check_ledger(books)


class GroupLifeOnPostgres(GroupLife):
    server = "postgres"


def dose(share: float, **more: Any) -> settings:
    assert settings.default is not None
    return settings(
        max_examples=max(3, round(settings.default.max_examples * share)),
        stateful_step_count=20,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        **more,
    )


@pytest.mark.parametrize("machine", [GroupLife, GroupLifeOnPostgres])
def test_books_are_true_whatever_happens(machine: type[GroupLife]) -> None:
    if machine.server == "postgres":
        need("PostgreSQL", asyncio.run(services.postgres_server()))
    # Making a failure small takes longer than a test may.
    until_found = tuple(phase for phase in Phase if phase != Phase.shrink)
    run_state_machine_as_test(machine, settings=dose(SHARE[machine.server], phases=until_found))


def a_short_life() -> None:
    """One pays twice, one lets go, the time is over: every step of the books is needed."""
    life = GroupLife()
    try:
        life.begins_with_a_group([0, 1], Commitment.PAY_NOW)
        for _ in range(2):
            life.pay(0, newest=False, off_by=0)
        life.cancel(1)
        life.books_are_true()
        for minutes in MINUTES[-2:]:
            life.time_passes(minutes, swept=False)
        life.run(life.sweep())
        life.books_are_true()
    finally:
        life.teardown()


async def nothing(*args: Any, **more: Any) -> None:
    """A step that is forgotten."""


def test_a_short_life_leaves_true_books() -> None:
    a_short_life()


@pytest.mark.parametrize(
    "step",
    ["deciding.give_back", "deciding.give_back_all", "payments._why_not", "holding.free_seat"],
)
def test_without_a_step_the_books_are_not_true(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: these checks do notice."""
    monkeypatch.setattr(f"commerce.actions.{step}", nothing)
    with pytest.raises((AssertionError, NoResultFound)):
        a_short_life()
