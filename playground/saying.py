"""What a person writes and sends: texts, photos, albums, documents, places, contacts."""

import secrets

from playground.html import utf16_len
from playground.membership import set_blocked
from playground.post import inform, post
from playground.refusals import NotPossible
from playground.richtext import TEXT_LIMIT, detect
from playground.things import BotAccount, Chat, Json, Message, Person
from playground.world import World

Place = Chat | int | None


def place_of(world: World, user: Person, chat: Place) -> Chat:
    """`None` is the private chat with the bot; a person can only act where they are a member."""
    found = world.private(user) if chat is None else world.chat(chat)
    member = found.members.get(user.id)
    if member is None or not member.inside:
        raise NotPossible(f"{user.first_name} is not in this chat.")
    return found


def begin(world: World, user: Person, chat: Chat) -> None:
    if chat.bot_id is None:
        return
    if chat.bot_id in user.blocked:
        raise NotPossible("Unblock the bot first.")
    chat.started = True


def may_write(user: Person, chat: Chat) -> None:
    if chat.type == "channel" and not chat.members[user.id].leads:
        raise NotPossible("Only admins post in a channel.")
    if chat.migrated_to is not None:
        raise NotPossible("This group has become a supergroup.")


async def send(
    world: World, user: Person, chat: Place, text: str, reply_to: int | None = None
) -> Message:
    found = place_of(world, user, chat)
    begin(world, user, found)
    may_write(user, found)
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
        set_blocked(world, user, bot or world.bot, on=False)
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
    begin(world, user, found)
    may_write(user, found)
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
    begin(world, user, found)
    may_write(user, found)
    stored = world.files.keep_document(content, name, mime)
    return post(world, found, user.id, document=stored, caption=caption.strip() or None)


async def location(
    world: World, user: Person, chat: Place, latitude: float, longitude: float
) -> Message:
    found = place_of(world, user, chat)
    begin(world, user, found)
    return post(world, found, user.id, location={"latitude": latitude, "longitude": longitude})


async def contact(world: World, user: Person, chat: Place, phone: str) -> Message:
    found = place_of(world, user, chat)
    begin(world, user, found)
    card: Json = {"phone_number": phone, "first_name": user.first_name, "user_id": user.id}
    return post(world, found, user.id, contact=card)
