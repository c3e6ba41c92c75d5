"""A Bot API server that answers getUpdates word for word as told, and keeps what it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.telegram import BotApi

TOKEN = "7000000001:" + "Canary_token-" * 3


@dataclass
class ScriptedApi:
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    base: str = ""
    runner: web.AppRunner | None = None
    empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self.runner is not None
        await self.runner.cleanup()

    def client(self) -> BotApi:
        return BotApi(self.base, TOKEN)

    def says(self, *updates: str) -> None:
        self.answers.append((200, f'{{"ok":true,"result":[{",".join(updates)}]}}'.encode()))

    def refuses(self, code: int, description: str) -> None:
        body = f'{{"ok":false,"error_code":{code},"description":"{description}"}}'
        self.answers.append((code, body.encode()))

    def offsets(self) -> list[int | None]:
        return [params.get("offset") for method, params in self.asked if method == "getUpdates"]

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.asked.append((method, await request.json()))
        if method != "getUpdates":
            return web.json_response({"ok": True, "result": True})
        if not self.answers:
            self.empty.set()
            await asyncio.sleep(0.05)
            return web.json_response({"ok": True, "result": []})
        status, body = self.answers.pop(0)
        return web.Response(status=status, body=body, content_type="application/json")
