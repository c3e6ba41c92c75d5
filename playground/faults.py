"""Faults on request: lose, break or refuse Bot API calls before or after they took effect."""

import random
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["reset", "timeout", "half", "500", "502", "429", "401", "409", "garbage"]
When = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """`left` None means for ever; `chat` None means every chat; `method` "*" every method."""

    kind: Kind
    when: When = "before"
    method: str = "*"
    chat: int | None = None
    left: int | None = 1
    probability: float = 1.0
    retry_after: int = 5
    seconds: float = 30.0
    """How long "timeout" holds the line."""
    hits: int = 0


@dataclass(slots=True)
class Faults:
    seed: int = 7
    planned: list[Fault] = field(default_factory=list)
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def plan(
        self,
        kind: Kind,
        *,
        when: When = "before",
        method: str = "*",
        chat: int | None = None,
        times: int | None = 1,
        probability: float = 1.0,
        retry_after: int = 5,
        seconds: float = 30.0,
    ) -> Fault:
        fault = Fault(kind, when, method, chat, times, probability, retry_after, seconds)
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        self.planned.clear()

    def strike(self, method: str, chat: int | None) -> Fault | None:
        for fault in self.planned:
            if self._meant(fault, method, chat) and self._dice.random() < fault.probability:
                fault.hits += 1
                if fault.left is not None:
                    fault.left -= 1
                return fault
        return None

    @staticmethod
    def _meant(fault: Fault, method: str, chat: int | None) -> bool:
        if fault.left is not None and fault.left <= 0:
            return False
        if fault.chat is not None and fault.chat != chat:
            return False
        if fault.method == "*":
            return "/" not in method
        return fault.method.lower() == method.lower()
