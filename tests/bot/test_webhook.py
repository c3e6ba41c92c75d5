"""The webhook door: who may post, what is cut off, and 200 only after the commit."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.doors.webhook import LARGEST_BODY, SECRET_HEADER, WebhookDoor, WebServer
from storage import inbox, quarantine
from storage.database import Database
from storage.failures import Unavailable
from storage.inbox import Raw
from tests.bot.conftest import until

SECRET = "k3y-" * 7 + "Canary_5678"
PATH = "/telegram/updates"
GOOD = b'{"update_id":7,"message":{"chat":{"id":42},"text":"hi"}}'


class Kept:
    """A store that can be slow, or refuse."""

    def __init__(self) -> None:
        self.batches: list[list[Raw]] = []
        self.refuses = False
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, updates: list[Raw]) -> None:
        await self.open.wait()
        if self.refuses:
            raise Unavailable("gone")
        self.batches.append(updates)


@asynccontextmanager
async def serving(
    store: Callable[..., object], *, body_seconds: float = 10, commit_seconds: float = 20
) -> AsyncIterator[str]:
    async def ready() -> bool:
        return not getattr(store, "refuses", False)

    door = WebhookDoor(
        9,
        PATH,
        SECRET,
        store,  # type: ignore[arg-type]
        ready,
        body_seconds=body_seconds,
        commit_seconds=commit_seconds,
    )
    server = WebServer(door.app(), "127.0.0.1", 0)
    port = await server.start()
    yield f"http://127.0.0.1:{port}"
    await server.stop()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def address(kept: Kept) -> AsyncIterator[str]:
    async with serving(kept) as base:
        yield base


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def post(
    client: ClientSession, address: str, body: bytes = GOOD, secret: str | None = SECRET
) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with client.post(address + PATH, data=io.BytesIO(body), headers=headers) as answer:
        return answer.status


async def spoken(address: str, request: bytes) -> bytes:
    """The start of the answer to bytes on the wire, as no client library would send them."""
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    async with asyncio.timeout(30):
        answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_update_is_stored_then_200(client: ClientSession, address: str, kept: Kept) -> None:
    assert await post(client, address) == 200
    [[raw]] = kept.batches
    assert (raw.bot_id, raw.update_id, raw.lane) == (9, 7, "chat:42")


@pytest.mark.parametrize("secret", [None, "", "x", SECRET[:-1], SECRET + "x", "x" * 257])
async def test_wrong_secret_is_401(
    client: ClientSession, address: str, kept: Kept, secret: str | None
) -> None:
    assert await post(client, address, secret=secret) == 401
    assert kept.batches == []


@pytest.mark.parametrize("secret", ["ключ".encode(), b"\xff\xfe", SECRET.encode() + b"\xe9"])
async def test_secret_that_is_not_ascii_is_401(address: str, secret: bytes) -> None:
    request = b"POST %b HTTP/1.1\r\nHost: x\r\n%b: %b\r\nContent-Length: 2\r\n\r\n{}"
    answer = await spoken(address, request % (PATH.encode(), SECRET_HEADER.encode(), secret))
    assert answer == b"HTTP/1.1 401 Unauthorized\r\n"


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
@pytest.mark.parametrize("value", ["149.154.167.220", "unknown"])
async def test_forwarded_address_is_not_believed(
    client: ClientSession, address: str, header: str, value: str
) -> None:
    async with client.post(address + PATH, data=GOOD, headers={header: value}) as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        ("POST", "/", 404),
        ("POST", PATH + "/", 404),
        ("POST", "/bot7000000001:Canary", 404),
        ("POST", "/healthz", 405),
        ("GET", "/../.env", 404),
    ],
)
async def test_other_methods_and_paths_are_refused(
    client: ClientSession, address: str, method: str, path: str, status: int
) -> None:
    headers = {SECRET_HEADER: SECRET}
    async with client.request(method, address + path, headers=headers) as answer:
        assert answer.status == status


async def test_body_over_a_mebibyte_is_413(client: ClientSession, address: str, kept: Kept) -> None:
    frame = json.dumps({"update_id": 7, "message": {"chat": {"id": 5}, "text": ""}}).encode()
    body = frame[:-3] + b"x" * (LARGEST_BODY - len(frame)) + frame[-3:]
    assert len(body) == LARGEST_BODY
    assert await post(client, address, body) == 200
    assert await post(client, address, body + b" ") == 413
    assert len(kept.batches) == 1


def chunked(secret: str = SECRET) -> bytes:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {secret}\r\n"
    return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n"


async def test_body_without_end_is_413(address: str) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert (await spoken(address, chunked() + chunk * 17)).startswith(b"HTTP/1.1 413")


async def test_slow_body_is_cut_off(kept: Kept) -> None:
    async with serving(kept, body_seconds=0.1) as address:
        assert (await spoken(address, chunked() + b"1\r\n{\r\n")).startswith(b"HTTP/1.1 408")
    assert kept.batches == []


async def test_sender_that_breaks_off_does_no_harm(
    client: ClientSession, address: str, kept: Kept
) -> None:
    host, _, port = address.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(chunked() + b"5\r\n{")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await post(client, address) == 200
    assert len(kept.batches) == 1


GARBAGE = [
    b"",
    b"\xff\x00",
    b"{}",
    b'{"update_id":"7"}',
    b'{"update_id":-1}',
    b'{"update_id":1099511627776}',
    b'{"update_id":8,"message":{}}',
    b'{"update_id":9,"something_new":{}}',
    b'{"update_id":10,"message":{"chat":{"id":5},"text":"\\ud800 \\u0000"}}',
    b'{"update_id":11,"message":' + b"[" * 100_000,
    b'{"update_id":12,"message":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
]


async def test_garbage_is_200_and_kept(database: Database) -> None:
    async def store(updates: list[Raw]) -> None:
        await inbox.store(database, updates)

    async with serving(store) as address, ClientSession() as client:
        assert [await post(client, address, body) for body in GARBAGE] == [200] * len(GARBAGE)
    waiting, _ = await inbox.depth(database)
    assert waiting == 3
    assert len(await quarantine.list_quarantined(database)) == len(GARBAGE) - 3


async def test_no_200_before_the_commit(client: ClientSession, address: str, kept: Kept) -> None:
    kept.open.clear()
    answer = asyncio.create_task(post(client, address))
    late = asyncio.create_task(post(client, address, GOOD.replace(b"7", b"8")))
    _, unanswered = await asyncio.wait({answer, late}, timeout=0.2)
    assert unanswered == {answer, late}
    kept.open.set()
    assert [await answer, await late] == [200, 200]


async def test_updates_that_arrive_together_share_a_commit(
    client: ClientSession, address: str, kept: Kept
) -> None:
    kept.open.clear()
    bodies = [GOOD.replace(b":7", f":{n}".encode()) for n in range(1, 41)]
    answers = [asyncio.create_task(post(client, address, body)) for body in bodies]
    await asyncio.wait(answers, timeout=1)
    kept.open.set()
    assert await asyncio.gather(*answers) == [200] * 40
    assert len(kept.batches) <= 10
    assert sorted(raw.update_id for batch in kept.batches for raw in batch) == list(range(1, 41))


async def test_database_gone_is_503_with_retry_after(
    client: ClientSession, address: str, kept: Kept
) -> None:
    kept.refuses = True
    headers = {SECRET_HEADER: SECRET}
    async with client.post(address + PATH, data=GOOD, headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    async with client.get(address + "/readyz") as answer:
        assert answer.status == 503
    async with client.get(address + "/healthz") as answer:
        assert answer.status == 200
    kept.refuses = False
    assert await post(client, address) == 200


async def test_commit_that_hangs_is_503(kept: Kept) -> None:
    kept.open.clear()
    async with serving(kept, commit_seconds=0.1) as address, ClientSession() as client:
        assert await post(client, address) == 503
        kept.open.set()
        await until(lambda: len(kept.batches) == 1)


async def test_too_many_waiting_updates_are_refused_for_now(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.doors.group_commit.MOST_WAITING", 3)
    kept.open.clear()
    async with serving(kept) as address, ClientSession() as client:
        bodies = [GOOD.replace(b":7", f":{n}".encode()) for n in range(1, 11)]
        answers = [asyncio.create_task(post(client, address, body)) for body in bodies]
        await until(lambda: any(answer.done() for answer in answers))
        kept.open.set()
        statuses = await asyncio.gather(*answers)
    assert set(statuses) == {200, 503}
    assert sum(len(batch) for batch in kept.batches) == statuses.count(200)


async def test_same_update_on_200_connections_is_one_row(database: Database) -> None:
    async def store(updates: list[Raw]) -> None:
        await inbox.store(database, updates)

    async with (
        serving(store) as address,
        ClientSession(connector=TCPConnector(limit=200, force_close=True)) as client,
    ):
        answers = await asyncio.gather(*(post(client, address) for _ in range(200)))
    assert answers == [200] * 200
    assert [one.update_id for one in await inbox.claim(database, 10, 30)] == [7]


def test_door_without_a_secret_does_not_open() -> None:
    async def store(updates: list[Raw]) -> None: ...

    async def ready() -> bool:
        return True

    with pytest.raises(ValueError, match="believe anybody"):
        WebhookDoor(9, PATH, "", store, ready).app()
