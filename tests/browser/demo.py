"""The demo as `make demo` opens it, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

OPEN_SECONDS = 120
CLOSE_SECONDS = 12
OPEN = re.compile(r"Kaituan is open: (http://\S+)")
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Demo:
    """`address` is what it printed, on a port of its own choice."""

    process: asyncio.subprocess.Process
    address: str = ""
    written: list[str] = field(default_factory=list)

    async def opened(self) -> None:
        async with asyncio.timeout(OPEN_SECONDS):
            async for line in self._lines():
                if found := OPEN.search(line):
                    self.address = found[1]
                    return
        raise AssertionError("the demo did not open:\n" + "\n".join(self.written))

    async def rest(self) -> None:
        async for _ in self._lines():
            pass

    async def _lines(self) -> AsyncIterator[str]:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.written.append(line.decode(errors="replace").rstrip())
            yield self.written[-1]

    async def close(self) -> int:
        """Ctrl+C's gentler sister; the exit code."""
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(CLOSE_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def open_demo() -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--headless", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    demo = Demo(process)
    try:
        await demo.opened()
        reading = asyncio.create_task(demo.rest())
        yield demo
        assert await demo.close() == 0
        await reading
    except Exception as error:
        error.add_note("\n".join(demo.written))
        raise
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
