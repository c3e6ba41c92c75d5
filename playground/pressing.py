"""What a person presses, asks inline, chooses and pays."""

from dataclasses import dataclass

from playground import payments
from playground.inline import new_ask, post_result
from playground.payments import Paid
from playground.presses import new_press
from playground.records import InlineAsk, Press
from playground.refusals import NotPossible
from playground.render import user_json
from playground.saying import Place, may_write, place_of
from playground.things import BotAccount, Json, Message, Person
from playground.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press led to: the toast or alert, and the message as it stands now."""

    text: str
    alert: bool
    url: str
    message: Message | None


def button_data(message: Message, text_or_data: str) -> str:
    """The callback data of the button with this text; anything else is taken as data itself."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if button["text"] == text_or_data and "callback_data" in button:
            return str(button["callback_data"])
    return text_or_data


async def press(
    world: World,
    user: Person,
    message: Message,
    text_or_data: str,
    bot: BotAccount | None = None,
) -> Press:
    """Press a button, by its text or its data; data that is on no button is a forged press."""
    return new_press(world, user, message, button_data(message, text_or_data), bot)


async def press_and_wait(
    world: World, user: Person, message: Message, text_or_data: str, timeout: float = 10
) -> Answer:
    """Raises TimeoutError when the bot does not answer."""
    made = await press(world, user, message, text_or_data)
    await world.wait_for(lambda: made.state != "waiting", timeout)
    if made.state != "answered":
        raise TimeoutError(f"the press {text_or_data!r} was never answered")
    now = world.chats[message.chat_id].messages.get(message.id)
    return Answer(made.text, made.alert, made.url, now)


async def ask(
    world: World,
    user: Person,
    query: str,
    offset: str = "",
    chat: Place = None,
    bot: BotAccount | None = None,
) -> InlineAsk:
    """Type "@bot query": the results come later, or at once from Telegram's own cache."""
    place = None if chat is None else world.chat(chat)
    return new_ask(world, user, bot or world.bot, query, offset, place)


async def inline(
    world: World,
    user: Person,
    query: str,
    offset: str = "",
    chat: Place = None,
    timeout: float = 10,
) -> InlineAsk:
    """Ask and wait for the results; raises TimeoutError when none come."""
    made = await ask(world, user, query, offset, chat)
    await world.wait_for(lambda: made.answered or made.error, timeout)
    if made.error:
        raise TimeoutError(made.error)
    return made


async def choose(
    world: World, user: Person, made: InlineAsk, result_id: str, chat: Place
) -> Message:
    """Post a result into a chat as this person, via the bot."""
    found = place_of(world, user, chat)
    may_write(user, found)
    result = next((r for r in made.results if r["id"] == result_id), None)
    if result is None:
        raise NotPossible("This result is no longer there.")
    message = post_result(world, user, found, made.bot, result)
    chosen: Json = {"result_id": result_id, "from": user_json(user), "query": made.query}
    if message.inline_id:
        chosen["inline_message_id"] = message.inline_id
    if made.bot.inline_feedback:
        world.update(made.bot, "chosen_inline_result", chosen, f"inline:{user.id}")
    return message


async def share_prepared(world: World, user: Person, prepared_id: str, chat: Place) -> Message:
    """Post a message the bot prepared for this person."""
    owner, result = world.prepared.get(prepared_id, (0, {}))
    if owner != user.id:
        raise NotPossible("This message is not yours to share.")
    found = place_of(world, user, chat)
    may_write(user, found)
    return post_result(world, user, found, world.bot, result)


async def pay(
    world: World, user: Person, message: Message, tip: int = 0, address: Json | None = None
) -> Paid:
    return await payments.pay(world, user, message, tip, address)


async def pay_link(world: World, user: Person, url: str, tip: int = 0) -> Paid:
    return await payments.pay_link(world, user, url, tip)
