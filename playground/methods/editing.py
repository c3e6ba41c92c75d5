"""The methods that change or take away what already stands in a chat."""

from typing import Any

from playground.methods.markup import inline_keyboard
from playground.methods.media import media_item
from playground.methods.sending import check_preview
from playground.methods.table import CAPTION, EDIT, Call, method
from playground.methods.targets import edit_target, open_chat
from playground.post import changed, post
from playground.refusals import bad, missed
from playground.render import message_json
from playground.richtext import caption_text, message_text
from playground.things import Chat, Json, Message

DELETE_SECONDS = 48 * 3600.0
_EDITED = ("text", "caption", "entities", "photo", "document", "caption_above", "markup")


def _markup(call: Call, message: Message) -> Json | None:
    given = call.object("reply_markup")
    if given is None:
        return None
    if "inline_keyboard" not in given:
        raise bad("inline keyboard expected")
    return inline_keyboard(given, invoice=message.invoice is not None)


def _change(call: Call, message: Message, **content: Any) -> Json | bool:
    before = {name: getattr(message, name) for name in _EDITED}
    if before == {**before, **content}:
        raise missed(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    for name, value in content.items():
        setattr(message, name, value)
    message.edited_at = call.world.clock.now()
    changed(call.world, message)
    call.world.delivered(call.method, message)
    if call.has("inline_message_id"):
        return True
    return message_json(call.world, message, call.bot)


@method(
    "editMessageText",
    f"text:str parse_mode?str entities?list link_preview_options?object "
    f"disable_web_page_preview?bool {EDIT}",
    sends="edit",
)
def edit_text(call: Call) -> Json | bool:
    message = edit_target(call)
    if message.text is None:
        raise bad("there is no text in the message to edit")
    check_preview(call)
    text, entities = message_text(
        call.text("text"), call.maybe("parse_mode"), call.list("entities")
    )
    return _change(call, message, text=text, entities=entities, markup=_markup(call, message))


@method("editMessageCaption", f"{CAPTION} {EDIT}", sends="edit")
def edit_caption(call: Call) -> Json | bool:
    message = edit_target(call)
    if message.photo is None and message.document is None:
        raise bad("there is no caption in the message to edit")
    caption, entities = caption_text(
        call.maybe("caption"), call.maybe("parse_mode"), call.list("caption_entities")
    )
    above = call.flag("show_caption_above_media")
    return _change(
        call,
        message,
        caption=caption,
        entities=entities,
        caption_above=above,
        markup=_markup(call, message),
    )


@method("editMessageMedia", f"media:object {EDIT}", sends="edit")
def edit_media(call: Call) -> Json | bool:
    message = edit_target(call)
    if message.invoice or message.location or message.contact:
        raise bad("message can't be edited")
    if call.has("inline_message_id") and call.files:
        raise bad("can't upload files to an inline message; use a file_id")
    content = {
        "text": None,
        "photo": None,
        "document": None,
        **media_item(call, call.object("media")),
    }
    if message.album and bool(content["photo"]) != bool(message.photo):
        raise bad("message can't be edited")
    return _change(call, message, markup=_markup(call, message), **content)


@method("editMessageReplyMarkup", EDIT, sends="edit")
def edit_markup(call: Call) -> Json | bool:
    message = edit_target(call)
    return _change(call, message, markup=_markup(call, message))


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    if call.world.clock.now() - message.date > DELETE_SECONDS:
        return False
    if chat.type == "private" or message.author == call.bot.id:
        return True
    return "can_delete_messages" in chat.members[call.bot.id].rights


def _delete(call: Call, chat: Chat, message: Message) -> None:
    del chat.messages[message.id]
    call.world.log.emit("deleted", chat=chat.id, id=message.id)


@method("deleteMessage", "chat_id:chat message_id:int")
def delete_message(call: Call) -> bool:
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise missed("message to delete not found")
    if not _deletable(call, chat, message):
        raise missed("message can't be deleted for everyone")
    _delete(call, chat, message)
    return True


@method("deleteMessages", "chat_id:chat message_ids:list")
def delete_messages(call: Call) -> bool:
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    ids = call.list("message_ids")
    if not 1 <= len(ids) <= 100 or not all(type(number) is int for number in ids):
        raise bad("message_ids must be 1 to 100 message identifiers")
    for number in ids:
        message = chat.messages.get(number)
        if message is not None and _deletable(call, chat, message):
            _delete(call, chat, message)
    return True


def _pin_place(call: Call) -> Chat:
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    need = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and need not in chat.members[call.bot.id].rights:
        raise missed("not enough rights to manage pinned messages in the chat")
    return chat


@method("pinChatMessage", "chat_id:chat message_id:int disable_notification?bool")
def pin(call: Call) -> bool:
    chat = _pin_place(call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise missed("message to pin not found")
    if message.id not in chat.pinned:
        chat.pinned.append(message.id)
        fields = {"pinned_message": message_json(call.world, message, call.bot, deep=False)}
        service = f"{call.bot.first_name} pinned a message"
        post(call.world, chat, call.bot.id, service=service, fields=fields)
        call.world.tell_chat(chat)
    return True


@method("unpinChatMessage", "chat_id:chat message_id?int")
def unpin(call: Call) -> bool:
    chat = _pin_place(call)
    wanted = call.params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise missed("message to unpin not found")
    chat.pinned.remove(wanted)
    call.world.tell_chat(chat)
    return True


@method("unpinAllChatMessages", "chat_id:chat")
def unpin_all(call: Call) -> bool:
    chat = _pin_place(call)
    chat.pinned.clear()
    call.world.tell_chat(chat)
    return True


@method("setMessageReaction", "chat_id:chat message_id:int reaction?list is_big?bool")
def react(call: Call) -> bool:
    chat = open_chat(call.world, call.bot, call.params["chat_id"])
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise missed("message to react not found")
    wanted = call.list("reaction")
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(one.get("type") != "emoji" or not one.get("emoji") for one in wanted):
        raise bad("REACTION_INVALID")
    message.reactions[call.bot.id] = [str(one["emoji"]) for one in wanted]
    changed(call.world, message)
    return True
