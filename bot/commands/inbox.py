"""`kaituan inbox`: updates that were set aside."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.opening import with_database
from bot.commands.words import Groups, Parser, complain, positive, say, under

if TYPE_CHECKING:
    from storage.database import Database


def add(groups: Groups[Parser]) -> None:
    commands = under(groups.add_parser("inbox", help="updates that could not be handled"))
    parser = commands.add_parser("quarantine", help="list them, or let one be tried again")
    parser.add_argument("--release", metavar="ID", type=positive, help="try this one again")
    parser.add_argument("--limit", metavar="N", type=positive, default=100, help="at most N")
    parser.set_defaults(run=_quarantine)


def _quarantine(args: argparse.Namespace) -> int:
    if args.release:
        return with_database(lambda database: _release(database, args.release))
    return with_database(lambda database: _list(database, args.limit))


async def _list(database: Database, limit: int) -> int:
    from storage.quarantine import list_quarantined

    found = await list_quarantined(database, limit)
    for one in found:
        age = f"{one.age_seconds / 3600:.1f} h"
        say(f"{one.seq}  update {one.update_id}  {one.lane}  {age} ago  {one.error}")
    if not found:
        say("nothing is in quarantine")
    return 0


async def _release(database: Database, seq: int) -> int:
    from storage.quarantine import release

    if not await release(database, seq):
        complain(f"no update {seq} is in quarantine")
        return 1
    say(f"{seq} will be tried again")
    return 0
