"""The flood gate: how fast messages may leave, per bot, chat and shared card, in any window."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from storage import meters

Kind = Literal["message", "edit", "answer"]
SENDING = ("send", "forward", "copy")
FREE = frozenset({"sendchataction"})
REFUSED_IN_A_ROW = 5
PRUNE_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class Send:
    """One request about to leave. A `reply` takes the next free place, for someone waits for it;
    `low` is a broadcast, and leaves room for everything else."""

    bot_id: int
    chat_id: int | None = None
    message_id: int | None = None
    inline_id: str | None = None
    kind: Kind = "message"
    low: bool = False
    reply: bool = False


def send_of(
    bot_id: int,
    method: str,
    params: Mapping[str, Any],
    *,
    low: bool = False,
    reply: bool = False,
) -> Send:
    """What a Bot API call counts as: a message, an edit, or an answer (which is free).
    Telegram does not look at the case of method names."""
    kind: Kind = "answer"
    method = method.lower()
    if method.startswith("edit"):
        kind = "edit"
    elif method.startswith(SENDING) and method not in FREE:
        kind = "message"
    chat, message = params.get("chat_id"), params.get("message_id")
    return Send(
        bot_id=bot_id,
        chat_id=chat if isinstance(chat, int) else None,
        message_id=message if isinstance(message, int) else None,
        inline_id=params.get("inline_message_id"),
        kind=kind,
        low=low,
        reply=reply,
    )


@dataclass(frozen=True, slots=True)
class Limit:
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class GateRates:
    """Below what Telegram allows (about 30/s, 1/s per chat, 20/min per group).

    The short window spreads the second's messages: what leaves in one burst and is then held up
    for a moment would meet the next burst at Telegram's door."""

    overall: tuple[Limit, ...] = (Limit(5, 0.2), Limit(25, 1.0))
    low: tuple[Limit, ...] = (Limit(4, 0.2), Limit(20, 1.0))  # for broadcasts: of all that left
    private: tuple[Limit, ...] = (Limit(1, 1.0),)
    group: tuple[Limit, ...] = (Limit(1, 1.0), Limit(18, 60.0))
    edit: tuple[Limit, ...] = (Limit(1, 3.0),)  # of one copy of a card that many see


@dataclass(frozen=True, slots=True)
class Scope:
    """Something with windows of its own; without limits it only can be closed."""

    key: str
    limits: tuple[Limit, ...] = ()
    keep: int = 0  # how many of its last sends must be remembered
    first: bool = False  # while it has to wait here, all that is not first waits longer


@dataclass(frozen=True, slots=True)
class Verdict:
    """Seconds to wait (0: go, and it is counted); `everywhere`: the whole bot has to wait."""

    wait: float = 0.0
    everywhere: bool = False


GO = Verdict()
YIELD_SECONDS = 0.05  # after a place is free, for the one that was promised it to come back


def overall_scope(send: Send, rates: GateRates) -> Scope:
    limits = rates.low if send.low else rates.overall
    keep = max(limit.count for limit in rates.overall)
    return Scope(f"{send.bot_id}:all", limits, keep, first=send.reply)


def chat_scope(send: Send, rates: GateRates) -> Scope:
    key = f"{send.bot_id}:chat:{send.chat_id}"
    if send.kind != "message":
        return Scope(key)
    limits = rates.group if send.chat_id is not None and send.chat_id < 0 else rates.private
    return Scope(key, limits, max(limit.count for limit in limits))


def copy_scope(send: Send, rates: GateRates) -> Scope | None:
    """The shared card being edited. A private chat's card is edited as fast as its owner taps."""
    keep = max(limit.count for limit in rates.edit)
    if send.inline_id is not None:
        return Scope(f"{send.bot_id}:inline:{send.inline_id}", rates.edit, keep)
    if send.kind == "edit" and send.chat_id is not None and send.chat_id < 0:
        return Scope(f"{send.bot_id}:copy:{send.chat_id}:{send.message_id}", rates.edit, keep)
    return None


def scopes_of(send: Send, rates: GateRates) -> tuple[Scope, ...]:
    """All that must let it pass; the whole bot comes first."""
    found = [overall_scope(send, rates)]
    if send.chat_id is not None:
        found.append(chat_scope(send, rates))
    if copy := copy_scope(send, rates):
        found.append(copy)
    return tuple(found)


def refused_scope(send: Send, rates: GateRates) -> Scope:
    """What a 429 to this request closes: the chat, else the inline card, else the bot."""
    if send.chat_id is not None:
        return chat_scope(send, rates)
    return copy_scope(send, rates) or overall_scope(send, rates)


class FloodGate(ABC):
    """Ask before each request; tell how Telegram took it."""

    def __init__(
        self,
        rates: GateRates | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.rates = rates or GateRates()
        self._sleep = sleep
        self._refused: dict[int, set[Scope]] = {}

    async def ask(self, send: Send) -> Verdict:
        """Counts the request if it may go now, else says how long to wait."""
        if send.kind == "answer":
            return GO
        verdict = await self._ask(scopes_of(send, self.rates))
        if verdict.wait > 0:
            meters.GATE_WAITS.labels("low" if send.low else "first").inc()
        return verdict

    async def try_admit(self, send: Send) -> float:
        return (await self.ask(send)).wait

    async def admit(self, send: Send) -> None:
        while wait := await self.try_admit(send):
            await self._sleep(wait)

    def passed(self, send: Send) -> None:
        """Telegram took the request, or refused it for a reason other than speed."""
        if send.kind != "answer":
            self._refused.pop(send.bot_id, None)

    async def close(self, send: Send, retry_after: float) -> None:
        """After a 429. It does not say whether the chat or the whole bot was too fast: different
        scopes refused in a row, with no success between, mean the whole bot."""
        scope = refused_scope(send, self.rates)
        run = self._refused.setdefault(send.bot_id, set())
        run.add(scope)
        if len(run) >= REFUSED_IN_A_ROW:
            run.clear()
            scope = overall_scope(send, self.rates)
        # bot:all, bot:chat:id and so on: the kind of scope, and nobody's id.
        meters.TOO_FAST.labels(scope.key.split(":")[1]).inc()
        await self._close(scope, retry_after)

    @abstractmethod
    async def _ask(self, scopes: tuple[Scope, ...]) -> Verdict: ...

    @abstractmethod
    async def _close(self, scope: Scope, seconds: float) -> None: ...


@dataclass(slots=True)
class _Marks:
    sent: dict[str, deque[float]] = field(default_factory=dict)
    closed: dict[str, float] = field(default_factory=dict)
    promised: dict[str, float] = field(default_factory=dict)
    counted: int = 0

    def wait(self, scope: Scope, now: float) -> float:
        wait = self.closed.get(scope.key, 0.0) - now
        if not scope.first:
            wait = max(wait, self.promised.get(scope.key, 0.0) - now)
        newest = self.sent.get(scope.key, ())
        for limit in scope.limits:
            if len(newest) >= limit.count:
                wait = max(wait, newest[limit.count - 1] + limit.seconds - now)
        return max(0.0, wait)

    def promise(self, scope: Scope, now: float, wait: float) -> None:
        if scope.first:
            self.promised[scope.key] = now + wait + YIELD_SECONDS if wait > 0 else 0.0

    def count(self, scope: Scope, now: float) -> None:
        if scope.limits:
            newest = self.sent.setdefault(scope.key, deque(maxlen=scope.keep))
            newest.appendleft(now)

    def prune(self, now: float, longest: float) -> None:
        self.sent = {k: v for k, v in self.sent.items() if v[0] + longest > now}
        self.closed = {k: v for k, v in self.closed.items() if v > now}


class MemoryGate(FloodGate):
    """For one process."""

    def __init__(
        self,
        rates: GateRates | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(rates, sleep=sleep)
        self._clock = clock
        self._marks = _Marks()

    async def _ask(self, scopes: tuple[Scope, ...]) -> Verdict:
        now = self._clock()
        overall, *rest = (self._marks.wait(scope, now) for scope in scopes)
        self._marks.promise(scopes[0], now, overall)
        wait = max(overall, *rest) if rest else overall
        if wait > 0:
            return Verdict(wait, everywhere=overall >= wait)
        for scope in scopes:
            self._marks.count(scope, now)
        self._prune(now)
        return GO

    async def _close(self, scope: Scope, seconds: float) -> None:
        until = self._clock() + seconds
        self._marks.closed[scope.key] = max(until, self._marks.closed.get(scope.key, 0.0))

    def _prune(self, now: float) -> None:
        self._marks.counted += 1
        if self._marks.counted % PRUNE_EVERY == 0:
            rates = self.rates
            every = (*rates.overall, *rates.private, *rates.group, *rates.edit)
            self._marks.prune(now, max(limit.seconds for limit in every))
