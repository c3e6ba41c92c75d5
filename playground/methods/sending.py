"""The methods that put something new into a chat."""

import secrets
from typing import Any

from playground.methods.markup import apply_markup
from playground.methods.media import document_from, media_item, photo_from
from playground.methods.table import CAPTION, SEND, Call, method, only
from playground.methods.targets import find_chat, reply_target, target_chat
from playground.post import post, say_typing
from playground.refusals import bad, missed
from playground.render import message_json, someone_json
from playground.richtext import caption_text, message_text
from playground.things import Chat, Json, Message

_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


_PREVIEW = "is_disabled url prefer_small_media prefer_large_media show_above_text"


def check_preview(call: Call) -> None:
    only("LinkPreviewOptions", call.object("link_preview_options") or {}, _PREVIEW)


def deliver(call: Call, chat: Chat, **content: Any) -> Message:
    content.setdefault("reply_to", reply_target(call, chat))
    message = post(call.world, chat, call.bot.id, **content)
    call.world.delivered(call.method, message)
    return message


@method(
    "sendMessage",
    f"chat_id:chat text:str parse_mode?str entities?list link_preview_options?object "
    f"disable_web_page_preview?bool {SEND}",
    sends="message",
)
def send_message(call: Call) -> Json:
    chat = target_chat(call)
    text, entities = message_text(
        call.text("text"), call.maybe("parse_mode"), call.list("entities")
    )
    replied = reply_target(call, chat)
    check_preview(call)
    markup = apply_markup(call, chat)
    message = deliver(call, chat, text=text, entities=entities, markup=markup, reply_to=replied)
    return message_json(call.world, message, call.bot)


def _captioned(call: Call) -> Json:
    caption, entities = caption_text(
        call.maybe("caption"), call.maybe("parse_mode"), call.list("caption_entities")
    )
    return {
        "caption": caption,
        "entities": entities,
        "caption_above": call.flag("show_caption_above_media"),
    }


@method("sendPhoto", f"chat_id:chat photo:file {CAPTION} has_spoiler?bool {SEND}", sends="message")
def send_photo(call: Call) -> Json:
    chat = target_chat(call)
    content = _captioned(call)
    photo = photo_from(call, call.maybe("photo"), "photo")
    markup = apply_markup(call, chat)
    message = deliver(call, chat, photo=photo, markup=markup, **content)
    return message_json(call.world, message, call.bot)


@method(
    "sendDocument",
    f"chat_id:chat document:file thumbnail?file {CAPTION} "
    f"disable_content_type_detection?bool {SEND}",
    sends="message",
)
def send_document(call: Call) -> Json:
    chat = target_chat(call)
    content = _captioned(call)
    document = document_from(call, call.maybe("document"), "document")
    markup = apply_markup(call, chat)
    message = deliver(call, chat, document=document, markup=markup, **content)
    return message_json(call.world, message, call.bot)


@method(
    "sendMediaGroup",
    "chat_id:chat media:list message_thread_id?int disable_notification?bool "
    "protect_content?bool allow_paid_broadcast?bool message_effect_id?str "
    "reply_parameters?object reply_to_message_id?int allow_sending_without_reply?bool",
    sends="message",
)
def send_media_group(call: Call) -> list[Json]:
    chat = target_chat(call)
    given = call.list("media")
    if not 2 <= len(given) <= 10:
        raise bad("there must be 2 to 10 media in a group")
    items = [media_item(call, item) for item in given]
    if len({bool(item.get("photo")) for item in items}) > 1:
        raise bad("photos and documents can't be mixed in a media group")
    album = str(secrets.randbits(53))
    sent = [deliver(call, chat, album=album, **item) for item in items]
    return [message_json(call.world, message, call.bot) for message in sent]


@method(
    "sendLocation",
    f"chat_id:chat latitude:float longitude:float horizontal_accuracy?float live_period?int "
    f"heading?int proximity_alert_radius?int {SEND}",
    sends="message",
)
def send_location(call: Call) -> Json:
    chat = target_chat(call)
    point = {"latitude": call.params["latitude"], "longitude": call.params["longitude"]}
    if abs(point["latitude"]) > 90 or abs(point["longitude"]) > 180:
        raise bad("wrong location")
    message = deliver(call, chat, location=point, markup=apply_markup(call, chat))
    return message_json(call.world, message, call.bot)


@method("sendChatAction", "chat_id:chat action:str message_thread_id?int")
def send_chat_action(call: Call) -> bool:
    chat = target_chat(call)
    if call.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    say_typing(call.world, chat)
    return True


_COPY = (
    "chat_id:chat from_chat_id:chat message_id:int message_thread_id?int "
    "disable_notification?bool protect_content?bool message_effect_id?str"
)


def _original(call: Call, word: str) -> Message:
    source = find_chat(call.world, call.bot, call.params["from_chat_id"])
    message = source.messages.get(call.number("message_id"))
    if message is None:
        raise missed(f"message to {word} not found")
    if message.service is not None:
        raise bad(f"message can't be {'forwarded' if word == 'forward' else 'copied'}")
    return message


def _same(message: Message) -> Json:
    names = ("text", "caption", "entities", "photo", "document", "contact", "location")
    return {name: getattr(message, name) for name in names}


@method("forwardMessage", _COPY, sends="message")
def forward_message(call: Call) -> Json:
    chat = target_chat(call)
    original = _original(call, "forward")
    content = _same(original) | {"invoice": original.invoice, "markup": original.markup}
    if original.invoice is None:
        content["markup"] = None
    origin: Json = {"type": "user", "date": int(original.date)}
    if original.sender is not None:
        origin["sender_user"] = someone_json(call.world, original.sender)
    else:
        origin = {"type": "hidden_user", "date": int(original.date), "sender_user_name": "Channel"}
    message = deliver(call, chat, forward_origin=origin, **content)
    return message_json(call.world, message, call.bot)


@method(
    "copyMessage",
    f"{_COPY} {CAPTION} allow_paid_broadcast?bool reply_parameters?object reply_markup?object "
    "reply_to_message_id?int allow_sending_without_reply?bool",
    sends="message",
)
def copy_message(call: Call) -> Json:
    chat = target_chat(call)
    original = _original(call, "copy")
    if original.invoice is not None:
        raise bad("message can't be copied")
    content = _same(original)
    if call.has("caption") and original.text is None:
        content |= _captioned(call)
    message = deliver(call, chat, markup=apply_markup(call, chat), **content)
    return {"message_id": message.id}
