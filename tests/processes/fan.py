"""An address that hands each update on to every door of the shop, as often as asked, at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

HOOK = "/telegram/updates"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@asynccontextmanager
async def fanned(ports: Sequence[int], deliveries: int) -> AsyncIterator[str]:
    """Gives the address. Telegram hears the worst answer, so that it repeats what one missed."""
    doors = [f"http://127.0.0.1:{port}{HOOK}" for port in ports]
    async with aiohttp.ClientSession() as session:

        async def bring(door: str, body: bytes, secret: str) -> int:
            headers = {"Content-Type": "application/json", SECRET_HEADER: secret}
            try:
                async with session.post(door, data=body, headers=headers) as answer:
                    return answer.status
            except aiohttp.ClientError:
                return 502

        async def spread(request: web.Request) -> web.Response:
            body, secret = await request.read(), request.headers.get(SECRET_HEADER, "")
            calls = [bring(door, body, secret) for door in doors for _ in range(deliveries)]
            return web.Response(status=max(await asyncio.gather(*calls)))

        app = web.Application()
        app.router.add_post(HOOK, spread)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{HOOK}"
        finally:
            await runner.cleanup()
