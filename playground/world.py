"""The whole table: who is there, what was said, what the bots did, and what time it is."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from playground.clock import Clock
from playground.events import EventLog
from playground.faults import Faults
from playground.files import FileRoom
from playground.flood import Flood
from playground.hooks import Hook
from playground.judging import Judged
from playground.pageview import bot_view, chat_view, message_view, user_view
from playground.records import (
    Charge,
    Checkout,
    InlineAsk,
    InlineCopy,
)
from playground.refusals import NotPossible
from playground.things import (
    ADMIN_RIGHTS,
    BotAccount,
    Chat,
    ChatType,
    Invoice,
    Json,
    Member,
    Message,
    Person,
)
from playground.updates import Pending, Queue

DEFAULT_TOKEN = "7000000001:PLAYGROUND-token-for-the-shop-on-a-table"
DEFAULT_PROVIDER_TOKEN = "284685063:TEST:pretend-card"
CALLBACK_SECONDS = 30.0
PRECHECKOUT_SECONDS = 10.0
INLINE_SECONDS = 10.0
FRIENDS_FROM = 90_000_000_000
"""Above every user id, so that chats no bot shares cannot be mistaken for a person's."""
_COLORS = ("#e17055", "#0984e3", "#00b894", "#6c5ce7", "#d63031", "#e1a100", "#00a8b5", "#b5478f")


class World(Judged):
    def __init__(
        self, token: str = DEFAULT_TOKEN, username: str = "kaituan_bot", name: str = "Kaituan"
    ) -> None:
        super().__init__(Clock(), EventLog())
        self.files = FileRoom()
        self.flood = Flood()
        self.faults = Faults()
        self.speed = 1.0
        """Webhook retries, their timeouts and expiries of callbacks run this much faster."""
        self.storm = False
        self.offline = False
        self.inline_cache = True
        self.repeats = 1
        """How many copies of each update a webhook gets, all at once."""
        self.delays: dict[str, float] = {}
        """Real seconds by which updates of a kind come late, and so in another order."""
        self.losing: Callable[[str, Json], bool] | None = None
        """Says which updates (kind, payload) Telegram loses."""
        self.callback_seconds = CALLBACK_SECONDS
        self.checkout_seconds = PRECHECKOUT_SECONDS
        self.provider_tokens: set[str] = {DEFAULT_PROVIDER_TOKEN}
        self.people: dict[int, Person] = {}
        self.bots: dict[int, BotAccount] = {}
        self.by_token: dict[str, BotAccount] = {}
        self.queues: dict[int, Queue] = {}
        self.hooks: dict[int, Hook] = {}
        self.chats: dict[int, Chat] = {}
        self.read: dict[tuple[int, int], int] = {}
        self.reply_keyboards: dict[tuple[int, int], Json | None] = {}
        self.phones: list[Json] = []
        self.hints: list[str] = []
        self.asks: dict[str, InlineAsk] = {}
        self.inline_answers: dict[tuple[int, str, str, int], tuple[float, InlineAsk]] = {}
        self.inline_copies: dict[str, InlineCopy] = {}
        self.prepared: dict[str, tuple[int, Json]] = {}
        self.checkouts: dict[str, Checkout] = {}
        self.invoice_links: dict[str, Invoice] = {}
        self.charges: dict[str, Charge] = {}
        self.provider_refunds: dict[str, Json] = {}
        self.star_log: dict[int, list[Json]] = {}
        self._private: dict[tuple[int, int], Chat] = {}
        self._next_user = 1_001
        self._next_chat = 5_000_001
        self.bot = self.new_bot(token, username, name)

    # Who is there

    def new_bot(self, token: str, username: str, name: str) -> BotAccount:
        bot_id = int(token.partition(":")[0])
        bot = BotAccount(bot_id, token, username, name)
        self.bots[bot_id] = bot
        self.by_token[token] = bot
        queue = Queue(self.clock, next_id=100_000_000 + secrets.randbelow(100_000_000))
        queue.on_taken = self._taken
        queue.on_poll = self.log.wake
        self.queues[bot_id] = queue
        self.hooks[bot_id] = Hook(self, bot, queue)
        self.star_log[bot_id] = []
        return bot

    def revoke(self, bot: BotAccount) -> None:
        """From now on this bot's token is unknown."""
        self.by_token.pop(bot.token, None)

    def new_person(
        self,
        first_name: str,
        *,
        id: int | None = None,
        last_name: str = "",
        username: str = "",
        language_code: str = "en",
        color: str = "",
        role: str = "shopper",
    ) -> Person:
        user_id = id or self._next_user
        self._next_user = max(self._next_user, user_id) + 1
        shade = color or _COLORS[len(self.people) % len(_COLORS)]
        person = Person(user_id, first_name, last_name, username, language_code, shade, role)
        self.people[user_id] = person
        self.log.emit("user", user=user_view(self, person))
        return person

    person = new_person

    def someone(self, user_id: int) -> Person | BotAccount:
        if user_id in self.people:
            return self.people[user_id]
        return self.bots[user_id]

    # Where they talk

    def private(self, user: Person, bot: BotAccount | None = None) -> Chat:
        """The chat of a person with a bot (the default one when none is named)."""
        bot = bot or self.bot
        chat = self._private.get((bot.id, user.id))
        if chat is None:
            chat_id = user.id if bot is self.bot else FRIENDS_FROM + self._number()
            chat = self._new_chat(chat_id, "private", bot.first_name)
            chat.bot_id, chat.api_id = bot.id, user.id
            chat.members = {user.id: Member("member"), bot.id: Member("member")}
            self._private[(bot.id, user.id)] = chat
            self.tell_chat(chat)
        return chat

    def friends(self, one: Person, other: Person) -> Chat:
        """The private chat of two people, which no bot sees."""
        for chat in self.chats.values():
            if chat.type == "private" and set(chat.members) == {one.id, other.id}:
                return chat
        number = FRIENDS_FROM + self._number()
        chat = self._new_chat(number, "private", f"{one.first_name} & {other.first_name}")
        chat.members = {one.id: Member("member"), other.id: Member("member")}
        self.tell_chat(chat)
        return chat

    def new_group(
        self,
        title: str,
        members: list[Person],
        *,
        type: ChatType = "group",
        username: str = "",
        id: int | None = None,
    ) -> Chat:
        """The first member is the creator."""
        number = self._number()
        chat_id = id or (-number if type == "group" else -1_000_000_000_000 - number)
        chat = self._new_chat(chat_id, type, title)
        chat.username = username
        for place, person in enumerate(members):
            rights = frozenset(ADMIN_RIGHTS)
            chat.members[person.id] = Member("member") if place else Member("creator", rights)
        self.tell_chat(chat)
        return chat

    def new_channel(self, title: str, owner: Person, *, username: str = "") -> Chat:
        return self.new_group(title, [owner], type="channel", username=username)

    def _new_chat(self, chat_id: int, kind: ChatType, title: str) -> Chat:
        chat = Chat(chat_id, kind, title, api_id=chat_id, instance=str(secrets.randbits(62)))
        self.chats[chat_id] = chat
        return chat

    def _number(self) -> int:
        self._next_chat += 1
        return self._next_chat

    def chat(self, chat: Chat | int) -> Chat:
        if isinstance(chat, Chat):
            return chat
        if chat not in self.chats:
            person = self.people.get(chat)
            if person is None:
                raise NotPossible(f"There is no chat {chat}.")
            return self.private(person)
        return self.chats[chat]

    def message(self, chat: Chat | int, message_id: int) -> Message:
        found = self.chat(chat).messages.get(message_id)
        if found is None:
            raise NotPossible("This message is gone.")
        return found

    def last(self, chat: Chat | int) -> Message | None:
        """The newest message of a chat."""
        messages = self.chat(chat).messages
        return messages[next(reversed(messages))] if messages else None

    def texts(self, chat: Chat | int) -> list[str]:
        return [message.body for message in self.chat(chat).messages.values()]

    # What happens

    def add_message(self, chat: Chat, message: Message) -> Message:
        chat.last_id += 1
        message.id = chat.last_id
        chat.messages[message.id] = message
        self.tell_message(message)
        return message

    def tell_message(self, message: Message) -> None:
        self.log.emit("message", message=message_view(self, message))

    def tell_chat(self, chat: Chat) -> None:
        self.log.emit("chat", chat=chat_view(self, chat))

    def tell_person(self, person: Person) -> None:
        self.log.emit("user", user=user_view(self, person))

    def tell_bot(self) -> None:
        self.log.emit("bot", bot=bot_view(self, self.bot))

    def update(self, bot: BotAccount, kind: str, payload: Json, lane: str) -> None:
        queue = self.queues[bot.id]
        if self.losing and self.losing(kind, payload):
            queue.dropped += 1
        elif delay := self.delays.get(kind):
            asyncio.get_running_loop().call_later(delay, queue.put, kind, payload, lane)
        else:
            queue.put(kind, payload, lane)

    def poison(
        self, kind: str, payload: Any, lane: str = "poison", bot: BotAccount | None = None
    ) -> None:
        """Queue an update of any shape, whatever the bot asked for."""
        self.queues[(bot or self.bot).id].put(kind, payload, lane, forced=True)

    def _taken(self, update: Pending) -> None:
        if update.kind != "callback_query" or not isinstance(update.payload, dict):
            return
        if press := self.presses.get(update.payload.get("id", "")):
            press.taken = True

    # Switches and waiting

    def turn_clock(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for queue in self.queues.values():
            queue.expire()
        self.log.emit("clock", now=self.clock.now(), offset=self.clock.offset)

    def set_storm(self, on: bool) -> None:
        self.storm = on
        self._switched()

    def set_offline(self, on: bool) -> None:
        """Calls are dropped without an answer, also those that wait; updates keep queueing."""
        self.offline = on
        for queue in self.queues.values():
            queue.interrupt("the line was cut")
        self._switched()

    def _switched(self) -> None:
        self.log.emit("switch", storm=self.storm, offline=self.offline)

    def set_phones(self, phones: list[tuple[Person, Chat]]) -> None:
        self.phones = [{"user": person.id, "open_chat": chat.id} for person, chat in phones]
        self.log.emit("reload")

    def set_hints(self, hints: list[str]) -> None:
        self.hints = list(hints)
        self.log.emit("reload")

    async def wait_for(self, condition: Callable[[], Any], timeout: float = 30) -> Any:
        """The first true value of `condition`, looked at after every event."""
        return await self.log.until(condition, timeout)

    def later(self, seconds: float, run: Callable[[], None]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds / self.speed, run)
