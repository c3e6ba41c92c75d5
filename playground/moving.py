"""What a person reads, opens, blocks, and does with groups."""

from urllib.parse import parse_qs, urlsplit

from playground import membership
from playground.membership import add_member, promote, remove_member, set_blocked
from playground.refusals import NotPossible
from playground.render import message_json, user_json
from playground.saying import Place, place_of, send, start
from playground.things import BotAccount, Chat, Json, Person
from playground.world import World


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
    set_blocked(world, user, bot or world.bot, on=True)


async def unblock(world: World, user: Person, bot: BotAccount | None = None) -> None:
    set_blocked(world, user, bot or world.bot, on=False)


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


async def mute_bot(
    world: World, user: Person, chat: Place, on: bool = True, bot: BotAccount | None = None
) -> None:
    """Take the bot's right to send in a group, or give it back."""
    membership.mute(world, place_of(world, user, chat), user, bot or world.bot, on)


async def deactivate(world: World, user: Person) -> None:
    """The person deletes their account."""
    user.deactivated = True
    world.tell_person(user)


async def add_person(world: World, user: Person, chat: Place, who: Person) -> None:
    add_member(world, place_of(world, user, chat), user, who)


async def remove_person(world: World, user: Person, chat: Place, who: Person) -> None:
    remove_member(world, place_of(world, user, chat), user, who)


async def upgrade(world: World, user: Person, chat: Place) -> Chat:
    """The supergroup that takes the group's place."""
    return membership.upgrade(world, place_of(world, user, chat), user)
