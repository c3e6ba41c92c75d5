"""Paying an invoice: the bot is asked within 10 seconds, then a pretend card or Stars pay."""

import asyncio
import secrets
from dataclasses import dataclass, replace

from playground.money import written
from playground.post import post
from playground.records import Charge, Checkout
from playground.refusals import NotPossible
from playground.render import user_json
from playground.things import Chat, Invoice, Json, Message, Person
from playground.world import World

ADDRESS: Json = {
    "country_code": "FI",
    "state": "",
    "city": "Helsinki",
    "street_line1": "Mannerheimintie 1",
    "street_line2": "",
    "post_code": "00100",
}
LATE = "The bot did not answer in time."


@dataclass(frozen=True, slots=True)
class Paid:
    """`error` is what the payer read when nothing was charged."""

    ok: bool
    error: str = ""
    charge_id: str = ""
    provider_charge_id: str = ""
    total: int = 0
    message: Message | None = None


async def pay(
    world: World, user: Person, message: Message, tip: int = 0, address: Json | None = None
) -> Paid:
    """Pay the invoice in this message, which stays payable: by anyone, any number of times."""
    if message.invoice is None:
        raise NotPossible("This message is no invoice.")
    chat = world.chats[message.chat_id]
    member = chat.members.get(user.id)
    if member is None or not member.inside:
        raise NotPossible(f"{user.first_name} is not in this chat.")
    bot_here = message.via_bot is None and message.invoice.bot_id in chat.people
    place = chat if bot_here else world.private(user, world.bots[message.invoice.bot_id])
    return await _checkout(world, user, message.invoice, place, message, tip, address)


async def pay_link(
    world: World, user: Person, url: str, tip: int = 0, address: Json | None = None
) -> Paid:
    """Pay an invoice link; the notice comes in the private chat with the bot."""
    invoice = world.invoice_links.get(url.rpartition("/")[2].removeprefix("$"))
    if invoice is None:
        raise NotPossible("This invoice link leads nowhere.")
    place = world.private(user, world.bots[invoice.bot_id])
    return await _checkout(world, user, invoice, place, None, tip, address)


async def _checkout(
    world: World,
    user: Person,
    invoice: Invoice,
    place: Chat,
    message: Message | None,
    tip: int,
    address: Json | None,
) -> Paid:
    if not 0 <= tip <= invoice.max_tip:
        raise NotPossible("This tip is more than the invoice allows.")
    total, shipping_id = invoice.total + tip, ""
    if invoice.flexible:
        shipping = await _ask_shipping(world, user, invoice, address or ADDRESS)
        if not shipping.get("ok"):
            return Paid(False, str(shipping.get("error_message") or LATE))
        option = shipping["options"][0]
        shipping_id = option["id"]
        total += sum(price["amount"] for price in option["prices"])
    asked = _facts(user, invoice, total, shipping_id, address or ADDRESS)
    answer, query_id = await _ask(world, user, invoice, "pre_checkout_query", asked)
    ok, error = bool(answer.get("ok")), str(answer.get("error_message") or "")
    world.log.emit("precheckout", id=query_id, user=user.id, ok=ok, error=error)
    if not ok:
        return Paid(False, error or LATE)
    return _charge(world, user, invoice, place, message, asked)


def _facts(user: Person, invoice: Invoice, total: int, shipping_id: str, address: Json) -> Json:
    facts: Json = {
        "currency": invoice.currency,
        "total_amount": total,
        "invoice_payload": invoice.payload,
    }
    if shipping_id:
        facts["shipping_option_id"] = shipping_id
    details: Json = {
        "name": f"{user.first_name} {user.last_name}".strip(),
        "phone_number": "358401234567",
        "email": f"{user.id}@example.org",
        "shipping_address": address,
    }
    wanted = {name: details[name] for name in sorted(invoice.needs)}
    return facts | ({"order_info": wanted} if wanted else {})


async def _ask_shipping(world: World, user: Person, invoice: Invoice, address: Json) -> Json:
    asked: Json = {"invoice_payload": invoice.payload, "shipping_address": address}
    answer, _ = await _ask(world, user, invoice, "shipping_query", asked)
    return answer


async def _ask(
    world: World, user: Person, invoice: Invoice, kind: str, asked: Json
) -> tuple[Json, str]:
    """The bot's answer, or {} when it did not come within the real seconds Telegram waits."""
    bot = world.bots[invoice.bot_id]
    query_id = secrets.token_hex(9)
    future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
    world.checkouts[query_id] = Checkout(query_id, bot, user.id, kind, future)
    payload: Json = {"id": query_id, "from": user_json(user)} | asked
    world.update(bot, kind, payload, f"checkout:{user.id}")
    try:
        return await asyncio.wait_for(future, world.checkout_seconds), query_id
    except TimeoutError:
        return {}, query_id
    finally:
        del world.checkouts[query_id]


def _charge(
    world: World,
    user: Person,
    invoice: Invoice,
    place: Chat,
    message: Message | None,
    asked: Json,
) -> Paid:
    stars, total = invoice.currency == "XTR", int(asked["total_amount"])
    charge_id = f"{'stx' if stars else ''}{secrets.token_urlsafe(24)}"
    provider_id = f"{user.id}_{secrets.randbits(31)}" if stars else f"ch_{secrets.token_hex(12)}"
    world.charges[charge_id] = Charge(
        charge_id,
        provider_id,
        invoice.bot_id,
        user.id,
        place.id,
        invoice.currency,
        total,
        invoice.payload,
        world.clock.now(),
        invoice.provider_token,
    )
    if stars:
        _log_stars(world, invoice.bot_id, charge_id, total, user, invoice.payload)
    invoice.paid_by.append(user.id)
    ids = {"telegram_payment_charge_id": charge_id, "provider_payment_charge_id": provider_id}
    notice = _tell_paid(world, user, invoice, place, message, asked | ids)
    return Paid(True, "", charge_id, provider_id, total, notice)


def _tell_paid(
    world: World, user: Person, invoice: Invoice, place: Chat, message: Message | None, told: Json
) -> Message:
    total = told["total_amount"]
    notice = post(
        world,
        place,
        user.id,
        service=f"{user.first_name} paid {written(total, invoice.currency)} for {invoice.title}",
        fields={"successful_payment": told},
        payment={"currency": invoice.currency, "total": total},
        reply_to=message.id if message and message.chat_id == place.id else None,
    )
    if message is not None:
        world.tell_message(message)
    chat = (message or notice).chat_id
    world.log.emit("paid", user=user.id, chat=chat, message_id=message.id if message else None)
    return notice


# Stars


def _log_stars(
    world: World, bot_id: int, charge_id: str, amount: int, user: Person, payload: str
) -> None:
    partner = {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": user_json(user),
        "invoice_payload": payload,
    }
    date = int(world.clock.now())
    entry: Json = {"id": charge_id, "amount": abs(amount), "date": date}
    entry["source" if amount > 0 else "receiver"] = partner
    world.star_log[bot_id].append(entry)


def star_balance(world: World, bot_id: int) -> int:
    return sum(
        entry["amount"] if "source" in entry else -entry["amount"]
        for entry in world.star_log[bot_id]
    )


def withdraw_stars(world: World, bot_id: int, amount: int) -> None:
    """The owner takes Stars out, so that a refund may find too few."""
    world.star_log[bot_id].append(
        {
            "id": f"wd{secrets.token_hex(8)}",
            "amount": amount,
            "date": int(world.clock.now()),
            "receiver": {"type": "fragment"},
        }
    )


def refund_stars(world: World, charge: Charge) -> None:
    user, bot = world.people[charge.user], world.bots[charge.bot]
    charge.refunded = charge.amount
    _log_stars(world, charge.bot, charge.charge_id, -charge.amount, user, charge.payload)
    fields: Json = {
        "refunded_payment": {
            "currency": "XTR",
            "total_amount": charge.amount,
            "invoice_payload": charge.payload,
            "telegram_payment_charge_id": charge.charge_id,
            "provider_payment_charge_id": charge.provider_id,
        }
    }
    words = f"{bot.first_name} refunded {written(charge.amount, 'XTR')}"
    post(world, world.private(user, bot), user.id, service=words, fields=fields)


def own_copy(invoice: Invoice) -> Invoice:
    return replace(invoice, paid_by=[])
