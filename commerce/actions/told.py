"""Which messages were sent about a purchase: by the keys under which they were written down."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.why_views import Told
from storage.tables import (
    Checkout,
    CheckoutLine,
    Order,
    OrderEvent,
    Outbox,
    Payment,
    Refund,
    RefundReason,
    Staff,
)


async def messages_about(
    session: AsyncSession,
    checkout: Checkout,
    order: Order | None,
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    *,
    reader: int,
    others: bool,
) -> tuple[Told, ...]:
    """The reader's own, `others` as well where they may see them; in the order written."""
    staff = await _staff(session, checkout, order)
    keys = {
        f"receipt:{checkout.code}",
        f"hold-over:{checkout.id}",
        f"cash-missing:{checkout.code}",
        f"group-succeeded:{checkout.seat_id}",
        f"group-failed:{checkout.seat_id}",
        *(f"cash-coming:{checkout.code}:{one}" for one in staff),
        *(f"{step}:{p.id}" for p in payments for step in ("refund-asked", "payment-late")),
        *(f"refund-asked:{reason.value}:{p.id}" for p in payments for reason in RefundReason),
        *(f"refund-done:{r.key}" for r in refunds),
        *(f"hand-back:{r.code}:{one}" for r in refunds for one in staff),
        *(
            f"order-event:{event}:{whom}"
            for event in await _events(session, order)
            for whom in ("buyer", *staff)
        ),
    }
    rows = await session.execute(
        select(Outbox)
        .where(col(Outbox.bot_id) == checkout.bot_id, col(Outbox.dedupe_key).in_(keys))
        .order_by(col(Outbox.id))
    )
    return tuple(
        Told(row.notice, row.facts, row.settled_at or row.created_at, row.state, mine)
        for row in rows.scalars()
        if (mine := row.chat_id == reader) or others
    )


async def _events(session: AsyncSession, order: Order | None) -> list[int | None]:
    if order is None:
        return []
    rows = await session.execute(
        select(col(OrderEvent.id)).where(col(OrderEvent.order_id) == order.id)
    )
    return list(rows.scalars())


async def _staff(session: AsyncSession, checkout: Checkout, order: Order | None) -> Sequence[int]:
    """Of the order's brand, or of all brands in a checkout that is none yet."""
    brands = select(col(CheckoutLine.brand_id)).where(col(CheckoutLine.checkout_id) == checkout.id)
    at = col(Staff.brand_id)
    rows = await session.execute(
        select(col(Staff.person_id)).where(
            at == order.brand_id if order is not None else at.in_(brands)
        )
    )
    return rows.scalars().all()
