"""Money that came too late: what its payer may choose, the asking, and the end of waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.holding import require_under_limit
from commerce.actions.lookup import checkout_of, phase_of, tiers_of
from commerce.actions.telling import Message, tell
from commerce.actor import Actor
from commerce.refusals import OverLimit
from commerce.rules.ladder import price_at
from commerce.rules.windows import Phase
from commerce.views import LateView
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    CheckoutLine,
    Commitment,
    Deal,
    GroupBuy,
    GroupState,
    Payment,
    PaymentState,
    Product,
    ProductState,
    Seat,
    SeatState,
    Variant,
)

TO_DECIDE = timedelta(hours=24)
TRIES = 5  # groups that are asked for a seat, one after the other


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a payment was for: the only line of its checkout."""

    payment: Payment
    checkout: Checkout
    line: CheckoutLine
    variant: Variant
    product: Product
    deal: Deal | None
    brand: Brand

    def costs(self, unit_minor: int) -> int:
        """The same goods at another price, shipping included."""
        return unit_minor * self.line.quantity + self.brand.shipping_minor

    @property
    def paid_minor(self) -> int:
        return self.payment.amount_minor - self.payment.refunded_minor


@dataclass(frozen=True, slots=True)
class Options:
    """What each choice costs, shipping included; None where it cannot be had."""

    group_minor: int | None = None
    new_group: bool = False
    single_minor: int | None = None


async def wanted_by(session: AsyncSession, payment: Payment) -> Wanted | None:
    """None for a cart of several lines: it can only go back."""
    rows = await session.execute(
        select(Checkout, CheckoutLine, Variant, Product, Deal, Brand)
        .join(CheckoutLine, col(CheckoutLine.checkout_id) == col(Checkout.id))
        .join(Variant, col(Variant.id) == col(CheckoutLine.variant_id))
        .join(Product, col(Product.id) == col(Variant.product_id))
        .join(Deal, col(Deal.id) == col(CheckoutLine.deal_id), isouter=True)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(col(Checkout.id) == payment.checkout_id)
        .execution_options(populate_existing=True)
    )
    found = rows.all()
    return Wanted(payment, *found[0]) if len(found) == 1 else None


async def options_for(session: AsyncSession, wanted: Wanted, now: datetime) -> Options:
    """What could be chosen at this moment with nothing more to pay."""
    if not _on_the_shelf(wanted):
        return Options()
    single: int | None = wanted.costs(wanted.variant.price_minor)
    if single is not None and single > wanted.paid_minor:
        single = None
    if wanted.deal is None or not await _deal_allows(session, wanted, wanted.deal):
        return Options(single_minor=single)
    tiers = await tiers_of(session, wanted.line.deal_id or 0)
    for group in await next_groups(session, wanted, now):
        cost = wanted.costs(price_at(tiers, group.paid + group.promised))
        if cost <= wanted.paid_minor:
            return Options(cost, False, single)
    cost = wanted.costs(tiers[0].price_minor)
    if can_open(wanted, now) and cost <= wanted.paid_minor:
        return Options(cost, True, single)
    return Options(single_minor=single)


def _on_the_shelf(wanted: Wanted) -> bool:
    sold = wanted.product.state == ProductState.LIVE and wanted.brand.state == BrandState.LIVE
    return sold and wanted.variant.stock_left >= wanted.line.quantity


async def _deal_allows(session: AsyncSession, wanted: Wanted, deal: Deal) -> bool:
    """A deal of groups that are paid at once, with stock, and not over this person's cap."""
    if deal.commitment != Commitment.PAY_NOW or deal.stock_left < wanted.line.quantity:
        return False
    if not await tiers_of(session, wanted.line.deal_id or 0):
        return False
    try:
        person_id = wanted.checkout.person_id
        await require_under_limit(session, deal, person_id, wanted.line.quantity)
    except OverLimit:
        return False
    return True


def can_open(wanted: Wanted, now: datetime) -> bool:
    return wanted.deal is not None and phase_of(wanted.deal, now) == Phase.LIVE


async def next_groups(session: AsyncSession, wanted: Wanted, now: datetime) -> Sequence[GroupBuy]:
    """Open groups of the same deal with room, in which the payer has no seat; fullest first."""
    if wanted.deal is None or phase_of(wanted.deal, now) == Phase.PAUSED:
        return ()
    seated = exists().where(
        col(Seat.group_id) == col(GroupBuy.id),
        col(Seat.person_id) == wanted.checkout.person_id,
        col(Seat.state) != SeatState.RELEASED,
    )
    rows = await session.execute(
        select(GroupBuy)
        .where(
            col(GroupBuy.deal_id) == wanted.deal.id,
            col(GroupBuy.state) == GroupState.OPEN,
            col(GroupBuy.ends_at) > now,
            col(GroupBuy.seats_left) >= wanted.line.quantity,
            col(GroupBuy.paid) > 0,
            ~seated,
        )
        .order_by(col(GroupBuy.seats_left), col(GroupBuy.ends_at), col(GroupBuy.id))
        .limit(TRIES)
    )
    return rows.scalars().all()


async def no_longer_late(session: AsyncSession, *which: ColumnElement[bool]) -> Payment | None:
    """The one step out of waiting, for whoever takes it first: a choice, or the end of the day."""
    settled = await session.execute(
        update(Payment)
        .where(col(Payment.state) == PaymentState.LATE, *which)
        .values(state=PaymentState.RECEIVED)
        .returning(Payment)
    )
    return settled.scalar_one_or_none()


async def waits_for_choice(session: AsyncSession, checkout: Checkout) -> bool:
    """Whether other late money for this checkout waits already."""
    found = await session.execute(
        select(func.count())
        .select_from(Payment)
        .where(col(Payment.checkout_id) == checkout.id, col(Payment.state) == PaymentState.LATE)
    )
    return bool(found.scalar_one())


async def ask_payer(
    session: AsyncSession, payment: Payment, checkout: Checkout, *, now: datetime
) -> bool:
    """Keeps late money for a day and asks what shall become of it.

    False when there is nothing to choose from: then it had better go back at once.
    """
    wanted = await wanted_by(session, payment)
    options = await options_for(session, wanted, now) if wanted else Options()
    if wanted is None or options == Options():
        return False
    payment.state, payment.decide_by = PaymentState.LATE, now + TO_DECIDE
    await session.flush()
    facts = {
        "title": wanted.product.title.to_json(),
        "checkout": checkout.code,
        "amount_minor": wanted.paid_minor,
        "currency": payment.currency,
        "decide_by": payment.decide_by.isoformat(),
        "group_minor": options.group_minor,
        "new_group": options.new_group,
        "single_minor": options.single_minor,
    }
    key = f"payment-late:{payment.id}"
    message = Message(payment.bot_id, payment.person_id, "payment_late", facts, key)
    await tell(session, [message], now=now)
    return True


async def late_view(actor: Actor, code: str, *, now: datetime) -> LateView:
    """What can still be chosen for the late money of a checkout. Raises NotFound."""
    async with actor.database.read() as session:
        checkout = await checkout_of(session, actor.person_id, code)
        payment = await _money_of(session, checkout)
        wanted = await wanted_by(session, payment) if payment else None
        if payment is None or wanted is None or payment.state != PaymentState.LATE:
            back = payment is not None and payment.state == PaymentState.REFUNDED
            return LateView(code, waits=False, sent_back=back)
        options = await options_for(session, wanted, now)
    return LateView(
        code,
        waits=True,
        title=wanted.product.title,
        amount_minor=wanted.paid_minor,
        currency=payment.currency,
        decide_by=payment.decide_by,
        group_minor=options.group_minor,
        new_group=options.new_group,
        single_minor=options.single_minor,
    )


async def _money_of(session: AsyncSession, checkout: Checkout) -> Payment | None:
    """Late money of this checkout if there is some; else what came last."""
    rows = await session.execute(
        select(Payment)
        .where(col(Payment.checkout_id) == checkout.id)
        .order_by((col(Payment.state) == PaymentState.LATE).desc(), col(Payment.id).desc())
        .limit(1)
    )
    return rows.scalar_one_or_none()
