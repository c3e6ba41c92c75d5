"""/why: each step of a price, each charge, refund and message, from the ledger and the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.lookup import tiers_of
from commerce.actions.receipts import events_of
from commerce.actions.statement import Movement, movements_of
from commerce.actions.told import messages_about
from commerce.actor import Actor
from commerce.refusals import NotFound
from commerce.rules import accounts
from commerce.why_views import GroupStep, MoneyStep, PriceLine, Why
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    CheckoutLine,
    Coupon,
    Deal,
    GroupBuy,
    Order,
    OrderLine,
    Payment,
    Product,
    Refund,
    Seat,
    Staff,
    Variant,
)

SHORTEST, WHOLE = 4, 10  # characters of a code
BACK = ("refund-asked", "refund-done")


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about. Without an order it is a checkout that never became one, or not yet."""

    code: str
    order: Order | None
    checkout: Checkout


async def why(actor: Actor, code: str) -> Why:
    """For its buyer, the people of its brand, and operators. A code's first four characters
    will do for what is one's own. Raises NotFound to everybody else.
    """
    async with actor.database.read() as session:
        subject, buyer = await _find(session, actor, code)
        payments = await _payments(session, subject)
        refunds = await _refunds(session, subject)
        moved = await _money(session, subject, refunds, whole=buyer or actor.operator)
        lines = await _lines(session, subject)
        told = await messages_about(
            session,
            subject.checkout,
            subject.order,
            payments,
            refunds,
            reader=actor.telegram_id,
            others=not buyer,
        )
        events = await events_of(session, subject.order) if subject.order else ()
        priced = subject.order or subject.checkout
        return Why(
            code=subject.code,
            checkout=None if subject.order else subject.checkout.state,
            currency=priced.currency,
            lines=lines,
            group=await _group(session, subject),
            coupon=await _coupon(session, subject.checkout),
            discount_minor=priced.discount_minor,
            shipping_minor=priced.shipping_minor,
            total_minor=priced.total_minor,
            credit_minor=_credit(subject, moved),
            money=tuple(_step(m, payments, refunds) for m in moved),
            events=events,
            told=told,
        )


async def _find(session: AsyncSession, actor: Actor, typed: str) -> tuple[Subject, bool]:
    """The newest that the code fits and that the actor may see; whether they bought it."""
    if len(typed) < SHORTEST:
        raise NotFound
    orders = await session.execute(
        select(Order, Checkout)
        .join(Checkout, col(Checkout.id) == col(Order.checkout_id))
        .join(GroupBuy, col(GroupBuy.id) == col(Order.group_id), isouter=True)
        .where(
            or_(_fits(col(Order.code), typed), *_exactly(typed)),
            _may_see(actor, col(Order.person_id), col(Order.brand_id) == col(Staff.brand_id)),
        )
        .order_by((col(Order.person_id) == actor.person_id).desc(), col(Order.id).desc())
        .limit(1)
    )
    found = orders.first()
    if found is not None:
        order, checkout = found
        return Subject(order.code, order, checkout), order.person_id == actor.person_id
    checkout = await _unfinished(session, actor, typed)
    return Subject(checkout.code, None, checkout), checkout.person_id == actor.person_id


def _exactly(typed: str) -> list[ColumnElement[bool]]:
    """The code of the checkout or the group behind an order leads to it as well."""
    return [col(Checkout.code) == typed, col(GroupBuy.code) == typed] if len(typed) >= WHOLE else []


async def _unfinished(session: AsyncSession, actor: Actor, typed: str) -> Checkout:
    """A checkout that is no order, by its own code or its group's. Raises NotFound."""
    lines = select(col(CheckoutLine.id)).where(col(CheckoutLine.checkout_id) == col(Checkout.id))
    theirs = exists(lines.where(col(CheckoutLine.brand_id) == col(Staff.brand_id)))
    foreign = exists(lines.where(col(CheckoutLine.brand_id) != col(Staff.brand_id)))
    rows = await session.execute(
        select(Checkout)
        .join(Seat, col(Seat.id) == col(Checkout.seat_id), isouter=True)
        .join(GroupBuy, col(GroupBuy.id) == col(Seat.group_id), isouter=True)
        .where(
            or_(_fits(col(Checkout.code), typed), *_exactly(typed)),
            _may_see(actor, col(Checkout.person_id), theirs & ~foreign),
        )
        .order_by((col(Checkout.person_id) == actor.person_id).desc(), col(Checkout.id).desc())
        .limit(1)
    )
    checkout = rows.scalars().first()
    if checkout is None:
        raise NotFound
    return checkout


def _fits(code: SQLColumnExpression[str], typed: str) -> ColumnElement[bool]:
    if len(typed) >= WHOLE:
        return code == typed
    return func.upper(func.substr(code, 1, len(typed))) == typed.upper()


def _may_see(
    actor: Actor, buyer: SQLColumnExpression[int], at_their_brand: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The guard of /why."""
    works = (
        select(col(Staff.person_id))
        .join(Brand, col(Brand.id) == col(Staff.brand_id))
        .where(
            col(Staff.person_id) == actor.person_id,
            col(Brand.state) != BrandState.CLOSED,
            at_their_brand,
        )
    )
    return or_(buyer == actor.person_id, exists(works), literal(actor.operator))


async def _payments(session: AsyncSession, subject: Subject) -> list[Payment]:
    rows = await session.execute(
        select(Payment)
        .where(col(Payment.checkout_id) == subject.checkout.id)
        .order_by(col(Payment.id))
    )
    return list(rows.scalars())


async def _refunds(session: AsyncSession, subject: Subject) -> list[Refund]:
    """The order's own, and those that belong to no order."""
    rows = await session.execute(
        select(Refund)
        .join(Payment, col(Payment.id) == col(Refund.payment_id))
        .where(
            col(Payment.checkout_id) == subject.checkout.id,
            or_(
                col(Refund.order_id).is_(None),
                col(Refund.order_id) == (subject.order.id if subject.order else None),
            ),
        )
        .order_by(col(Refund.id))
    )
    return list(rows.scalars())


async def _money(
    session: AsyncSession,
    subject: Subject,
    refunds: list[Refund],
    *,
    whole: bool,
) -> list[Movement]:
    """What the ledger has of it; without `whole`, nothing of other brands' orders beside it."""
    order = f"order:{subject.order.code}" if subject.order else ""
    keys = {order, *(f"{step}:{refund.key}" for refund in refunds for step in BACK)}
    found = await movements_of(session, subject.checkout)
    alone = sum(m.kind == "order" for m in found) <= 1
    return [
        m for m in found if m.key in keys or (m.kind not in ("order", *BACK) and (whole or alone))
    ]


def _step(movement: Movement, payments: list[Payment], refunds: list[Refund]) -> MoneyStep:
    by, reason = "", None
    if movement.kind in BACK:
        refund = next(r for r in refunds if movement.key.endswith(f":{r.key}"))
        by, reason = refund.provider, refund.reason
    elif movement.kind == "charge":
        by = next((p.provider for p in payments if movement.key.endswith(p.charge_id)), "")
    size = sum(amount for _, amount in movement.moved if amount > 0)
    return MoneyStep(movement.kind, movement.at, size, by, reason)


def _credit(subject: Subject, moved: list[Movement]) -> int:
    """Of its price, what store credit paid."""
    if subject.order is None:
        return subject.checkout.credit_minor
    start = accounts.charge("credit:")
    return sum(
        amount
        for m in moved
        if m.kind == "order"
        for account, amount in m.moved
        if account.startswith(start)
    )


async def _lines(session: AsyncSession, subject: Subject) -> tuple[PriceLine, ...]:
    if subject.order is not None:
        of_order = await session.execute(
            select(OrderLine, col(OrderLine.title), col(Variant.price_minor), col(Deal.title))
            .join(Variant, col(Variant.id) == col(OrderLine.variant_id))
            .join(Deal, col(Deal.id) == col(OrderLine.deal_id), isouter=True)
            .where(col(OrderLine.order_id) == subject.order.id)
            .order_by(col(OrderLine.id))
        )
        return tuple(
            PriceLine(title, line.quantity, line.unit_minor, list_minor, deal)
            for line, title, list_minor, deal in of_order
        )
    rows = await session.execute(
        select(CheckoutLine, col(Product.title), col(Variant.price_minor), col(Deal.title))
        .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Deal, col(Deal.id) == col(CheckoutLine.deal_id), isouter=True)
        .where(col(CheckoutLine.checkout_id) == subject.checkout.id)
        .order_by(col(CheckoutLine.id))
    )
    return tuple(
        PriceLine(title, line.quantity, line.unit_minor, list_minor, deal)
        for line, title, list_minor, deal in rows
    )


async def _group(session: AsyncSession, subject: Subject) -> GroupStep | None:
    if subject.checkout.seat_id is None:
        return None
    found = await session.execute(
        select(GroupBuy, col(Seat.price_minor))
        .join(Seat, col(Seat.group_id) == col(GroupBuy.id))
        .where(col(Seat.id) == subject.checkout.seat_id)
    )
    group, joined = found.one()
    reached = [t.buyers for t in await tiers_of(session, group.deal_id) if t.buyers <= group.paid]
    return GroupStep(
        state=group.state,
        paid=group.paid,
        tier_buyers=reached[-1] if reached else None,
        joined_minor=joined,
        final_minor=group.final_minor,
    )


async def _coupon(session: AsyncSession, checkout: Checkout) -> str | None:
    if checkout.coupon_id is None:
        return None
    found = await session.execute(
        select(col(Coupon.word)).where(col(Coupon.id) == checkout.coupon_id)
    )
    return found.scalar_one()
