"""What a brand's people are told about money that goes through their own hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions.telling import Message, tell
from storage.tables import Checkout, CheckoutLine, Payment, Person, Product, Refund, Staff, Variant


async def facts_of(session: AsyncSession, checkout_id: int | None) -> dict[str, object]:
    """The title of what was bought."""
    found = await session.execute(
        select(col(Product.title))
        .join(Variant, col(Variant.product_id) == col(Product.id))
        .join(CheckoutLine, col(CheckoutLine.variant_id) == col(Variant.id))
        .where(col(CheckoutLine.checkout_id) == checkout_id)
        .order_by(col(CheckoutLine.id))
        .limit(1)
    )
    return {"title": found.scalar_one().to_json()}


async def announce_cash(
    session: AsyncSession, checkout: Checkout, buyer: str, *, now: datetime
) -> None:
    """Money is on its way, and its brand is to say when it is there."""
    facts = await facts_of(session, checkout.id) | {
        "checkout": checkout.code,
        "buyer": buyer,
        "amount_minor": checkout.total_minor - checkout.credit_minor,
        "currency": checkout.currency,
        "until": checkout.expires_at.isoformat(),
    }
    key = f"cash-coming:{checkout.code}"
    await _tell_brand(session, checkout.id, checkout.bot_id, "cash_coming", facts, key, now=now)


async def _tell_brand(
    session: AsyncSession,
    checkout_id: int | None,
    bot_id: int,
    notice: str,
    facts: Mapping[str, object],
    key: str,
    *,
    now: datetime,
) -> None:
    """Everybody who works for the brand of this checkout."""
    brands = select(col(CheckoutLine.brand_id)).where(col(CheckoutLine.checkout_id) == checkout_id)
    staff = await session.execute(
        select(col(Staff.person_id))
        .where(col(Staff.brand_id).in_(brands))
        .distinct()
        .order_by(col(Staff.person_id))
    )
    messages = [
        Message(bot_id, person_id, notice, facts, f"{key}:{person_id}")
        for person_id in staff.scalars()
    ]
    await tell(session, messages, now=now)


async def ask_to_hand_back(
    session: AsyncSession, payment: Payment, refund: Refund, *, now: datetime
) -> None:
    """Nobody but the brand can give this money back."""
    buyer = await session.get_one(Person, payment.person_id)
    facts = await facts_of(session, payment.checkout_id) | {
        "refund": refund.code,
        "buyer": buyer.first_name,
        "amount_minor": refund.amount_minor,
        "currency": payment.currency,
    }
    await _tell_brand(
        session,
        payment.checkout_id,
        payment.bot_id,
        "hand_back",
        facts,
        f"hand-back:{refund.code}",
        now=now,
    )
