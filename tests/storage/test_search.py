"""The search index finds Chinese words of any length and Latin words by their beginning."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import search
from storage.database import Database

GOODS = {
    1: "Jasmine Pearls, green tea 茉莉龙珠 绿茶",
    2: "Oolong of the cliff 武夷岩茶 乌龙茶",
    3: "Café cup, hand-thrown 手作咖啡杯",
    4: "Tea towel 茶巾",
}


async def find(database: Database, words: str) -> set[int]:
    matching = search.matching(database.dialect, words)
    if matching is None:
        return set()
    async with database.read() as session:
        return set((await session.execute(select(matching.c.rowid))).scalars())


@pytest.fixture
async def shelf(database: Database) -> Database:
    async with database.begin() as session:
        for number, words in GOODS.items():
            await search.index_product(session, number, words)
    return database


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tea", {1, 4}),
        ("TEA", {1, 4}),
        ("te", {1, 4}),
        ("茶", {1, 2, 4}),
        ("乌龙", {2}),
        ("乌龙茶", {2}),
        ("龙", {1, 2}),
        ("咖啡杯", {3}),
        ("cafe", {3}),
        ("café cu", {3}),
        ("jasmine 绿茶", {1}),
        ("green oolong", set()),
        ("龙井", set()),
        ("'; DROP TABLE product_search --", set()),
        ('* % _ ( ) " & | !', set()),
        ("", set()),
    ],
)
async def test_words_find_their_goods(shelf: Database, typed: str, found: set[int]) -> None:
    assert await find(shelf, typed) == found


async def test_indexed_again_it_is_found_by_the_new_words(shelf: Database) -> None:
    async with shelf.begin() as session:
        await search.index_product(session, 4, "Linen cloth")
    assert await find(shelf, "tea") == {1}
    assert await find(shelf, "linen") == {4}
