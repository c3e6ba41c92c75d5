"""An address that hands each update on to every door of the shop, as often as asked, at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

HOOK = "/telegram/updates"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
REFUSED = 502


@dataclass(slots=True)
class Fan:
    """`bodies` are the updates as Telegram brought them, `accepted` how often a door took one."""

    session: aiohttp.ClientSession
    doors: tuple[str, ...]
    copies: int
    address: str = ""
    secret: str = ""
    bodies: list[bytes] = field(default_factory=list)
    accepted: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        self.secret = request.headers.get(SECRET_HEADER, "")
        body = await request.read()
        status = await self.spread(body)
        if status == 200:
            self.bodies.append(body)
        return web.Response(status=status)

    async def spread(self, body: bytes) -> int:
        """The worst answer, so that Telegram repeats what one door missed."""
        calls = [self._bring(door, body) for door in self.doors for _ in range(self.copies)]
        return max(await asyncio.gather(*calls))

    async def _bring(self, door: str, body: bytes) -> int:
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.secret}
        try:
            async with self.session.post(door, data=body, headers=headers) as answer:
                self.accepted += answer.status == 200
                return answer.status
        except aiohttp.ClientError:
            return REFUSED


@asynccontextmanager
async def fanned(ports: Sequence[int], copies: int) -> AsyncIterator[Fan]:
    async with aiohttp.ClientSession() as session:
        fan = Fan(session, tuple(f"http://127.0.0.1:{port}{HOOK}" for port in ports), copies)
        app = web.Application()
        app.router.add_post(HOOK, fan.receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            fan.address = f"http://127.0.0.1:{runner.addresses[0][1]}{HOOK}"
            yield fan
        finally:
            await runner.cleanup()
