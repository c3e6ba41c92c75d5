"""Invoices, answers to checkouts, and Stars."""

import re
import secrets
from typing import Any

from playground.methods.markup import apply_markup
from playground.methods.sending import deliver
from playground.methods.table import SEND, Call, method, only
from playground.methods.targets import target_chat
from playground.money import known, payable
from playground.payments import refund_stars, star_balance
from playground.refusals import bad, missed, too_old
from playground.render import message_json
from playground.things import Invoice, Json
from playground.world import World

_NEEDS = {
    "need_name": "name",
    "need_phone_number": "phone_number",
    "need_email": "email",
    "need_shipping_address": "shipping_address",
}
_OPTIONS = (
    "provider_token?str max_tip_amount?int suggested_tip_amounts?list provider_data?str "
    "photo_url?str photo_size?int photo_width?int photo_height?int need_name?bool "
    "need_phone_number?bool need_email?bool need_shipping_address?bool "
    "send_phone_number_to_provider?bool send_email_to_provider?bool is_flexible?bool"
)
_INVOICE = "title:str description:str payload:str currency:str prices:list"
CONTENT_FIELDS = " ".join(re.split(r"[:?]", word)[0] for word in f"{_INVOICE} {_OPTIONS}".split())


def invoice_of(world: World, bot_id: int, given: Json) -> Invoice:
    """Checked as Telegram checks it; `given` are the fields of sendInvoice."""
    _check_texts(given)
    currency, token = given["currency"], given.get("provider_token") or ""
    if not known(currency):
        raise bad("CURRENCY_INVALID")
    prices = _prices(given["prices"], currency)
    if currency == "XTR":
        if token or given.get("max_tip_amount") or given.get("is_flexible"):
            raise bad("STARS_INVOICE_INVALID")
    elif token not in world.provider_tokens:
        raise bad("PAYMENT_PROVIDER_INVALID")
    invoice = Invoice(
        bot_id,
        given["title"],
        given["description"],
        given["payload"],
        currency,
        prices,
        start_parameter=given.get("start_parameter") or "",
        provider_token=token,
        photo_url=_photo(given),
        max_tip=given.get("max_tip_amount") or 0,
        flexible=bool(given.get("is_flexible")),
        needs=frozenset(name for need, name in _NEEDS.items() if given.get(need)),
    )
    if not payable(currency, invoice.total):
        raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")
    _check_tips(given, invoice)
    return invoice


def _check_texts(given: Json) -> None:
    for name, longest in (("title", 32), ("description", 255)):
        if not isinstance(given.get(name), str) or not 1 <= len(given[name]) <= longest:
            raise bad(f"INVOICE_{name.upper()}_INVALID: 1 to {longest} characters")
    payload = given.get("payload")
    if not isinstance(payload, str) or not 1 <= len(payload.encode()) <= 128:
        raise bad("INVOICE_PAYLOAD_INVALID")
    start = given.get("start_parameter")
    if start and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
        raise bad("START_PARAM_INVALID")


def _prices(given: Any, currency: str) -> list[Json]:
    if not isinstance(given, list) or not given:
        raise bad("there must be at least one price")
    if currency == "XTR" and len(given) != 1:
        raise bad("an invoice in Stars must have exactly one price")
    for price in given:
        only("LabeledPrice", price, "label amount")
        if not isinstance(price.get("label"), str) or not price["label"]:
            raise bad("can't parse LabeledPrice: label must be non-empty")
        if type(price.get("amount")) is not int:
            raise bad("can't parse LabeledPrice: amount must be a whole number")
    return given


def _photo(given: Json) -> str | None:
    url = given.get("photo_url")
    if url and not re.fullmatch(r"https?://\S+", url):
        raise bad("WEBDOCUMENT_URL_INVALID")
    return url or None


def _check_tips(given: Json, invoice: Invoice) -> None:
    tips = given.get("suggested_tip_amounts") or []
    ordered = all(type(tip) is int for tip in tips) and sorted(set(tips)) == tips
    if len(tips) > 4 or not ordered or any(not 0 < tip <= invoice.max_tip for tip in tips):
        raise bad("suggested tips must be up to 4 rising amounts within max_tip_amount")
    if invoice.max_tip < 0:
        raise bad("max_tip_amount must not be negative")


@method(
    "sendInvoice",
    f"chat_id:chat {_INVOICE} {_OPTIONS} start_parameter?str {SEND}",
    sends="message",
)
def send_invoice(call: Call) -> Json:
    chat = target_chat(call)
    invoice = invoice_of(call.world, call.bot.id, call.params)
    markup = apply_markup(call, chat, invoice=True)
    message = deliver(call, chat, invoice=invoice, markup=markup)
    return message_json(call.world, message, call.bot)


@method("createInvoiceLink", f"{_INVOICE} {_OPTIONS} subscription_period?int")
def create_link(call: Call) -> str:
    invoice = invoice_of(call.world, call.bot.id, call.params)
    slug = secrets.token_urlsafe(16)
    call.world.invoice_links[slug] = invoice
    return f"https://t.me/${slug}"


def _answer(call: Call, kind: str, answer: Json) -> bool:
    checkout = call.world.checkouts.get(call.text(f"{kind}_id"))
    if checkout is None or checkout.bot is not call.bot or checkout.kind != kind:
        raise too_old()
    if checkout.answer.done():
        raise too_old()
    checkout.answer.set_result(answer)
    return True


@method("answerPreCheckoutQuery", "pre_checkout_query_id:str ok:bool error_message?str")
def answer_pre_checkout(call: Call) -> bool:
    if not call.flag("ok") and not call.text("error_message"):
        raise bad("error_message must be non-empty")
    answer = {"ok": call.flag("ok"), "error_message": call.text("error_message")}
    return _answer(call, "pre_checkout_query", answer)


@method(
    "answerShippingQuery",
    "shipping_query_id:str ok:bool shipping_options?list error_message?str",
)
def answer_shipping(call: Call) -> bool:
    options = call.list("shipping_options")
    if not call.flag("ok"):
        if not call.text("error_message"):
            raise bad("error_message must be non-empty")
    elif not options:
        raise bad("there must be at least one shipping option")
    for option in options:
        only("ShippingOption", option, "id title prices")
        _prices(option.get("prices"), "")
    answer = {
        "ok": call.flag("ok"),
        "error_message": call.text("error_message"),
        "options": options,
    }
    return _answer(call, "shipping_query", answer)


@method("refundStarPayment", "user_id:int telegram_payment_charge_id:str")
def refund_star_payment(call: Call) -> bool:
    charge = call.world.charges.get(call.text("telegram_payment_charge_id"))
    if charge is None or charge.bot != call.bot.id or charge.currency != "XTR":
        raise bad("CHARGE_NOT_FOUND")
    if charge.user != call.number("user_id"):
        raise bad("CHARGE_NOT_FOUND")
    if charge.refunded:
        raise missed("CHARGE_ALREADY_REFUNDED")
    if star_balance(call.world, call.bot.id) < charge.amount:
        raise missed("BALANCE_TOO_LOW")
    refund_stars(call.world, charge)
    return True


@method("getStarTransactions", "offset?int limit?int")
def star_transactions(call: Call) -> Json:
    offset, limit = call.number("offset"), call.number("limit", 100)
    if offset < 0 or not 1 <= limit <= 100:
        raise bad("offset must not be negative and limit must be 1 to 100")
    return {"transactions": call.world.star_log[call.bot.id][offset : offset + limit]}


@method("getMyStarBalance")
def my_star_balance(call: Call) -> Json:
    return {"amount": star_balance(call.world, call.bot.id)}
