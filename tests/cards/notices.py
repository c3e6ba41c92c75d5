"""A sample of the facts of every notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cards.given import LATER, LONG_CODE, NOW, Given

Facts = dict[str, Any]


def _money(amount_minor: int = 12_345) -> Facts:
    return {"amount_minor": amount_minor, "currency": "USD"}


def _bought(g: Given) -> Facts:
    return _money() | {"title": g.json("Teapot", "茶壶"), "quantity": 2}


def _seat(g: Given, paid: int) -> Facts:
    return _bought(g) | {"group": LONG_CODE, "paid": paid, "capacity": 5}


def _held(g: Given, deal: str | None, group: str | None) -> Facts:
    title = g.json("Teapot", "茶壶")
    return {"title": title, "product": LONG_CODE, "deal": deal, "group": group}


def _cash(g: Given) -> Facts:
    return _money() | {"title": g.json("Teapot", "茶壶"), "buyer": g.name("Alice")}


def _waits(g: Given, error: str) -> Facts:
    since = NOW.isoformat()
    return _money() | {
        "refund": LONG_CODE,
        "by": "telegram",
        "attempts": 9,
        "error": error,
        "since": since,
    }


def _succeeded(g: Given, back: int, after: int, credit: int = 0) -> Facts:
    return {
        "group": LONG_CODE,
        "title": g.json("Teapot", "茶壶"),
        "order": LONG_CODE,
        "final_minor": 999,
        "back_minor": back,
        "credit_minor": credit,
        "joined_after": after,
        "currency": "USD",
    }


def _moved(g: Given, move: str, *, note: str = "", amount: int = 0, more: int = 0) -> Facts:
    sent = move in ("ship", "receive")
    return {
        "order": LONG_CODE,
        "move": move,
        "by_buyer": False,
        "title": g.json("Teapot", "茶壶"),
        "more": more,
        "carrier": "DHL" if sent else "",
        "tracking": g.name("JD014600003") if sent else "",
        "note": g.name(note) if note else "",
        "amount_minor": amount,
        "currency": "USD",
    }


def _late(g: Given, group: int | None, single: int | None, *, new: bool = False) -> Facts:
    return _money() | {
        "title": g.json("Teapot", "茶壶"),
        "checkout": LONG_CODE,
        "decide_by": LATER.isoformat(),
        "group_minor": group,
        "new_group": new,
        "single_minor": single,
    }


def _in_group(g: Given, **more: Any) -> Facts:
    known = {"group": LONG_CODE, "checkout": LONG_CODE, "deal": LONG_CODE, "final_minor": 999}
    until = {"title": g.json("Teapot", "茶壶"), "until": LATER.isoformat()}
    return _money() | known | until | more


def _digest(g: Given) -> Facts:
    deal = {
        "code": LONG_CODE,
        "kind": "flash",
        "title": g.json("Teapot", "茶壶"),
        "price_minor": 1999,
        "currency": "EUR",
        "ends_at": LATER.isoformat(),
    }
    return {"deals": [deal] * 8, "more": 1}


def _standing(what: str) -> Callable[[Given], Facts]:
    return lambda g: {"what": what, "count": 1_000, "minutes": 75}


def _brand(g: Given) -> Facts:
    return {"brand": LONG_CODE, "name": g.json("Kiln Hill", "窑山")}


def broadcast_facts(g: Given, *, deal: bool) -> Facts:
    shown = {
        "code": LONG_CODE,
        "kind": "ladder",
        "title": g.json("Teapot", "茶壶"),
        "currency": "USD",
        "list_minor": 2000,
        "price_minor": 1500,
        "tiers": [[2, 1700], [5, 1500]],
        "per_person": 2,
        "starts_at": NOW.isoformat(),
        "ends_at": LATER.isoformat(),
        "phase": "live",
        "photo": None,
    }
    words = {"emoji": "🏺", "text": g.name("New: teapots."), "deal": shown if deal else None}
    return _brand(g) | words


FACTS: dict[str, list[Callable[[Given], Facts]]] = {
    "order_placed": [lambda g: _bought(g) | {"order": LONG_CODE}],
    "order_moved": [
        lambda g: _moved(g, "pack"),
        lambda g: _moved(g, "ship", note="DHL JD014600003", more=2),
        lambda g: _moved(g, "receive"),
        lambda g: _moved(g, "cancel", amount=12_345),
        lambda g: _moved(g, "cancel", amount=12_345, note="The kiln broke"),
        lambda g: _moved(g, "take_back", amount=12_345),
        lambda g: _moved(g, "give_back", amount=12_345, note="Sorry"),
        lambda g: _moved(g, "cancel"),
    ],
    "sold_order_moved": [
        lambda g: _moved(g, "cancel", amount=12_345),
        lambda g: _moved(g, "ask_return", note="It came broken"),
        lambda g: _moved(g, "keep"),
        lambda g: _moved(g, "receive", more=1),
    ],
    "seat_paid": [lambda g: _seat(g, 4), lambda g: _seat(g, 5)],
    "hold_over": [
        lambda g: _held(g, LONG_CODE, LONG_CODE),
        lambda g: _held(g, LONG_CODE, None),
        lambda g: _held(g, None, None),
        lambda g: _held(g, None, None) | {"by_hand": True},
    ],
    "seat_offered": [
        lambda g: _in_group(g, promise=True),
        lambda g: _in_group(g, promise=False),
    ],
    "seat_passed_on": [_in_group],
    "line_over": [_in_group],
    "host_changed": [
        lambda g: _in_group(g, host=g.name("Alice"), you=False),
        lambda g: _in_group(g, host=g.name("Alice"), you=True),
    ],
    "invoice_due": [_in_group],
    "promise_over": [_in_group],
    "group_succeeded": [
        lambda g: _succeeded(g, 300, 7),
        lambda g: _succeeded(g, 300, 0),
        lambda g: _succeeded(g, 300, 7, 300),
        lambda g: _succeeded(g, 300, 7, 100),
        lambda g: _succeeded(g, 0, 0),
    ],
    "group_failed": [lambda g: _money() | {"group": LONG_CODE, "title": g.json("Teapot", "茶壶")}],
    "payment_late": [
        lambda g: _late(g, 12_345, None, new=True),
        lambda g: _late(g, 12_300, 12_345),
        lambda g: _late(g, None, 12_345),
    ],
    "refund_started": [
        lambda g: _money() | {"reason": "chosen"},
        lambda g: _money() | {"reason": "surplus"},
        lambda g: _money() | {"reason": "too_late"},
        lambda g: _money() | {"reason": "paid_twice"},
    ],
    "refund_arrived": [
        lambda g: _money() | {"reason": "difference", "by": "pretend"},
        lambda g: _money() | {"reason": "difference", "by": "credit"},
    ],
    "cash_coming": [
        lambda g: _cash(g) | {"checkout": LONG_CODE, "until": LATER.isoformat()},
    ],
    "cash_missing": [_cash],
    "hand_back": [lambda g: _cash(g) | {"refund": LONG_CODE}],
    "refund_waits": [
        lambda g: _waits(g, g.name("503 Stripe does not answer")),
        lambda g: _waits(g, ""),
    ],
    "brand_waiting": [lambda g: _brand(g) | {"owner": g.name("Alice")}],
    "brand_approved": [_brand],
    "brand_declined": [_brand],
    "broadcast": [
        lambda g: broadcast_facts(g, deal=True),
        lambda g: broadcast_facts(g, deal=False),
    ],
    "deal_digest": [_digest],
    "standing_still": [_standing("updates"), _standing("messages"), _standing("payments")],
}
