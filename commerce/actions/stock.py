"""Scarce things: taken and given back by one conditional statement each."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from commerce.refusals import SoldOut
from storage.tables import Deal, Variant


async def take(session: AsyncSession, variant_id: int, deal_id: int | None, quantity: int) -> None:
    """Takes from the deal's stock, then from the variant's. Raises SoldOut with what is left."""
    if deal_id is not None:
        await _take(session, Deal, deal_id, quantity)
    await _take(session, Variant, variant_id, quantity)


async def give_back(
    session: AsyncSession, variant_id: int, deal_id: int | None, quantity: int
) -> None:
    if deal_id is not None:
        await session.execute(
            update(Deal)
            .where(col(Deal.id) == deal_id)
            .values(stock_left=col(Deal.stock_left) + quantity)
        )
    await session.execute(
        update(Variant)
        .where(col(Variant.id) == variant_id)
        .values(stock_left=col(Variant.stock_left) + quantity)
    )


async def _take(
    session: AsyncSession, kind: type[Deal] | type[Variant], id_: int, quantity: int
) -> None:
    taken = await session.execute(
        update(kind)
        .where(col(kind.id) == id_, col(kind.stock_left) >= quantity)
        .values(stock_left=col(kind.stock_left) - quantity)
        .returning(col(kind.id))
    )
    if taken.first() is None:
        left = await session.execute(select(col(kind.stock_left)).where(col(kind.id) == id_))
        raise SoldOut(left.scalar_one_or_none() or 0)
