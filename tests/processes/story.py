"""The main job as four people and a chat live it, by their phones alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from playground import acts
from playground.things import Chat, Message
from tests.chat.shop import Phone, Shop, labels, shown
from tests.chat.test_group_story import open_deal, pay_for, share

MINUTE, HOUR, DAY = 60, 3_600, 86_400
BRAND = "Nine Bends"  # after a day it has one deal left, which ends four days from the start
LAST_DEAL_ENDS = 4 * DAY
STAGES = (
    (24 * HOUR, "⏰ Ends within a day"),
    (3 * HOUR, "⏰ Ends within three hours"),
    (30 * MINUTE, "⏰ Last call: ends within half an hour"),
)


@dataclass(slots=True)
class Friends:
    """Who takes part, and the chat where three of them meet."""

    shop: Shop
    alice: Phone
    bob: Phone
    chen: Phone
    dora: Phone
    chat: Chat
    turned: float = 0

    def turn_to(self, seconds: float) -> None:
        """So far after the beginning."""
        self.shop.world.turn_clock(seconds - self.turned)
        self.turned = seconds


def gather_friends(shop: Shop) -> Friends:
    alice, bob, chen, dora = map(shop.phone, ("Alice", "Bob", "Chen", "Dora"))
    chat = shop.world.new_group("Tea friends", [chen.person, alice.person, bob.person])
    return Friends(shop, alice, bob, chen, dora, chat)


async def live(friends: Friends) -> None:
    """From the first /start to the last announcement."""
    await acts.add_bot(friends.shop.world, friends.chen.person, friends.chat)
    await friends.chen.wait_for_text("Hello! I am Kaituan", friends.chat)
    group, _ = await asyncio.gather(
        open_group(friends.alice, "Three pouches"), open_group(friends.dora, "Three totes")
    )
    posted = await share(friends.alice, group, friends.chat)
    await join_and_pay(posted, (friends.bob, friends.chen))
    await succeed(friends, posted)
    await fail(friends)
    await subscribe(friends)
    await hear_of_the_end(friends)


async def open_group(phone: Phone, words: str) -> Message:
    """Opens a group and pays the first seat: the group's card."""
    deal = await open_deal(phone, words)
    await pay_for(phone, await phone.tap(deal, "🎉"))
    return await phone.tap(await phone.wait_for_text("Your seat is paid"), "👥")


async def join_and_pay(posted: Message, phones: tuple[Phone, ...]) -> None:
    """They take their seats side by side, and pay one after the other."""
    invoices = await asyncio.gather(*(invoice_for(phone, posted) for phone in phones))
    for phone, invoice in zip(phones, invoices, strict=True):
        assert (await phone.pay(invoice)).ok


async def invoice_for(phone: Phone, posted: Message) -> Message:
    answer = await phone.press(posted, "🙋")
    checkout = await phone.follow(answer.url)
    card = await phone.address(await phone.tap(checkout, "📍"), f"{phone.person.first_name} Doe")
    last = max(phone.chat.messages)
    await phone.press(card, "💳")
    return await phone.next(last)


async def succeed(friends: Friends, posted: Message) -> None:
    """All get the last tier's price and the difference; the card in the chat shows the end."""
    for phone in (friends.alice, friends.bob, friends.chen):
        told = shown(await phone.wait_for_text("Group complete"))
        assert "Everyone pays $19.90" in told
        assert "$5.00 back" in told
        await phone.wait_for_text("Refund of $5.00: done")
    await friends.shop.world.wait_for(lambda: "It worked" in shown(posted))
    listed = await friends.alice.send("/orders")
    assert "Three Zip Pouches × 1, $23.90: ✅ paid" in shown(listed)
    order = await friends.alice.tap(listed, labels(listed)[0])
    assert "$5.00 came back" in shown(order)


async def fail(friends: Friends) -> None:
    """A day later nobody joined Dora."""
    friends.turn_to(DAY + 5 * MINUTE)
    await friends.dora.wait_for_text("not filled in time")
    await friends.dora.wait_for_text("Refund of $21.90: done")


async def subscribe(friends: Friends) -> None:
    """The chat's creator chooses one brand; at any hour, if none is chosen."""
    chen, chat = friends.chen, friends.chat
    menu = await chen.send("/subscribe", chat)
    brands = await chen.tap(menu, "🏪")
    brand = next(label for label in labels(brands) if BRAND in label)
    menu = await chen.tap(await chen.tap(brands, brand), "⬅️")
    assert "Quiet hours: none" in shown(menu)
    assert BRAND in shown(await chen.tap(menu, "✅"))


async def hear_of_the_end(friends: Friends) -> None:
    """Stage by stage, then past the end, where the posted cards say that it is over."""
    posted = None
    for before, words in STAGES:
        friends.turn_to(LAST_DEAL_ENDS - before - 10 * MINUTE)
        friends.turn_to(LAST_DEAL_ENDS - before + 2 * MINUTE)
        posted = await friends.chen.wait_for_text(words, friends.chat)
    friends.turn_to(LAST_DEAL_ENDS + 2 * MINUTE)
    await friends.shop.world.wait_for(lambda: posted is not None and "Over." in shown(posted))
