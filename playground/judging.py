"""What judges read: every call, delivery, violation and notice, and presses left unanswered."""

from collections import Counter, deque

from playground.clock import Clock
from playground.events import EventLog
from playground.records import CallRecord, Delivery, Press, Violation
from playground.things import BotAccount, Json, Message

CALLS_KEPT = 20_000
DELIVERIES_KEPT = 200_000


class Judged:
    def __init__(self, clock: Clock, log: EventLog) -> None:
        self.clock = clock
        self.log = log
        self.calls: deque[CallRecord] = deque(maxlen=CALLS_KEPT)
        self.call_count = 0
        self.deliveries: deque[Delivery] = deque(maxlen=DELIVERIES_KEPT)
        self.violations: list[Violation] = []
        self.notices: Counter[str] = Counter()
        self.knocks: Counter[int] = Counter()
        """Per chat, sends after it had answered that nobody is there (403, gone, moved)."""
        self.shut: set[tuple[int, int]] = set()
        self.presses: dict[str, Press] = {}
        self._deliveries = 0

    def delivered(self, method: str, message: Message) -> None:
        self._deliveries += 1
        self.deliveries.append(
            Delivery(
                self._deliveries,
                self.clock.now(),
                message.chat_id,
                method,
                message.id,
                message.body,
            )
        )

    def blame(self, method: str, error: str, params: Json) -> None:
        number = len(self.violations) + 1
        self.violations.append(Violation(number, self.clock.now(), method, error, params))
        self.log.emit("violation", method=method, error=error, params=params)

    def knocked(self, bot: BotAccount, chat: int, *, reached: bool) -> None:
        """A send to this chat came through, or was told that the bot cannot reach it."""
        place = (bot.id, chat)
        if reached:
            self.shut.discard(place)
            return
        if place in self.shut:
            self.knocks[chat] += 1
        self.shut.add(place)

    def notice(self, what: str) -> None:
        self.notices[what] += 1

    def unanswered(self) -> list[Press]:
        """Presses the bot was given and has not answered, however young."""
        return [
            press for press in self.presses.values() if press.taken and press.state != "answered"
        ]
