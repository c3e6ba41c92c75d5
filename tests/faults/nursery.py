"""The program, loaded once and forked for each life: a start then costs little, a kill stays real.

A caller opens a connection, sends one line, and reads two: the process id, and how it ended. When
the caller hangs up, its life ends too. Each life is `kaituan` with its own words, settings and
folder, in a process of its own; `broken` names a build that some guard was taken out of.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOADED = (
    "bot.app",
    "bot.cli",
    "bot.roles",
    "cards.links",
    "commerce.actions.importing",
    "scheduler.announcer",
    "scheduler.cashier",
    "scheduler.clock",
    "scheduler.courier",
    "scheduler.living",
    "scheduler.providers.pretend",
    "scheduler.providers.stripe",
    "scheduler.wording",
    "storage.demo.seed",
    "asyncpg",
    "uvloop",
)
KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH", "TZ")


@dataclass(frozen=True, slots=True)
class Order:
    """What a life is to do, as it goes over the wire."""

    words: list[str]
    settings: Mapping[str, str]
    folder: str
    log: str
    crash: str = ""
    broken: tuple[str, ...] = ()


class Nursery:
    """The process that forks. It has no threads and no event loop that a child could inherit."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._select = selectors.DefaultSelector()
        self._callers: dict[int, socket.socket] = {}

    def serve(self) -> None:
        heard, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(told)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._select.register(self._listener, selectors.EVENT_READ, self._take)
        self._select.register(heard, selectors.EVENT_READ, lambda: self._reap(heard))
        self._select.register(sys.stdin, selectors.EVENT_READ, self._close)
        while True:
            for key, _ in self._select.select():
                key.data()

    def _take(self) -> None:
        caller, _ = self._listener.accept()
        with caller.makefile("r") as lines:
            given = json.loads(lines.readline())
        pid = os.fork()
        if pid == 0:
            self._forget()
            caller.close()
            live(Order(**given | {"broken": tuple(given["broken"])}))
        self._callers[pid] = caller
        self._select.register(caller, selectors.EVENT_READ, lambda: self._hung_up(pid))
        caller.sendall(f"{pid}\n".encode())

    def _forget(self) -> None:
        """What the child has of its parent and must not keep."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._select.close()
        self._listener.close()
        for caller in self._callers.values():
            caller.close()

    def _hung_up(self, pid: int) -> None:
        self._select.unregister(self._callers[pid])
        os.kill(pid, signal.SIGKILL)

    def _reap(self, heard: int) -> None:
        os.read(heard, 4096)
        while self._callers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            caller = self._callers.pop(pid)
            if caller in (key.fileobj for key in self._select.get_map().values()):
                self._select.unregister(caller)
                with contextlib.suppress(OSError):  # hung up at this very moment
                    caller.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            caller.close()

    def _close(self) -> None:
        for pid in self._callers:
            os.kill(pid, signal.SIGKILL)
        raise SystemExit


def live(order: Order) -> None:
    """Never returns."""
    code = 70
    try:
        _settle_in(order)
        from bot.cli import main

        main(order.words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _settle_in(order: Order) -> None:
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(order.folder)
    for name in set(os.environ) - set(KEPT):
        del os.environ[name]
    os.environ.update(order.settings)
    from storage import crash
    from tests.faults import broken

    for name in order.broken:
        broken.BUILDS[name]()
    if order.crash:
        os.environ[crash.VARIABLE] = order.crash
        crash.DOOM = crash.Doom(order.crash)


def main(address: str) -> None:
    for name in LOADED:
        __import__(name)
    from tests.faults.broken import warm_up

    warm_up()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        Nursery(listener).serve()


@dataclass(slots=True)
class Life:
    """One process of the program, as its caller knows it."""

    pid: int
    log: Path
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    code: int | None = None
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: asyncio.Task[None] | None = None

    def watch(self) -> None:
        self._waiting = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        line = await self._reader.readline()
        self.code = int(line) if line else None
        self._ended.set()

    async def end(self) -> int | None:
        """How it ended: the exit code, or minus the signal."""
        await self._ended.wait()
        return self.code

    def kill(self, number: int = signal.SIGKILL) -> None:
        if not self._ended.is_set():
            os.kill(self.pid, number)

    async def close(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)
        self._writer.close()

    def words(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


async def begin(address: str, order: Order) -> Life:
    """A new life, as ordered."""
    reader, writer = await asyncio.open_unix_connection(address)
    wire: dict[str, Any] = {name: getattr(order, name) for name in Order.__dataclass_fields__}
    writer.write(json.dumps(wire).encode() + b"\n")
    life = Life(int(await reader.readline()), Path(order.log), reader, writer)
    life.watch()
    return life


@asynccontextmanager
async def living(address: str, order: Order) -> AsyncIterator[Life]:
    life = await begin(address, order)
    try:
        yield life
    finally:
        await life.close()


if __name__ == "__main__":
    main(sys.argv[1])
