"""A form whose last step fails half-way ends all the same, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from storage.tables import Address
from tests.chat.shop import Shop, shown
from tests.chat.test_group_story import open_deal


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
async def test_address_form_that_failed_at_its_end_is_finished(shop: Shop, when: str) -> None:
    alice = shop.phone("Alice")
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    form = await alice.tap(checkout, "📍")
    for typed in ("Alice Liddell", "12 Tea Lane", "Oxford"):
        form = await alice.send(typed)
    form = await alice.tap(form, "⏭ Skip")
    form = await alice.send("England")
    if when == "after the commit":
        shop.world.faults.plan("500", method="editMessageMedia")
    else:
        event.listen(shop.database.writer.sync_engine, "before_cursor_execute", fail_once())
    card = await alice.tap(form, "⏭ Skip")
    assert "12 Tea Lane" in shown(card)
    async with shop.database.read() as session:
        kept = (await session.execute(select(func.count()).select_from(Address))).scalar_one()
    assert kept == 1


def fail_once() -> Callable[..., None]:
    failures = iter([OperationalError("INSERT", None, OSError("disk I/O error"))])

    def failing(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "INSERT INTO address" in statement:
            for failure in failures:
                raise failure

    return failing
