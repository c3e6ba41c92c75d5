"""Processes under measurement: started, asked for their CPU time and memory, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Program:
    """One process of ours or of a yardstick."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """Seconds of CPU since it began, its threads included."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """MB resident now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


@asynccontextmanager
async def program(
    module: str, *words: str, env: Mapping[str, str] | None = None, folder: Path | None = None
) -> AsyncIterator[Program]:
    """`python -m module words`, stopped at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *words),
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        cwd=folder or ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(12):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()


async def listening(port: int, seconds: float = START_SECONDS) -> None:
    """Until something accepts connections there."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Telegram:
    """The process that plays Telegram, and its address."""

    program: Program
    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def do(self, what: str, **order: Any) -> dict[str, Any]:
        pipe = self.program.process
        assert pipe.stdin is not None
        assert pipe.stdout is not None
        pipe.stdin.write(json.dumps({"do": what, **order}).encode() + b"\n")
        line = await pipe.stdout.readline()
        if not line:
            raise RuntimeError("Telegram's process has died; what it said stands above")
        found: dict[str, Any] = json.loads(line)
        return found


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    async with program("benchmarks.telegram") as one:
        assert one.process.stdout is not None
        first = json.loads(await one.process.stdout.readline())
        yield Telegram(one, first["port"])


def cpu_of(programs: Sequence[Program]) -> float:
    return sum(one.cpu() for one in programs)
