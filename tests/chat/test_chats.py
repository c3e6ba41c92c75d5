"""Group chats: greeted, subscribed by their admins, posted into, left and come back to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.actions.announcing import announce_due
from commerce.actions.chats import chat_language
from commerce.actions.subscribing import chat_view
from commerce.views import ChatView
from playground import acts
from playground.things import Chat, Message
from storage.outbox import pending
from storage.tables import Person, PostedCard
from tests.chat.shop import Phone, Shop, labels, shown, url_of

MINUTE, HOUR = 60, 3_600
ANONYMOUS, AS_CHANNEL = 1_087_968_824, 136_817_688


@pytest.fixture
def alice(shop: Shop) -> Phone:
    """The creator of the group."""
    return shop.phone("Alice")


@pytest.fixture
def bob(shop: Shop) -> Phone:
    return shop.phone("Bob")


@pytest.fixture
def friends(shop: Shop, alice: Phone, bob: Phone) -> Chat:
    return shop.world.new_group("Tea friends", [alice.person, bob.person])


async def add(phone: Phone, chat: Chat) -> Message:
    """Adds the bot; what it says then."""
    await acts.add_bot(phone.world, phone.person, chat)
    return await phone.wait_for_text("Hello! I am Kaituan", chat)


async def menu(phone: Phone, chat: Chat) -> Message:
    return await phone.tap(await add(phone, chat), "📣")


async def view(shop: Shop, chat: Chat) -> ChatView:
    return await chat_view(shop.database, telegram_id=chat.id)


def posts(shop: Shop, chat: Chat) -> list[Message]:
    """What the bot has said there."""
    return [m for m in chat.messages.values() if m.author == shop.world.bot.id]


async def eventually(shop: Shop, check: Callable[[], Awaitable[bool]]) -> None:
    """Waits, ten seconds at the most, for something that no phone shows."""
    for _ in range(200):
        if await check():
            return
        await shop.world.log.next(0.05)
    raise AssertionError("still not so")


async def announced(shop: Shop, seconds: float) -> None:
    """Turns the clock, lets what is due be told, and waits until it has arrived."""
    shop.world.turn_clock(seconds)
    await announce_due(shop.database, shop.world.bot.id, now=shop.clock.now())
    await drained(shop)


async def drained(shop: Shop) -> None:
    async def empty() -> bool:
        return await pending(shop.database) == 0

    await eventually(shop, empty)


def tell_bot(shop: Shop, chat: Chat, **content: Any) -> None:
    """A message as Telegram words it, of a kind that no phone here sends."""
    message = {
        "message_id": 900_000,
        "date": int(shop.world.clock.now()),
        "chat": {"id": chat.id, "type": chat.type, "title": chat.title},
    }
    shop.world.update(shop.world.bot, "message", message | content, f"chat:{chat.id}")


def command(words: str) -> dict[str, Any]:
    length = len(words.split()[0])
    return {
        "text": words,
        "entities": [{"type": "bot_command", "offset": 0, "length": length}],
    }


async def test_a_group_is_greeted_and_its_admin_chooses(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    greeting = await add(alice, friends)
    card = await alice.tap(greeting, "📣")
    assert card.id == greeting.id
    assert "Tea friends" in shown(card)
    assert "none yet" in shown(card)
    for button in ("Everything", "🌙 22–8", "12 a day"):
        card = await alice.tap(card, button)
        assert f"● {button}" in labels(card)
    card = await alice.tap(card, "🕐")
    card = await alice.tap(await alice.tap(card, "▶️"), "Helsinki")
    done = await alice.tap(card, "✅")
    for words in ("is set", "everything", "22:00 – 8:00", "Time zone: Helsinki", "12 posts"):
        assert words in shown(done)
    assert len(posts(shop, friends)) == 1
    found = await view(shop, friends)
    assert (found.everything, found.quiet, found.posts_a_day) == (True, (1_320, 480), 12)
    assert await chat_language(shop.database, friends.id) == ("en", "Europe/Helsinki")


async def test_brands_and_shelves_are_picked_from_lists(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    card = await alice.tap(await menu(alice, friends), "Everything")
    brands = await alice.tap(card, "🏪 Brands (0)")
    name = labels(brands)[0]
    brands = await alice.tap(brands, name)
    assert f"● {name}" in labels(brands)
    card = await alice.tap(brands, "⬅️")
    assert {"🏪 Brands (1)", "Everything"} <= set(labels(card))
    shelves = await alice.tap(card, "🗂")
    shelves = await alice.tap(shelves, "🫖 Teaware")
    assert "● 🫖 Teaware" in labels(shelves)
    found = await view(shop, friends)
    assert (len(found.brands), len(found.categories), found.everything) == (1, 1, False)
    shelves = await alice.tap(shelves, "● 🫖 Teaware")
    stopped = await alice.tap(await alice.tap(shelves, "⬅️"), "⛔")
    assert "No deals are announced" in shown(stopped)
    found = await view(shop, friends)
    assert (found.brands, found.categories, found.everything) == ((), (), False)


async def test_only_admins_choose(shop: Shop, alice: Phone, bob: Phone, friends: Chat) -> None:
    card = await menu(alice, friends)
    answer = await bob.press(card, "Everything")
    assert (answer.text, answer.alert) == ("Only admins of this chat can do this.", True)
    refusal = await bob.send("/subscribe", friends)
    assert "Only admins" in shown(refusal)
    assert not (await view(shop, friends)).everything


async def test_an_admin_demoted_between_menu_and_tap_is_refused(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    friends.members[bob.person.id].status = "administrator"
    card = await bob.tap(await add(alice, friends), "📣")
    friends.members[bob.person.id].status = "member"
    assert (await bob.press(card, "Everything")).alert
    assert not (await view(shop, friends)).everything


async def test_a_menu_carried_elsewhere_is_not_found(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    """Alice leads both groups, and still each is chosen for where it is."""
    await add(alice, friends)
    code = (await view(shop, friends)).code
    other = shop.world.new_group("Others", [alice.person, bob.person])
    here = await add(alice, other)
    for forged in (f"che:{code}:1", f"chd:{code}", "che:1111111111:1"):
        assert (await alice.press(here, forged)).text.startswith("Not found")
    private = await alice.start()
    assert (await alice.press(private, f"che:{code}:1")).text.startswith("Not found")
    assert not (await view(shop, friends)).everything


@pytest.mark.parametrize("forged", ["chq:{}:1:2", "chp:{}:99", "cho:{}:Mars/Base", "chl:{}:xx"])
async def test_a_choice_that_was_never_offered_is_not_found(
    shop: Shop, alice: Phone, friends: Chat, forged: str
) -> None:
    card = await menu(alice, friends)
    before = await view(shop, friends)
    answer = await alice.press(card, forged.format(before.code))
    assert answer.text.startswith("Not found")
    assert await view(shop, friends) == before


async def test_the_link_that_adds_the_bot_opens_the_menu_for_admins_only(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    url = f"https://t.me/{shop.world.bot.username}?startgroup=add"
    await acts.open_link(shop.world, bob.person, url, friends)
    assert "Only admins" in shown(await bob.wait_for_text("Only admins", friends))
    other = shop.world.new_group("Others", [alice.person])
    await acts.open_link(shop.world, alice.person, url, other)
    assert "Everything" in labels(await alice.wait_for_text("What shall I announce", other))


async def test_deals_are_listed_and_posted_once_in_ten_minutes(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    await alice.tap(await menu(alice, friends), "Everything")
    listed = await bob.send("/deals", friends)
    lamp = next(label for label in labels(listed) if "Dusk Lamp" in label)
    assert (await bob.press(listed, lamp)).text.startswith("Here it comes")
    card = await bob.wait_for_text("Ends", friends)
    assert "Dusk Lamp" in shown(card)
    assert card.photo
    assert (await alice.press(listed, lamp)).text.startswith("Posted just now")
    await drained(shop)
    assert sum("Dusk Lamp" in shown(m) for m in posts(shop, friends)) == 2  # the list, the card
    async with shop.database.read() as session:
        copy = (await session.execute(select(PostedCard))).scalar_one()
    assert (copy.kind, copy.chat_id, copy.message_id) == ("deal", friends.id, card.id)
    shop.world.turn_clock(10 * MINUTE + 1)
    assert (await alice.press(listed, lamp)).text.startswith("Here it comes")


async def test_the_list_of_deals_turns_in_place(shop: Shop, bob: Phone, friends: Chat) -> None:
    await add(bob, friends)
    listed = await bob.send("/deals", friends)
    second = await bob.tap(listed, "▶️")
    assert second.id == listed.id
    assert "Page 2" in labels(second)


async def test_chat_is_spoken_to_in_the_language_of_who_added_the_bot(shop: Shop) -> None:
    mei = shop.phone("小美", language="zh-hans")
    friends = shop.world.new_group("茶友群", [mei.person])
    await acts.add_bot(shop.world, mei.person, friends)
    card = await mei.tap(await mei.next(0, friends), "📣")
    assert "语言：简体中文" in shown(card)
    assert "● 简体中文" in labels(card)
    card = await mei.tap(card, "English")
    assert "Language: English" in shown(card)
    assert "● English" in labels(card)


async def test_each_stage_arrives_once_in_the_chats_zone(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    card = await alice.tap(await menu(alice, friends), "Everything")
    await alice.tap(await alice.tap(card, "🕐"), "Tokyo")
    # In 20 minutes the mugs have half an hour left; the socks and the cups come later.
    await announced(shop, 21 * MINUTE)
    await announced(shop, MINUTE)
    last_call = await alice.wait_for_text("Last call", friends)
    assert "Two mugs" in shown(last_call)
    await announced(shop, MINUTE)
    assert sum("Two mugs" in shown(m) for m in posts(shop, friends)) == 1
    async with shop.database.read() as session:
        copies = (await session.execute(select(PostedCard))).scalars().all()
    assert [(c.chat_id, c.timezone) for c in copies] == [(friends.id, "Asia/Tokyo")]


async def test_several_at_once_arrive_as_one_list_that_posts_cards(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    await alice.tap(await menu(alice, friends), "Everything")
    await announced(shop, 2 * HOUR + 25 * MINUTE)
    digest = await alice.wait_for_text("Ending soon", friends)
    assert "Ten feet" in shown(digest)
    assert len(posts(shop, friends)) == 2
    socks = next(label for label in labels(digest) if "Ten feet" in label)
    assert (await alice.press(digest, socks)).text.startswith("Here it comes")
    await alice.wait_for_text("from 5 buyers", friends)


async def test_a_removed_bot_says_nothing_until_it_is_back(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    await alice.tap(await menu(alice, friends), "Everything")
    await acts.remove_bot(shop.world, alice.person, friends)

    async def paused() -> bool:
        return not (await view(shop, friends)).active

    await eventually(shop, paused)
    before = len(posts(shop, friends))
    await announced(shop, 21 * MINUTE)
    assert len(posts(shop, friends)) == before
    await acts.add_bot(shop.world, alice.person, friends)
    back = await alice.wait_for_text("I am back", friends)
    assert "everything" in shown(back)
    found = await view(shop, friends)
    assert (found.active, found.everything) == (True, True)


async def test_a_group_that_becomes_a_supergroup_stays_subscribed(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    await alice.tap(await menu(alice, friends), "Everything")
    code = (await view(shop, friends)).code
    grown = await acts.upgrade(shop.world, alice.person, friends)
    tell_bot(shop, grown, migrate_from_chat_id=friends.id)
    listed = await alice.send("/deals", grown)
    assert "🔥" in shown(listed)
    found = await view(shop, grown)
    assert (found.code, found.kind, found.everything) == (code, "supergroup", True)
    await announced(shop, 21 * MINUTE)
    await alice.wait_for_text("Last call", grown)
    assert sum("Last call" in shown(m) for m in posts(shop, grown)) == 1


async def test_a_new_title_is_taken_over(shop: Shop, alice: Phone, friends: Chat) -> None:
    await add(alice, friends)
    user = {"id": alice.person.id, "is_bot": False, "first_name": "Alice"}
    tell_bot(shop, friends, **{"from": user}, new_chat_title="Coffee friends")
    friends.title = "Coffee friends"
    await alice.send("/deals", friends)
    assert (await view(shop, friends)).title == "Coffee friends"


@pytest.mark.parametrize("sender", [ANONYMOUS, AS_CHANNEL])
async def test_a_command_in_a_chats_name_is_refused_politely(
    shop: Shop, alice: Phone, friends: Chat, sender: int
) -> None:
    greeting = await add(alice, friends)
    user = {"id": sender, "is_bot": True, "first_name": "Group"}
    own = {"id": friends.id, "type": friends.type, "title": friends.title}
    name = shop.world.bot.username
    tell_bot(shop, friends, **{"from": user}, sender_chat=own, **command("/subscribe@other_bot"))
    tell_bot(shop, friends, **{"from": user}, sender_chat=own, **command(f"/subscribe@{name}"))
    refusal = await alice.next(greeting.id, friends)
    assert "as yourself" in shown(refusal)
    await alice.send("/deals", friends)
    assert len(posts(shop, friends)) == 3


async def test_talk_in_a_group_is_left_alone(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    await add(alice, friends)
    user = {"id": bob.person.id, "is_bot": False, "first_name": "Bob"}
    tell_bot(shop, friends, **{"from": user}, text="tea under 20")
    tell_bot(shop, friends, **{"from": user}, **command("/orders"))
    tell_bot(shop, friends, **{"from": user}, **command("/deals@other_bot"))
    listed = await bob.send("/deals", friends)
    assert "🔥" in shown(listed)
    assert len(posts(shop, friends)) == 2


async def test_a_channel_is_chosen_for_in_private_by_its_admin(
    shop: Shop, alice: Phone, bob: Phone
) -> None:
    await alice.start()
    await bob.start()
    channel = shop.world.new_channel("Tea news", alice.person)
    await acts.add_bot(shop.world, alice.person, channel, admin=True)
    card = await alice.wait_for_text("What shall I announce in Tea news")
    assert posts(shop, channel) == []
    code = (await view(shop, channel)).code
    home = await bob.start()
    for forged in (f"ch:{code}", f"che:{code}:1", f"chd:{code}"):
        assert (await bob.press(home, forged)).text.startswith("Only admins")
    card = await alice.tap(card, "Everything")
    assert "● Everything" in labels(card)
    await announced(shop, 21 * MINUTE)
    told = await alice.wait_for_text("Last call", channel)
    assert "Two mugs" in shown(told)


async def test_a_channels_admin_who_never_wrote_finds_a_link(shop: Shop, alice: Phone) -> None:
    channel = shop.world.new_channel("Tea news", alice.person)
    await acts.add_bot(shop.world, alice.person, channel, admin=True)
    greeting = await alice.wait_for_text("Hello! I am Kaituan", channel)
    card = await alice.follow(url_of(greeting, "📣"))
    assert "Tea news" in shown(card)
    assert "Everything" in labels(card)


async def test_a_person_who_blocks_is_unreachable_until_they_unblock(
    shop: Shop, bob: Phone
) -> None:
    await bob.start()

    async def reachable() -> bool:
        statement = select(col(Person.unreachable_at)).where(
            col(Person.telegram_id) == bob.person.id
        )
        async with shop.database.read() as session:
            return (await session.execute(statement)).scalar_one() is None

    async def unreachable() -> bool:
        return not await reachable()

    assert await reachable()
    await acts.block(shop.world, bob.person)
    await eventually(shop, unreachable)
    await acts.unblock(shop.world, bob.person)
    await eventually(shop, reachable)


async def test_a_muted_bot_says_nothing_until_it_may_speak(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    await alice.tap(await menu(alice, friends), "Everything")

    async def paused() -> bool:
        return not (await view(shop, friends)).active

    await acts.mute_bot(shop.world, alice.person, friends)
    await eventually(shop, paused)
    await announced(shop, 21 * MINUTE)
    assert len(posts(shop, friends)) == 1
    await acts.mute_bot(shop.world, alice.person, friends, on=False)
    await alice.wait_for_text("I am back", friends)


async def test_an_opened_groups_card_follows_the_chats_zone(
    shop: Shop, alice: Phone, friends: Chat
) -> None:
    card = await menu(alice, friends)
    await alice.tap(await alice.tap(card, "🕐"), "Tokyo")
    listed = await alice.send("/deals", friends)
    mugs = next(label for label in labels(listed) if "Two mugs" in label)
    await alice.press(listed, mugs)
    posted = await alice.wait_for_text("from 2 buyers", friends)
    await alice.press(posted, "🎉")
    await alice.wait_for_text("opened a group", friends)
    statement = select(col(PostedCard.timezone)).where(col(PostedCard.kind) == "group")

    async def kept() -> bool:
        async with shop.database.read() as session:
            return (await session.execute(statement)).scalars().all() == ["Asia/Tokyo"]

    await eventually(shop, kept)


async def test_what_is_posted_speaks_the_chats_language(
    shop: Shop, alice: Phone, bob: Phone, friends: Chat
) -> None:
    card = await alice.tap(await menu(alice, friends), "Everything")
    chinese = await alice.tap(card, "简体中文")
    assert "● 简体中文" in labels(chinese)
    assert "Quiet hours" not in shown(chinese)
    refused = await bob.press(chinese, "●")
    assert refused.text.startswith("Only admins")  # in Bob's own language
    await announced(shop, 21 * MINUTE)
    await alice.wait_for_text("两人成团", friends)
    listed = await bob.send("/deals", friends)
    assert "两人成团" in shown(listed)


async def test_a_channels_readers_are_sent_to_the_shop(
    shop: Shop, alice: Phone, bob: Phone
) -> None:
    await alice.start()
    channel = shop.world.new_channel("Tea news", alice.person)
    await acts.add_person(shop.world, alice.person, channel, bob.person)
    await acts.add_bot(shop.world, alice.person, channel, admin=True)
    await alice.tap(await alice.wait_for_text("What shall I announce"), "Everything")
    await announced(shop, 2 * HOUR + 25 * MINUTE)
    digest = await alice.wait_for_text("Ending soon", channel)
    socks = next(label for label in labels(digest) if "Ten feet" in label)
    answer = await bob.press(digest, socks)
    assert "Ten feet" in shown(await bob.follow(answer.url))
    assert len(posts(shop, channel)) == 1
