"""`kaituan seed`: the demo shop, put into an empty database."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.commands.opening import with_database
from bot.commands.words import Groups, Parser, complain, positive, say

if TYPE_CHECKING:
    from storage.database import Database


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("seed", help="put the demo shop into an empty database")
    parser.add_argument(
        "--owner", metavar="ID", type=positive, help="the Telegram user who owns its brands"
    )
    parser.set_defaults(run=lambda args: with_database(lambda database: _seed(database, args)))


async def _seed(database: Database, args: argparse.Namespace) -> int:
    from storage.demo.seed import AlreadySeeded, seed

    try:
        await seed(database, now=datetime.now(UTC), owner_telegram_id=args.owner)
    except AlreadySeeded:
        complain("there is a shop in this database; the demo does not mix into it")
        return 1
    say("the demo shop is open")
    return 0
