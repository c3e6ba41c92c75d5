"""Scarce things: taken and given back by one conditional statement each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

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
    session: AsyncSession, deal_id: int | None, quantities: Mapping[int, int]
) -> None:
    """To the deal, then to each variant: how many, by variant id, locked in the order of ids."""
    if deal_id is not None and quantities:
        await _give_back(session, Deal, deal_id, sum(quantities.values()))
    for variant_id, quantity in sorted(quantities.items()):
        await _give_back(session, Variant, variant_id, quantity)


async def give_back_all(
    session: AsyncSession, goods: Mapping[int | None, Mapping[int, int]]
) -> None:
    """Pieces of each variant, by deal: all deals first, then all variants, each by id."""
    pieces: Counter[int] = Counter()
    for deal_id in sorted(goods, key=lambda id_: id_ or 0):
        pieces.update(goods[deal_id])
        if deal_id is not None:
            await _give_back(session, Deal, deal_id, sum(goods[deal_id].values()))
    await give_back(session, None, pieces)


async def are_there(session: AsyncSession, goods: Mapping[int | None, Mapping[int, int]]) -> bool:
    """Whether all of it, by deal and variant, could be taken. The rows are locked, in order."""
    by_variant: Counter[int] = Counter()
    for quantities in goods.values():
        by_variant.update(quantities)
    by_deal = {d: sum(q.values()) for d, q in goods.items() if d is not None}
    deals = await _left(session, Deal, by_deal)
    return deals and await _left(session, Variant, by_variant)


async def _left(
    session: AsyncSession, kind: type[Deal] | type[Variant], wanted: Mapping[int, int]
) -> bool:
    rows = await session.execute(
        select(col(kind.id), col(kind.stock_left))
        .where(col(kind.id).in_(wanted))
        .order_by(col(kind.id))
        .with_for_update(key_share=True)
    )
    return all(left >= wanted[id_ or 0] for id_, left in rows)


async def swap(session: AsyncSession, old_id: int, new_id: int, quantity: int) -> None:
    """Takes another variant for one that is held. Raises SoldOut with what is left.

    Two people who swap opposite ways lock the two rows in the same order.
    """
    for variant_id in sorted((old_id, new_id)):
        if variant_id == new_id:
            await _take(session, Variant, new_id, quantity)
        else:
            await _give_back(session, Variant, old_id, quantity)


async def _give_back(
    session: AsyncSession, kind: type[Deal] | type[Variant], id_: int, quantity: int
) -> None:
    await session.execute(
        update(kind).where(col(kind.id) == id_).values(stock_left=col(kind.stock_left) + quantity)
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
