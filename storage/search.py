"""The search index: one body of tokens a product, in each database's own full-text search.

Chinese, Japanese and Korean runs are indexed as single characters and as bigrams, so that words
of one, two or more characters are found without a dictionary. Other words are folded to lower
case without accents; the last word of a query matches by its beginning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Subquery, delete, func, insert, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import column, table

INDEX = table("product_search", column("rowid"), column("body"))
MOST_TOKENS = 12
RUN = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
    r"|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)


def tokens(words: str, *, index: bool) -> list[str]:
    """What is written into the index, or with `index=False` what a query asks for."""
    found: list[str] = []
    for run in RUN.findall(_fold(words)):
        if not _is_cjk(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(a + b for a, b in pairwise(run))
            if index:
                found.extend(run)
    return found


def _fold(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words.lower())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def _is_cjk(run: str) -> bool:
    return run[0] >= "\u3040"


async def index_product(session: AsyncSession, product_id: int, *words: str) -> None:
    """Writes, or writes again, what a product is found by."""
    await session.execute(delete(INDEX).where(INDEX.c.rowid == product_id))
    body = " ".join(tokens(" ".join(words), index=True))
    await session.execute(insert(INDEX).values(rowid=product_id, body=body))


def matching(dialect: str, words: str) -> Subquery | None:
    """Product ids (`rowid`) by `rank`, the best lowest; None when no word can be searched."""
    wanted = tokens(words, index=False)[:MOST_TOKENS]
    if not wanted:
        return None
    if dialect == "sqlite":
        return (
            select(INDEX.c.rowid, literal_column("bm25(product_search)").label("rank"))
            .where(text("product_search MATCH :query").bindparams(query=_fts5(wanted)))
            .subquery()
        )
    query = func.to_tsquery("simple", _tsquery(wanted))
    document: ColumnElement[Any] = literal_column("product_search.words")
    return (
        select(INDEX.c.rowid, (-func.ts_rank(document, query)).label("rank"))
        .where(document.op("@@")(query))
        .subquery()
    )


def _fts5(wanted: Sequence[str]) -> str:
    quoted = [f'"{token}"' for token in wanted]
    return " ".join([*quoted[:-1], quoted[-1] + _prefix(wanted[-1], "*")])


def _tsquery(wanted: Sequence[str]) -> str:
    quoted = [f"'{token}'" for token in wanted]
    return " & ".join([*quoted[:-1], quoted[-1] + _prefix(wanted[-1], ":*")])


def _prefix(token: str, mark: str) -> str:
    return "" if _is_cjk(token) else mark
