"""Putting messages into chats and telling every bot that may see them."""

from typing import Any

from playground.render import message_json
from playground.things import BotAccount, Chat, Json, Message
from playground.world import World

SERVICE_FIELDS = frozenset(
    [
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "pinned_message",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "successful_payment",
        "refunded_payment",
        "write_access_allowed",
    ]
)


def post(world: World, chat: Chat, sender: int | None, **content: Any) -> Message:
    """A new message, shown on the phones and queued for the bots that may see it."""
    message = Message(chat.id, 0, world.clock.now(), sender, author=sender, **content)
    if chat.type == "channel":
        message.sender, message.sender_chat = None, chat.id
    world.add_message(chat, message)
    inform(world, chat, message, author=sender)
    return message


def inform(
    world: World, chat: Chat, message: Message, *, author: int | None, edited: bool = False
) -> None:
    for bot in world.bots.values():
        member = chat.members.get(bot.id)
        if member is None or not member.inside or _unseen(world, bot, message, author):
            continue
        if chat.type in ("group", "supergroup") and not _may_read(world, chat, bot, message):
            continue
        kind = "channel_post" if chat.type == "channel" else "message"
        world.update(
            bot,
            f"edited_{kind}" if edited else kind,
            message_json(world, message, bot),
            f"chat:{chat.api_id}",
        )


def _unseen(world: World, bot: BotAccount, message: Message, author: int | None) -> bool:
    """Bots hear neither themselves nor other bots, a refund notice of their own aside."""
    if "refunded_payment" in message.fields or "migrate_from_chat_id" in message.fields:
        return False
    if author == bot.id:
        return "pinned_message" not in message.fields
    return author in world.bots


def _may_read(world: World, chat: Chat, bot: BotAccount, message: Message) -> bool:
    if bot.reads_groups or chat.members[bot.id].leads:
        return True
    if message.fields.keys() & SERVICE_FIELDS or message.via_bot == bot.id:
        return True
    if message.reply_to is not None:
        replied = chat.messages.get(message.reply_to)
        if replied and replied.sender == bot.id:
            return True
    return _is_command_for(bot, message) or _mentions(bot, message)


def _is_command_for(bot: BotAccount, message: Message) -> bool:
    text = message.text or ""
    if not text.startswith("/"):
        return False
    _, at, name = text.split(maxsplit=1)[0].partition("@")
    return not at or name.lower() == bot.username.lower()


def _mentions(bot: BotAccount, message: Message) -> bool:
    return f"@{bot.username}".lower() in message.body.lower()


def changed(world: World, message: Message) -> None:
    """The phones see an edit at once; bots only hear of people's edits, through `inform`."""
    world.tell_message(message)


def say_typing(world: World, chat: Chat) -> None:
    world.log.emit("typing", chat=chat.id)


def hidden_json(chat: Chat, message_id: int) -> Json:
    return {"chat": {"id": chat.api_id, "type": chat.type}, "message_id": message_id, "date": 0}
