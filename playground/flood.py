"""Telegram's sending limits as sliding windows, and the pauses after a 429.

Real figures: about 30 a second over all chats, one a second in a private chat with short bursts
let through (here: at most 3 in one second and 20 in 15), 20 a minute in a group or channel.
Edits count towards the 30 a second only.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

OVERALL = ((30, 1.0),)
PRIVATE = ((3, 1.0), (20, 15.0))
GROUP = ((20, 60.0),)
Rules = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`early`: the sender wrote into a pause it had been told about."""

    wait: int
    early: bool


class Flood:
    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.on = True
        self.refused = 0
        self.early = 0
        self._now = monotonic
        self._sent: dict[object, deque[float]] = defaultdict(deque)
        self._paused: dict[object, float] = {}

    def admit(self, bot: int, chat: int | None, private: bool) -> Verdict | None:
        """Count one send; a Verdict means it was refused. `chat` None is an edit."""
        if not self.on:
            return None
        now = self._now()
        scopes: list[tuple[object, Rules]] = [((bot, None), OVERALL)]
        if chat is not None:
            scopes.append(((bot, chat), PRIVATE if private else GROUP))
        for scope, _ in scopes:
            if (until := self._paused.get(scope, 0.0)) > now:
                self.early += 1
                self.refused += 1
                return Verdict(max(1, math.ceil(until - now)), early=True)
        for scope, rules in scopes:
            if wait := self._wait(scope, rules, now):
                self._paused[scope] = now + wait
                self.refused += 1
                return Verdict(wait, early=False)
        for scope, _ in scopes:
            self._sent[scope].append(now)
        return None

    def pause(self, bot: int, chat: int | None, seconds: float) -> None:
        """Remember an injected 429, so that sends before its end are seen as early."""
        self._paused[(bot, chat)] = self._now() + seconds

    def _wait(self, scope: object, rules: Rules, now: float) -> int:
        times = self._sent[scope]
        longest = max(span for _, span in rules)
        while times and times[0] <= now - longest:
            times.popleft()
        waits = [times[-limit] + span - now for limit, span in rules if len(times) >= limit]
        return max((max(0, math.ceil(wait)) for wait in waits), default=0)
