"""`kaituan doctor`: one line for each thing that the shop needs."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.commands.words import Groups, Parser, say
from bot.settings import Settings, load_settings, unknown_keys

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library")
CHINESE_FONTS = ("cjk", "notosanssc", "sourcehan", "wqy", "pingfang", "hiragino", "simhei", "msyh")


class Wrong(Exception):
    """What is wrong, in one line."""


Check = Callable[[Settings], Awaitable[str]]


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("doctor", help="check settings, database, Redis and Telegram")
    parser.set_defaults(run=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    settings = load_settings(needs_bot=True)
    say("ok     settings")
    for line in unknown_keys():
        say(f"note   settings: {line}")
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> int:
    worst = 0
    for name, check in (("database", _database), ("redis", _redis), ("telegram", _telegram)):
        try:
            say(f"ok     {name}: {await check(settings)}")
        except Wrong as wrong:
            say(f"wrong  {name}: {wrong}")
            worst = 1
    say(await asyncio.to_thread(_fonts))
    return worst


async def _database(settings: Settings) -> str:
    from storage.failures import StorageError
    from storage.upkeep import describe, open_current, sqlite_file

    url = settings.database_url.get_secret_value()
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return f"{describe(url)}, made at the first start"
    try:
        database = await open_current(url)
    except StorageError as error:
        raise Wrong(str(error)) from None
    await database.close()
    return f"{describe(url)}, schema current"


async def _redis(settings: Settings) -> str:
    url = settings.redis_url.get_secret_value()
    if not url:
        return "not set, everything is kept in memory (right for one process)"
    from redis.exceptions import RedisError

    from storage.redis import open_redis

    client = open_redis(url)
    try:
        await client.ping()
    except (RedisError, OSError, TimeoutError) as error:
        raise Wrong(f"REDIS_URL does not answer ({type(error).__name__})") from None
    finally:
        await client.aclose()
    return "answers"


async def _telegram(settings: Settings) -> str:
    from bot.telegram import ApiRefused, ApiUnreachable, BotApi

    try:
        async with BotApi.of(settings) as api:
            me = await api.call("getMe")
            info = await api.call("getWebhookInfo")
    except ApiRefused as refused:
        raise Wrong(f"{settings.telegram_api_base} refuses the BOT_TOKEN ({refused})") from None
    except ApiUnreachable as error:
        raise Wrong(f"{settings.telegram_api_base} cannot be reached ({error})") from None
    wanted = settings.webhook_url if settings.mode == "webhook" else ""
    if info.get("url", "") != wanted:
        command = "set" if wanted else "delete"
        raise Wrong(f"MODE is {settings.mode}, Telegram thinks not: kaituan webhook {command}")
    inline = "" if me.get("supports_inline_queries") else "; inline mode is off (@BotFather)"
    return f"@{me.get('username')}{inline}"


def _fonts() -> str:
    for folder in FONT_FOLDERS:
        for path in Path(folder).rglob("*.[to]t[fc]"):
            if any(name in path.name.lower() for name in CHINESE_FONTS):
                return f"ok     fonts: {path.name} for Chinese in pictures"
    return "note   fonts: none with Chinese; pictures show Latin text only"
