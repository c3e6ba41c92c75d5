"""/why says each step of a price and each movement of money, to who may know and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commerce.actions import aftersale, explaining, groups, sweeps
from commerce.actions.explaining import why
from commerce.actions.refunding import claim_refunds, refund_done
from commerce.actor import Actor
from commerce.refusals import NotFound
from commerce.why_views import Why
from storage.database import Database
from storage.tables import CheckoutState, DealKind, GroupState, OrderState, RefundReason
from tests.commerce.brand_people import a_house
from tests.commerce.people import NOW
from tests.commerce.sold import DAY, PRICE, a_full_group, a_sale, pay

LATER = NOW + timedelta(hours=1)


def money(found: Why) -> list[tuple[str, int, RefundReason | None]]:
    return [(step.kind, step.amount_minor, step.reason) for step in found.money]


async def give_all_back(database: Database) -> None:
    for job in await claim_refunds(database, 9, now=LATER):
        await refund_done(database, job, now=LATER)


async def test_order_is_explained_from_the_ledger(database: Database) -> None:
    sold = await a_sale(database, OrderState.PACKED)
    owner = sold.house.owner
    await aftersale.give_part_back(owner, sold.code, 200, "Sorry", seen_minor=0, now=LATER)
    await give_all_back(database)
    found = await why(sold.buyer, sold.code)
    [line] = found.lines
    assert (line.quantity, line.unit_minor, line.list_minor) == (1, PRICE, 2_000)
    assert line.deal is not None
    assert line.deal.in_("en") == "Deal"
    assert (found.total_minor, found.shipping_minor, found.checkout) == (PRICE, 0, None)
    assert money(found) == [
        ("charge", PRICE, None),
        ("order", PRICE, None),
        ("refund-asked", 200, RefundReason.GOODWILL),
        ("refund-done", 200, RefundReason.GOODWILL),
    ]
    assert [e.kind for e in found.events] == ["pack", "give_back"]
    assert [(t.notice, t.mine) for t in found.told] == [
        ("order_placed", True),
        ("order_moved", True),
        ("order_moved", True),
        ("refund_arrived", True),
    ]


async def test_group_that_succeeded_says_which_tier(database: Database) -> None:
    house, codes = await a_full_group(database)
    found = await why(house.shopper, codes[0])
    assert found.group is not None
    assert (found.group.state, found.group.paid, found.group.tier_buyers) == (
        GroupState.SUCCEEDED,
        3,
        3,
    )
    assert (found.group.joined_minor, found.group.final_minor) == (PRICE, PRICE)
    assert [t.notice for t in found.told] == ["seat_paid", "group_succeeded"]


async def test_group_that_failed_is_explained_by_its_code(database: Database) -> None:
    house = await a_house(database, DealKind.LADDER)
    opened = await groups.open_group(house.shopper, house.codes["deal"], now=NOW)
    await pay(house.shopper, opened.checkout_code, PRICE)
    await sweeps.close_groups(database, now=NOW + DAY)
    for code in (opened.group_code, opened.checkout_code, opened.checkout_code[:4].lower()):
        found = await why(house.shopper, code)
        assert found.checkout == CheckoutState.PAID
        assert found.group is not None
        assert found.group.state == GroupState.FAILED
        assert money(found) == [
            ("charge", PRICE, None),
            ("refund-asked", PRICE, RefundReason.GROUP_FAILED),
        ]
        assert [t.notice for t in found.told] == ["seat_paid", "group_failed"]


async def test_checkout_whose_hold_ran_out_is_explained(database: Database) -> None:
    house = await a_house(database, DealKind.LADDER)
    opened = await groups.open_group(house.shopper, house.codes["deal"], now=NOW)
    await sweeps.end_holds(database, now=LATER)
    found = await why(house.shopper, opened.checkout_code)
    assert (found.checkout, money(found)) == (CheckoutState.RELEASED, [])
    assert [t.notice for t in found.told] == ["hold_over"]


async def readers(database: Database) -> tuple[str, dict[str, Actor]]:
    sold = await a_sale(database, OrderState.CANCELLED)
    house = sold.house
    return sold.code, {
        "buyer": house.shopper,
        "owner": house.owner,
        "editor": house.editor,
        "other brand's owner": house.other,
        "operator": sold.operator,
    }


async def test_only_who_may_know_is_told(database: Database) -> None:
    code, people = await readers(database)
    for name in ("buyer", "owner", "editor", "operator"):
        assert (await why(people[name], code)).code == code
    for asked in (code, code[:4]):
        with pytest.raises(NotFound):
            await why(people["other brand's owner"], asked)
    for asked in ("", "zz", code[:3], "zzzzzzzzzzzz", "%%%%", "____"):
        with pytest.raises(NotFound):
            await why(people["buyer"], asked)


async def test_without_its_guard_everybody_would_be_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, people = await readers(database)
    monkeypatch.setattr(explaining, "_may_see", lambda actor, buyer, staff: buyer == buyer)
    assert (await why(people["other brand's owner"], code)).code == code


async def test_buyer_reads_no_messages_of_the_brand(database: Database) -> None:
    code, people = await readers(database)
    buyers = [t.notice for t in (await why(people["buyer"], code)).told]
    assert buyers == ["order_placed", "order_moved"]
    for name in ("owner", "operator"):
        assert [t.notice for t in (await why(people[name], code)).told] == [
            *buyers,
            "sold_order_moved",
            "sold_order_moved",
        ]
