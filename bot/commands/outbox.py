"""`kaituan outbox`: messages that wait, and those of which nobody knows whether they arrived."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.commands.opening import with_database
from bot.commands.words import Groups, Parser, complain, positive, say, under

if TYPE_CHECKING:
    from storage.database import Database


def add(groups: Groups[Parser]) -> None:
    commands = under(groups.add_parser("outbox", help="messages: list, unknown, retry"))
    waiting = commands.add_parser("list", help="messages that are not sent yet")
    unknown = commands.add_parser("unknown", help="messages that may have arrived, or not")
    for parser, only_unknown in ((waiting, False), (unknown, True)):
        parser.add_argument("--limit", metavar="N", type=positive, default=100, help="at most N")
        parser.set_defaults(run=_list, unknown=only_unknown)
    retry = commands.add_parser("retry", help="send an unknown or dead message again")
    retry.add_argument("id", metavar="ID", type=positive)
    retry.set_defaults(run=lambda args: with_database(lambda database: _retry(database, args.id)))


def _list(args: argparse.Namespace) -> int:
    return with_database(lambda database: _show(database, args.unknown, args.limit))


async def _show(database: Database, unknown: bool, limit: int) -> int:
    from storage.outbox import list_rows, list_unknown

    find = list_unknown if unknown else list_rows
    found = await find(database, limit=limit)
    for row in found:
        made = f"{row.created_at:%Y-%m-%d %H:%M} UTC"
        why = row.error or ""
        say(f"{row.id}  {row.notice}  to {row.chat_id}  {row.state}  {made}  {why}".rstrip())
    if not found:
        say("none")
    return 0


async def _retry(database: Database, id_: int) -> int:
    from storage.outbox import retry

    if not await retry(database, id_):
        complain(f"no message {id_} is unknown or dead")
        return 1
    say(f"{id_} will be sent again")
    return 0
