"""The pretend payment company behind card invoices: partial refunds, safe to repeat by key."""

import json
import secrets
from dataclasses import dataclass

from playground.records import Charge
from playground.things import Json
from playground.world import World


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Json


def _authorized(world: World, header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    return token if scheme == "Bearer" and token in world.provider_tokens else None


def _find(world: World, token: str, provider_id: object) -> Charge | None:
    for charge in world.charges.values():
        if charge.provider_id == provider_id and charge.provider_token == token:
            return charge
    return None


def refund(world: World, header: str, body: bytes) -> Reply:
    """POST /pretend/refunds. The same key gives the same answer and no second refund."""
    token = _authorized(world, header)
    if token is None:
        return Reply(401, {"error": "unauthorized"})
    try:
        asked = json.loads(body)
        key, amount = str(asked["key"]), asked["amount"]
        charge_id, currency = asked["charge"], asked["currency"]
    except (ValueError, KeyError, TypeError):
        return Reply(400, {"error": "incomplete"})
    if key in world.provider_refunds:
        return _again(world.provider_refunds[key], asked)
    charge = _find(world, token, charge_id)
    if charge is None:
        return Reply(404, {"error": "no_such_charge"})
    if type(amount) is not int or amount < 1 or currency != charge.currency or not key:
        return Reply(400, {"error": "invalid_amount"})
    if charge.refunded + amount > charge.amount:
        return Reply(402, {"error": "charge_exceeded"})
    charge.refunded += amount
    answer: Json = {"id": f"re_{secrets.token_hex(10)}", "status": "succeeded", "amount": amount}
    world.provider_refunds[key] = {"asked": asked, "answer": answer}
    world.log.emit("refund", user=charge.user, charge=charge.provider_id, amount=amount)
    return Reply(200, answer)


def _again(kept: Json, asked: Json) -> Reply:
    if kept["asked"] != asked:
        return Reply(409, {"error": "key_reused"})
    return Reply(200, kept["answer"])


def charges(world: World, header: str, after: float) -> Reply:
    """GET /pretend/charges: what was charged later than `after`, oldest first."""
    token = _authorized(world, header)
    if token is None:
        return Reply(401, {"error": "unauthorized"})
    found = [
        {
            "charge": charge.provider_id,
            "telegram_charge": charge.charge_id,
            "user": charge.user,
            "payload": charge.payload,
            "amount": charge.amount,
            "currency": charge.currency,
            "refunded": charge.refunded,
            "created": charge.at,
        }
        for charge in world.charges.values()
        if charge.provider_token == token and charge.at > after
    ]
    return Reply(200, {"charges": found})
