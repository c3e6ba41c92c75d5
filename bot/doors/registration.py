"""Telling Telegram where updates shall go, and asking what it thinks of that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from bot.doors.intake import ALLOWED_UPDATES
from bot.doors.polling import DoorClosed
from bot.doors.webhook import WebServer
from bot.settings import Settings
from bot.telegram import ApiRefused, ApiUnreachable, BotApi

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 100
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)


async def set_webhook(api: BotApi, settings: Settings) -> None:
    await api.call(
        "setWebhook",
        {
            "url": settings.webhook_url,
            "secret_token": settings.webhook_secret.get_secret_value(),
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": MOST_CONNECTIONS,
        },
    )


async def webhook_info(api: BotApi) -> dict[str, Any]:
    info: dict[str, Any] = await api.call("getWebhookInfo")
    return info


async def delete_webhook(api: BotApi) -> None:
    """Waiting updates stay with Telegram."""
    await api.call("deleteWebhook", {"drop_pending_updates": False})


class RegisteredServer:
    """Listens, then tells Telegram so, as often as it takes."""

    def __init__(
        self, server: WebServer, api: BotApi, settings: Settings, backoff: Sequence[float] = BACKOFF
    ) -> None:
        self._server, self._api, self._settings = server, api, settings
        self._backoff = backoff

    async def run(self) -> None:
        """Until stopped. Raises DoorClosed when Telegram does not want it."""
        await self._server.start()
        await self._register()
        await self._server.wait()

    async def stop(self) -> None:
        await self._server.stop()

    async def _register(self) -> None:
        for failures in range(1_000_000):
            try:
                await set_webhook(self._api, self._settings)
            except ApiRefused as refused:
                if refused.code != 429:
                    raise DoorClosed(f"Telegram refuses the webhook: {refused}") from None
                wait = max(refused.retry_after, 1)
            except ApiUnreachable as error:
                wait = self._backoff[min(failures, len(self._backoff) - 1)]
                log.warning("the webhook is not set yet (%s): again in %.0f s", error, wait)
            else:
                log.info("Telegram sends updates to %s", self._settings.webhook_url)
                return
            await asyncio.sleep(wait)
