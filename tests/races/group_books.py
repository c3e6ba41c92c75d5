"""The books of a shop with one deal, and what must be true in them at every commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.rules.ladder import Tier, final_price
from storage.columns import id_of
from storage.database import Database
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    Deal,
    GroupBuy,
    GroupState,
    LedgerEntry,
    Order,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Seat,
    SeatState,
    Variant,
    Waiter,
    WaiterState,
)

KINDS = ("provider", "charge", "refunds", "brand", "credit")
OWED = ("charge", "refunds", "brand", "credit")  # accounts of what is somebody's, below zero
TAKEN = (SeatState.HELD, SeatState.PROMISED, SeatState.PAID)
WAITING = (PaymentState.RECEIVED, PaymentState.LATE)
PAYS = {
    SeatState.HELD: (CheckoutState.OPEN, CheckoutState.BY_HAND),
    SeatState.PROMISED: (CheckoutState.PROMISED,),
    SeatState.PAID: (CheckoutState.PAID,),
    SeatState.RELEASED: (CheckoutState.RELEASED,),
}
Counted = tuple[int, list[int]]
"""Seats when a group succeeded, and the prices that those in them were shown."""


@dataclass(frozen=True, slots=True)
class Books:
    """All rows at one moment, by id."""

    groups: dict[int | None, GroupBuy]
    seats: dict[int | None, Seat]
    checkouts: dict[int | None, Checkout]
    lines: Sequence[CheckoutLine]
    payments: dict[int | None, Payment]
    refunds: Sequence[Refund]
    orders: Sequence[Order]
    waiters: Sequence[Waiter]
    accounts: dict[str, int]
    unbalanced: int
    deal_left: int
    variants_left: dict[int, int]

    def group_of(self, checkout: Checkout) -> GroupBuy | None:
        seat = self.seats[checkout.seat_id] if checkout.seat_id else None
        return self.groups[seat.group_id] if seat else None


async def read_books(database: Database) -> Books:
    async with snapshot(database) as session:
        accounts = await session.execute(
            select(col(LedgerEntry.account), func.sum(col(LedgerEntry.amount_minor))).group_by(
                col(LedgerEntry.account)
            )
        )
        unbalanced = await session.execute(
            select(col(LedgerEntry.transaction_key))
            .group_by(col(LedgerEntry.transaction_key), col(LedgerEntry.currency))
            .having(func.sum(col(LedgerEntry.amount_minor)) != 0)
        )
        return Books(
            groups={g.id: g for g in (await session.execute(select(GroupBuy))).scalars()},
            seats={s.id: s for s in (await session.execute(select(Seat))).scalars()},
            checkouts={c.id: c for c in (await session.execute(select(Checkout))).scalars()},
            lines=(await session.execute(select(CheckoutLine))).scalars().all(),
            payments={p.id: p for p in (await session.execute(select(Payment))).scalars()},
            refunds=(await session.execute(select(Refund))).scalars().all(),
            orders=(await session.execute(select(Order))).scalars().all(),
            waiters=(await session.execute(select(Waiter))).scalars().all(),
            accounts={account: int(total) for account, total in accounts},
            unbalanced=len(unbalanced.all()),
            deal_left=(await session.execute(select(col(Deal.stock_left)))).scalar_one(),
            variants_left={
                id_of(v): v.stock_left for v in (await session.execute(select(Variant))).scalars()
            },
        )


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncSession]:
    """A session whose statements all see one moment: SQLite's do, PostgreSQL's when asked."""
    async with database.read() as session:
        if database.dialect == "postgresql":
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


@dataclass(frozen=True, slots=True)
class Sums:
    """What an auditor adds up at one moment. Accounts are kinds of accounts, worst first."""

    unbalanced: int
    by_currency: dict[str, int]
    lowest: dict[str, int]
    highest: dict[str, int]
    left: tuple[int, ...]
    overfull: int


async def read_sums(database: Database) -> Sums:
    """All of it is added up by the database."""
    amount, currency = func.sum(col(LedgerEntry.amount_minor)), col(LedgerEntry.currency)
    kind = case(
        *((col(LedgerEntry.account).like(f"{kind}:%"), kind) for kind in KINDS), else_="other"
    )
    accounts = (
        select(kind.label("kind"), amount.label("balance"))
        .group_by(kind, col(LedgerEntry.account), currency)
        .subquery()
    )
    taken = (
        select(func.coalesce(func.sum(col(Seat.quantity)), 0))
        .where(col(Seat.group_id) == col(GroupBuy.id), col(Seat.state) != SeatState.RELEASED)
        .scalar_subquery()
    )
    async with snapshot(database) as session:
        unbalanced = await session.execute(
            select(func.count()).select_from(
                select(col(LedgerEntry.transaction_key))
                .group_by(col(LedgerEntry.transaction_key), currency)
                .having(amount != 0)
                .subquery()
            )
        )
        by_currency = await session.execute(select(currency, amount).group_by(currency))
        ends = (
            await session.execute(
                select(
                    accounts.c.kind, func.min(accounts.c.balance), func.max(accounts.c.balance)
                ).group_by(accounts.c.kind)
            )
        ).all()
        deals = (await session.execute(select(col(Deal.stock_left)))).scalars().all()
        variants = (await session.execute(select(col(Variant.stock_left)))).scalars().all()
        overfull = await session.execute(
            select(func.count())
            .select_from(GroupBuy)
            .where(taken + col(GroupBuy.seats_left) != col(GroupBuy.capacity))
        )
        return Sums(
            unbalanced=unbalanced.scalar_one(),
            by_currency={name: int(total) for name, total in by_currency},
            lowest={name: int(low) for name, low, _ in ends},
            highest={name: int(high) for name, _, high in ends},
            left=(*deals, *variants),
            overfull=overfull.scalar_one(),
        )


def check_sums(sums: Sums) -> None:
    """Nothing is made or lost; what is owed to others is never owed to us instead."""
    assert sums.unbalanced == 0
    assert set(sums.by_currency.values()) <= {0}
    assert sums.lowest.get("provider", 0) >= 0
    overdrawn = {kind: high for kind, high in sums.highest.items() if kind in OWED and high > 0}
    assert overdrawn == {}
    assert min(sums.left, default=0) >= 0
    assert sums.overfull == 0


def check_seats(books: Books) -> None:
    """Taken and left seats are the group's size; as many are paid, and promised, as it says."""
    for group_id, group in books.groups.items():
        seats = _seats(books, group_id)
        assert seats_in(books, group_id, *TAKEN) + group.seats_left == group.capacity
        assert seats_in(books, group_id, SeatState.PAID) == group.paid
        assert seats_in(books, group_id, SeatState.PROMISED) == group.promised
        match group.state:
            case GroupState.OPEN:
                assert group.host_id in {s.person_id for s in seats if s.state in TAKEN}
            case GroupState.SUCCEEDED:
                assert group.promised == 0
                assert all(_checkout_of(books, s).invoiced for s in seats if _is_held(s))
            case _:
                assert group.promised == 0
                assert not any(map(_is_held, seats))


def check_checkouts(books: Books) -> None:
    """A seat is what its checkout says, and an invoice is of a group that succeeded."""
    paying = [checkout for checkout in books.checkouts.values() if checkout.seat_id]
    assert len(paying) == len(books.seats)
    for checkout in paying:
        seat = books.seats[checkout.seat_id]
        assert checkout.state in PAYS[seat.state]
        assert checkout.person_id == seat.person_id
        if checkout.invoiced:
            assert books.groups[seat.group_id].state == GroupState.SUCCEEDED
            final = books.groups[seat.group_id].final_minor or 0
            assert checkout.total_minor == final * seat.quantity


def check_line(books: Books, now: datetime, cap: int) -> None:
    """Nobody waits where a seat is free or none will be; an offer is a seat that is held."""
    places: Counter[int] = Counter()
    for waiter in books.waiters:
        group = books.groups[waiter.group_id]
        if waiter.state == WaiterState.WAITING:
            places[waiter.person_id] += 1
            unpaid = seats_in(books, group.id, SeatState.HELD)
            assert group.state == GroupState.OPEN or (
                group.state == GroupState.SUCCEEDED and unpaid
            )
            if group.state == GroupState.OPEN and now < group.ends_at:
                assert group.seats_left == 0
        elif waiter.state == WaiterState.OFFERED:
            seat = books.seats[waiter.seat_id]
            assert (seat.person_id, seat.group_id) == (waiter.person_id, waiter.group_id)
            assert _is_held(seat)
    for seat in books.seats.values():
        if seat.state in TAKEN and books.groups[seat.group_id].state != GroupState.FAILED:
            places[seat.person_id] += seat.quantity
    assert all(count <= cap for count in places.values())


def seats_in(books: Books, group_id: int | None, *states: SeatState) -> int:
    return sum(s.quantity for s in _seats(books, group_id) if s.state in states)


def _seats(books: Books, group_id: int | None) -> list[Seat]:
    return [seat for seat in books.seats.values() if seat.group_id == group_id]


def _is_held(seat: Seat) -> bool:
    return seat.state == SeatState.HELD


def _checkout_of(books: Books, seat: Seat) -> Checkout:
    return next(c for c in books.checkouts.values() if c.seat_id == seat.id)


def check_stock(books: Books, deal_stock: int, variant_stock: int) -> None:
    """What there was = left + held + sold, for the deal and for each variant."""
    out: Counter[int] = Counter()
    by_deal = 0
    for line in books.lines:
        checkout = books.checkouts[line.checkout_id]
        group = books.group_of(checkout)
        given_back = group is not None and group.state == GroupState.FAILED
        if checkout.state != CheckoutState.RELEASED and not given_back:
            out[line.variant_id] += line.quantity
            by_deal += line.quantity if line.deal_id else 0
    assert books.deal_left + by_deal == deal_stock
    for variant_id, left in books.variants_left.items():
        assert left + out[variant_id] == variant_stock


def check_money(books: Books) -> None:
    """Each charge waits for its group or its payer's choice, or is kept, or goes back whole."""
    orders = {order.checkout_id: order for order in books.orders}
    assert len(orders) == len(books.orders)
    back: Counter[int] = Counter()
    for refund in books.refunds:
        back[refund.payment_id] += refund.amount_minor
    paid_by: Counter[int | None] = Counter()
    for payment_id, payment in books.payments.items():
        assert back[payment_id or 0] == payment.refunded_minor <= payment.amount_minor
        order = None
        match payment.state:
            case PaymentState.RECEIVED:
                checkout = books.checkouts[payment.checkout_id]
                group = books.group_of(checkout)
                assert group is not None
                assert (group.state, checkout.state) == (GroupState.OPEN, CheckoutState.PAID)
                assert payment.amount_minor - payment.refunded_minor == checkout.total_minor
            case PaymentState.LATE:
                checkout = books.checkouts[payment.checkout_id]
                group = books.group_of(checkout)
                decided = group is not None and group.state != GroupState.OPEN
                # A second charge may find the goods there again, and pay for them.
                assert decided or checkout.state in (CheckoutState.RELEASED, CheckoutState.PAID)
                assert payment.refunded_minor == 0
                assert payment.decide_by is not None
            case PaymentState.FULFILLED:
                order = orders.pop(payment.checkout_id or 0)
                assert payment.amount_minor - payment.refunded_minor == order.total_minor
            case PaymentState.REFUNDED:
                assert payment.refunded_minor == payment.amount_minor
        if payment.state not in (PaymentState.REFUNDED, PaymentState.LATE):
            paid_by[payment.checkout_id] += 1
    assert orders == {}
    assert all(count == 1 for count in paid_by.values())
    for checkout_id, checkout in books.checkouts.items():
        group = books.group_of(checkout)
        failed = group is not None and group.state == GroupState.FAILED
        paid = checkout.state == CheckoutState.PAID and not failed
        assert paid_by[checkout_id] == int(paid)


def check_ledger(books: Books) -> None:
    assert books.unbalanced == 0
    assert sum(books.accounts.values()) == 0
    for payment in books.payments.values():
        waits = payment.amount_minor - payment.refunded_minor if payment.state in WAITING else 0
        assert books.accounts[f"charge:{payment.charge_id}"] == -waits
    going = sum(r.amount_minor for r in books.refunds if r.state != RefundState.DONE)
    assert books.accounts.get("refunds:pretend", 0) == -going
    kept = sum(p.amount_minor for p in books.payments.values())
    gone = sum(r.amount_minor for r in books.refunds if r.state == RefundState.DONE)
    assert books.accounts.get("provider:pretend", 0) == kept - gone


def check_prices(
    books: Books, tiers: Sequence[Tier], counted: Mapping[int | None, Counted] | None = None
) -> None:
    """Everybody in a group that succeeded has paid, or is asked for, the price of the tier that
    was reached; nobody more than they were shown. `counted` is what was there when it succeeded;
    without it, what is paid now.
    """
    for group_id, group in books.groups.items():
        if group.state != GroupState.SUCCEEDED:
            assert group.final_minor is None
            continue
        count, shown = counted[group_id] if counted is not None else _paid_now(books, group)
        assert group.final_minor == final_price(tiers, count, shown)
        members = [order for order in books.orders if order.group_id == group_id]
        assert group.accepted or count >= tiers[0].buyers
        seats = {
            s.person_id: s.quantity for s in _seats(books, group_id) if s.state == SeatState.PAID
        }
        assert sum(seats.values()) == group.paid
        totals = {order.person_id: order.total_minor for order in members}
        assert totals == {who: n * (group.final_minor or 0) for who, n in seats.items()}


def _paid_now(books: Books, group: GroupBuy) -> Counted:
    paid = [s for s in _seats(books, group.id) if s.state == SeatState.PAID]
    return group.paid, [seat.price_minor for seat in paid]


def check_all(
    books: Books,
    *,
    deal_stock: int,
    variant_stock: int,
    tiers: Sequence[Tier] = (),
    counted: Mapping[int | None, Counted] | None = None,
) -> None:
    """Everything that is true at every commit."""
    check_seats(books)
    check_checkouts(books)
    check_stock(books, deal_stock, variant_stock)
    check_money(books)
    check_ledger(books)
    check_prices(books, tiers, counted)


def check_all_is_over(books: Books) -> None:
    """Long after: nothing is open, nothing is held, and no account keeps what is not its own."""
    assert all(g.state != GroupState.OPEN for g in books.groups.values())
    over = (CheckoutState.PAID, CheckoutState.RELEASED)
    assert all(c.state in over for c in books.checkouts.values())
    assert all(w.state in (WaiterState.SERVED, WaiterState.GONE) for w in books.waiters)
    assert all(r.state == RefundState.DONE for r in books.refunds)
    assert all(p.state not in WAITING for p in books.payments.values())
    for account, balance in books.accounts.items():
        if account.startswith(("charge:", "refunds:")):
            assert balance == 0, account
