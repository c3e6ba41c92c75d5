"""The Bot API's methods, grouped by topic; importing a topic enters its methods in the table."""

from playground.methods import (
    chats,
    editing,
    inline,
    invoices,
    profile,
    queries,
    receiving,
    sending,
)
from playground.methods.table import TABLE, Call, Method, Upload, typed, unknown_method

__all__ = [
    "TABLE",
    "Call",
    "Method",
    "Upload",
    "chats",
    "editing",
    "inline",
    "invoices",
    "profile",
    "queries",
    "receiving",
    "sending",
    "typed",
    "unknown_method",
]
