"""The webhook door: Telegram posts an update and hears 200 only after its commit."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from bot.doors.group_commit import GroupCommit, Store
from bot.doors.intake import read_update
from storage.failures import StorageError

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024
BODY_SECONDS = 10.0
COMMIT_SECONDS = 20.0
RETRY_AFTER = {"Retry-After": "2"}  # Telegram obeys it

Ready = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class WebhookDoor:
    """What the web application needs; `counts` says how many requests ended how."""

    bot_id: int
    path: str
    secret: str = field(repr=False)
    store: Store = field(repr=False)
    ready: Ready = field(repr=False)
    body_seconds: float = BODY_SECONDS
    commit_seconds: float = COMMIT_SECONDS
    counts: Counter[str] = field(default_factory=Counter, repr=False)

    def app(self) -> web.Application:
        if len(self.secret) < 32:
            raise ValueError("a webhook without a secret would believe anybody")
        commits = GroupCommit(self.store)

        async def updates(request: web.Request) -> web.Response:
            answer = await self._receive(request, commits)
            self.counts[str(answer.status)] += 1
            return answer

        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post(self.path, updates)
        app.router.add_get("/healthz", _healthy)
        app.router.add_get("/readyz", self._ready)
        return app

    async def _receive(self, request: web.Request, commits: GroupCommit) -> web.Response:
        if not self._is_telegram(request):
            return _closing(401)
        try:
            async with asyncio.timeout(self.body_seconds):
                body = await request.read()
        except TimeoutError:
            return _closing(408)
        except web.HTTPRequestEntityTooLarge:
            return _closing(413)
        except (web.RequestPayloadError, ConnectionError):
            return _closing(400)
        return await self._keep(body, commits)

    def _is_telegram(self, request: web.Request) -> bool:
        """Only the secret counts: forwarded addresses can be written by anyone."""
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self.secret.encode())

    async def _keep(self, body: bytes, commits: GroupCommit) -> web.Response:
        try:
            async with asyncio.timeout(self.commit_seconds):
                await commits.keep(read_update(self.bot_id, body))
        except (StorageError, TimeoutError) as error:
            log.warning(
                "an update was not stored (%s): Telegram will repeat it", type(error).__name__
            )
            return web.Response(status=503, headers=RETRY_AFTER)
        return web.Response()

    async def _ready(self, request: web.Request) -> web.Response:
        return web.Response(text="ready\n") if await self.ready() else web.Response(status=503)


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _closing(status: int) -> web.Response:
    """An answer after which the rest of the body is not waited for."""
    answer = web.Response(status=status)
    answer.force_close()
    return answer


class WebServer:
    """Serves an application on an address until stopped."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        # Nothing is written about requests: paths of strangers are not ours to keep.
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=3)
        self._host, self._port = host, port
        self._stopped = asyncio.Event()

    async def wait(self) -> None:
        """Until stopped."""
        await self._stopped.wait()

    async def start(self) -> int:
        """The port, chosen by the system when it was given as 0."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        port = int(self._runner.addresses[0][1])
        log.info("listening on %s:%d", self._host, port)
        return port

    async def stop(self) -> None:
        self._stopped.set()
        await self._runner.cleanup()
