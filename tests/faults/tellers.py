"""The people of a bank: writers who do anything a shopper may, readers who audit every snapshot."""

from __future__ import annotations

import asyncio
import random
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from commerce.actions import checkout, deciding, groups, refunding, sweeps
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actor import Actor
from commerce.refusals import Refusal
from commerce.rules.ladder import Tier
from storage.codes import new_code
from storage.database import Database, open_database
from storage.failures import Busy
from storage.tables import (
    Checkout,
    CheckoutState,
    GroupBuy,
    GroupState,
    Payment,
)
from tests.commerce.people import NOW
from tests.races import group_books

TIERS = (Tier(2, 1_500), Tier(3, 1_300), Tier(4, 1_100))
DEAL_STOCK, VARIANT_STOCK = 300, 250
FAST = 60  # a shop's minute is a second
REST_SECONDS = 0.02
WHOLE_BOOKS_EVERY = 20


@dataclass(frozen=True, slots=True)
class Branch:
    """What a process must know of its bank. `people` are without a database."""

    url: str
    people: tuple[Actor, ...]
    deal: str
    variants: tuple[str, ...]
    began: float
    troubles: Path

    def now(self) -> datetime:
        return NOW + timedelta(seconds=(time.time() - self.began) * FAST)


class Teller:
    """One writer: picks an act, and carries it out for whoever it concerns."""

    def __init__(self, branch: Branch, database: Database) -> None:
        self.branch = branch
        self.database = database
        self.people = {p.person_id: replace(p, database=database) for p in branch.people}

    async def step(self) -> None:
        try:
            await random.choices(ACTS, WEIGHTS)[0](self)
        except (Refusal, Busy):
            return

    async def one(self, statement: Select[Any]) -> Any:
        """A row that fits, by chance; None where there is none."""
        async with self.database.read() as session:
            found = await session.execute(statement.order_by(func.random()).limit(1))
            return found.scalar_one_or_none()

    async def a_checkout(self, *states: CheckoutState) -> Checkout | None:
        row: Checkout | None = await self.one(
            select(Checkout).where(col(Checkout.state).in_(states))
        )
        return row

    async def a_group(self) -> GroupBuy | None:
        row: GroupBuy | None = await self.one(
            select(GroupBuy).where(col(GroupBuy.state) == GroupState.OPEN)
        )
        return row

    def anybody(self) -> Actor:
        return random.choice(list(self.people.values()))

    async def open_group(self) -> None:
        await groups.open_group(self.anybody(), self.branch.deal, now=self.branch.now())

    async def join_group(self) -> None:
        if group := await self.a_group():
            await groups.join_group(self.anybody(), group.code, now=self.branch.now())

    async def buy(self) -> None:
        variant = random.choice(self.branch.variants)
        await checkout.buy_variant(self.anybody(), variant, now=self.branch.now())

    async def choose(self) -> None:
        if held := await self.a_checkout(CheckoutState.OPEN):
            variant = random.choice(self.branch.variants)
            who = self.people[held.person_id]
            await checkout.choose_variant(who, held.code, variant, now=self.branch.now())

    async def cancel(self) -> None:
        if held := await self.a_checkout(CheckoutState.OPEN):
            who = self.people[held.person_id]
            await checkout.cancel_checkout(who, held.code, now=self.branch.now())

    async def ask(self) -> None:
        if held := await self.a_checkout(CheckoutState.OPEN):
            who, total = self.people[held.person_id], held.total_minor
            await confirm_checkout(who, held.code, "USD", total, now=self.branch.now())

    async def pay(self) -> None:
        await self.charge(await self.a_checkout(CheckoutState.OPEN))

    async def pay_for_nothing(self) -> None:
        """Late, or once more than asked."""
        await self.charge(await self.a_checkout(CheckoutState.RELEASED, CheckoutState.PAID))

    async def charge(self, held: Checkout | None) -> None:
        if held is not None:
            id_ = new_code()
            paid = Charge("pretend", id_, f"ch_{id_}", held.code, "USD", held.total_minor)
            await record_payment(self.people[held.person_id], paid, now=self.branch.now())

    async def tell_again(self) -> None:
        """Telegram repeats a payment that it told of before."""
        found: Payment | None = await self.one(select(Payment))
        if found is None:
            return
        held = await self.one(select(Checkout).where(col(Checkout.id) == found.checkout_id))
        paid = Charge(
            found.provider,
            found.charge_id,
            found.provider_charge_id,
            held.code,
            found.currency,
            found.amount_minor,
        )
        await record_payment(self.people[found.person_id], paid, now=self.branch.now())

    async def decide(self) -> None:
        if group := await self.a_group():
            id_ = group.id or 0
            await deciding.decide_group(self.database, id_, now=self.branch.now())

    async def sweep(self) -> None:
        for what in (sweeps.end_holds, sweeps.close_groups, sweeps.end_deals):
            await what(self.database, now=self.branch.now())

    async def refund(self) -> None:
        """Most are done, some twice; some fail; some are forgotten by a cashier who was lost."""
        now = self.branch.now()
        for job in await refunding.claim_refunds(self.database, 5, now=now):
            match random.randrange(8):
                case 0:
                    continue
                case 1:
                    await refunding.refund_failed(self.database, job, "down", now=now)
                case 2:
                    await refunding.refund_done(self.database, job, now=now)
            await refunding.refund_done(self.database, job, now=now)


ACTS: tuple[Callable[[Teller], Awaitable[None]], ...] = (
    Teller.open_group,
    Teller.join_group,
    Teller.buy,
    Teller.choose,
    Teller.cancel,
    Teller.ask,
    Teller.pay,
    Teller.pay_for_nothing,
    Teller.tell_again,
    Teller.decide,
    Teller.sweep,
    Teller.refund,
)
WEIGHTS = (4, 10, 4, 3, 3, 4, 14, 3, 3, 2, 2, 5)


def write(branch: Branch, without: Callable[[], None] | None = None) -> None:
    """Until it is killed. What nobody foresaw is written down, and is the end of this writer."""
    if without:
        without()
    try:
        asyncio.run(_write(branch))
    except BaseException:
        name = f"{new_code()}.txt"
        (branch.troubles / name).write_text(traceback.format_exc())
        raise


async def _write(branch: Branch) -> None:
    teller = Teller(branch, open_database(branch.url, pool_size=2))
    while True:
        await teller.step()


def audit(branch: Branch, line: Connection) -> None:
    """Until it is told to stop; says how many snapshots were true, or what was not."""
    try:
        said = asyncio.run(_audit(branch, line))
    except BaseException:
        line.send(traceback.format_exc())
    else:
        line.send(said)


async def _audit(branch: Branch, line: Connection) -> int:
    database = open_database(branch.url, pool_size=1)
    snapshots = 0
    while not line.poll(REST_SECONDS):
        sums = await group_books.read_sums(database)
        group_books.check_sums(sums)
        if snapshots % WHOLE_BOOKS_EVERY == 0:
            await check_books(database)
        snapshots += 1
    await database.close()
    return snapshots


async def check_books(database: Database) -> group_books.Books:
    books = await group_books.read_books(database)
    group_books.check_all(books, deal_stock=DEAL_STOCK, variant_stock=VARIANT_STOCK, tiers=TIERS)
    return books
