"""What becomes of promises when their group is decided: invoices, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit
from commerce.actions.telling import Message, tell
from commerce.rules.windows import pay_ends_at
from storage.tables import (
    Checkout,
    CheckoutLine,
    CheckoutState,
    Deal,
    GroupBuy,
    Seat,
    SeatState,
)


async def invoice_promises(
    session: AsyncSession, group: GroupBuy, final_minor: int, now: datetime
) -> int:
    """In a locked group that has just succeeded: each promised seat is to be paid for at the
    final price, for as long as the deal says. How many invoices.
    """
    deal = await session.get_one(Deal, group.deal_id)
    due = await _due(session, group)
    for _, checkout, line in sorted(due, key=lambda one: one[1].person_id):
        checkout.total_minor -= (line.unit_minor - final_minor) * line.quantity
        await credit.fit(session, checkout, checkout.total_minor, now=now)
    for seat, checkout, line in due:
        seat.state, seat.price_minor, line.unit_minor = SeatState.HELD, final_minor, final_minor
        checkout.state, checkout.invoiced = CheckoutState.OPEN, True
        checkout.expires_at = pay_ends_at(now, deal.pay_minutes)
    await session.flush()
    if due:
        await session.execute(
            update(GroupBuy).where(col(GroupBuy.id) == group.id).values(promised=0)
        )
        await session.refresh(group)
    await _tell_invoices(session, group, deal, [checkout for _, checkout, _ in due], now)
    return len(due)


async def _due(
    session: AsyncSession, group: GroupBuy
) -> Sequence[tuple[Seat, Checkout, CheckoutLine]]:
    rows = await session.execute(
        select(Seat, Checkout, CheckoutLine)
        .join(Checkout, col(Checkout.seat_id) == col(Seat.id))
        .join(CheckoutLine, col(CheckoutLine.checkout_id) == col(Checkout.id))
        .where(col(Seat.group_id) == group.id, col(Seat.state) == SeatState.PROMISED)
        .order_by(col(Checkout.id))
        .with_for_update(of=Checkout, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(seat, checkout, line) for seat, checkout, line in rows]


async def _tell_invoices(
    session: AsyncSession,
    group: GroupBuy,
    deal: Deal,
    checkouts: Sequence[Checkout],
    now: datetime,
) -> None:
    messages = [
        Message(
            bot_id=checkout.bot_id,
            person_id=checkout.person_id,
            notice="invoice_due",
            facts={
                "group": group.code,
                "title": deal.title.to_json(),
                "checkout": checkout.code,
                "final_minor": group.final_minor,
                "amount_minor": checkout.total_minor,
                "currency": checkout.currency,
                "until": checkout.expires_at.isoformat(),
            },
            key=f"invoice-due:{checkout.id}",
        )
        for checkout in checkouts
    ]
    await tell(session, messages, now=now)


async def tell_promises_over(session: AsyncSession, group: GroupBuy, now: datetime) -> None:
    """To those whose group has just failed: their promise binds them no more."""
    deal = await session.get_one(Deal, group.deal_id)
    facts = {"group": group.code, "title": deal.title.to_json()}
    messages = [
        Message(
            checkout.bot_id,
            checkout.person_id,
            "promise_over",
            facts,
            f"promise-over:{checkout.id}",
        )
        for _, checkout, _ in await _due(session, group)
    ]
    await tell(session, messages, now=now)
