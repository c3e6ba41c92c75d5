"""Pictures and raw requests for the stand-in's tests."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image

from playground.server import Running
from playground.things import Json


def picture(color: str = "red", size: tuple[int, int] = (320, 200), form: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, color).save(kept, form)
    return kept.getvalue()


def keyboard(*buttons: Json) -> Json:
    return {"inline_keyboard": [[button] for button in buttons]}


BUY = keyboard({"text": "Buy", "callback_data": "buy:1"})
INVOICE: Json = {
    "title": "Tea",
    "description": "Green tea",
    "payload": "order:1",
    "currency": "USD",
    "prices": [{"label": "Tea", "amount": 1250}],
    "provider_token": "284685063:TEST:pretend-card",
}
STARS: Json = {**INVOICE, "currency": "XTR", "provider_token": ""}


@dataclass(frozen=True, slots=True)
class Api:
    """Posts plain JSON, as a client without a library would."""

    table: Running
    session: aiohttp.ClientSession

    async def __call__(self, method: str, params: Json | None = None, token: str = "") -> Json:
        url = f"{self.table.base_url}/bot{token or self.table.world.bot.token}/{method}"
        async with self.session.post(url, json=params or {}) as answer:
            body: Json = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body

    async def ok(self, method: str, params: Json | None = None, token: str = "") -> Any:
        body = await self(method, params, token)
        assert body["ok"], body
        return body["result"]

    async def error(self, method: str, params: Json | None = None, token: str = "") -> str:
        body = await self(method, params, token)
        assert not body["ok"], body
        return str(body["description"])

    async def page(self, path: str, body: Json | None = None) -> Any:
        url = self.table.base_url + path
        asked = self.session.get(url) if body is None else self.session.post(url, json=body)
        async with asked as answer:
            assert answer.status == 200
            return await answer.json()


@dataclass(slots=True)
class Receiver:
    """A webhook server that answers from a script, then with 200."""

    url: str = ""
    script: list[web.Response] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return self.script.pop(0) if self.script else web.Response()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield made
    finally:
        await runner.cleanup()
