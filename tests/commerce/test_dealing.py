"""What makes a deal sound, and what pausing, extending and ending do to it and its groups."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from commerce.actions import dealing, groups, listing, living
from commerce.actions.dealing import NewDeal, what_is_wrong
from commerce.refusals import BadDeal, DealNotOpen, Expired, NotFound
from commerce.rules.ladder import Tier
from commerce.rules.windows import Phase
from storage import posted
from storage.columns import id_of
from storage.database import Database
from storage.posted import Copy
from storage.tables import Deal, DealKind, DealState, GroupBuy, GroupState, PostedCard
from tests.commerce.brand_people import a_house
from tests.commerce.people import BOT, NOW

HOUR = timedelta(hours=1)
SOUND: dict[str, Any] = {
    "product": "",
    "kind": DealKind.LADDER,
    "price_minor": 900,
    "tiers": (Tier(3, 900), Tier(5, 800)),
    "starts_at": NOW,
    "ends_at": NOW + HOUR,
    "stock": 5,
    "per_person": 1,
}
FLASH: dict[str, Any] = {"kind": DealKind.FLASH, "tiers": ()}
TEAM: dict[str, Any] = {"kind": DealKind.TEAM, "tiers": (Tier(3, 900),), "stock": 3}


@pytest.mark.parametrize("part", [{}, FLASH, TEAM, FLASH | {"stock": 1}])
def test_sound_deals(part: dict[str, Any]) -> None:
    assert what_is_wrong(NewDeal(**SOUND | part), [1_000, 1_200], NOW) is None


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"tiers": ()}, "tiers"),
        ({"tiers": (Tier(1, 900), Tier(3, 800))}, "tiers"),
        ({"tiers": (Tier(3, 800), Tier(5, 900))}, "tiers"),
        ({"tiers": (Tier(5, 900), Tier(3, 800))}, "tiers"),
        ({"tiers": (Tier(3, 900), Tier(101, 800))}, "tiers"),
        (TEAM | {"tiers": (Tier(3, 900), Tier(5, 800)), "stock": 5}, "tiers"),
        ({"tiers": (Tier(3, 1_000), Tier(5, 800))}, "price"),
        (FLASH | {"price_minor": 1_000}, "price"),
        (FLASH | {"price_minor": 0}, "price"),
        ({"ends_at": NOW}, "window"),
        ({"starts_at": NOW + HOUR}, "window"),
        ({"ends_at": NOW + timedelta(days=400)}, "window"),
        ({"stock": 4}, "stock"),
        (FLASH | {"stock": 0}, "stock"),
        ({"per_person": 0}, "stock"),
        ({"per_person": 101}, "stock"),
    ],
)
def test_deals_that_contradict_themselves(part: dict[str, Any], reason: str) -> None:
    assert what_is_wrong(NewDeal(**SOUND | part), [1_000, 1_200], NOW) == reason


async def test_bad_deal_is_refused_and_not_written(database: Database) -> None:
    house = await a_house(database)
    new = NewDeal(**SOUND | {"product": house.codes["product"], "stock": 4})
    with pytest.raises(BadDeal) as refused:
        await dealing.create_deal(house.owner, new, now=NOW)
    assert refused.value.reason == "stock"
    assert len((await dealing.own_deals(house.owner, house.codes["brand"], 0, now=NOW)).items) == 1


async def test_hidden_product_gets_no_deal(database: Database) -> None:
    house = await a_house(database)
    await listing.set_shown(house.owner, house.codes["product"], shown=False)
    new = NewDeal(**SOUND | {"product": house.codes["product"]})
    with pytest.raises(NotFound):
        await dealing.create_deal(house.owner, new, now=NOW)


async def test_price_may_not_fall_to_that_of_a_running_deal(database: Database) -> None:
    house = await a_house(database)
    with pytest.raises(BadDeal):
        await listing.set_price(house.owner, house.codes["variant"], 1_500)
    await listing.set_price(house.owner, house.codes["variant"], 1_501)
    await dealing.end_deal(house.owner, house.codes["deal"], now=NOW)
    await listing.set_price(house.owner, house.codes["variant"], 10)
    assert (await listing.own_product(house.owner, house.codes["product"])).lowest_minor == 10


async def test_every_change_marks_the_posted_cards(database: Database) -> None:
    house = await a_house(database)
    copy = Copy(BOT, "deal", id_of(house.deal), "en", chat_id=-5, message_id=7)
    async with database.begin() as session:
        await posted.remember(session, copy)
    end = int(house.deal.ends_at.timestamp())
    versions = [await _version(database)]
    for change in (dealing.pause_deal, dealing.resume_deal):
        await change(house.editor, house.codes["deal"], now=NOW)
        versions.append(await _version(database))
    await dealing.extend_deal(house.editor, house.codes["deal"], end, now=NOW)
    versions.append(await _version(database))
    await listing.set_price(house.editor, house.codes["variant"], 3_000)
    versions.append(await _version(database))
    await dealing.end_deal(house.editor, house.codes["deal"], now=NOW)
    versions.append(await _version(database))
    assert versions == [versions[0] + n for n in range(6)]


async def _version(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(col(PostedCard.version)))).scalar_one()


async def test_second_tap_extends_no_second_day(database: Database) -> None:
    house = await a_house(database)
    end = int(house.deal.ends_at.timestamp())
    await dealing.extend_deal(house.owner, house.codes["deal"], end, now=NOW)
    with pytest.raises(Expired):
        await dealing.extend_deal(house.owner, house.codes["deal"], end, now=NOW)
    view = await dealing.own_deal(house.owner, house.codes["deal"], now=NOW)
    assert view.deal.ends_at == house.deal.ends_at + timedelta(days=1)


async def test_open_groups_keep_their_deadline_when_the_deal_ends(database: Database) -> None:
    house = await a_house(database)
    joined = await groups.open_group(house.shopper, house.codes["deal"], now=NOW)
    before = await living.group_view(database, code=joined.group_code)
    await dealing.end_deal(house.owner, house.codes["deal"], now=NOW + HOUR)
    view = await dealing.own_deal(house.owner, house.codes["deal"], now=NOW + HOUR)
    assert (view.deal.phase, view.open_groups) == (Phase.ENDED, 1)
    after = await living.group_view(database, code=joined.group_code)
    assert (after.ends_at, after.state) == (before.ends_at, GroupState.OPEN)
    with pytest.raises(DealNotOpen):
        await groups.open_group(house.other, house.codes["deal"], now=NOW + HOUR)
    async with database.read() as session:
        assert len((await session.execute(select(GroupBuy))).all()) == 1


async def test_deal_that_is_over_cannot_be_changed(database: Database) -> None:
    house = await a_house(database)
    late = house.deal.ends_at
    for change in (dealing.pause_deal, dealing.end_deal, dealing.resume_deal):
        with pytest.raises(Expired):
            await change(house.owner, house.codes["deal"], now=late)
    with pytest.raises(Expired):
        await dealing.extend_deal(house.owner, house.codes["deal"], int(late.timestamp()), now=late)


async def test_a_deal_is_paused_and_resumed_once_each(database: Database) -> None:
    house = await a_house(database)
    owner, code = house.owner, house.codes["deal"]
    with pytest.raises(Expired):
        await dealing.resume_deal(owner, code, now=NOW)
    await dealing.pause_deal(owner, code, now=NOW)
    with pytest.raises(Expired):
        await dealing.pause_deal(owner, code, now=NOW)
    await dealing.resume_deal(owner, code, now=NOW)


async def test_deal_can_end_before_it_starts(database: Database) -> None:
    house = await a_house(database)
    new = NewDeal(
        **SOUND
        | {
            "product": house.codes["product"],
            "starts_at": NOW + HOUR,
            "ends_at": NOW + 2 * HOUR,
        }
    )
    code = await dealing.create_deal(house.owner, new, now=NOW)
    await dealing.end_deal(house.owner, code, now=NOW)
    async with database.read() as session:
        found = await session.execute(select(Deal).where(col(Deal.code) == code))
        deal = found.scalar_one()
    assert (deal.state, deal.ends_at) == (DealState.ENDED, NOW)
