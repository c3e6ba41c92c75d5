"""Which chat or message a call means, and whether the bot may touch it."""

from playground.methods.table import Call, only
from playground.refusals import Refused, bad, forbidden, missed
from playground.things import BotAccount, Chat, Message
from playground.world import World

_REPLY = (
    "message_id chat_id allow_sending_without_reply quote quote_parse_mode quote_entities "
    "quote_position"
)


def find_chat(world: World, bot: BotAccount, chat_id: int | str) -> Chat:
    """The chat a bot means by this id, whether or not it may write there."""
    if isinstance(chat_id, str):
        return _by_username(world, chat_id)
    if chat_id > 0:
        person = world.people.get(chat_id)
        if chat_id in world.bots:
            raise forbidden("bots can't send messages to bots")
        if person is None:
            raise missed("chat not found")
        return world.private(person, bot)
    chat = world.chats.get(chat_id)
    if chat is None or bot.id not in chat.members:
        raise missed("chat not found")
    return chat


def _by_username(world: World, username: str) -> Chat:
    wanted = username.removeprefix("@").lower()
    for chat in world.chats.values():
        if chat.username and chat.username.lower() == wanted:
            return chat
    raise missed("chat not found")


def open_chat(world: World, bot: BotAccount, chat_id: int | str) -> Chat:
    """The chat, if the bot may write there."""
    chat = find_chat(world, bot, chat_id)
    if chat.type == "private":
        return _open_private(world, bot, chat)
    if chat.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            blame="notice",
            parameters={"migrate_to_chat_id": chat.migrated_to},
        )
    _inside(chat, bot)
    if chat.members[bot.id].status == "restricted":
        raise missed("not enough rights to send text messages to the chat")
    if chat.type == "channel" and "can_post_messages" not in chat.members[bot.id].rights:
        raise missed("need administrator rights in the channel chat")
    return chat


def _open_private(world: World, bot: BotAccount, chat: Chat) -> Chat:
    person = world.people[chat.api_id]
    if person.deactivated:
        raise forbidden("user is deactivated")
    if bot.id in person.blocked:
        raise forbidden("bot was blocked by the user")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def _inside(chat: Chat, bot: BotAccount) -> None:
    member = chat.members.get(bot.id)
    if member is not None and member.inside:
        return
    kind = {"group": "group chat", "supergroup": "supergroup chat"}.get(chat.type, "channel chat")
    if member is not None and member.status == "kicked":
        raise forbidden(f"bot was kicked from the {kind}")
    raise forbidden(f"bot is not a member of the {kind}")


def member_chat(call: Call) -> Chat:
    """A chat the bot is in: for reading its members and settings."""
    chat = find_chat(call.world, call.bot, call.params["chat_id"])
    if chat.type == "private":
        return chat
    if chat.migrated_to is not None:
        return open_chat(call.world, call.bot, call.params["chat_id"])
    _inside(chat, call.bot)
    return chat


def target_chat(call: Call) -> Chat:
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    if call.has("message_thread_id"):
        raise bad("message thread not found")
    return chat


def reply_target(call: Call, chat: Chat) -> int | None:
    given = only("ReplyParameters", call.object("reply_parameters") or {}, _REPLY)
    wanted = given.get("message_id", call.params.get("reply_to_message_id"))
    if wanted is None:
        return None
    if int(wanted) in chat.messages:
        return int(wanted)
    if given.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise missed("message to be replied not found")


def edit_target(call: Call) -> Message:
    """The bot's own message, by chat and id or by inline_message_id."""
    if call.has("inline_message_id"):
        copy = call.world.inline_copies.get(call.text("inline_message_id"))
        if copy is None or copy.bot != call.bot.id:
            raise bad("MESSAGE_ID_INVALID")
        if copy.message.id not in call.world.chats[copy.message.chat_id].messages:
            raise missed("MESSAGE_ID_INVALID")
        return copy.message
    if not call.has("chat_id") or not call.has("message_id"):
        raise bad("message identifier is not specified")
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise missed("message to edit not found")
    if not _own(chat, message, call.bot) or message.service is not None:
        raise bad("message can't be edited")
    return message


def _own(chat: Chat, message: Message, bot: BotAccount) -> bool:
    if message.via_bot == bot.id:
        return False
    if chat.type == "channel":
        member = chat.members[bot.id]
        return message.author == bot.id or "can_edit_messages" in member.rights
    return message.author == bot.id
