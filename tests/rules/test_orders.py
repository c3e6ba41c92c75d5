"""Every state, every step, every hand: what is allowed is written down once more here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from commerce.rules.orders import (
    RETURNING,
    Hand,
    Move,
    may_give_back,
    moves,
    origins,
    target,
)
from storage.tables import OrderState

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALLOWED = """
paid pack staff packed
paid pack owner packed
packed ship staff shipped
packed ship owner shipped
shipped receive buyer received
shipped receive clock received
paid cancel buyer cancelled
paid cancel owner cancelled
packed cancel owner cancelled
received ask_return buyer returning
returning keep buyer received
returning take_back owner returned
"""
TABLE = [tuple(row.split()) for row in ALLOWED.split("\n") if row]
EVERY = list(product(OrderState, Move, Hand))


@pytest.mark.parametrize(("state", "move", "hand"), EVERY)
def test_every_pair_is_as_written_down(state: OrderState, move: Move, hand: Hand) -> None:
    written = [row[3] for row in TABLE if row[:3] == (state.value, move.value, hand.value)]
    allowed = state in origins(move, hand)
    assert allowed == bool(written)
    assert (move in moves(state, hand, received_at=NOW, now=NOW)) == allowed
    if written:
        assert target(move) == written[0]


def test_every_move_leads_to_a_state_that_exists() -> None:
    assert {target(move) for move in Move} <= {state.value for state in OrderState}


def test_what_is_over_stays_so() -> None:
    for state, hand in product((OrderState.CANCELLED, OrderState.RETURNED), Hand):
        assert moves(state, hand, received_at=NOW, now=NOW) == frozenset()


@pytest.mark.parametrize(
    ("received_at", "may"),
    [(None, False), (NOW, True), (NOW - RETURNING, True), (NOW - RETURNING * 2, False)],
)
def test_return_is_asked_for_in_time(received_at: datetime | None, may: bool) -> None:
    found = moves("received", Hand.BUYER, received_at=received_at, now=NOW)
    assert (Move.ASK_RETURN in found) == may


def test_one_second_after_the_last_day_is_too_late() -> None:
    received = NOW - RETURNING - timedelta(seconds=1)
    assert moves("received", Hand.BUYER, received_at=received, now=NOW) == frozenset()


@pytest.mark.parametrize(
    ("state", "refunded", "may"),
    [("paid", 0, True), ("returned", 99, True), ("shipped", 100, False), ("cancelled", 0, False)],
)
def test_part_goes_back_while_something_is_left(state: str, refunded: int, may: bool) -> None:
    assert may_give_back(state, 100, refunded) == may
