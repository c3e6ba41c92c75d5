"""A shop at work beside a world of phones, and what tests do with both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from playground import acts
from playground.acts import Answer
from playground.payments import Paid
from playground.things import Chat, Message, Person
from playground.world import World
from storage.database import Database


class WorldClock:
    """The shop's `now` is the playground's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._world.clock.now(), UTC)

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None


@dataclass(slots=True)
class Phone:
    """One person's phone: what they do, and what they see."""

    world: World
    person: Person

    @property
    def chat(self) -> Chat:
        return self.world.private(self.person)

    async def send(self, text: str, chat: Chat | None = None) -> Message:
        """Sends a text and waits for the bot's next message there."""
        place = chat or self.chat
        sent = await acts.send(self.world, self.person, place, text)
        return await self.next(sent.id, place)

    async def next(self, after: int, chat: Chat | None = None) -> Message:
        """The first message of the bot after message `after`."""
        place = chat or self.chat

        def found() -> Message | None:
            return next(
                (
                    m
                    for m in list(place.messages.values())
                    if m.id > after and m.sender == self.world.bot.id
                ),
                None,
            )

        message = await self.world.wait_for(found)
        assert isinstance(message, Message)
        return message

    async def start(self, payload: str = "") -> Message:
        return await self.send(f"/start {payload}".strip())

    async def press(self, message: Message, button: str) -> Answer:
        """Presses the button that has, or starts with, this text; waits for the answer."""
        return await acts.press_and_wait(
            self.world, self.person, message, full_label(message, button)
        )

    async def tap(self, message: Message, button: str) -> Message:
        """Presses and gives the message as it stands afterwards."""
        answer = await self.press(message, button)
        assert answer.message is not None
        return answer.message

    async def pay(self, invoice: Message) -> Paid:
        return await acts.pay(self.world, self.person, invoice)

    async def follow(self, url: str) -> Message:
        """Opens a link of the bot and waits for what it shows."""
        last = max(self.chat.messages, default=0)
        await acts.open_link(self.world, self.person, url)
        return await self.next(last)

    async def address(self, form: Message, name: str = "Alice Liddell") -> Message:
        """Fills in the address form that `form` begins; the card that follows it."""
        for typed in (name, "12 Tea Lane", "Oxford"):
            form = await self.send(typed)
        form = await self.tap(form, "⏭ Skip")
        form = await self.send("England")
        return await self.tap(form, "⏭ Skip")

    async def wait_for_text(self, words: str, chat: Chat | None = None) -> Message:
        """The newest message here that says `words`."""
        place = chat or self.chat

        def found() -> Message | None:
            return next((m for m in reversed(place.messages.values()) if words in shown(m)), None)

        message = await self.world.wait_for(found)
        assert isinstance(message, Message)
        return message


@dataclass(slots=True)
class Shop:
    """The running program and the world around it."""

    world: World
    database: Database
    clock: WorldClock

    def phone(self, name: str, *, language: str = "en") -> Phone:
        person = self.world.new_person(name, language_code=language)
        return Phone(self.world, person)


def shown(message: Message) -> str:
    return message.text or message.caption or ""


def labels(message: Message) -> list[str]:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def full_label(message: Message, start: str) -> str:
    """The label that begins with, or else has, this; forged data passes as it is."""
    there = labels(message)
    begins = (label for label in there if label.startswith(start))
    return next(begins, next((label for label in there if start in label), start))


def url_of(message: Message, start: str) -> str:
    rows = (message.markup or {}).get("inline_keyboard", [])
    return next(
        str(b["url"]) for row in rows for b in row if b["text"].startswith(start) and "url" in b
    )
