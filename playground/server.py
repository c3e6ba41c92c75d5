"""The HTTP server: the Bot API for bots, the world's doors for the page, all in one app."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from playground.breaking import break_line, drop
from playground.dispatch import chat_of, record, run_call
from playground.doors import WORLD, add_doors
from playground.methods import Upload
from playground.things import BotAccount, Json
from playground.world import World

REQUEST_BYTES = 64 * 1024 * 1024
_UNAUTHORIZED: Json = {"ok": False, "error_code": 401, "description": "Unauthorized"}


def _json(body: Any, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


async def read_request(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters from query string, JSON, urlencoded form or multipart, and uploaded files."""
    raw: Json = dict(request.query)
    files: dict[str, Upload] = {}
    kind = request.content_type
    if kind == "application/json":
        body = await request.read()
        given = json.loads(body) if body.strip() else {}
        if not isinstance(given, dict):
            raise ValueError("the body is no JSON object")
        raw |= given
    elif kind == "multipart/form-data":
        await _read_multipart(request, raw, files)
    elif kind == "application/x-www-form-urlencoded":
        raw |= dict((await request.post()).items())
    return raw, files


async def _read_multipart(request: web.Request, raw: Json, files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise ValueError("a part without a name")
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            raw[part.name] = content.decode()
        else:
            mime = part.headers.get(hdrs.CONTENT_TYPE, "application/octet-stream")
            files[part.name] = Upload(part.filename, content, mime)


async def bot_api(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    if world.offline:
        return drop(request)
    bot = world.by_token.get(request.match_info["token"])
    if bot is None:
        return _json(_UNAUTHORIZED, 401)
    try:
        raw, files = await read_request(request)
    except (ValueError, UnicodeDecodeError) as error:
        world.blame(request.match_info["method"], f"unreadable request: {error}", {})
        description = "Bad Request: can't parse the request"
        return _json({"ok": False, "error_code": 400, "description": description}, 400)
    return await _answer(request, bot, raw, files)


async def _answer(
    request: web.Request, bot: BotAccount, raw: Json, files: dict[str, Upload]
) -> web.StreamResponse:
    world, method = request.app[WORLD], request.match_info["method"]
    fault = world.faults.strike(method, chat_of(raw))
    if fault and fault.when == "before":
        record(world, bot, method, raw, 599, f"fault before: {fault.kind}", time.perf_counter())
        return await break_line(request, fault, {}, pause(world, bot, raw))
    status, body = await run_call(world, bot, method, raw, files)
    if world.offline:
        return drop(request)
    if fault:
        return await break_line(request, fault, body, pause(world, bot, raw))
    return _json(body, status)


def pause(world: World, bot: BotAccount, raw: Json) -> Callable[[float], None]:
    """What an injected 429 does: nothing may go to this chat before retry_after is over."""
    return lambda seconds: world.flood.pause(bot.id, chat_of(raw), seconds)


async def download(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    if world.offline:
        return drop(request)
    if request.match_info["token"] not in world.by_token:
        return _json(_UNAUTHORIZED, 401)
    name = request.match_info["path"].rpartition("/")[2].partition(".")[0]
    stored = world.files.any(name)
    if stored is None:
        return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
    return web.Response(body=stored.content, content_type="application/octet-stream")


async def _lost(request: web.Request) -> web.Response:
    return _json({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


async def _hooks(app: web.Application) -> AsyncIterator[None]:
    world = app[WORLD]

    async def reply(bot: BotAccount, answer: Json) -> None:
        params = {name: value for name, value in answer.items() if name != "method"}
        await run_call(world, bot, str(answer["method"]), params, {})

    for hook in world.hooks.values():
        hook.reply = reply
        hook.open()
    yield
    for hook in world.hooks.values():
        await hook.close()


def build_app(world: World) -> web.Application:
    app = web.Application(client_max_size=REQUEST_BYTES)
    app[WORLD] = world
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", bot_api)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)
    add_doors(app)
    app.router.add_route("*", "/bot{rest:.*}", _lost)
    app.cleanup_ctx.append(_hooks)
    return app


@dataclass(frozen=True, slots=True)
class Running:
    base_url: str
    world: World


@asynccontextmanager
async def running(world: World, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator[Running]:
    """Serve the world; port 0 takes a free one. Clients that hang up end their own calls."""
    runner = web.AppRunner(
        build_app(world), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        taken = runner.addresses[0][1]
        yield Running(f"http://{host}:{taken}", world)
    finally:
        await runner.cleanup()
