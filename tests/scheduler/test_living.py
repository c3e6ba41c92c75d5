"""Living cards show what is true, in every copy, by few edits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from playground import acts
from playground.things import Person
from playground.world import World
from scheduler.announcer import Announcer, Rendered
from scheduler.living import LivingCards, Look, as_edit
from storage import posted
from storage.database import Database, db_time
from storage.gate import MemoryGate
from storage.posted import Copy
from storage.tables import PostedCard


class Subject:
    """What the card is about."""

    def __init__(self) -> None:
        self.seats = 3
        self.draws = 0

    async def draw(self, look: Look) -> Rendered | None:
        self.draws += 1
        if look.subject_id == 404:
            return None
        return Rendered("sendMessage", {"text": f"{look.locale}: {self.seats} left"})


@pytest.fixture
def subject() -> Subject:
    return Subject()


async def post(database: Database, bot: Announcer, chat: int, locale: str = "en") -> Copy:
    sent = await bot.call("sendMessage", {"chat_id": chat, "text": f"{locale}: 3 left"})
    copy = Copy(bot.speaker, "group", 9, locale, chat_id=chat, message_id=sent["message_id"])
    async with database.begin() as session:
        await posted.remember(session, copy)
    return copy


async def change(database: Database, subject: Subject, seats: int) -> None:
    subject.seats = seats
    async with database.begin() as session:
        await posted.stale(session, "group", 9)


async def pass_time(database: Database) -> None:
    async with database.begin() as session:
        await session.execute(update(PostedCard).values(next_at=db_time() - 1))


async def copies(database: Database) -> list[PostedCard]:
    async with database.read() as session:
        statement = select(PostedCard).order_by(col(PostedCard.id))
        return list((await session.execute(statement)).scalars())


def shown(world: World, copy: Copy) -> str | None:
    assert copy.chat_id is not None
    assert copy.message_id is not None
    return world.message(copy.chat_id, copy.message_id).text


def edits(world: World) -> int:
    return sum(call.method == "editMessageText" for call in world.calls)


Living = Callable[[], LivingCards]


@pytest.fixture
def living(database: Database, bot: Announcer, gate: MemoryGate, subject: Subject) -> Living:
    return lambda: LivingCards(database, [bot], gate, subject.draw)


async def test_every_copy_is_edited_in_its_language(
    database: Database,
    bot: Announcer,
    world: World,
    alice: Person,
    bob: Person,
    subject: Subject,
    living: Living,
) -> None:
    one, two = await post(database, bot, alice.id), await post(database, bot, bob.id, "zh")
    three = await post(database, bot, bob.id)
    await change(database, subject, 1)
    assert await living().step() == 3
    assert [shown(world, copy) for copy in (one, two, three)] == [
        "en: 1 left",
        "zh: 1 left",
        "en: 1 left",
    ]
    assert subject.draws == 2


async def test_changes_close_together_are_one_edit(
    database: Database,
    bot: Announcer,
    world: World,
    alice: Person,
    subject: Subject,
    living: Living,
) -> None:
    copy = await post(database, bot, alice.id)
    for seats in (2, 1):
        await change(database, subject, seats)
    await living().step()
    await change(database, subject, 0)
    assert await living().step() == 0  # 3 s have not passed
    assert (edits(world), shown(world, copy)) == (1, "en: 1 left")
    await pass_time(database)
    await living().step()
    assert (edits(world), shown(world, copy)) == (2, "en: 0 left")


async def test_change_while_the_edit_travels_is_shown_next(
    database: Database,
    bot: Announcer,
    gate: MemoryGate,
    world: World,
    alice: Person,
    subject: Subject,
) -> None:
    copy = await post(database, bot, alice.id)

    async def slow(look: Look) -> Rendered | None:
        drawn = await subject.draw(look)
        if subject.seats == 2:
            await change(database, subject, 1)
        return drawn

    cards = LivingCards(database, [bot], gate, slow)
    await change(database, subject, 2)
    await cards.step()
    await pass_time(database)
    await cards.step()
    assert shown(world, copy) == "en: 1 left"
    await pass_time(database)
    assert await cards.step() == 0


async def test_inline_copy_in_a_friends_chat_is_edited(
    database: Database,
    bot: Announcer,
    world: World,
    alice: Person,
    bob: Person,
    subject: Subject,
    living: Living,
) -> None:
    asked = await acts.ask(world, alice, "tea")
    button = {"text": "Join", "callback_data": "j:1"}
    result = {
        "type": "article",
        "id": "1",
        "title": "Tea",
        "input_message_content": {"message_text": "en: 3 left"},
        "reply_markup": {"inline_keyboard": [[button]]},
    }
    await bot.call("answerInlineQuery", {"inline_query_id": asked.id, "results": [result]})
    message = await acts.choose(world, alice, asked, "1", world.friends(alice, bob))
    copy = Copy(bot.speaker, "group", 9, "en", inline_id=message.inline_id)
    async with database.begin() as session:
        await posted.remember(session, copy)
    await change(database, subject, 1)
    await living().step()
    assert message.text == "en: 1 left"


async def test_unchanged_card_counts_as_edited(
    database: Database,
    bot: Announcer,
    alice: Person,
    subject: Subject,
    living: Living,
) -> None:
    await post(database, bot, alice.id)
    await change(database, subject, 3)
    await living().step()
    assert [(copy.stale, copy.lost) for copy in await copies(database)] == [(False, False)]


async def test_copy_that_cannot_be_edited_is_let_go(
    database: Database,
    bot: Announcer,
    world: World,
    alice: Person,
    bob: Person,
    subject: Subject,
    living: Living,
) -> None:
    deleted, blocked = await post(database, bot, alice.id), await post(database, bot, bob.id)
    gone = Copy(bot.speaker, "group", 404, "en", inline_id="x")
    async with database.begin() as session:
        await posted.remember(session, gone, stale_after=0)
    await bot.call("deleteMessage", {"chat_id": alice.id, "message_id": deleted.message_id})
    await acts.block(world, bob)
    await change(database, subject, 1)
    assert blocked.chat_id == bob.id
    await living().step()
    lost = [copy.lost for copy in await copies(database)]
    assert lost[0]
    assert lost[2]
    await change(database, subject, 0)
    await pass_time(database)
    assert await living().step() == lost.count(False)


@pytest.mark.parametrize("fault", ["reset", "500", "429"])
async def test_failed_edit_is_made_again(
    database: Database,
    bot: Announcer,
    world: World,
    alice: Person,
    subject: Subject,
    living: Living,
    gate: MemoryGate,
    fault: str,
) -> None:
    copy = await post(database, bot, alice.id)
    world.faults.plan(fault, when="before", method="editMessageText", retry_after=1)  # type: ignore[arg-type]
    await change(database, subject, 1)
    await living().step()
    assert await living().step() == 0
    running = living()
    task = asyncio.create_task(running.run())
    await world.wait_for(lambda: shown(world, copy) == "en: 1 left", timeout=10)
    await running.stop()
    await task


def test_edit_fits_the_copy() -> None:
    keyboard: dict[str, list[object]] = {"inline_keyboard": []}
    card = Rendered("sendPhoto", {"caption": "x", "photo": "p", "reply_markup": keyboard})
    photo = as_edit(card, Copy(1, "deal", 2, "en", photo=True, inline_id="i"))
    plain = as_edit(card, Copy(1, "deal", 2, "en", chat_id=5, message_id=6))
    assert photo == Rendered(
        "editMessageCaption",
        {"caption": "x", "reply_markup": keyboard, "inline_message_id": "i"},
    )
    assert plain == Rendered(
        "editMessageText",
        {"text": "x", "reply_markup": keyboard, "chat_id": 5, "message_id": 6},
    )
