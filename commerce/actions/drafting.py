"""Writing down the checkout of what is held: for who asks now, or for who is next in line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.columns import id_of
from storage.tables import Address, Checkout, CheckoutLine, CheckoutState, Seat


async def write_checkout(
    session: AsyncSession,
    *,
    code: str,
    bot_id: int,
    person_id: int,
    seat: Seat | None,
    brand_id: int,
    deal_id: int | None,
    variant_id: int,
    quantity: int,
    unit_minor: int,
    currency: str,
    shipping_minor: int,
    expires_at: datetime,
    now: datetime,
    invoiced: bool = False,
) -> Checkout:
    """The stock is taken already. It goes to the person's last address until they say another."""
    checkout = Checkout(
        code=code,
        bot_id=bot_id,
        person_id=person_id,
        seat_id=seat.id if seat else None,
        state=CheckoutState.OPEN,
        currency=currency,
        shipping_minor=shipping_minor,
        total_minor=quantity * unit_minor + shipping_minor,
        address=await last_address(session, person_id),
        invoiced=invoiced,
        expires_at=expires_at,
        created_at=now,
    )
    session.add(checkout)
    await session.flush()
    session.add(
        CheckoutLine(
            checkout_id=id_of(checkout),
            brand_id=brand_id,
            variant_id=variant_id,
            deal_id=deal_id,
            quantity=quantity,
            unit_minor=unit_minor,
        )
    )
    await session.flush()
    return checkout


async def last_address(session: AsyncSession, person_id: int) -> str | None:
    found = await session.execute(
        select(Address)
        .where(col(Address.person_id) == person_id)
        .order_by(col(Address.id).desc())
        .limit(1)
    )
    address = found.scalar_one_or_none()
    return parcel_label(address) if address else None


def parcel_label(address: Address) -> str:
    """The address as it is written on the parcel, a line each."""
    town = f"{address.postcode} {address.city}".strip()
    lines = (address.name, address.street, town, address.country, address.phone)
    return "\n".join(line for line in lines if line)
