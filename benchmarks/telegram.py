"""Telegram for benchmarks, a process of its own: posts presses, answers every call at once.

Speaks JSON lines: a command on stdin, its result on stdout. It checks nothing: the playground's
stand-in does that, and costs more than the programs that are measured here.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from time import perf_counter
from typing import Any

QUERY = re.compile(rb"q\d{15}")
BOT = {"id": 42, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
PHOTO = [{"file_id": "AgACphoto", "file_unique_id": "u", "width": 640, "height": 480}]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Answers:
    """The Bot API side: a result for every method, and who has had an answer when."""

    def __init__(self) -> None:
        self.waiting: dict[bytes, asyncio.Future[float]] = {}
        self.calls: dict[str, int] = {}
        self.messages = 1_000
        self.news = asyncio.Event()

    def to(self, method: str, body: bytes) -> bytes:
        self.calls[method] = self.calls.get(method, 0) + 1
        self.news.set()
        if method == "answercallbackquery":
            found = QUERY.search(body)
            waiting = self.waiting.pop(found[0], None) if found else None
            if waiting is not None and not waiting.done():
                waiting.set_result(perf_counter())
            return b'{"ok":true,"result":true}'
        if method == "getme":
            return json.dumps({"ok": True, "result": BOT}).encode()
        if method == "getupdates":
            return b'{"ok":true,"result":[]}'
        if method.startswith(("edit", "send")):
            self.messages += 1
            return json.dumps({"ok": True, "result": message(7, self.messages)}).encode()
        return b'{"ok":true,"result":true}'


def message(chat: int, number: int) -> dict[str, Any]:
    """A photo with a caption, as our cards are."""
    return {
        "message_id": number,
        "date": 1_760_000_000,
        "chat": {"id": chat, "type": "private", "first_name": "Ann"},
        "from": BOT,
        "photo": PHOTO,
        "caption": "A card",
    }


class Connection(asyncio.Protocol):
    """HTTP/1.1 with a Content-Length or chunks, kept open."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := self._next()) is not None:
            path, body = request
            result = self._answers.to(path.rpartition("/")[2].lower(), body)
            head = (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            assert self._transport is not None
            self._transport.write(head % len(result) + result)

    def _next(self) -> tuple[str, bytes] | None:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        path = head.split(b" ", 2)[1].decode()
        if b"chunked" in head.lower():
            chunks = _chunks(rest)
            if chunks is None:
                return None
            body, rest = chunks
        else:
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                return None
            body, rest = rest[:size], rest[size:]
        self._buffer = rest
        return path, body


def _chunks(text: bytes) -> tuple[bytes, bytes] | None:
    """The body and what follows it; None while it is not all there."""
    body: list[bytes] = []
    while True:
        size, found, text = text.partition(b"\r\n")
        length = int(size, 16) if found else 0
        if not found or len(text) < length + 2:
            return None
        if length == 0:
            return b"".join(body), text[2:]
        body.append(text[:length])
        text = text[length + 2 :]


class Caller:
    """Posts updates to a webhook over kept connections, one request at a time each."""

    def __init__(self, host: str, port: int, path: str, secret: str) -> None:
        self._where = (host, port)
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"{SECRET_HEADER}: {secret}\r\nContent-Length: "
        ).encode()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, update: Mapping[str, Any]) -> int:
        """The status of the answer."""
        reader, writer = (
            self._free.pop() if self._free else await asyncio.open_connection(*self._where)
        )
        body = json.dumps(update).encode()
        writer.write(self._head + b"%d\r\n\r\n" % len(body) + body)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if length:
            await reader.readexactly(int(length[1]))
        self._free.append((reader, writer))
        return int(head.split(b" ", 2)[1])


class Telegram:
    def __init__(self) -> None:
        self.answers = Answers()
        self.updates = 0

    async def press(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """`count` presses by `people`, `at_once` of them unanswered at any moment."""
        caller = Caller(order["host"], order["port"], order["path"], order["secret"])
        data, people = order["data"], order["people"]
        numbers = iter(range(order["count"]))
        took: list[float] = []

        async def one_after_another() -> None:
            for number in numbers:
                took.append(await self._one(caller, data[number % len(data)], number % people))

        began = perf_counter()
        await asyncio.gather(*(one_after_another() for _ in range(order["at_once"])))
        return {"seconds": perf_counter() - began, "took": sorted(took)}

    async def _one(self, caller: Caller, data: str, person: int) -> float:
        self.updates += 1
        query = f"q{self.updates:015d}"
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.answers.waiting[query.encode()] = answered
        chat = 1_000 + person
        update = {
            "update_id": self.updates,
            "callback_query": {
                "id": query,
                "from": {
                    "id": chat,
                    "is_bot": False,
                    "first_name": "Ann",
                    "language_code": "en",
                },
                "message": message(chat, 7),
                "chat_instance": "1",
                "data": data,
            },
        }
        began = perf_counter()
        status = await caller.post(update)
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")
        async with asyncio.timeout(60):
            return await answered - began

    async def wait(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Until `method` was called `count` times in all: when the last one came."""
        async with asyncio.timeout(order.get("seconds", 300)):
            while self.answers.calls.get(order["method"], 0) < order["count"]:
                self.answers.news.clear()
                await self.answers.news.wait()
        return {"at": perf_counter(), "calls": self.answers.calls}

    async def calls(self, order: Mapping[str, Any]) -> dict[str, Any]:
        return dict(self.answers.calls)


async def main() -> None:
    telegram = Telegram()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(telegram.answers), "127.0.0.1", 0)
    _say({"port": server.sockets[0].getsockname()[1]})
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        result = await getattr(telegram, order["do"])(order)
        _say(result)


def _say(result: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
