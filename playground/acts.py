"""What a person does on a phone: each act is one function, used by tests and by the page."""

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playground import membership, payments
from playground.html import utf16_len
from playground.inline import new_ask, post_result
from playground.membership import add_member, bot_status, promote, remove_member
from playground.payments import Paid
from playground.post import inform, post
from playground.presses import new_press
from playground.records import InlineAsk, Press
from playground.refusals import NotPossible
from playground.render import message_json, user_json
from playground.richtext import TEXT_LIMIT, detect
from playground.things import BotAccount, Chat, Json, Message, Person
from playground.world import World

Place = Chat | int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press led to: the toast or alert, and the message as it stands now."""

    text: str
    alert: bool
    url: str
    message: Message | None


def place_of(world: World, user: Person, chat: Place) -> Chat:
    """`None` is the private chat with the bot; a person can only act where they are a member."""
    found = world.private(user) if chat is None else world.chat(chat)
    member = found.members.get(user.id)
    if member is None or not member.inside:
        raise NotPossible(f"{user.first_name} is not in this chat.")
    return found


def _begin(world: World, user: Person, chat: Chat) -> None:
    if chat.bot_id is None:
        return
    if chat.bot_id in user.blocked:
        raise NotPossible("Unblock the bot first.")
    chat.started = True


def _may_write(user: Person, chat: Chat) -> None:
    if chat.type == "channel" and not chat.members[user.id].leads:
        raise NotPossible("Only admins post in a channel.")
    if chat.migrated_to is not None:
        raise NotPossible("This group has become a supergroup.")


async def send(
    world: World, user: Person, chat: Place, text: str, reply_to: int | None = None
) -> Message:
    found = place_of(world, user, chat)
    _begin(world, user, found)
    _may_write(user, found)
    if not text.strip() or utf16_len(text) > TEXT_LIMIT:
        raise NotPossible(f"A message has 1 to {TEXT_LIMIT} characters.")
    return post(
        world, found, user.id, text=text.strip(), entities=detect(text.strip()), reply_to=reply_to
    )


async def edit(world: World, user: Person, chat: Place, message_id: int, text: str) -> Message:
    found = place_of(world, user, chat)
    message = world.message(found, message_id)
    if message.sender != user.id:
        raise NotPossible("Only one's own messages can be edited.")
    message.text, message.entities = text.strip(), detect(text.strip())
    message.edited_at = world.clock.now()
    world.tell_message(message)
    inform(world, found, message, author=user.id, edited=True)
    return message


async def start(
    world: World, user: Person, payload: str = "", bot: BotAccount | None = None
) -> Message:
    chat = world.private(user, bot)
    if chat.bot_id in user.blocked:
        await unblock(world, user, bot)
    return await send(world, user, chat, f"/start {payload}".strip())


async def photo(
    world: World,
    user: Person,
    chat: Place,
    content: bytes,
    caption: str = "",
    album: str | None = None,
) -> Message:
    found = place_of(world, user, chat)
    _begin(world, user, found)
    _may_write(user, found)
    return post(
        world,
        found,
        user.id,
        photo=world.files.keep_photo(content),
        caption=caption.strip() or None,
        entities=detect(caption.strip()),
        album=album,
    )


async def photos(
    world: World, user: Person, chat: Place, contents: list[bytes], caption: str = ""
) -> list[Message]:
    """An album: one message and one update each, the caption on the first."""
    if not 2 <= len(contents) <= 10:
        raise NotPossible("An album has 2 to 10 photos.")
    album = str(secrets.randbits(53))
    captions = [caption] + [""] * (len(contents) - 1)
    return [
        await photo(world, user, chat, content, words, album)
        for content, words in zip(contents, captions, strict=True)
    ]


async def document(
    world: World,
    user: Person,
    chat: Place,
    content: bytes,
    name: str,
    mime: str = "application/octet-stream",
    caption: str = "",
) -> Message:
    found = place_of(world, user, chat)
    _begin(world, user, found)
    _may_write(user, found)
    stored = world.files.keep_document(content, name, mime)
    return post(world, found, user.id, document=stored, caption=caption.strip() or None)


async def location(
    world: World, user: Person, chat: Place, latitude: float, longitude: float
) -> Message:
    found = place_of(world, user, chat)
    _begin(world, user, found)
    return post(world, found, user.id, location={"latitude": latitude, "longitude": longitude})


async def contact(world: World, user: Person, chat: Place, phone: str) -> Message:
    found = place_of(world, user, chat)
    _begin(world, user, found)
    card: Json = {"phone_number": phone, "first_name": user.first_name, "user_id": user.id}
    return post(world, found, user.id, contact=card)


# Buttons


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


# Inline mode


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
    _may_write(user, found)
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
    _may_write(user, found)
    return post_result(world, user, found, world.bot, result)


# Paying


async def pay(
    world: World, user: Person, message: Message, tip: int = 0, address: Json | None = None
) -> Paid:
    return await payments.pay(world, user, message, tip, address)


async def pay_link(world: World, user: Person, url: str, tip: int = 0) -> Paid:
    return await payments.pay_link(world, user, url, tip)


# Reading, reacting, blocking


async def read(world: World, user: Person, chat: Place, message_id: int) -> None:
    found = place_of(world, user, chat)
    if message_id > world.read.get((user.id, found.id), 0):
        world.read[(user.id, found.id)] = message_id
        world.log.emit("read", user=user.id, chat=found.id, id=message_id)


async def react(world: World, user: Person, chat: Place, message_id: int, emoji: str) -> None:
    """An empty emoji takes the reaction back."""
    found = place_of(world, user, chat)
    message = world.message(found, message_id)
    old, new = message.reactions.get(user.id, []), [emoji] if emoji else []
    message.reactions[user.id] = new
    world.tell_message(message)
    for bot in world.bots.values():
        member = found.members.get(bot.id)
        if member and member.inside and (found.type == "private" or member.leads):
            payload: Json = {
                "chat": message_json(world, message, bot)["chat"],
                "message_id": message_id,
                "user": user_json(user),
                "date": int(world.clock.now()),
                "old_reaction": [{"type": "emoji", "emoji": old_one} for old_one in old],
                "new_reaction": [{"type": "emoji", "emoji": new_one} for new_one in new],
            }
            world.update(bot, "message_reaction", payload, f"chat:{found.api_id}")


async def block(world: World, user: Person, bot: BotAccount | None = None) -> None:
    bot = bot or world.bot
    if bot.id not in user.blocked:
        user.blocked.add(bot.id)
        bot_status(world, world.private(user, bot), bot, user, "member", "kicked")
        world.tell_person(user)


async def unblock(world: World, user: Person, bot: BotAccount | None = None) -> None:
    bot = bot or world.bot
    if bot.id in user.blocked:
        user.blocked.discard(bot.id)
        bot_status(world, world.private(user, bot), bot, user, "kicked", "member")
        world.tell_person(user)


# Links


async def open_link(world: World, user: Person, url: str, chat: Place = None) -> Chat:
    """t.me/<bot>?start=…, ?startgroup=… (with the group to add to), or a public chat's name."""
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if parts.scheme == "tg":
        raise NotPossible("The playground opens t.me links only.")
    name = parts.path.strip("/").lower()
    query = parse_qs(parts.query, keep_blank_values=True)
    bot = next((b for b in world.bots.values() if b.username.lower() == name), None)
    if bot is None:
        return _public_chat(world, name)
    if "startgroup" in query or "startchannel" in query:
        return await _start_group(world, user, bot, chat, query.get("startgroup", [""])[0])
    if "start" in query:
        await start(world, user, query["start"][0], bot)
    return world.private(user, bot)


def _public_chat(world: World, name: str) -> Chat:
    for chat in world.chats.values():
        if chat.username and chat.username.lower() == name:
            return chat
    raise NotPossible(f"There is nobody called {name}.")


async def _start_group(
    world: World, user: Person, bot: BotAccount, chat: Place, payload: str
) -> Chat:
    if chat is None:
        raise NotPossible("Choose a group to add the bot to.")
    found = place_of(world, user, chat)
    add_member(world, found, user, bot)
    if payload and found.type != "channel":
        await send(world, user, found, f"/start@{bot.username} {payload}")
    return found


# Groups


async def add_bot(
    world: World, user: Person, chat: Place, *, admin: bool = False, bot: BotAccount | None = None
) -> None:
    add_member(world, place_of(world, user, chat), user, bot or world.bot, admin=admin)


async def remove_bot(
    world: World, user: Person, chat: Place, bot: BotAccount | None = None
) -> None:
    remove_member(world, place_of(world, user, chat), user, bot or world.bot)


async def promote_bot(
    world: World, user: Person, chat: Place, on: bool = True, bot: BotAccount | None = None
) -> None:
    promote(world, place_of(world, user, chat), user, bot or world.bot, on)


async def add_person(world: World, user: Person, chat: Place, who: Person) -> None:
    add_member(world, place_of(world, user, chat), user, who)


async def remove_person(world: World, user: Person, chat: Place, who: Person) -> None:
    remove_member(world, place_of(world, user, chat), user, who)


async def upgrade(world: World, user: Person, chat: Place) -> Chat:
    """The supergroup that takes the group's place."""
    return membership.upgrade(world, place_of(world, user, chat), user)
