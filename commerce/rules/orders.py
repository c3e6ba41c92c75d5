"""What may become of an order, who may do it, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

AUTO_RECEIPT = timedelta(days=14)  # after it was sent, when the buyer says nothing
RETURNING = timedelta(days=14)  # after receipt, to ask for a return


class Hand(StrEnum):
    """Who moves an order. An owner may do all that staff may."""

    BUYER = "buyer"
    STAFF = "staff"
    OWNER = "owner"
    CLOCK = "clock"


class Move(StrEnum):
    """A step; the words of its events."""

    PACK = "pack"
    SHIP = "ship"
    RECEIVE = "receive"
    CANCEL = "cancel"
    ASK_RETURN = "ask_return"
    KEEP = "keep"  # the buyer does not send it back after all
    TAKE_BACK = "take_back"  # it is back, and so is the money


BRAND = frozenset({Hand.STAFF, Hand.OWNER})
BUYER, OWNER = frozenset({Hand.BUYER}), frozenset({Hand.OWNER})

# Money leaves the brand by its owner's hand alone, so only they cancel or take back.
MOVES: dict[tuple[str, Move], tuple[str, frozenset[Hand]]] = {
    ("paid", Move.PACK): ("packed", BRAND),
    ("packed", Move.SHIP): ("shipped", BRAND),
    ("shipped", Move.RECEIVE): ("received", frozenset({Hand.BUYER, Hand.CLOCK})),
    ("paid", Move.CANCEL): ("cancelled", BUYER | OWNER),
    ("packed", Move.CANCEL): ("cancelled", OWNER),
    ("received", Move.ASK_RETURN): ("returning", BUYER),
    ("returning", Move.KEEP): ("received", BUYER),
    ("returning", Move.TAKE_BACK): ("returned", OWNER),
}
ENDED = frozenset({"cancelled", "returned"})


def origins(move: Move, hand: Hand) -> tuple[str, ...]:
    """The states from which this hand may make the move."""
    return tuple(
        state for (state, made), (_, hands) in MOVES.items() if made == move and hand in hands
    )


def target(move: Move) -> str:
    """The state that the move leads to: one, wherever it began."""
    return next(after for (_, made), (after, _) in MOVES.items() if made == move)


def moves(
    state: str, hand: Hand, *, received_at: datetime | None = None, now: datetime
) -> frozenset[Move]:
    """What this hand may do with an order in this state at `now`."""
    found = {
        move for (before, move), (_, hands) in MOVES.items() if before == state and hand in hands
    }
    if not may_return(received_at, now):
        found.discard(Move.ASK_RETURN)
    return frozenset(found)


def may_return(received_at: datetime | None, now: datetime) -> bool:
    return received_at is not None and now <= received_at + RETURNING


def may_give_back(state: str, total_minor: int, refunded_minor: int) -> bool:
    """Whether the owner may give a part back of their own accord."""
    return state != "cancelled" and refunded_minor < total_minor
