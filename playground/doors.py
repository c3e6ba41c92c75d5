"""The page's doors: state, events, acts, controls, logs, pictures and the clock."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from playground import cardhouse
from playground.breaking import break_line
from playground.desk import act
from playground.dispatch import call_view
from playground.pageview import snapshot
from playground.refusals import NotPossible, Refused
from playground.things import Json
from playground.world import World

WORLD = web.AppKey("world", World)
PAGE = Path(__file__).parent / "page"
QUIET_SECONDS = 15.0
REFUND = "pretend/refunds"
CHARGES = "pretend/charges"
"""The names under which faults are planned for the payment company."""


def _json(body: Any) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), content_type="application/json")


async def index(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})


async def page_file(request: web.Request) -> web.StreamResponse:
    path = (PAGE / request.match_info["name"]).resolve()
    if not path.is_relative_to(PAGE.resolve()) or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-store"})


async def state(request: web.Request) -> web.Response:
    return _json(snapshot(request.app[WORLD]))


async def events(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    seq = int(request.query.get("after", world.log.seq))
    answer = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await answer.prepare(request)
    while True:
        fresh = world.log.after(seq)
        if fresh is None:
            fresh = [{"seq": world.log.seq, "type": "reload"}]
        seq = world.log.seq
        if fresh:
            lines = "".join(f"data: {json.dumps(event)}\n\n" for event in fresh)
            await answer.write(lines.encode())
        elif not await world.log.next(QUIET_SECONDS):
            await answer.write(b": still here\n\n")


async def do_act(request: web.Request) -> web.Response:
    return await _said(lambda body: act(request.app[WORLD], body), request)


async def _said(run: Callable[[Json], Awaitable[Any]], request: web.Request) -> web.Response:
    try:
        body = json.loads(await request.read())
        if not isinstance(body, dict):
            raise NotPossible("A JSON object is expected.")
        return _json({"ok": True, "result": await run(body)})
    except (NotPossible, Refused) as refused:
        return _json({"ok": False, "error": str(refused)})
    except (KeyError, TypeError, ValueError) as error:
        return _json({"ok": False, "error": f"This request is not complete: {error}"})


async def control(request: web.Request) -> web.Response:
    world = request.app[WORLD]

    async def turn(body: Json) -> Json:
        if body["set"] == "clock":
            world.turn_clock(float(body["advance"]))
        elif body["set"] == "storm":
            world.set_storm(bool(body["on"]))
        elif body["set"] == "offline":
            world.set_offline(bool(body["on"]))
        else:
            raise NotPossible("There is no such switch.")
        return {"now": world.clock.now(), "storm": world.storm, "offline": world.offline}

    return await _said(turn, request)


async def calls(request: web.Request) -> web.Response:
    after = int(request.query.get("after", 0))
    world = request.app[WORLD]
    return _json({"calls": [call_view(call) for call in world.calls if call.n > after]})


async def violations(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    shown = [
        {"n": one.n, "at": one.at, "method": one.method, "error": one.error, "params": one.params}
        for one in world.violations
    ]
    return _json({"violations": shown, "notices": dict(world.notices)})


async def photo(request: web.Request) -> web.Response:
    stored = request.app[WORLD].files.any(request.match_info["file_id"])
    if stored is None or not stored.content:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    mime = stored.mime if stored.width else "application/octet-stream"
    return web.Response(body=stored.content, content_type=mime, headers=headers)


async def clock(request: web.Request) -> web.Response:
    return _json({"now": request.app[WORLD].clock.now()})


async def refund(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    header, body = request.headers.get("Authorization", ""), await request.read()
    fault = world.faults.strike(REFUND, None)
    if fault and fault.when == "before":
        return await break_line(request, fault, {}, _no_pause)
    reply = cardhouse.refund(world, header, body)
    if fault:
        return await break_line(request, fault, reply.body, _no_pause)
    return web.json_response(reply.body, status=reply.status)


def _no_pause(seconds: float) -> None:
    """A payment company's 429 closes no chat."""


async def charges(request: web.Request) -> web.StreamResponse:
    world, after = request.app[WORLD], float(request.query.get("after", 0))
    if fault := world.faults.strike(CHARGES, None):
        return await break_line(request, fault, {}, _no_pause)
    reply = cardhouse.charges(world, request.headers.get("Authorization", ""), after)
    return web.json_response(reply.body, status=reply.status)


def add_doors(app: web.Application) -> None:
    app.router.add_get("/", index)
    app.router.add_get("/page/{name:.+}", page_file)
    app.router.add_get("/world/state", state)
    app.router.add_get("/world/events", events)
    app.router.add_post("/world/act", do_act)
    app.router.add_post("/world/control", control)
    app.router.add_get("/world/calls", calls)
    app.router.add_get("/world/violations", violations)
    app.router.add_get("/world/photo/{file_id}", photo)
    app.router.add_get("/clock", clock)
    app.router.add_post("/pretend/refunds", refund)
    app.router.add_get("/pretend/charges", charges)
