"""People on phones with a long breath: what was cut short, they wait for or press again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from playground import acts
from playground.payments import Paid
from playground.things import Message, Person
from playground.world import World
from tests.chat.shop import full_label, labels

AGAIN_SECONDS = 6.0
TRIES = 12


@dataclass(frozen=True, slots=True)
class Buyer:
    world: World
    person: Person

    def newest(self, fits: Callable[[Message], bool]) -> Message | None:
        messages = list(self.world.private(self.person).messages.values())
        return next((m for m in reversed(messages) if fits(m)), None)

    async def see(self, fits: Callable[[Message], bool]) -> Message:
        message = await self.world.wait_for(lambda: self.newest(fits))
        assert isinstance(message, Message)
        return message

    async def open(self, payload: str, button: str) -> Message:
        """Follows a link of the bot to a card that has the button."""
        await acts.send(self.world, self.person, None, f"/start {payload}")
        return await self.see(lambda m: has(m, button))

    async def press(
        self, message: Message, button: str, leads_to: Callable[[Message], bool]
    ) -> Message:
        """Presses, and again where nothing came of it, until there is what it leads to."""
        for _ in range(TRIES):
            made = await acts.press(self.world, self.person, message, full_label(message, button))
            await self.world.wait_for(lambda made=made: made.state != "waiting")  # type: ignore[misc]
            try:
                async with asyncio.timeout(AGAIN_SECONDS):
                    return await self.see(leads_to)
            except TimeoutError:
                continue
        raise TimeoutError(f"{self.person.first_name} pressed {button} in vain")

    async def pay(self, invoice: Message) -> Paid:
        """Until the card is charged: a payment that was not answered in time costs nothing."""
        for _ in range(TRIES):
            paid = await acts.pay(self.world, self.person, invoice)
            if paid.ok:
                return paid
            await asyncio.sleep(1.0)
        raise TimeoutError(f"{self.person.first_name} could not pay: {paid.error}")

    async def buy(self, payload: str, button: str) -> None:
        """From a link through the button to a charge."""
        card = await self.open(payload, button)
        checkout = await self.press(card, button, lambda m: has(m, "💳"))
        invoice = await self.press(checkout, "💳", lambda m: m.invoice is not None)
        await self.pay(invoice)


def has(message: Message, button: str) -> bool:
    return any(label.startswith(button) for label in labels(message))
