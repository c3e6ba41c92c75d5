"""One bot's queue of updates: numbering, expiry, filters, and getUpdates' offset rules."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from playground.clock import Clock
from playground.refusals import Refused
from playground.things import Json

DAY = 86_400.0
LIFE = {
    "callback_query": 150.0,
    "shipping_query": 150.0,
    "pre_checkout_query": 150.0,
    "chosen_inline_result": 600.0,
    "inline_query": 30.0,
}
PENDING_LIMIT = 100_000
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS = frozenset(
    [
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "subscription",
        "stopped_message_generation",
    ]
)


@dataclass(frozen=True, slots=True)
class Pending:
    id: int
    kind: str
    payload: Json
    lane: str
    expires_at: float

    def wire(self) -> Json:
        return {"update_id": self.id, self.kind: self.payload}


@dataclass(slots=True)
class Queue:
    clock: Clock
    next_id: int
    allowed: frozenset[str] | None = None
    """None is Telegram's default: everything but NOT_BY_DEFAULT."""
    dropped: int = 0
    pending: deque[Pending] = field(default_factory=deque)
    on_taken: Callable[[Pending], None] = lambda _: None
    on_poll: Callable[[], None] = lambda: None
    """Called when a poller begins or stops to wait."""
    _poll: asyncio.Future[str] | None = None
    _wakers: list[Callable[[], None]] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        """A poller is on the line."""
        return self._poll is not None and not self._poll.done()

    def wants(self, kind: str) -> bool:
        if self.allowed is None:
            return kind not in NOT_BY_DEFAULT
        return kind in self.allowed

    def put(self, kind: str, payload: Json, lane: str, *, forced: bool = False) -> None:
        if not forced and not self.wants(kind):
            return
        if len(self.pending) >= PENDING_LIMIT:
            self.dropped += 1
            return
        expires_at = self.clock.now() + LIFE.get(kind, DAY)
        self.pending.append(Pending(self.next_id, kind, payload, lane, expires_at))
        self.next_id += 1
        self.wake()

    def wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result("")
        for waker in self._wakers:
            waker()

    def listen(self, waker: Callable[[], None]) -> None:
        self._wakers.append(waker)

    def expire(self) -> None:
        now = self.clock.now()
        if any(update.expires_at <= now for update in self.pending):
            kept = [update for update in self.pending if update.expires_at > now]
            self.dropped += len(self.pending) - len(kept)
            self.pending.clear()
            self.pending.extend(kept)

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one counts from the end of the queue."""
        self.expire()
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        else:
            while self.pending and self.pending[0].id < offset:
                self.pending.popleft()

    def accept(self, update: Pending) -> None:
        with contextlib.suppress(ValueError):
            self.pending.remove(update)

    def clear(self) -> None:
        self.pending.clear()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """getUpdates: one poller at a time; a newer one ends the older with 409."""
        self.interrupt(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        self.confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        self.expire()
        taken = [update for _, update in zip(range(limit), self.pending, strict=False)]
        for update in taken:
            self.on_taken(update)
        return [update.wire() for update in taken]

    def interrupt(self, reason: str) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(reason)

    async def _wait(self, timeout: float) -> None:
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self.on_poll()
        try:
            reason = await asyncio.wait_for(mine, timeout)
        except TimeoutError:
            return
        finally:
            if self._poll is mine:
                self._poll = None
            self.on_poll()
        if reason:
            raise Refused(409, f"Conflict: {reason}", blame="notice")
