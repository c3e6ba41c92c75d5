"""`kaituan webhook`: where Telegram sends updates."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.commands.words import Command, Groups, Parser, say, under
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from bot.telegram import BotApi

Work = Callable[["BotApi", Settings], Awaitable[None]]


def add(groups: Groups[Parser]) -> None:
    commands = under(groups.add_parser("webhook", help="set, show or delete the webhook"))
    for name, work, words in (
        ("set", _set, "tell Telegram to send updates to WEBHOOK_URL"),
        ("info", _info, "what Telegram knows of the webhook"),
        ("delete", _delete, "back to polling; waiting updates are kept"),
    ):
        commands.add_parser(name, help=words).set_defaults(run=_command(work))


def _command(work: Work) -> Command:
    return lambda args: asyncio.run(_with_api(work))


async def _with_api(work: Work) -> int:
    from bot.telegram import BotApi

    settings = load_settings(needs_bot=True)
    async with BotApi.of(settings) as api:
        await work(api, settings)
    return 0


async def _set(api: BotApi, settings: Settings) -> None:
    from bot.doors.registration import set_webhook

    if settings.mode != "webhook":
        raise SettingsError("MODE is polling: set it to webhook first")
    await set_webhook(api, settings)
    say(f"Telegram sends updates to {settings.webhook_url}")


async def _info(api: BotApi, settings: Settings) -> None:
    from bot.doors.registration import webhook_info

    info = await webhook_info(api)
    say(f"address: {info.get('url') or 'none (polling)'}")
    say(f"waiting updates: {info.get('pending_update_count', 0)}")
    if info.get("last_error_date"):
        at = datetime.fromtimestamp(info["last_error_date"], UTC)
        say(f"last error: {at:%Y-%m-%d %H:%M:%S} UTC, {info.get('last_error_message', '')}")


async def _delete(api: BotApi, settings: Settings) -> None:
    from bot.doors.registration import delete_webhook

    await delete_webhook(api)
    say("the webhook is deleted")
