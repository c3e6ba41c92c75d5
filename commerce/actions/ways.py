"""Which ways to pay a checkout has."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.actions import credit
from commerce.payment import STAR
from commerce.rules.spending import usable_credit
from commerce.views import WaysToPay
from storage.tables import Brand, Checkout, CheckoutLine


async def ways_of(session: AsyncSession, checkout: Checkout) -> WaysToPay:
    brands = await session.execute(
        select(col(Brand.by_hand), col(Brand.by_hand_note)).where(
            col(Brand.id).in_(
                select(col(CheckoutLine.brand_id)).where(
                    col(CheckoutLine.checkout_id) == checkout.id
                )
            )
        )
    )
    found = brands.all()
    by_hand = len(found) == 1 and found[0].by_hand and checkout.currency != STAR
    balance = await credit.balance_of(session, checkout.person_id, checkout.currency)
    left = checkout.total_minor - checkout.credit_minor
    return WaysToPay(
        credit_minor=checkout.credit_minor,
        usable_minor=usable_credit(balance, left, checkout.currency),
        by_hand=by_hand,
        note=found[0].by_hand_note if by_hand else "",
        stars=checkout.currency == STAR,
    )
