"""The whole life of money in any order: credit used and kept, cards, cash, refunds in parts."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions import by_hand, checkout, credit, refunding, spending, sweeps
from commerce.actions.ledger import Unbalanced
from commerce.actions.payments import Charge, record_payment
from commerce.actions.reconciling import differences
from commerce.refusals import Refusal
from commerce.rules import accounts
from storage.columns import id_of
from storage.database import Database, open_database
from storage.tables import (
    Brand,
    Checkout,
    CheckoutState,
    Credit,
    DealKind,
    Order,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
    Role,
    Staff,
)
from tests import services, templates
from tests.commerce.balances import account_balances
from tests.commerce.people import NOW, a_deal, some_people
from tests.conftest import need
from tests.races.test_group_life import PICK, dose

T = TypeVar("T")
PRICE, DEALS = 1_500, 4
AMOUNTS = st.sampled_from((50, 400, 1_450, 2_000))
PROVIDERS = st.sampled_from(("pretend", "stars"))
SHARE = {"sqlite": 0.2, "postgres": 0.05}  # of the profile's examples


class MoneyLife(RuleBasedStateMachine):
    """Two buyers, one editor, a brand that takes cash; who is refused has changed nothing."""

    server = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.now = NOW
        self.checkouts: list[tuple[int, str]] = []
        self.charges = 0
        self.marks = 0
        self.given = 0
        self.run(self.open_shop())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def attempt(self, work: Coroutine[Any, Any, T]) -> T | None:
        try:
            return self.run(work)
        except Refusal:
            return None

    async def open_shop(self) -> None:
        if self.server == "postgres":
            copy = templates.postgres_copy("empty", templates.nothing_more)
            url = await self.stack.enter_async_context(copy)
        else:
            folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
            url = await templates.sqlite_copy(folder / "k.db", "empty", templates.nothing_more)
        self.database: Database = open_database(url)
        self.stack.push_async_callback(self.database.close)
        self.people = await some_people(self.database, 3)
        self.deals = [
            (await a_deal(self.database, DealKind.FLASH, ((0, PRICE),), per_person=99)).code
            for _ in range(DEALS)
        ]
        async with self.database.begin() as session:
            await session.execute(update(Brand).values(by_hand=True))
            for brand in (await session.execute(select(Brand))).scalars().all():
                editor = self.people[2].person_id
                session.add(Staff(brand_id=id_of(brand), person_id=editor, role=Role.EDITOR))

    def picked(self, which: int) -> tuple[Any, str]:
        person, code = self.checkouts[which % len(self.checkouts)]
        return self.people[person], code

    @rule(person=st.integers(0, 1), amount=AMOUNTS)
    def credit_comes(self, person: int, amount: int) -> None:
        self.given += amount
        self.run(self.give(self.people[person].person_id, amount))

    async def give(self, person_id: int, amount: int) -> None:
        async with self.database.begin() as session:
            key = f"reward:{self.given}"
            await credit.give(
                session, person_id, "USD", amount, key=key, source=accounts.REWARDS, now=self.now
            )

    @rule(person=st.integers(0, 1), deal=st.integers(0, DEALS - 1))
    def buy(self, person: int, deal: int) -> None:
        code = self.attempt(checkout.buy_flash(self.people[person], self.deals[deal], now=self.now))
        if code is not None and (person, code) not in self.checkouts:
            self.checkouts.append((person, code))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def use(self, which: int) -> None:
        who, code = self.picked(which)
        self.attempt(spending.use_credit(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def keep(self, which: int) -> None:
        who, code = self.picked(which)
        self.attempt(spending.keep_credit(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def place(self, which: int) -> None:
        who, code = self.picked(which)
        self.attempt(spending.place_with_credit(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, old=st.booleans(), provider=PROVIDERS)
    def pay(self, which: int, old: bool, provider: str) -> None:
        """By an invoice of this moment, or by one from before credit was used."""
        who, code = self.picked(which)
        amount = PRICE if old else self.run(self.left(code))
        if amount:
            self.charges += 1
            n = self.charges
            charge = Charge(provider, f"c{n}", f"ch_{n}", code, "USD", amount)
            self.run(record_payment(who, charge, now=self.now))

    async def left(self, code: str) -> int:
        async with self.database.read() as session:
            found = await session.execute(
                select(col(Checkout.total_minor) - col(Checkout.credit_minor)).where(
                    col(Checkout.code) == code
                )
            )
            return found.scalar_one()

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, step=st.sampled_from(("say", "confirm", "decline")))
    def cash(self, which: int, step: str) -> None:
        who, code = self.picked(which)
        editor = self.people[2]
        match step:
            case "say":
                self.attempt(by_hand.pay_by_hand(who, code, now=self.now))
            case "confirm":
                self.attempt(by_hand.confirm_by_hand(editor, code, now=self.now))
            case "decline":
                self.attempt(by_hand.decline_by_hand(editor, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK)
    def cancel(self, which: int) -> None:
        who, code = self.picked(which)
        self.attempt(checkout.cancel_checkout(who, code, now=self.now))

    @precondition(lambda self: self.checkouts)
    @rule(which=PICK, part=st.sampled_from((1, 300, PRICE)))
    def brand_gives_back(self, which: int, part: int) -> None:
        self.marks += 1
        self.run(self.give_back(self.picked(which)[1], part))

    async def give_back(self, code: str, part: int) -> None:
        async with self.database.begin() as session:
            rows = await session.execute(
                select(Checkout, Order)
                .join(Order, col(Order.checkout_id) == col(Checkout.id))
                .where(col(Checkout.code) == code)
            )
            row = rows.first()
            if row is None:
                return
            bought, order = row
            amount = min(part, order.total_minor - order.refunded_minor)
            await refunding.give_back_money(
                session,
                bought,
                RefundReason.GOODWILL,
                amount,
                now=self.now,
                order=order,
                mark=str(self.marks),
            )

    @rule(minutes=st.sampled_from((1, 11, 49 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.run(self.sweep())

    async def sweep(self) -> None:
        await sweeps.end_holds(self.database, now=self.now)
        await sweeps.end_choices(self.database, now=self.now)

    @rule()
    def money_goes_back(self) -> None:
        self.run(self.carry_out())

    async def carry_out(self) -> None:
        for job in await refunding.claim_refunds(self.database, 100, now=self.now):
            for _ in range(2):
                await refunding.refund_done(self.database, job, now=self.now)
        async with self.database.read() as session:
            waiting = await session.execute(
                select(col(Refund.code)).where(
                    col(Refund.provider) == "cash", col(Refund.state) != RefundState.DONE
                )
            )
        for code in waiting.scalars().all():
            await by_hand.hand_back(self.people[2], code, now=self.now)

    @invariant()
    def books_agree(self) -> None:
        assert self.run(differences(self.database)) == []

    @invariant()
    def every_charge_has_one_end(self) -> None:
        """An order for each paid checkout, paid by what is kept; all else is on its way back."""
        self.run(self.check_ends())

    async def check_ends(self) -> None:
        async with self.database.read() as session:
            bought = (await session.execute(select(Checkout))).scalars().all()
            orders = (await session.execute(select(Order))).scalars().all()
            payments = (await session.execute(select(Payment))).scalars().all()
        by_checkout = {order.checkout_id: order for order in orders}
        assert len(by_checkout) == len(orders)
        paid = {one.id for one in bought if one.state == CheckoutState.PAID}
        assert paid == set(by_checkout)
        assert all(p.state != PaymentState.RECEIVED for p in payments)
        for id_, order in by_checkout.items():
            kept = [
                p.amount_minor
                for p in payments
                if p.checkout_id == id_ and p.state == PaymentState.FULFILLED
            ]
            left = order.total_minor - order.refunded_minor
            assert sum(kept) >= left
            assert len(kept) <= 2

    def teardown(self) -> None:
        try:
            self.run(self.long_after())
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    async def long_after(self) -> None:
        """Nothing is held, nothing is on its way, and credit is what was given and not spent."""
        self.now += timedelta(days=4)
        await self.sweep()
        await self.carry_out()
        assert await differences(self.database) == []
        books = await account_balances(self.database)
        stuck = [n for n in books if n.startswith(("charge:", "refunds:", "held:"))]
        assert stuck == []
        assert sum(books.values()) == 0
        async with self.database.read() as session:
            balances = (await session.execute(select(col(Credit.balance_minor)))).scalars().all()
        assert all(balance >= 0 for balance in balances)


class MoneyLifeOnPostgres(MoneyLife):
    server = "postgres"


@pytest.mark.parametrize("machine", [MoneyLife, MoneyLifeOnPostgres])
def test_money_agrees_whatever_happens(machine: type[MoneyLife]) -> None:
    if machine.server == "postgres":
        need("PostgreSQL", asyncio.run(services.postgres_server()))
    until_found = tuple(phase for phase in Phase if phase != Phase.shrink)
    run_state_machine_as_test(machine, settings=dose(SHARE[machine.server], phases=until_found))


def a_short_life() -> None:
    """Credit used, the card pays the rest, a part goes back; another is let go with its credit."""
    life = MoneyLife()
    try:
        life.credit_comes(0, 400)
        for deal in range(2):
            life.buy(0, deal)
        life.use(0)
        life.pay(0, old=False, provider="pretend")
        life.brand_gives_back(0, 300)
        life.money_goes_back()
        life.credit_comes(0, 400)
        life.use(1)
        life.cancel(1)
        life.books_agree()
        life.every_charge_has_one_end()
    finally:
        life.teardown()


async def nothing(*args: Any, **more: Any) -> None:
    """A step that is forgotten."""


def test_a_short_life_leaves_true_books() -> None:
    a_short_life()


@pytest.mark.parametrize(
    "step", ["credit.pay", "credit.give_back", "funds.fulfil", "refunding._book"]
)
def test_without_a_step_the_books_do_not_agree(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: these checks do notice."""
    monkeypatch.setattr(f"commerce.actions.{step}", nothing)
    with pytest.raises((AssertionError, Unbalanced)):  # the ledger itself refuses some
        a_short_life()
