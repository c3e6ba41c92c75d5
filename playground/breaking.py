"""What a planned fault does to the line: cut it, hold it, halve it, or answer nonsense."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from playground.faults import Fault
from playground.things import Json

_HTML_502 = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)
_SAID = {
    "500": "Internal Server Error",
    "429": "Too Many Requests: retry after {0}",
    "401": "Unauthorized",
    "409": "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
}


async def break_line(
    request: web.Request, fault: Fault, body: Any, pause: Callable[[float], None]
) -> web.StreamResponse:
    """`body` is the answer that would have been given; `pause` notes a 429's retry_after."""
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
        return drop(request)
    if fault.kind == "half":
        return await _half(request, body)
    if fault.kind == "502":
        return web.Response(text=_HTML_502, status=502, content_type="text/html")
    if fault.kind == "garbage":
        return web.Response(body=b'{"ok":tru', status=200, content_type="application/json")
    if fault.kind == "429":
        pause(fault.retry_after)
    if fault.kind in _SAID:
        return _said(fault)
    return drop(request)


def _said(fault: Fault) -> web.Response:
    code = int(fault.kind)
    body: Json = {
        "ok": False,
        "error_code": code,
        "description": _SAID[fault.kind].format(fault.retry_after),
    }
    if code == 429:
        body["parameters"] = {"retry_after": fault.retry_after}
    return web.json_response(body, status=code)


def drop(request: web.Request) -> web.Response:
    """Cut the line without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=502)


async def _half(request: web.Request, body: Any) -> web.StreamResponse:
    whole = json.dumps(body).encode()
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    answer.content_length = len(whole)
    await answer.prepare(request)
    await answer.write(whole[: len(whole) // 2])
    if request.transport is not None:
        request.transport.close()
    return answer
