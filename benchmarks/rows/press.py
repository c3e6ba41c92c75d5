"""One press: home, a shelf, a product, a deal; inbox, database and both calls included."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from benchmarks.figures import Goal, Pair, Row, pace
from benchmarks.machine import Program, Telegram, cpu_of, free_port, listening, program, telegram
from benchmarks.rows.dose import Dose
from benchmarks.shop import PATH, SECRET, TOKEN, WHERE, database_address, opened, ours, stock
from cards.presses import ShowCategory, ShowDeal, ShowHome, ShowProduct
from storage.tables import Category, Deal, Product

PEOPLE, AT_ONCE, PRESSES = 400, 16, 2_000


async def press(dose: Dose) -> Sequence[Row]:
    return [await _press(where, dose) for where in WHERE]


async def _press(where: str, dose: Dose) -> Row:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(database_address(where))
        await stock(url)
        us = await stack.enter_async_context(telegram())
        them = await stack.enter_async_context(telegram())
        shop = await stack.enter_async_context(ours(us, url, where))
        port = free_port()
        words = (them.base, TOKEN, str(port), PATH, SECRET)
        bare = await stack.enter_async_context(program("benchmarks.programs.bare_aiogram", *words))
        await listening(port)
        data = await cards(url)
        count = dose.of(PRESSES, 50)
        for who, line in ((us, shop.port), (them, port)):
            await pressed(who, line, data, min(count, PEOPLE))
        pairs, said = [], ""
        for _ in range(dose.rounds):
            mine, said = await costs(us, shop.port, shop.programs, data, count)
            yard, _ = await costs(them, port, [bare], data, count)
            pairs.append(Pair(mine, yard))
    return Row("press ÷ bare aiogram", where, "ms CPU", pairs, goal=Goal(1.0), beside=said)


async def cards(url: str) -> list[str]:
    """Presses of the four cards, several of each."""
    async with opened(url) as database, database.read() as session:
        shelves = (await session.execute(select(col(Category.code)).limit(5))).scalars().all()
        products = (await session.execute(select(col(Product.code)).limit(20))).scalars().all()
        deals = (await session.execute(select(col(Deal.code)).limit(5))).scalars().all()
    found = []
    for number in range(20):
        found += [
            ShowHome().pack(),
            ShowCategory(shelves[number % len(shelves)], 0).pack(),
            ShowProduct(products[number % len(products)], 0).pack(),
            ShowDeal(deals[number % len(deals)]).pack(),
        ]
    return found


async def costs(
    telegram: Telegram, port: int, programs: Sequence[Program], data: list[str], count: int
) -> tuple[float, str]:
    """Milliseconds of the programs' CPU a press, and their pace."""
    before = cpu_of(programs)
    result = await pressed(telegram, port, data, count)
    spent = cpu_of(programs) - before
    return spent / count * 1_000, pace(result["took"], result["seconds"])


async def pressed(telegram: Telegram, port: int, data: list[str], count: int) -> dict[str, Any]:
    return await telegram.do(
        "press",
        host="127.0.0.1",
        port=port,
        path=PATH,
        secret=SECRET,
        data=data,
        people=PEOPLE,
        count=count,
        at_once=AT_ONCE,
    )
