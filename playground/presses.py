"""Callback queries: made by a press, answered once, expired when the bot is too slow."""

import asyncio
import secrets

from playground.post import hidden_json
from playground.records import Press
from playground.refusals import NotPossible
from playground.render import message_json, user_json
from playground.things import BotAccount, Json, Message, Person
from playground.world import World

PRESSES_KEPT = 20_000


def new_press(
    world: World, user: Person, message: Message, data: str, bot: BotAccount | None = None
) -> Press:
    chat = world.chats[message.chat_id]
    member = chat.members.get(user.id)
    if member is None or not member.inside:
        raise NotPossible(f"{user.first_name} is not in this chat.")
    owner = bot or _owner(world, message)
    made = Press(
        secrets.token_hex(9),
        owner,
        user.id,
        chat.id,
        message.id,
        data,
        world.clock.now(),
        asyncio.get_running_loop().time(),
    )
    world.presses[made.id] = made
    if len(world.presses) > PRESSES_KEPT:
        del world.presses[next(iter(world.presses))]
    world.update(owner, "callback_query", _payload(world, user, message, made), f"press:{user.id}")
    made.timer = world.later(world.callback_seconds, lambda: expire(world, made))
    tell(world, made)
    return made


def _owner(world: World, message: Message) -> BotAccount:
    if message.via_bot is not None:
        return world.bots[message.via_bot]
    chat = world.chats[message.chat_id]
    if message.sender in world.bots:
        return world.bots[message.sender]
    if chat.bot_id is not None:
        return world.bots[chat.bot_id]
    return world.bot


def _payload(world: World, user: Person, message: Message, made: Press) -> Json:
    chat = world.chats[message.chat_id]
    payload: Json = {
        "id": made.id,
        "from": user_json(user),
        "chat_instance": chat.instance,
        "data": made.data,
    }
    if message.inline_id:
        return payload | {"inline_message_id": message.inline_id}
    if message.id not in chat.messages:
        return payload | {"message": hidden_json(chat, message.id)}
    return payload | {"message": message_json(world, message, made.bot)}


def expire(world: World, made: Press) -> None:
    if made.state != "waiting":
        return
    made.state = "expired"
    if made.taken:
        world.blame("callback_query", "a callback was never answered", {"data": made.data})
    tell(world, made)


def tell(world: World, made: Press) -> None:
    world.log.emit(
        "callback",
        id=made.id,
        user=made.user,
        chat=made.chat,
        message_id=made.message_id,
        state=made.state,
        text=made.text,
        alert=made.alert,
        url=made.url,
    )
