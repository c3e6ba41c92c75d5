"""Opening the database for one command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.settings import load_settings

if TYPE_CHECKING:
    from storage.database import Database


def with_database(work: Callable[[Database], Awaitable[int]]) -> int:
    """Runs `work` on the database of the settings; it must be there and current."""
    return asyncio.run(_with_database(work))


async def _with_database(work: Callable[[Database], Awaitable[int]]) -> int:
    from storage.upkeep import open_current

    database = await open_current(load_settings().database_url.get_secret_value())
    try:
        return await work(database)
    finally:
        await database.close()
