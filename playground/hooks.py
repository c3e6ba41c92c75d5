"""One bot's webhook: lanes of updates, retries that grow, Retry-After obeyed, as Telegram does."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import aiohttp

from playground.things import BotAccount, Json
from playground.updates import Pending, Queue

if TYPE_CHECKING:
    from playground.world import World

CLOSE_SECONDS = 60.0
CLOSING_SECONDS = 2.0
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3_600.0


def pause_after(failures: int) -> float:
    """Seconds before try number failures + 1: 0, 2, 4, 8 … 60."""
    return 0.0 if failures <= 1 else min(LONGEST_PAUSE, 2.0 ** (failures - 1))


class Hook:
    def __init__(self, world: "World", bot: BotAccount, queue: Queue) -> None:
        self.world = world
        self.bot = bot
        self.queue = queue
        self.url = ""
        self.secret = ""
        self.connections = 40
        self.failure = ""
        self.failed_at: float | None = None
        self.tries = 0
        self.reply: Callable[[BotAccount, Json], Awaitable[None]] | None = None
        """Runs a method that came as the answer to a webhook call."""
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[str, deque[Pending]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(40)
        self._trying: set[asyncio.Task[None]] = set()
        self._round = 0
        self._seen = 0
        queue.listen(self.pump)

    def point(self, url: str, secret: str, connections: int) -> None:
        """Send everything that waits, and all that comes, to `url`; "" stops it."""
        self._stop_lanes()
        self.url, self.secret, self.connections = url, secret, connections
        self.failure, self.failed_at = "", None
        self._gate = asyncio.Semaphore(connections)
        self.pump()

    def open(self) -> None:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.pump()

    async def close(self) -> None:
        tasks = {*self._tasks.values(), *self._trying}
        self._stop_lanes()
        if self._trying:
            await asyncio.wait(self._trying, timeout=CLOSING_SECONDS)
        for task in self._trying:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def _stop_lanes(self) -> None:
        """A call on its way is let through; lanes that wait end at once."""
        self._round += 1
        for task in self._tasks.values():
            if task not in self._trying:
                task.cancel()
        self._tasks, self._lanes, self._seen = {}, {}, 0

    def pump(self) -> None:
        if not self.url or self._session is None:
            return
        fresh: list[Pending] = []
        for update in reversed(self.queue.pending):
            if update.id <= self._seen:
                break
            fresh.append(update)
        for update in reversed(fresh):
            self._seen = update.id
            self._lanes.setdefault(update.lane, deque()).append(update)
        self._load()

    def _load(self) -> None:
        """At most twice `connections` lanes are worked on; the others wait for a free place."""
        for lane in self._lanes:
            if len(self._tasks) >= 2 * self.connections:
                return
            if lane not in self._tasks:
                self._tasks[lane] = asyncio.get_running_loop().create_task(self._work(lane))

    async def _work(self, lane: str) -> None:
        waiting, turn = self._lanes[lane], self._round
        while waiting and turn == self._round:
            await self._bring(waiting[0], turn)
            waiting.popleft()
        if turn == self._round:
            del self._lanes[lane]
            del self._tasks[lane]
            self._load()

    async def _bring(self, update: Pending, turn: int) -> None:
        failures = 0
        while update.expires_at > self.world.clock.now():
            while self.world.offline:
                await self.world.log.next()
            async with self._gate:
                asked = await self._held(update)
            self.world.log.wake()
            if asked is None:
                self.queue.accept(update)
                return
            if turn != self._round:
                return
            failures += 1
            await self._rest(asked or pause_after(failures), update)
        self.queue.expire()
        self.world.log.wake()

    async def _rest(self, seconds: float, update: Pending) -> None:
        """Wait for the next try, or until the clock is turned past the update's end."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds / self.world.speed
        while (left := ends - loop.time()) > 0 and update.expires_at > self.world.clock.now():
            await self.world.log.next(left)

    async def _held(self, update: Pending) -> float | None:
        task = asyncio.current_task()
        assert task is not None
        self._trying.add(task)
        try:
            copies = (self._try(update) for _ in range(max(1, self.world.repeats)))
            return (await asyncio.gather(*copies))[0]
        finally:
            self._trying.discard(task)

    async def _try(self, update: Pending) -> float | None:
        """None when it was accepted, else the Retry-After the server asked for (0: none)."""
        assert self._session is not None
        self.tries += 1
        self.queue.on_taken(update)
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        timeout = aiohttp.ClientTimeout(total=CLOSE_SECONDS / self.world.speed)
        data = json.dumps(update.wire())
        try:
            async with self._session.post(
                self.url, data=data, headers=headers, allow_redirects=False, timeout=timeout
            ) as answer:
                body = await answer.read()
                if 200 <= answer.status < 300:
                    await self._replied(body)
                    return None
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _retry_after(answer.headers.get("Retry-After", ""))
        except TimeoutError:
            self._note("Read timeout expired")
        except (aiohttp.ClientError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return 0.0

    def _note(self, reason: str) -> None:
        self.failure, self.failed_at = reason, self.world.clock.now()

    async def _replied(self, body: bytes) -> None:
        if self.reply is None or not body.startswith(b"{"):
            return
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if isinstance(answer, dict) and "method" in answer:
            await self.reply(self.bot, answer)


def _retry_after(value: str) -> float:
    return min(float(value), LONGEST_RETRY_AFTER) if value.isdigit() else 0.0
