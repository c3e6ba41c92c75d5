"""What judges read: calls, deliveries, violations, and the queries people wait on."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Literal

from playground.things import BotAccount, Json, Message


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One Bot API call. `at` is the playground's time, `ms` how long it took to answer."""

    n: int
    at: float
    bot: int
    method: str
    params: Json
    chat: int | None
    ok: bool
    code: int | None
    error: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that reached a chat through a bot, whatever the bot was told about it."""

    n: int
    at: float
    chat: int
    method: str
    message_id: int
    text: str

    @property
    def edit(self) -> bool:
        """It changed a message that already stood there."""
        return self.method.startswith("edit")

    @property
    def text_hash(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that no correct client makes."""

    n: int
    at: float
    method: str
    error: str
    params: Json


PressState = Literal["waiting", "answered", "expired"]


@dataclass(slots=True)
class Press:
    """A callback query and what became of it; `since` is monotonic loop time plus clock time."""

    id: str
    bot: BotAccount
    user: int
    chat: int
    message_id: int
    data: str
    since: float
    pressed_at: float
    state: PressState = "waiting"
    taken: bool = False
    """The bot was handed the update."""
    text: str = ""
    alert: bool = False
    url: str = ""
    timer: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class InlineAsk:
    id: str
    bot: BotAccount
    user: int
    query: str
    offset: str
    asked_at: float
    answered: bool = False
    results: list[Json] = field(default_factory=list)
    next_offset: str = ""
    button: Json | None = None
    cache_time: int = 300
    personal: bool = False
    error: str = ""


@dataclass(slots=True)
class Checkout:
    """A pre-checkout or shipping query on its way; `answer` is set by the bot."""

    id: str
    bot: BotAccount
    user: int
    kind: str
    answer: asyncio.Future[Json]


@dataclass(slots=True)
class Charge:
    charge_id: str
    provider_id: str
    bot: int
    user: int
    chat: int
    currency: str
    amount: int
    payload: str
    at: float
    provider_token: str = ""
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class InlineCopy:
    """Where an inline message stands."""

    inline_id: str
    bot: int
    message: Message
