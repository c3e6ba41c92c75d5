"""Compares what the tables say with the ledger, row by row. Only reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.statement import balance, totals
from commerce.payment import CREDIT
from storage.database import Database
from storage.tables import (
    Brand,
    Checkout,
    CheckoutState,
    CouponUse,
    Credit,
    GroupBuy,
    GroupState,
    LedgerEntry,
    Order,
    OrderLine,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Seat,
    SeatState,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was looked at, what it should be, what it is."""

    what: str
    should: object
    found: object

    def __str__(self) -> str:
        return f"{self.what}: should be {self.should}, is {self.found}"


WAITING = (PaymentState.RECEIVED, PaymentState.LATE)


async def differences(database: Database) -> list[Difference]:
    """All that does not agree, at one moment."""
    found: list[Difference] = []
    async with database.read() as session:
        for check in CHECKS:
            found += await check(session)
    return found


async def _unbalanced(session: AsyncSession) -> Iterable[Difference]:
    total = func.sum(col(LedgerEntry.amount_minor))
    rows = await session.execute(
        select(col(LedgerEntry.transaction_key), total)
        .group_by(col(LedgerEntry.transaction_key), col(LedgerEntry.currency))
        .having(total != 0)
    )
    return [Difference(f"ledger movement {key}", 0, int(sum_)) for key, sum_ in rows]


async def _charges(session: AsyncSession) -> Iterable[Difference]:
    """Each charge is booked once; what waits of it stands on its account, and nothing else."""
    account = literal("charge:") + col(Payment.charge_id)
    key = literal("charge:") + col(Payment.provider) + ":" + col(Payment.charge_id)
    booked = (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_minor)), 0))
        .where(col(LedgerEntry.transaction_key) == key, col(LedgerEntry.account) == account)
        .scalar_subquery()
    )
    left = col(Payment.amount_minor) - col(Payment.refunded_minor)
    waits = case((col(Payment.state).in_(WAITING), left), else_=0)
    stands = balance(account, col(Payment.currency))
    rows = await session.execute(
        select(col(Payment.charge_id), col(Payment.amount_minor), booked, waits, stands).where(
            or_(booked != -col(Payment.amount_minor), stands != -waits)
        )
    )
    found = []
    for charge, amount, booked_, waits_, stands_ in rows:
        if booked_ != -amount:
            found.append(Difference(f"charge {charge}, booked", amount, -booked_))
        if stands_ != -waits_:
            found.append(Difference(f"charge {charge}, waiting", waits_, -stands_))
    return found


async def _charges_without_end(session: AsyncSession) -> Iterable[Difference]:
    """A charge waits for an open group only."""
    rows = await session.execute(
        select(col(Payment.charge_id))
        .join(Checkout, col(Checkout.id) == col(Payment.checkout_id), isouter=True)
        .join(Seat, col(Seat.id) == col(Checkout.seat_id), isouter=True)
        .join(GroupBuy, col(GroupBuy.id) == col(Seat.group_id), isouter=True)
        .where(
            col(Payment.state) == PaymentState.RECEIVED,
            col(GroupBuy.state).is_distinct_from(GroupState.OPEN),
        )
    )
    return [Difference(f"charge {charge}", "an order or a refund", "neither") for (charge,) in rows]


async def _refunds(session: AsyncSession) -> Iterable[Difference]:
    """What a payment and an order say went back is the sum of their refunds."""
    of_payment = _sum_of_refunds(col(Refund.payment_id) == col(Payment.id))
    payments = await session.execute(
        select(col(Payment.charge_id), of_payment, col(Payment.refunded_minor)).where(
            col(Payment.refunded_minor) != of_payment
        )
    )
    of_order = _sum_of_refunds(col(Refund.order_id) == col(Order.id))
    orders = await session.execute(
        select(col(Order.code), of_order, col(Order.refunded_minor)).where(
            col(Order.refunded_minor) != of_order
        )
    )
    return [
        *(Difference(f"charge {code}, refunded", should, is_) for code, should, is_ in payments),
        *(Difference(f"order {code}, refunded", should, is_) for code, should, is_ in orders),
    ]


def _sum_of_refunds(which: ColumnElement[bool]) -> ColumnElement[int]:
    total = func.coalesce(func.sum(col(Refund.amount_minor)), 0)
    return select(total).where(which).scalar_subquery()


async def _providers(session: AsyncSession) -> Iterable[Difference]:
    """With each provider is what came by it less what it gave back; on their way is what was
    asked of it and is not done."""
    done = col(Refund.state) == RefundState.DONE
    came = await session.execute(
        select(col(Payment.provider), col(Payment.currency), func.sum(col(Payment.amount_minor)))
        .where(col(Payment.provider) != CREDIT)
        .group_by(col(Payment.provider), col(Payment.currency))
    )
    asked = await session.execute(
        select(
            col(Refund.provider),
            col(Payment.currency),
            func.sum(case((done, col(Refund.amount_minor)), else_=0)),
            func.sum(case((done, 0), else_=col(Refund.amount_minor))),
        )
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .group_by(col(Refund.provider), col(Payment.currency))
    )
    there = {(name, currency): int(total) for name, currency, total in came}
    going: dict[tuple[str, str], int] = {}
    for name, currency, gone, waiting in asked:
        if name != CREDIT:
            there[name, currency] = there.get((name, currency), 0) - int(gone)
        going[name, currency] = -int(waiting)
    return [
        *_compare("with provider", there, await totals(session, "provider")),
        *_compare("refunds on the way by", going, await totals(session, "refunds")),
    ]


def _compare(
    what: str, should: Mapping[tuple[str, str], int], found: Mapping[tuple[str, str], int]
) -> Iterable[Difference]:
    for name, currency in sorted(should.keys() | found.keys()):
        pair = (name, currency)
        if should.get(pair, 0) != found.get(pair, 0):
            label = f"{what} {name} in {currency}"
            yield Difference(label, should.get(pair, 0), found.get(pair, 0))


async def _credits(session: AsyncSession) -> Iterable[Difference]:
    """A balance is what its account says; a checkout holds what its account says."""
    balances = await session.execute(select(Credit))
    should = {(str(one.person_id), one.currency): -one.balance_minor for one in balances.scalars()}
    held = case(
        (col(Checkout.state).in_((CheckoutState.PAID, CheckoutState.RELEASED)), 0),
        else_=col(Checkout.credit_minor),
    )
    stands = balance(literal("held:") + col(Checkout.code), col(Checkout.currency))
    checkouts = await session.execute(
        select(col(Checkout.code), held, stands).where(
            or_(held != 0, col(Checkout.credit_minor) != 0), stands != -held
        )
    )
    return [
        *_compare("store credit of person", should, await totals(session, "credit")),
        *(Difference(f"credit in checkout {code}", h, -s) for code, h, s in checkouts),
    ]


async def _brands(session: AsyncSession) -> Iterable[Difference]:
    """A brand has what its orders brought, less what of them went back."""
    total = func.sum(col(Order.total_minor) - col(Order.refunded_minor))
    rows = await session.execute(
        select(col(Brand.code), col(Order.currency), total)
        .join(Order, col(Order.brand_id) == col(Brand.id))
        .group_by(col(Brand.code), col(Order.currency))
    )
    should = {(code, currency): -int(sum_) for code, currency, sum_ in rows}
    return _compare("owed to brand", should, await totals(session, "brand"))


async def _orders(session: AsyncSession) -> Iterable[Difference]:
    goods = (
        select(func.coalesce(func.sum(col(OrderLine.quantity) * col(OrderLine.unit_minor)), 0))
        .where(col(OrderLine.order_id) == col(Order.id))
        .scalar_subquery()
    )
    should = goods + col(Order.shipping_minor) - col(Order.discount_minor)
    rows = await session.execute(
        select(col(Order.code), should, col(Order.total_minor)).where(
            col(Order.total_minor) != should
        )
    )
    return [Difference(f"order {code}, total", s, total) for code, s, total in rows]


async def _seats(session: AsyncSession) -> Iterable[Difference]:
    """Taken and left are the group's size; as many are paid as it says."""
    taken = _pieces(col(Seat.state) != SeatState.RELEASED)
    paid = _pieces(col(Seat.state) == SeatState.PAID)
    rows = await session.execute(
        select(
            col(GroupBuy.code),
            col(GroupBuy.capacity) - taken,
            col(GroupBuy.seats_left),
            paid,
            col(GroupBuy.paid),
        ).where(
            or_(
                col(GroupBuy.capacity) - taken != col(GroupBuy.seats_left),
                paid != col(GroupBuy.paid),
            )
        )
    )
    found = []
    for code, left, says_left, paid_, says_paid in rows:
        if left != says_left:
            found.append(Difference(f"group {code}, seats left", left, says_left))
        if paid_ != says_paid:
            found.append(Difference(f"group {code}, seats paid", paid_, says_paid))
    return found


def _pieces(which: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.coalesce(func.sum(col(Seat.quantity)), 0))
        .where(col(Seat.group_id) == col(GroupBuy.id), which)
        .scalar_subquery()
    )


async def _coupons(session: AsyncSession) -> Iterable[Difference]:
    """A use by a checkout that came to nothing is given back, and no other."""
    released = col(Checkout.state) == CheckoutState.RELEASED
    rows = await session.execute(
        select(col(Checkout.code), released, col(CouponUse.given_back))
        .join(CouponUse, col(CouponUse.checkout_id) == col(Checkout.id))
        .where(released != col(CouponUse.given_back))
    )
    return [
        Difference(f"coupon of checkout {code}, given back", bool(should), is_)
        for code, should, is_ in rows
    ]


Check = Callable[[AsyncSession], Awaitable[Iterable[Difference]]]
CHECKS: Sequence[Check] = (
    _unbalanced,
    _charges,
    _charges_without_end,
    _refunds,
    _providers,
    _credits,
    _brands,
    _orders,
    _seats,
    _coupons,
)
