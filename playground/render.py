"""The Bot API's shapes: how one bot sees people, chats, members and messages."""

from typing import TYPE_CHECKING

from playground.things import (
    ADMIN_RIGHTS,
    MEMBER_RIGHTS,
    BotAccount,
    Chat,
    Json,
    Member,
    Message,
    Person,
)

if TYPE_CHECKING:
    from playground.world import World

_GROUP_ONLY = frozenset({"can_pin_messages", "can_manage_topics"})
_CHANNEL_ONLY = frozenset({"can_post_messages", "can_edit_messages"})


def user_json(who: Person | BotAccount) -> Json:
    if isinstance(who, BotAccount):
        return {
            "id": who.id,
            "is_bot": True,
            "first_name": who.first_name,
            "username": who.username,
        }
    shape: Json = {"id": who.id, "is_bot": False, "first_name": who.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(who, name):
            shape[name] = value
    return shape


def someone_json(world: "World", user_id: int) -> Json:
    return user_json(world.someone(user_id))


def chat_json(world: "World", chat: Chat) -> Json:
    shape: Json = {"id": chat.api_id, "type": chat.type}
    if chat.type != "private":
        shape["title"] = chat.title
        return shape | ({"username": chat.username} if chat.username else {})
    person = world.people[chat.api_id]
    shape["first_name"] = person.first_name
    for name in ("last_name", "username"):
        if value := getattr(person, name):
            shape[name] = value
    return shape


def member_json(world: "World", chat: Chat, user_id: int, member: Member) -> Json:
    shape: Json = {"user": someone_json(world, user_id), "status": member.status}
    if member.status == "kicked":
        return shape | {"until_date": 0}
    if member.status == "restricted":
        return shape | {"is_member": True, "until_date": 0} | dict.fromkeys(MEMBER_RIGHTS, False)
    if member.status == "creator":
        return shape | {"is_anonymous": False}
    if member.status != "administrator":
        return shape
    shape |= {"is_anonymous": False, "can_send_welcome_messages": False}
    hidden = _GROUP_ONLY if chat.type == "channel" else _CHANNEL_ONLY
    return shape | {name: name in member.rights for name in ADMIN_RIGHTS if name not in hidden}


def entities_json(world: "World", entities: list[Json]) -> list[Json]:
    return [_entity_json(world, entity) for entity in entities]


def _entity_json(world: "World", entity: Json) -> Json:
    if entity["type"] != "text_mention" or "user_id" not in entity:
        return entity
    shown = {name: value for name, value in entity.items() if name != "user_id"}
    if entity["user_id"] in world.people:
        return shown | {"user": someone_json(world, entity["user_id"])}
    return shown | {"type": "text_link", "url": f"tg://user?id={entity['user_id']}"}


def message_json(world: "World", message: Message, bot: BotAccount, *, deep: bool = True) -> Json:
    chat = world.chats[message.chat_id]
    shape: Json = {
        "message_id": message.id,
        "date": int(message.date),
        "chat": chat_json(world, chat),
    }
    if message.sender is not None:
        shape["from"] = someone_json(world, message.sender)
    if message.sender_chat is not None:
        shape["sender_chat"] = chat_json(world, world.chats[message.sender_chat])
    shape |= _content(world, message, bot)
    shape |= _circumstances(world, message)
    if deep and message.reply_to is not None:
        replied = chat.messages.get(message.reply_to)
        if replied:
            shape["reply_to_message"] = message_json(world, replied, bot, deep=False)
    if message.markup:
        shape["reply_markup"] = message.markup
    return shape | message.fields


def _content(world: "World", message: Message, bot: BotAccount) -> Json:
    shape: Json = {}
    if message.text is not None:
        shape["text"] = message.text
    if message.photo:
        shape["photo"] = world.files.photo_sizes(bot.id, message.photo)
    if message.document:
        shape["document"] = world.files.document_json(bot.id, message.document)
    if message.caption is not None:
        shape["caption"] = message.caption
    if message.entities:
        name = "entities" if message.text is not None else "caption_entities"
        shape[name] = entities_json(world, message.entities)
    if message.caption_above:
        shape["show_caption_above_media"] = True
    for name in ("contact", "location"):
        if value := getattr(message, name):
            shape[name] = value
    if invoice := message.invoice:
        shape["invoice"] = {
            "title": invoice.title,
            "description": invoice.description,
            "start_parameter": invoice.start_parameter,
            "currency": invoice.currency,
            "total_amount": invoice.total,
        }
    return shape


def _circumstances(world: "World", message: Message) -> Json:
    shape: Json = {}
    if message.album:
        shape["media_group_id"] = message.album
    if message.via_bot is not None:
        shape["via_bot"] = someone_json(world, message.via_bot)
    if message.edited_at is not None:
        shape["edit_date"] = int(message.edited_at)
    if message.forward_origin:
        shape["forward_origin"] = message.forward_origin
    return shape
