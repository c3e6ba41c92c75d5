"""Every request that no correct client makes is refused and written down as a violation."""

from typing import Any

import pytest

from playground import acts
from playground.things import Json, Person
from playground.world import World
from tests.playground.shared import BUY, INVOICE, STARS, Api, keyboard, picture

ALICE = 501
TEXT: Json = {"chat_id": ALICE, "text": "hi"}


def _with(button: Json) -> Json:
    return {**TEXT, "reply_markup": keyboard(button)}


def _html(text: str) -> Json:
    return {"chat_id": ALICE, "text": text, "parse_mode": "HTML"}


def _invoice(**changed: Any) -> Json:
    return {"chat_id": ALICE, **INVOICE, **changed}


WRONG: list[tuple[str, Json, str]] = [
    ("sendMesage", TEXT, "Not Found: method not found"),
    ("sendMessage", {**TEXT, "colour": "red"}, "unknown parameter 'colour'"),
    ("sendMessage", {"text": "hi"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": ALICE}, "message text is empty"),
    ("sendMessage", {"chat_id": ALICE, "text": " \n "}, "message text is empty"),
    ("sendMessage", {"chat_id": ALICE, "text": 5}, "'text' must be a string"),
    ("sendMessage", {**TEXT, "disable_notification": "maybe"}, "must be true or false"),
    ("sendMessage", {**TEXT, "reply_markup": "{"}, "can't parse reply_markup"),
    ("sendMessage", {**TEXT, "reply_markup": []}, "object expected as reply_markup"),
    ("sendMessage", {**TEXT, "text": "x" * 4097}, "message is too long"),
    ("sendMessage", {**TEXT, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {**TEXT, "parse_mode": "Markdown"}, "unsupported parse_mode"),
    ("sendMessage", {**TEXT, "text": "\ud800"}, "strings must be encoded in UTF-8"),
    ("sendMessage", {**TEXT, "reply_parameters": {"messageid": 1}}, "unknown field 'messageid'"),
    ("sendMessage", {**TEXT, "link_preview_options": {"off": True}}, "unknown field 'off'"),
    ("sendMessage", {**TEXT, "message_thread_id": 4}, "message thread not found"),
    ("sendMessage", {**TEXT, "entities": [{"type": "bold", "offset": 1, "length": 9}]}, "entity"),
    ("sendMessage", {**TEXT, "entities": [{"type": "loud", "offset": 0, "length": 1}]}, "Entity"),
    ("sendMessage", _html("<b>open"), 'Can\'t find end tag corresponding to start tag "b"'),
    ("sendMessage", _html("<p>no</p>"), 'Unsupported start tag "p" at byte offset 0'),
    ("sendMessage", _html("<b><i>x</b></i>"), 'expected "</i>", found "</b>"'),
    ("sendMessage", _html("x</b>"), "Unexpected end tag at byte offset 1"),
    ("sendMessage", _html("1 < 2"), "Unclosed start tag at byte offset 2"),
    ("sendMessage", _html("fish & chips"), "unescaped '&' at byte offset 5"),
    ("sendMessage", _html("&nbsp;"), 'unknown entity "&nbsp;"'),
    ("sendMessage", _html("<span>x</span>"), 'must have class "tg-spoiler"'),
    ("sendMessage", _with({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
    ("sendMessage", _with({"text": "a", "callback_data": "x" * 65}), "BUTTON_DATA_INVALID"),
    ("sendMessage", _with({"text": "a", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
    ("sendMessage", _with({"text": "a"}), "exactly one action"),
    ("sendMessage", _with({"text": "a", "url": "t.me/x", "callback_data": "b"}), "exactly one"),
    ("sendMessage", _with({"text": "a", "url": "not a link"}), "is invalid"),
    ("sendMessage", _with({"text": "a", "pay": True}), "BUTTON_TYPE_INVALID"),
    ("sendMessage", _with({"callback_data": "b"}), "text is empty"),
    ("sendMessage", _with({"text": "a", "callback_data": "b", "style": "loud"}), "style"),
    ("sendMessage", _with({"text": "a", "callback_data": "b", "size": 2}), "unknown field 'size'"),
    ("sendMessage", _with({"text": "a", "copy_text": {"text": "x" * 257}}), "COPY_TEXT"),
    ("sendMessage", _with({"text": "a", "web_app": {"url": "http://x.org"}}), "Only HTTPS"),
    (
        "sendMessage",
        _with({"text": "a", "switch_inline_query_chosen_chat": {"query": "x"}}),
        "BUTTON_INVALID",
    ),
    (
        "sendMessage",
        {**TEXT, "reply_markup": keyboard(*[{"text": "a", "callback_data": "b"}] * 101)},
        "REPLY_MARKUP_TOO_LONG",
    ),
    (
        "sendMessage",
        {
            **TEXT,
            "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 9]},
        },
        "REPLY_MARKUP_TOO_LONG",
    ),
    ("sendMessage", {**TEXT, "reply_markup": {"keyboard": [[{"text": ""}]]}}, "non-empty"),
    ("sendPhoto", {"chat_id": ALICE}, "there is no photo"),
    ("sendPhoto", {"chat_id": ALICE, "photo": "AgAC123"}, "wrong file identifier"),
    ("sendPhoto", {"chat_id": ALICE, "photo": "https://x.org/a.jpg"}, "wrong file identifier"),
    ("sendPhoto", {"chat_id": ALICE, "photo": "attach://none"}, "was not sent"),
    ("sendPhoto", {"chat_id": ALICE, "photo": "x", "caption": "x" * 1025}, "caption is too long"),
    ("sendMediaGroup", {"chat_id": ALICE, "media": []}, "2 to 10 media"),
    ("sendChatAction", {"chat_id": ALICE, "action": "dancing"}, "wrong parameter action"),
    ("editMessageText", {"text": "x"}, "message identifier is not specified"),
    ("editMessageText", {"text": "x", "inline_message_id": "none"}, "MESSAGE_ID_INVALID"),
    ("editMessageText", {"chat_id": ALICE, "message_id": 1, "text": "x"}, "can't be edited"),
    ("deleteMessages", {"chat_id": ALICE, "message_ids": [0] * 101}, "1 to 100"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", {"inline_query_id": "1", "results": [{}] * 51}, "RESULTS_TOO_MUCH"),
    ("answerInlineQuery", {"inline_query_id": "1", "results": [{"type": "game"}]}, "not offered"),
    ("sendInvoice", _invoice(title=""), "INVOICE_TITLE_INVALID"),
    ("sendInvoice", _invoice(title="x" * 33), "INVOICE_TITLE_INVALID"),
    ("sendInvoice", _invoice(description="x" * 256), "INVOICE_DESCRIPTION_INVALID"),
    ("sendInvoice", _invoice(payload="é" * 65), "INVOICE_PAYLOAD_INVALID"),
    ("sendInvoice", _invoice(currency="ABC"), "CURRENCY_INVALID"),
    ("sendInvoice", _invoice(provider_token=""), "PAYMENT_PROVIDER_INVALID"),
    ("sendInvoice", _invoice(prices=[]), "at least one price"),
    ("sendInvoice", _invoice(prices=[{"label": "a", "amount": 1.5}]), "whole number"),
    ("sendInvoice", _invoice(prices=[{"label": "", "amount": 500}]), "label must be non-empty"),
    ("sendInvoice", _invoice(prices=[{"label": "a", "amount": 99}]), "TOTAL_AMOUNT_INVALID"),
    ("sendInvoice", _invoice(prices=[{"label": "a", "amount": 10**9}]), "TOTAL_AMOUNT_INVALID"),
    ("sendInvoice", _invoice(start_parameter="a b"), "START_PARAM_INVALID"),
    ("sendInvoice", _invoice(suggested_tip_amounts=[5]), "suggested tips"),
    ("sendInvoice", _invoice(reply_markup=BUY), "REPLY_MARKUP_BUY_EMPTY"),
    ("sendInvoice", {"chat_id": ALICE, **STARS, "provider_token": "1:TEST:a"}, "STARS_INVOICE"),
    (
        "sendInvoice",
        {"chat_id": ALICE, **STARS, "prices": [{"label": "a", "amount": 1}] * 2},
        "exactly one price",
    ),
    ("answerPreCheckoutQuery", {"pre_checkout_query_id": "1", "ok": False}, "error_message"),
    (
        "refundStarPayment",
        {"user_id": ALICE, "telegram_payment_charge_id": "none"},
        "CHARGE_NOT_FOUND",
    ),
    (
        "setMyCommands",
        {"commands": [{"command": "Shop", "description": "x"}]},
        "BOT_COMMAND_INVALID",
    ),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "DESCRIPTION_INVALID"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "too long"),
    ("setWebhook", {"url": "ftp://x"}, "bad webhook"),
    ("setWebhook", {"url": "https://x.org/a", "secret_token": "a b"}, "unallowed characters"),
    ("setWebhook", {"url": "https://x.org/a", "max_connections": 101}, "between 1 and 100"),
    ("getUpdates", {"allowed_updates": ["massage"]}, "unknown update type"),
    ("getUpdates", {"offset": "soon"}, "whole number"),
    ("getFile", {"file_id": "nothing"}, "wrong file identifier"),
]


@pytest.mark.parametrize(
    ("method", "params", "reason"), WRONG, ids=[f"{w[0]}-{n}" for n, w in enumerate(WRONG)]
)
async def test_wrong_request_is_refused_and_noted(
    world: World, alice: Person, api: Api, method: str, params: Json, reason: str
) -> None:
    await acts.start(world, alice)
    said = await api.error(method, params)
    assert reason in said
    assert [(one.method, one.error) for one in world.violations] == [(method, said)]
    assert len(world.chats[ALICE].messages) == 1


LIMITS: list[tuple[str, Json]] = [
    ("sendMessage", {**TEXT, "text": "x" * 4096}),
    ("sendMessage", _html(f"<b>{'x' * 4096}</b>")),
    ("sendMessage", _with({"text": "a", "callback_data": "x" * 64})),
    ("sendMessage", _with({"text": "a", "copy_text": {"text": "x" * 256}})),
    ("sendMessage", _with({"text": "a", "switch_inline_query": ""})),
    ("sendMessage", _with({"text": "a", "url": "tg://user?id=501"})),
    ("sendMessage", {**TEXT, "reply_markup": {"remove_keyboard": True}}),
    ("sendMessage", {**TEXT, "reply_markup": {"inline_keyboard": []}}),
    ("sendInvoice", _invoice(title="x" * 32, description="x" * 255, payload="x" * 128)),
    ("sendInvoice", _invoice(max_tip_amount=300, suggested_tip_amounts=[100, 300])),
    ("sendInvoice", {"chat_id": ALICE, **STARS}),
    ("createInvoiceLink", INVOICE),
    ("setMyCommands", {"commands": [{"command": "shop", "description": "x" * 256}]}),
]


@pytest.mark.parametrize(("method", "params"), LIMITS, ids=[str(n) for n in range(len(LIMITS))])
async def test_request_at_the_limit_is_accepted(
    world: World, alice: Person, api: Api, method: str, params: Json
) -> None:
    await acts.start(world, alice)
    await api.ok(method, params)
    assert world.violations == []


async def test_unknown_token_is_unauthorized(api: Api) -> None:
    assert await api.error("getMe", token="1:wrong") == "Unauthorized"


async def test_message_not_modified_is_a_notice(world: World, alice: Person, api: Api) -> None:
    await acts.start(world, alice)
    sent = await api.ok("sendMessage", {**TEXT, "reply_markup": BUY})
    same = {**TEXT, "message_id": sent["message_id"], "reply_markup": BUY}
    assert "message is not modified" in await api.error("editMessageText", same)
    await api.ok("editMessageText", {**same, "reply_markup": None})
    assert world.violations == []
    assert sum(world.notices.values()) == 1


async def test_edit_and_delete_of_missing_messages(world: World, alice: Person, api: Api) -> None:
    await acts.start(world, alice)
    gone = {"chat_id": ALICE, "message_id": 99}
    assert "message to edit not found" in await api.error("editMessageText", {**gone, "text": "x"})
    assert "message to delete not found" in await api.error("deleteMessage", gone)
    assert "to be replied" in await api.error(
        "sendMessage", {**TEXT, "reply_parameters": {"message_id": 99}}
    )
    assert world.violations == []


async def test_callback_answered_twice_is_a_violation(
    world: World, alice: Person, api: Api
) -> None:
    await acts.start(world, alice)
    sent = await api.ok("sendMessage", {**TEXT, "reply_markup": BUY})
    press = await acts.press(world, alice, world.message(ALICE, sent["message_id"]), "Buy")
    await api.ok("answerCallbackQuery", {"callback_query_id": press.id})
    again = await api.error("answerCallbackQuery", {"callback_query_id": press.id})
    assert "query is too old" in again
    assert [one.error for one in world.violations] == ["a callback was answered twice"]


async def test_callback_never_answered_is_a_violation(
    world: World, alice: Person, api: Api
) -> None:
    world.speed = 300
    await acts.start(world, alice)
    sent = await api.ok("sendMessage", {**TEXT, "reply_markup": BUY})
    message = world.message(ALICE, sent["message_id"])
    unseen = await acts.press(world, alice, message, "Buy")
    await world.wait_for(lambda: unseen.state == "expired")
    assert world.violations == []
    world.speed = 12
    press = await acts.press(world, alice, message, "Buy")
    await api.ok("getUpdates", {"offset": -1})
    assert world.unanswered() == [press]
    await world.wait_for(lambda: press.state == "expired")
    assert [one.error for one in world.violations] == ["a callback was never answered"]
    late = await api.error("answerCallbackQuery", {"callback_query_id": press.id})
    assert "query is too old" in late


async def test_text_of_a_photo_cannot_be_edited_but_media_can_replace_text(
    world: World, alice: Person, api: Api
) -> None:
    sent = await acts.photo(world, alice, None, picture())
    file_id = world.files.id_for(world.bot.id, sent.photo) if sent.photo else ""
    photo = await api.ok("sendPhoto", {"chat_id": ALICE, "photo": file_id})
    target = {"chat_id": ALICE, "message_id": photo["message_id"]}
    assert "no text in the message" in await api.error("editMessageText", {**target, "text": "x"})
    text = await api.ok("sendMessage", TEXT)
    target = {"chat_id": ALICE, "message_id": text["message_id"]}
    assert "no caption" in await api.error("editMessageCaption", {**target, "caption": "x"})
    media = {"type": "photo", "media": file_id, "caption": "now a photo"}
    edited = await api.ok("editMessageMedia", {**target, "media": media})
    assert edited["caption"] == "now a photo"
    assert "text" not in edited
