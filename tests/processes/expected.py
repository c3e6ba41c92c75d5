"""How the story ends: who paid what, what came back, and what each was told, once."""

from __future__ import annotations

from collections import Counter

from tests.processes.outcome import Outcome

ASKED = (
    "Street, house number, flat?",
    "City?",
    "Postcode?",
    "A phone number for",
    "sendInvoice",
    "🧾 Your seat is",
)
HAPPY = ("🎉 Group complete: Three", "↩️ Refund of $5.00:")
TOLD = {
    "Alice": ("Hello Alice! Welcome to", *ASKED, *HAPPY, "📦 My orders"),
    "Bob": ("🧾 Your order", *ASKED, *HAPPY),
    "Chen": ("🧾 Your order", *ASKED, *HAPPY),
    "Dora": (
        "Hello Dora! Welcome to",
        *ASKED,
        "The group was not",
        "↩️ Refund of $21.90:",
    ),
    "Tea friends": (
        "Hello! I am Kaituan",
        "📉 Three pouches, three",
        "📣 What shall I",
        "⏰ Ends within a",
        "⏰ Ends within three",
        "⏰ Last call: ends",
    ),
}

OUTCOME = Outcome(
    orders=[
        ("Alice", 1, 1990, 2390, "paid"),
        ("Bob", 1, 1990, 2390, "paid"),
        ("Chen", 1, 1990, 2390, "paid"),
    ],
    groups=[
        ("Alice", "ladder", "succeeded", 3, 0, 1990),
        ("Dora", "team", "failed", 1, 2, None),
    ],
    seats=[
        ("Alice", 1, "paid", 2490),
        ("Bob", 1, "paid", 2490),
        ("Chen", 1, "paid", 2490),
        ("Dora", 1, "paid", 1790),
    ],
    payments=[
        ("Alice", "fulfilled", 2890, 500),
        ("Bob", "fulfilled", 2890, 500),
        ("Chen", "fulfilled", 2890, 500),
        ("Dora", "refunded", 2190, 2190),
    ],
    refunds=[
        ("Alice", "difference", 500, "done"),
        ("Bob", "difference", 500, "done"),
        ("Chen", "difference", 500, "done"),
        ("Dora", "group_failed", 2190, "done"),
    ],
    ledger={"brand": -7170, "charge": 0, "provider": 7170, "refunds": 0},
    told=Counter((chat, words) for chat, said in TOLD.items() for words in said),
)
