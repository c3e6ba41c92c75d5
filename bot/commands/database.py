"""`kaituan db`: the schema's steps, a check, a copy."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.commands.words import Groups, Parser, complain, new_file, say, under
from bot.settings import load_settings


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("db", help="the database: upgrade, check, backup")
    commands = under(parser)
    upgrade = commands.add_parser("upgrade", help="bring the tables to this version")
    upgrade.set_defaults(run=lambda args: asyncio.run(_upgrade()))
    check = commands.add_parser("check", help="is it there, current and unbroken?")
    check.set_defaults(run=lambda args: asyncio.run(_check()))
    backup = commands.add_parser("backup", help="copy it into a new file while the shop runs")
    backup.add_argument("file", metavar="FILE", type=new_file)
    backup.set_defaults(run=_backup)


def _url() -> str:
    return load_settings().database_url.get_secret_value()


async def _upgrade() -> int:
    from storage.upkeep import describe, upgrade

    url = _url()
    database = await upgrade(url)
    await database.close()
    say(f"{describe(url)} is at this program's schema")
    return 0


async def _check() -> int:
    from storage.upkeep import damage, describe, open_current

    url = _url()
    database = await open_current(url)
    try:
        broken = await damage(database)
    finally:
        await database.close()
    if broken:
        complain(f"the database is damaged: {broken}")
        return 1
    say(f"{describe(url)} is current and unbroken")
    return 0


def _backup(args: argparse.Namespace) -> int:
    return asyncio.run(_copy(args.file))


async def _copy(target: Path) -> int:
    from storage.upkeep import copy_to

    await copy_to(_url(), target)
    say(f"copied into {target}")
    return 0
