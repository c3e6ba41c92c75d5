"""What may be bought, held, changed and let go, and by whom; every no leaves the shelves alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from commerce.actions import checkout, deciding, groups, holding, sweeps
from commerce.actions.lookup import group_by_code
from commerce.actions.payments import Charge, confirm_checkout, record_payment
from commerce.actor import Actor
from commerce.payment import Provider
from commerce.refusals import (
    AlreadyPaid,
    CardsClosed,
    DealNotOpen,
    Expired,
    GroupOver,
    HoldOver,
    NeedsAddress,
    NotFound,
    OverLimit,
    Refusal,
    TooManyHolds,
)
from storage import posted
from storage.database import Database
from storage.tables import (
    Brand,
    BrandState,
    Checkout,
    CheckoutState,
    Deal,
    DealKind,
    DealState,
    GroupBuy,
    GroupState,
    PostedCard,
    Product,
    ProductState,
    Seat,
    SeatState,
    Variant,
)
from tests.commerce.people import BOT, NOW, a_deal, some_people

PRICE, STOCK = 1_500, 1_000
MINUTE = timedelta(minutes=1)
OVER = NOW + timedelta(days=1)
PRETEND = Provider("pretend", "1:pretend-card")


async def a_flash(database: Database, **more: int) -> str:
    return (await a_deal(database, DealKind.FLASH, ((0, PRICE),), **more)).code


async def a_team(database: Database, *, size: int = 2, **more: int) -> str:
    return (await a_deal(database, DealKind.TEAM, ((size, PRICE),), **more)).code


async def variants(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.execute(select(col(Variant.code)))).scalars())


async def shelves(database: Database) -> set[int]:
    """What is left of each deal and variant; `STOCK` alone when nothing is out."""
    async with database.read() as session:
        deals = (await session.execute(select(col(Deal.stock_left)))).scalars().all()
        found = (await session.execute(select(col(Variant.stock_left)))).scalars().all()
    return {*deals, *found}


async def change(database: Database, table: type, **values: object) -> None:
    async with database.begin() as session:
        await session.execute(update(table).values(**values))


async def refused(act: Awaitable[object]) -> type[Refusal] | None:
    try:
        await act
    except Refusal as refusal:
        return type(refusal)
    return None


async def pay(who: Actor, code: str, number: int = 1) -> None:
    charge = Charge("pretend", f"{code}-{number}", f"ch_{code}", code, "USD", PRICE)
    await record_payment(who, charge, now=NOW)


async def test_three_holds_are_the_most(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    for _ in range(4):
        await a_flash(database)
    first, *others = await variants(database)
    held = [await checkout.buy_variant(buyer, code, now=NOW) for code in others]
    with pytest.raises(TooManyHolds):
        await checkout.buy_variant(buyer, first, now=NOW)
    await checkout.cancel_checkout(buyer, held[0], now=NOW)
    await checkout.buy_variant(buyer, first, now=NOW)


async def test_what_was_let_go_may_be_bought_again(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_flash(database, per_person=1)
    code = await checkout.buy_flash(buyer, deal, now=NOW)
    await checkout.cancel_checkout(buyer, code, now=NOW)
    await pay(buyer, await checkout.buy_flash(buyer, deal, now=NOW))
    with pytest.raises(OverLimit):
        await checkout.buy_flash(buyer, deal, now=NOW)


async def test_second_tap_gets_the_same_hold_while_it_lasts(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_flash(database, per_person=2)
    first = await checkout.buy_flash(buyer, deal, now=NOW)
    assert await checkout.buy_flash(buyer, deal, now=NOW + 9 * MINUTE) == first
    assert await checkout.buy_flash(buyer, deal, now=NOW + 11 * MINUTE) != first


async def test_what_is_paid_is_not_let_go(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await checkout.buy_flash(buyer, await a_flash(database), now=NOW)
    await pay(buyer, code)
    with pytest.raises(Expired):
        await checkout.cancel_checkout(buyer, code, now=NOW)
    assert await sweeps.end_holds(database, now=OVER) == 0
    assert await shelves(database) == {STOCK - 1}


async def test_only_holds_that_are_over_are_swept(database: Database) -> None:
    early, late = await some_people(database, 2)
    deal = await a_flash(database)
    await checkout.buy_flash(early, deal, now=NOW)
    await checkout.buy_flash(late, deal, now=NOW + 5 * MINUTE)
    assert await sweeps.end_holds(database, now=NOW + 10 * MINUTE) == 1
    assert await shelves(database) == {STOCK - 1}


@pytest.mark.parametrize(
    "when", [NOW - timedelta(hours=2), NOW + timedelta(days=2)], ids=["before", "after"]
)
async def test_flash_deal_sells_in_its_window_alone(database: Database, when: object) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_flash(database)
    with pytest.raises(DealNotOpen):
        await checkout.buy_flash(buyer, deal, now=when)  # type: ignore[arg-type]
    assert await shelves(database) == {STOCK}


@pytest.mark.parametrize(
    "when", [NOW - timedelta(hours=2), NOW + timedelta(days=2)], ids=["before", "after"]
)
async def test_groups_open_in_the_deals_window_alone(database: Database, when: object) -> None:
    [host] = await some_people(database, 1)
    deal = await a_team(database)
    with pytest.raises(DealNotOpen):
        await groups.open_group(host, deal, now=when)  # type: ignore[arg-type]
    assert await shelves(database) == {STOCK}


async def test_a_deal_that_is_over_is_over_for_those_at_their_cap_too(database: Database) -> None:
    """What they hear first is what no waiting changes."""
    [buyer] = await some_people(database, 1)
    flash, team = await a_flash(database, per_person=1), await a_team(database, per_person=1)
    await pay(buyer, await checkout.buy_flash(buyer, flash, now=NOW))
    await pay(buyer, (await groups.open_group(buyer, team, now=NOW)).checkout_code)
    after = NOW + timedelta(days=2)
    assert await refused(checkout.buy_flash(buyer, flash, now=NOW)) is OverLimit
    assert await refused(checkout.buy_flash(buyer, flash, now=after)) is DealNotOpen
    assert await refused(groups.open_group(buyer, team, now=NOW)) is OverLimit
    assert await refused(groups.open_group(buyer, team, now=after)) is DealNotOpen


async def test_a_seat_is_let_go_once(database: Database) -> None:
    """Whoever asks: the seat's own row says no."""
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    async with database.read() as session:
        seat_id = (await session.execute(select(col(Seat.id)))).scalar_one() or 0
    for _ in range(2):
        async with database.begin() as session:
            group = await holding.lock_group_of(session, seat_id)
            await holding.free_seat(session, group, seat_id, Counter(), NOW)
    async with database.read() as session:
        group = await group_by_code(session, opened.group_code)
    assert (group.state, group.seats_left) == (GroupState.CANCELLED, group.capacity)


async def test_a_charge_for_a_decided_group_pays_nothing(database: Database) -> None:
    """Though its checkout was not let go yet."""
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    await change(database, GroupBuy, state=GroupState.FAILED)
    await pay(host, opened.checkout_code)
    async with database.read() as session:
        seat = (await session.execute(select(col(Seat.state)))).scalar_one()
    assert seat == SeatState.HELD


async def test_a_failed_group_is_not_called_off(database: Database) -> None:
    """Its last seat is let go after it was decided."""
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    await change(database, GroupBuy, state=GroupState.FAILED)
    await checkout.cancel_checkout(host, opened.checkout_code, now=NOW)
    async with database.read() as session:
        assert (await group_by_code(session, opened.group_code)).state == GroupState.FAILED


async def test_deals_are_bought_in_their_own_way(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    flash, team = await a_flash(database), await a_team(database)
    assert await refused(checkout.buy_flash(buyer, team, now=NOW)) is NotFound
    assert await refused(groups.open_group(buyer, flash, now=NOW)) is NotFound
    assert await shelves(database) == {STOCK}


async def test_variant_of_another_product_is_not_chosen(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal, _ = await a_flash(database), await a_flash(database)
    code = await checkout.buy_flash(buyer, deal, now=NOW)
    chosen = [
        await refused(checkout.choose_variant(buyer, code, variant, now=NOW))
        for variant in await variants(database)
    ]
    assert sorted(map(str, chosen)) == sorted(map(str, [None, NotFound]))


async def test_quantity_is_chosen_within_bounds(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_flash(database)
    [variant] = await variants(database)
    cheap = await checkout.buy_flash(buyer, deal, now=NOW)
    code = await checkout.buy_variant(buyer, variant, now=NOW)
    assert await refused(checkout.choose_quantity(buyer, cheap, 2, now=NOW)) is Expired
    for wrong in (-1, 0, checkout.MOST_PIECES + 1):
        assert await refused(checkout.choose_quantity(buyer, code, wrong, now=NOW)) is Expired
    await checkout.choose_quantity(buyer, code, checkout.MOST_PIECES, now=NOW)
    assert await shelves(database) == {STOCK - 1, STOCK - 1 - checkout.MOST_PIECES}


async def test_invoice_is_made_for_what_can_be_paid(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await checkout.buy_flash(buyer, await a_flash(database), now=NOW)
    closed = Provider("telegram", "")
    assert await refused(checkout.prepare_invoice(buyer, code, closed, now=NOW)) is CardsClosed
    late = NOW + 10 * MINUTE
    assert await refused(checkout.prepare_invoice(buyer, code, PRETEND, now=late)) is HoldOver
    assert (await checkout.prepare_invoice(buyer, code, PRETEND, now=NOW)).items_minor == PRICE
    await change(database, Checkout, address=None)
    assert await refused(checkout.prepare_invoice(buyer, code, PRETEND, now=NOW)) is NeedsAddress


async def test_nothing_is_charged_without_an_address(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await checkout.buy_flash(buyer, await a_flash(database), now=NOW)
    await change(database, Checkout, address=None)
    with pytest.raises(NeedsAddress):
        await confirm_checkout(buyer, code, "USD", PRICE, now=NOW)


async def test_nothing_is_charged_for_a_group_that_is_over(database: Database) -> None:
    """Though its hold would last: the group ends before, or was decided by others."""
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    code = opened.checkout_code
    await change(database, GroupBuy, ends_at=NOW + MINUTE)
    with pytest.raises(GroupOver):
        await confirm_checkout(host, code, "USD", PRICE, now=NOW + MINUTE)
    await change(database, GroupBuy, ends_at=OVER, state=GroupState.FAILED)
    with pytest.raises(GroupOver):
        await confirm_checkout(host, code, "USD", PRICE, now=NOW + MINUTE)


async def test_a_checkout_is_its_own_persons(database: Database) -> None:
    buyer, other = await some_people(database, 2)
    code = await checkout.buy_flash(buyer, await a_flash(database), now=NOW)
    [variant] = await variants(database)
    for act in (
        checkout.show_checkout(other, code),
        checkout.choose_variant(other, code, variant, now=NOW),
        checkout.cancel_checkout(other, code, now=NOW),
        checkout.prepare_invoice(other, code, PRETEND, now=NOW),
    ):
        assert await refused(act) is NotFound
    assert (await checkout.show_checkout(buyer, code)).open


async def test_what_was_let_go_is_not_changed(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    await a_flash(database)
    [variant] = await variants(database)
    code = await checkout.buy_variant(buyer, variant, now=NOW)
    await checkout.cancel_checkout(buyer, code, now=NOW)
    assert await refused(checkout.choose_quantity(buyer, code, 3, now=NOW)) is HoldOver
    assert await shelves(database) == {STOCK}


@pytest.mark.parametrize(
    ("table", "state", "listed"),
    [
        (Deal, DealState.DRAFT, True),
        (Brand, BrandState.CLOSED, False),
        (Product, ProductState.HIDDEN, False),
    ],
)
async def test_drafts_and_closed_brands_sell_nothing(
    database: Database, table: type, state: object, listed: bool
) -> None:
    [buyer] = await some_people(database, 1)
    deal = await a_flash(database)
    [variant] = await variants(database)
    await change(database, table, state=state)
    by_deal = await refused(checkout.buy_flash(buyer, deal, now=NOW))
    alone = await refused(checkout.buy_variant(buyer, variant, now=NOW))
    hidden = table is Product  # a deal that runs goes on
    assert (by_deal, alone) == (None if hidden else NotFound, None if listed else NotFound)


async def test_a_group_that_is_decided_takes_nobody(database: Database) -> None:
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    await change(database, GroupBuy, state=GroupState.CANCELLED)
    with pytest.raises(GroupOver):
        await groups.join_group(friend, opened.group_code, now=NOW)


async def test_a_group_that_is_over_takes_nobody(database: Database) -> None:
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    with pytest.raises(GroupOver):
        await groups.join_group(friend, opened.group_code, now=OVER)
    assert await shelves(database) == {STOCK - 1}


async def test_a_paused_deals_groups_take_nobody(database: Database) -> None:
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    await change(database, Deal, state=DealState.PAUSED)
    with pytest.raises(DealNotOpen):
        await groups.join_group(friend, opened.group_code, now=NOW)
    assert await shelves(database) == {STOCK - 1}


async def test_who_has_paid_does_not_join_again(database: Database) -> None:
    [host] = await some_people(database, 1)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    await pay(host, opened.checkout_code)
    with pytest.raises(AlreadyPaid):
        await groups.join_group(host, opened.group_code, now=NOW)


async def a_full_group(database: Database) -> GroupBuy:
    """Both have paid, and it has succeeded."""
    host, friend = await some_people(database, 2)
    opened = await groups.open_group(host, await a_team(database), now=NOW)
    joined = await groups.join_group(friend, opened.group_code, now=NOW)
    for who, code in ((host, opened.checkout_code), (friend, joined.checkout_code)):
        await pay(who, code)
    async with database.read() as session:
        return await group_by_code(session, opened.group_code)


async def test_what_is_decided_stays_decided(database: Database) -> None:
    group = await a_full_group(database)
    before = (group.state, group.decided_at, group.final_minor)
    copy = posted.Copy(BOT, "group", group.id or 0, "en", chat_id=5, message_id=1)
    async with database.begin() as session:
        await posted.remember(session, copy)
    assert group.state == GroupState.SUCCEEDED
    assert await deciding.decide_group(database, group.id or 0, now=OVER) == GroupState.SUCCEEDED
    async with database.read() as session:
        after = await group_by_code(session, group.code)
        stale = (await session.execute(select(col(PostedCard.stale)))).scalar_one()
    assert (after.state, after.decided_at, after.final_minor) == before
    assert not stale  # no copy is drawn again for nothing


async def test_a_group_closed_by_another_is_not_closed_again(database: Database) -> None:
    """Whatever the closer believes of it: the row itself says no."""
    group = await a_full_group(database)
    async with database.begin() as session:
        believed = await session.merge(group, load=False)
        assert not await deciding._close(session, believed, GroupState.FAILED, OVER)
    async with database.read() as session:
        assert (await group_by_code(session, group.code)).state == GroupState.SUCCEEDED


async def test_a_released_checkout_says_so(database: Database) -> None:
    [buyer] = await some_people(database, 1)
    code = await checkout.buy_flash(buyer, await a_flash(database), now=NOW)
    for _ in range(2):
        await checkout.cancel_checkout(buyer, code, now=NOW)
    async with database.read() as session:
        state = (await session.execute(select(col(Checkout.state)))).scalar_one()
    assert state == CheckoutState.RELEASED
    assert await shelves(database) == {STOCK}
