"""The courier: takes messages from the outbox, waits for the flood gate, sends, writes down."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from scheduler.announcer import Announcer, Rendered, show
from scheduler.hand import Held, Pace, Render, Words, is_late, sent_as
from scheduler.limiter import Pass
from scheduler.line import Line, TokenRefused
from scheduler.outcomes import Refused, outcome_of
from storage import outbox, settled
from storage.crash import crash_point
from storage.database import Database
from storage.gate import FloodGate, MemoryGate, Send, send_of
from storage.outbox import Claimed
from storage.redis import Bell, MemoryBell
from storage.settled import Again, Dead, Moved, Outcome, Sent

log = logging.getLogger(__name__)

TROUBLE_SECONDS = 1.0


class Courier:
    """Run as many as you like: rows are leased, one of a chat at a time, and settled once."""

    def __init__(
        self,
        database: Database,
        bots: Iterable[Announcer],
        gate: FloodGate,
        render: Render,
        *,
        now: Callable[[], datetime],
        bell: Bell | None = None,
        pace: Pace | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._lines = {bot.speaker: Line(bot, monotonic) for bot in bots}
        self._gate = gate
        # What was admitted over some time may become ready at once: it leaves spread as before.
        self._departures = MemoryGate(gate.rates)
        self._words = Words(database, render)
        self._now = now
        self._bell = bell or MemoryBell()
        self._pace = pace or Pace()
        self._monotonic = monotonic
        self._hand: list[Held] = []
        self._flights: set[asyncio.Task[None]] = set()
        self._probes: set[asyncio.Task[None]] = set()
        self._done: list[Outcome] = []
        self._opens: dict[tuple[int, bool], float] = {}  # (bot, low): nothing goes before
        self._cards: dict[int, Rendered] = {}  # said, to be looked at once more
        self._looks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._look_at = self._settle_at = 0.0
        self.beaten_at: float | None = None
        self._stopping = False
        self._stopped = asyncio.Event()
        self._stopped.set()

    async def run(self) -> None:
        """Until `stop()`. Raises TokenRefused when no bot of this courier may speak any more."""
        self._stopped.clear()
        hearing = asyncio.create_task(self._hear(), name="courier hears")
        try:
            while not self._stopping:
                await self._turn()
        finally:
            hearing.cancel()
            await self._drain()
            self._stopped.set()

    async def stop(self) -> None:
        """Finishes what is in flight, gives back the rest; within 10 s."""
        self._stopping = True
        self._wake.set()
        await self._stopped.wait()

    async def _hear(self) -> None:
        while True:
            if await self._bell.wait(60.0):
                self._look_at = 0.0
                self._wake.set()

    async def _turn(self) -> None:
        self._wake.clear()
        try:
            await self.step()
            self.beaten_at = self._monotonic()
        except TokenRefused:
            raise
        except Exception as error:
            # The database is away, or busy. Nothing is forgotten: outcomes stay until written.
            log.warning("the courier waits: %s", type(error).__name__)
            await asyncio.sleep(TROUBLE_SECONDS)
            return
        await self._rest()

    async def step(self) -> None:
        """One round: write down, settle what others lost, claim, let go what may go."""
        await self._record()
        await self._settle()
        self._probe()
        await self._claim()
        await self._depart(await self._admit())

    async def _record(self) -> None:
        outcomes = list(self._done)
        if not outcomes:
            return
        done = await settled.record(self._database, outcomes, now=self._now())
        crash_point("K11")
        del self._done[: len(outcomes)]
        for outcome in outcomes:
            said = self._cards.pop(outcome.row.id, None)
            if said is not None and isinstance(outcome, Sent) and outcome.row.id in done:
                self._start(self._looks, self._words.look_again(outcome, said))
        if len(done) < len(outcomes):
            log.warning("%d messages were taken over by another", len(outcomes) - len(done))
        self._look_at = 0.0  # their chats are free for the next

    async def _settle(self) -> None:
        if self._monotonic() < self._settle_at:
            return
        self._settle_at = self._monotonic() + self._pace.settle
        if await settled.settle_lost(self._database, now=self._now()):
            self._look_at = 0.0

    def _probe(self) -> None:
        if self._lines and all(line.token_refused for line in self._lines.values()):
            raise TokenRefused("no bot token is accepted")
        for line in self._lines.values():
            if line.probe_due and not self._probes:
                self._start(self._probes, line.probe())

    def _start(self, where: set[asyncio.Task[None]], work: Any) -> None:
        task = asyncio.create_task(work)
        where.add(task)
        task.add_done_callback(where.discard)
        task.add_done_callback(lambda _: self._wake.set())

    async def _claim(self) -> None:
        room = self._pace.batch - len(self._hand)
        bots = [bot for bot, line in self._lines.items() if line.open]
        if not bots or room < self._pace.batch // 2 or self._monotonic() < self._look_at:
            return
        until = self._monotonic() + self._pace.lease
        self._look_at = self._monotonic() + self._pace.idle  # a bell from here on brings it forward
        rows = await outbox.claim(
            self._database, bots, room, now=self._now(), lease_seconds=self._pace.lease
        )
        if len(rows) == room:
            self._look_at = 0.0
        for row in rows:
            crash_point("K7")
            words = await self._words.of(row)
            if isinstance(words, Rendered):
                self._hand.append(Held(row, words, until))
            else:
                self._done.append(words)

    async def _admit(self) -> list[Held]:
        """Whom the gate lets go now; the others stay in hand, or go back into the table."""
        going: list[Held] = []
        staying: list[Held] = []
        for held in self._hand:
            if len(self._flights) + len(self._done) + len(going) >= self._pace.in_flight:
                staying.append(held)
            elif await self._may_go(held):
                going.append(held)
            elif not self._give_back(held):
                staying.append(held)
        self._hand = staying
        return going

    async def _may_go(self, held: Held) -> bool:
        row, now = held.row, self._monotonic()
        lane = (row.bot_id, row.lane > 0)
        if is_late(row, self._now()) or not self._lines[row.bot_id].open:
            return False
        held.not_before = max(held.not_before, self._opens.get(lane, 0.0))
        if now < held.not_before:
            return False
        params = {"chat_id": row.chat_id}
        send = send_of(row.bot_id, held.rendered.method, params, low=row.lane > 0)
        verdict = await self._gate.ask(send)
        held.not_before = now + verdict.wait
        if verdict.everywhere:
            self._opens[lane] = held.not_before
        return verdict.wait == 0

    def _give_back(self, held: Held) -> bool:
        """Settles a row that is too late, or that would wait in hand for long."""
        row, now = held.row, self._monotonic()
        wait = held.not_before - now
        if is_late(row, self._now()):
            self._done.append(Dead(row, "too late"))
        elif not self._lines[row.bot_id].open:
            self._done.append(Again(row, self._pace.idle, "Telegram does not answer"))
        elif wait > self._pace.hold or now > held.until - self._pace.lease / 2:
            self._done.append(Again(row, max(wait, 0.0)))
        else:
            return False
        return True

    async def _depart(self, going: list[Held]) -> None:
        if not going:
            return
        until = self._monotonic() + self._pace.lease
        rows = [held.row for held in going]
        try:
            marked = await outbox.mark_sending(
                self._database, rows, now=self._now(), lease_seconds=self._pace.lease
            )
        except Exception:
            self._hand = going + self._hand
            raise
        for held in going:
            if held.row.id in marked:
                held.until = until
                self._start(self._flights, self._fly(held))
            elif is_late(held.row, self._now()):
                self._done.append(Dead(held.row, "too late"))

    async def _fly(self, held: Held) -> None:
        row, line = held.row, self._lines[held.row.bot_id]
        await self._departures.admit(Send(row.bot_id))
        if self._monotonic() >= held.until:
            return  # we slept past the lease: the row is somebody else's now
        if is_late(row, self._now()):
            self._done.append(Dead(row, "too late"))
            return
        crash_point("K8")
        try:
            result = await self._send(row, held.rendered, line.bot)
        except Exception as error:
            line.heard(error)
            self._done.append(self._failed(held, error))
        else:
            crash_point("K10")
            line.heard(None)
            if row.card_kind is not None:
                self._cards[row.id] = held.rendered
            self._done.append(sent_as(row, result))

    async def _send(self, row: Claimed, rendered: Rendered, bot: Announcer) -> Any:
        addressed = Rendered(rendered.method, rendered.params | {"chat_id": row.chat_id})
        return await show(bot, self._database, addressed, Pass.ADMITTED)

    def _failed(self, held: Held, error: Exception) -> Outcome:
        outcome = outcome_of(held.row, error)
        if isinstance(error, Refused) and error.picture_unknown:
            outcome = Again(held.row, 0.0, error.description)  # uploaded afresh
        if not isinstance(outcome, Again | Moved):
            log.warning("row %d: %s %s", held.row.id, type(outcome).__name__.lower(), error)
        return outcome

    async def _rest(self) -> None:
        """Until something happens, or is due."""
        if self._done:
            return
        now = self._monotonic()
        due = [held.not_before for held in self._hand] + [self._settle_at]
        full = len(self._flights) >= self._pace.in_flight
        if not full and len(self._hand) <= self._pace.batch // 2:
            due.append(self._look_at)
        wait = min(due) - now if not full else self._pace.idle
        try:
            async with asyncio.timeout(min(max(wait, 0.001), self._pace.idle)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _drain(self) -> None:
        for task in self._probes:
            task.cancel()
        self._done += [Again(held.row, 0.0) for held in self._hand]
        self._hand = []
        if self._flights:
            await asyncio.wait(self._flights, timeout=self._pace.drain)
        for task in list(self._flights):
            task.cancel()  # its row is settled by class when the lease ends
        try:
            await self._record()
            await asyncio.gather(*self._looks, return_exceptions=True)
        except Exception as error:
            log.warning("left unrecorded at the end: %s", type(error).__name__)
