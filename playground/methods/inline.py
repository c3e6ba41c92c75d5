"""Answers to inline queries, and inline messages prepared ahead."""

import re
import secrets
from typing import Any

from playground.inline import show_results
from playground.methods.invoices import CONTENT_FIELDS, invoice_of
from playground.methods.markup import inline_keyboard
from playground.methods.table import Call, method, only
from playground.pageview import invoice_view, keyboard_view
from playground.refusals import bad, missed, too_old
from playground.richtext import caption_text, message_text
from playground.things import Json, StoredFile

_COMMON = "type id title description reply_markup input_message_content"
_CAPTION = "caption parse_mode caption_entities show_caption_above_media"
_FIELDS = {
    "article": f"{_COMMON} url hide_url thumbnail_url thumbnail_width thumbnail_height",
    "photo": f"{_COMMON} {_CAPTION} photo_url thumbnail_url photo_width photo_height photo_file_id",
    "location": f"{_COMMON} latitude longitude thumbnail_url thumbnail_width thumbnail_height",
}
PREPARED_SECONDS = 86_400


def _result(call: Call, given: Any) -> Json:
    """{"id", "view" for the page, "content" for the message it becomes}."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in _FIELDS:
        raise bad(f"can't parse inline query result: type {kind!r} is not offered here")
    only("inline query result", given, _FIELDS[kind])
    result_id = given.get("id")
    if not isinstance(result_id, str) or not 1 <= len(result_id.encode()) <= 64:
        raise bad("RESULT_ID_INVALID")
    content = _MAKE[kind](call, given)
    if own := given.get("input_message_content"):
        content = _written(call, own)
    markup = given.get("reply_markup")
    pays = content.get("invoice") is not None
    content["markup"] = inline_keyboard(markup, invoice=pays) if markup else None
    return {"id": result_id, "view": _view(given, content), "content": content}


def _view(given: Json, content: Json) -> Json:
    photo: StoredFile | None = content.get("photo")
    invoice = content.get("invoice")
    return {
        "id": given["id"],
        "type": given["type"],
        "title": given.get("title"),
        "description": given.get("description"),
        "thumbnail_url": given.get("thumbnail_url"),
        "photo": photo.unique_id if photo else None,
        "message": {
            "text": content.get("text"),
            "caption": content.get("caption"),
            "entities": content.get("entities", []),
            "keyboard": keyboard_view(content.get("markup")),
            "invoice": invoice_view(invoice) if invoice else None,
        },
    }


def _article(call: Call, given: Json) -> Json:
    if not isinstance(given.get("title"), str) or not given["title"]:
        raise bad("can't parse inline query result: title must be non-empty")
    if not given.get("input_message_content"):
        raise bad("can't parse inline query result: input message content is not specified")
    for name in ("url", "thumbnail_url"):
        _web_address(given.get(name))
    return {}


def _web_address(url: Any) -> None:
    if url is not None and not (isinstance(url, str) and re.fullmatch(r"https?://\S+", url)):
        raise bad("WEBDOCUMENT_URL_INVALID")


def _photo(call: Call, given: Json) -> Json:
    caption, entities = caption_text(
        given.get("caption"), given.get("parse_mode"), given.get("caption_entities")
    )
    content: Json = {
        "caption": caption,
        "entities": entities,
        "caption_above": bool(given.get("show_caption_above_media")),
    }
    if file_id := given.get("photo_file_id"):
        return content | {"photo": call.world.files.by_id(call.bot.id, str(file_id))}
    if not given.get("photo_url") or not given.get("thumbnail_url"):
        raise bad("can't parse inline query result: photo and thumbnail must be specified")
    _web_address(given["photo_url"])
    _web_address(given["thumbnail_url"])
    return content | {"photo": call.world.files.keep_link(given["photo_url"])}


def _location(call: Call, given: Json) -> Json:
    point = given.get("latitude"), given.get("longitude")
    if not all(isinstance(value, int | float) for value in point):
        raise bad("can't parse inline query result: wrong location")
    return {"location": {"latitude": point[0], "longitude": point[1]}}


_MAKE = {"article": _article, "photo": _photo, "location": _location}


def _written(call: Call, given: Any) -> Json:
    if isinstance(given, dict) and "message_text" in given:
        only(
            "InputTextMessageContent",
            given,
            "message_text parse_mode entities link_preview_options disable_web_page_preview",
        )
        text, entities = message_text(
            given["message_text"], given.get("parse_mode"), given.get("entities")
        )
        return {"text": text, "entities": entities}
    only("InputInvoiceMessageContent", given, CONTENT_FIELDS)
    return {"invoice": invoice_of(call.world, call.bot.id, given)}


def _button(given: Json | None) -> Json | None:
    if given is None:
        return None
    only("InlineQueryResultsButton", given, "text start_parameter web_app")
    if not isinstance(given.get("text"), str) or not given["text"]:
        raise bad("can't parse inline query results button: text must be non-empty")
    if ("start_parameter" in given) == ("web_app" in given):
        raise bad("can't parse inline query results button: exactly one action is needed")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", given.get("start_parameter", "x")):
        raise bad("START_PARAM_INVALID")
    return given


@method(
    "answerInlineQuery",
    "inline_query_id:str results:list cache_time?int is_personal?bool next_offset?str "
    "button?object",
)
def answer_inline(call: Call) -> bool:
    given, next_offset = call.list("results"), call.text("next_offset")
    if len(given) > 50:
        raise bad("RESULTS_TOO_MUCH")
    if len(next_offset.encode()) > 64:
        raise bad("NEXT_OFFSET_INVALID")
    cache_time = call.number("cache_time", 300)
    if cache_time < 0:
        raise bad("cache_time must not be negative")
    results, button = [_result(call, one) for one in given], _button(call.object("button"))
    if len({result["id"] for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    world, asked = call.world, call.world.asks.get(call.text("inline_query_id"))
    if asked is None or asked.bot is not call.bot or asked.answered or asked.error:
        raise too_old()
    asked.results, asked.next_offset, asked.button = results, next_offset, button
    asked.cache_time, asked.personal, asked.answered = cache_time, call.flag("is_personal"), True
    owner = asked.user if asked.personal else 0
    key = (asked.bot.id, asked.query, asked.offset, owner)
    world.inline_answers[key] = (world.clock.now() + cache_time, asked)
    show_results(world, asked)
    return True


@method(
    "savePreparedInlineMessage",
    "user_id:int result:object allow_user_chats?bool allow_bot_chats?bool "
    "allow_group_chats?bool allow_channel_chats?bool",
)
def save_prepared(call: Call) -> Json:
    user_id = call.number("user_id")
    if user_id not in call.world.people:
        raise missed("user not found")
    kinds = ("user", "bot", "group", "channel")
    if not any(call.flag(f"allow_{kind}_chats") for kind in kinds):
        raise bad("at least one chat type must be allowed")
    prepared_id = secrets.token_urlsafe(12)
    call.world.prepared[prepared_id] = (user_id, _result(call, call.object("result")))
    return {"id": prepared_id, "expiration_date": int(call.world.clock.now()) + PREPARED_SECONDS}
