"""Keyboards, checked as Telegram checks them."""

import re
from typing import Any

from playground.methods.table import Call, encodable, only
from playground.refusals import bad
from playground.things import Chat, Json

BUTTONS = 100
ROW = 8
_ACTIONS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
)
_URL = re.compile(r"(https?|tg|ton)://[^\s]+|[\w-]+(\.[\w-]+)+(/\S*)?")


def inline_keyboard(value: Any, *, invoice: bool = False) -> Json | None:
    """The keyboard as it will be shown, empty rows left out; None when nothing remains."""
    only("InlineKeyboardMarkup", value, "inline_keyboard")
    rows = value.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad(
            "can't parse inline keyboard: expected an Array of Arrays of InlineKeyboardButton"
        )
    shown = [[_inline_button(button) for button in row] for row in rows if row]
    _count(shown)
    _pay_place(shown, invoice)
    return {"inline_keyboard": shown} if shown else None


def _count(rows: list[list[Json]]) -> None:
    if sum(map(len, rows)) > BUTTONS or any(len(row) > ROW for row in rows):
        raise bad("REPLY_MARKUP_TOO_LONG")


def _pay_place(rows: list[list[Json]], invoice: bool) -> None:
    places = [
        (r, b) for r, row in enumerate(rows) for b, button in enumerate(row) if button.get("pay")
    ]
    if places and not invoice:
        raise bad("BUTTON_TYPE_INVALID")
    if invoice and rows and places != [(0, 0)]:
        raise bad("REPLY_MARKUP_BUY_EMPTY")


def _inline_button(button: Any) -> Json:
    only("inline keyboard button", button, f"text style icon_custom_emoji_id {_ACTIONS}")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad(
            "inline keyboard button text is empty"
            if text is None
            else "text buttons are unallowed in the inline keyboard"
        )
    encodable(text)
    if button.get("style") not in (None, "primary", "success", "danger"):
        raise bad("can't parse inline keyboard button: invalid button style specified")
    actions = [name for name in _ACTIONS.split() if button.get(name) is not None]
    if len(actions) != 1:
        raise bad("can't parse inline keyboard button: exactly one action must be specified")
    _ACTION_CHECKS.get(actions[0], _any)(button[actions[0]])
    return {name: value for name, value in button.items() if value is not None}


def _any(value: Any) -> None:
    return None


def _data(value: Any) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode("utf-8", "replace")) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _url(value: Any) -> None:
    if not isinstance(value, str) or not _URL.fullmatch(value):
        raise bad(f"inline keyboard button URL '{value}' is invalid: wrong URL")


def _query(value: Any) -> None:
    if not isinstance(value, str) or len(value) > 256:
        raise bad("BUTTON_QUERY_INVALID")


def _chosen(value: Any) -> None:
    only(
        "SwitchInlineQueryChosenChat",
        value,
        "query allow_user_chats allow_bot_chats allow_group_chats allow_channel_chats",
    )
    _query(value.get("query", ""))
    if not any(flag for name, flag in value.items() if name.startswith("allow_")):
        raise bad("BUTTON_INVALID")


def _copy(value: Any) -> None:
    text = only("CopyTextButton", value, "text").get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def _web_app(value: Any) -> None:
    url = only("WebAppInfo", value, "url").get("url")
    if not isinstance(url, str) or not url.startswith("https://"):
        raise bad("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _unoffered(value: Any) -> None:
    raise bad("BUTTON_TYPE_INVALID")


_ACTION_CHECKS = {
    "callback_data": _data,
    "url": _url,
    "switch_inline_query": _query,
    "switch_inline_query_current_chat": _query,
    "switch_inline_query_chosen_chat": _chosen,
    "copy_text": _copy,
    "web_app": _web_app,
    "login_url": _unoffered,
    "callback_game": _unoffered,
}


def apply_markup(call: Call, chat: Chat, *, invoice: bool = False) -> Json | None:
    """The inline keyboard for the message; other keyboards go to the people of the chat."""
    given = call.object("reply_markup")
    if not given:
        return None
    if "inline_keyboard" in given:
        return inline_keyboard(given, invoice=invoice)
    if invoice:
        raise bad("reply markup of an invoice must be an inline keyboard")
    _reply_markup(given)
    if chat.type == "channel":
        raise bad("reply keyboards are not allowed in channels")
    for user_id in chat.people:
        if user_id in call.world.people:
            markup = None if given.get("remove_keyboard") else given
            call.world.reply_keyboards[(user_id, chat.id)] = markup
            call.world.log.emit("keyboard", user=user_id, chat=chat.id, markup=markup)
    return None


def _reply_markup(given: Json) -> None:
    if "remove_keyboard" in given:
        only("ReplyKeyboardRemove", given, "remove_keyboard selective")
        return
    if "force_reply" in given:
        only("ForceReply", given, "force_reply input_field_placeholder selective")
        return
    only(
        "ReplyKeyboardMarkup",
        given,
        "keyboard is_persistent resize_keyboard one_time_keyboard "
        "input_field_placeholder selective",
    )
    placeholder = given.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise bad("input_field_placeholder must have 1 to 64 characters")
    rows = given.get("keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse reply keyboard: expected an Array of Arrays")
    for button in (button for row in rows for button in row):
        _reply_button(button)


def _reply_button(button: Any) -> None:
    if isinstance(button, str):
        return
    only(
        "keyboard button",
        button,
        "text style icon_custom_emoji_id request_users request_chat request_contact "
        "request_location request_poll web_app",
    )
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("can't parse keyboard button: text must be non-empty")
