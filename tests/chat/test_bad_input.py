"""Stale and forged presses, other people's things, odd commands: one clear sentence, no change."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from playground import acts
from playground.records import Press
from storage.codes import new_code
from storage.tables import Checkout, GroupBuy, Order, Save
from tests.chat.shop import Shop, labels, shown
from tests.chat.test_group_story import join, open_deal, pay_for, share

OF_NOTHING = ["c:{}:0", "p:{}:0", "d:{}", "og:{}", "g:{}", "j:{}", "bv:{}", "bf:{}", "x:{}"]
OF_NOTHING += ["xp:{}", "xc:{}", "xa:{}", "xq:{}:2", "s:{}", "o:{}", "b:{}", "fb:{}"]
FORGED = [
    "zz",
    "zz:1",
    "h:1",
    "c",
    "c:short:0",
    "j:AbcdefghijkM:1",
    "p:AbcdefghijkM: 1",
    "p:AbcdefghijkM:+1",
    "p:AbcdefghijkM:-1",
    "p:AbcdefghijkM:1_0",
    "p:AbcdefghijkM:01",
    "p:AbcdefghijkM:١",
    "p:AbcdefghijkM:1.0",
    "sv:99999999999999999999",
    "sl:xx",
    "z:Mars/Phobos",
]


def settled(press: Press) -> bool:
    return press.state != "waiting"


async def rows(shop: Shop) -> list[int]:
    async with shop.database.read() as session:
        return [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (GroupBuy, Checkout, Order, Save)
        ]


async def test_forged_presses_are_not_found(shop: Shop) -> None:
    codes = [made.format(new_code()) for made in OF_NOTHING]
    for name, data in (("Alice", FORGED), ("Bob", codes)):
        phone = shop.phone(name)
        home = await phone.start()
        before = shown(home)
        for forged in data:
            made = await acts.press(shop.world, phone.person, home, forged)
            await shop.world.wait_for(partial(settled, made))
            assert (made.alert, "Not found" in made.text) == (True, True), forged
        assert shown(home) == before
    assert await rows(shop) == [0, 0, 0, 0]


async def test_anothers_things_look_missing(shop: Shop) -> None:
    """A foreign checkout and order get the very answer of one that does not exist."""
    alice, bob, mallory = (shop.phone(n) for n in ("Alice", "Bob", "Mallory"))
    friends = shop.world.new_group("Friends", [alice.person, bob.person])
    deal = await open_deal(alice, "Two mugs")
    checkout = await alice.tap(deal, "🎉")
    checkout_data = acts.button_data(checkout, next(b for b in labels(checkout) if "📍" in b))
    await pay_for(alice, checkout)
    group = await alice.tap(await alice.wait_for_text("Your seat is paid"), "👥")
    await join(bob, await share(alice, group, friends))
    done = await alice.wait_for_text("Group complete")
    order_data = acts.button_data(done, next(b for b in labels(done) if "📦" in b))

    home = await mallory.start()
    for data in (checkout_data, checkout_data.replace("xa:", "x:"), order_data):
        foreign = await mallory.press(home, data)
        missing = await mallory.press(home, data.partition(":")[0] + ":" + new_code())
        assert (foreign.text, foreign.alert) == (missing.text, missing.alert)
        assert "Not found" in foreign.text


async def test_button_of_an_ended_deal_explains_itself(shop: Shop) -> None:
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Two mugs")
    shop.world.turn_clock(3600)
    answer = await alice.press(deal, "🎉")
    assert "over" in answer.text
    await shop.world.wait_for(lambda: "Over." in shown(deal))
    assert not any("🎉" in label for label in labels(deal))
    assert await rows(shop) == [0, 0, 0, 0]


async def test_button_of_a_closed_form_says_so(shop: Shop) -> None:
    alice = shop.phone("Alice")
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    form = await alice.tap(checkout, "📍")
    await alice.send("/start")
    answer = await alice.press(form, "⬅️")
    assert (answer.text, answer.alert) == ("This form is closed already.", False)


async def test_button_that_leaves_a_form_says_so(shop: Shop) -> None:
    alice = shop.phone("Alice")
    checkout = await alice.tap(await open_deal(alice, "Two mugs"), "🎉")
    await alice.tap(checkout, "📍")
    helped = await alice.send("/help")
    answer = await alice.press(helped, "🏠")
    assert (answer.text, answer.alert) == ("The form you were filling in is closed.", False)
    assert (await alice.press(helped, "⚙️")).text == ""


async def test_double_tap_opens_one_group(shop: Shop) -> None:
    alice = shop.phone("Alice")
    deal = await open_deal(alice, "Two mugs")
    data = acts.button_data(deal, next(b for b in labels(deal) if "🎉" in b))
    made = [await acts.press(shop.world, alice.person, deal, data) for _ in range(2)]
    await shop.world.wait_for(lambda: all(m.state == "answered" for m in made))
    assert await rows(shop) == [1, 1, 0, 0]


LINKS = ["A" * 64, "%%%", "////", "gA", "a", "g" + "l" * 12, "d0000000000", "home"]
SEARCHES = ["'; DROP TABLE person; --", "%", "_", "(" * 4000, '"', "*", "a AND OR NOT", "茶 -"]


async def test_odd_words_are_met_kindly(shop: Shop) -> None:
    alice = shop.phone("Alice")
    for payload in LINKS:
        assert "Hello Alice" in shown(await alice.start(payload)), payload
    for command in ("/nonsense", "/"):
        assert "did not understand" in shown(await alice.send(command)), command
    for words in SEARCHES:
        found = await alice.send(words)
        assert "🔎" in shown(found), words
        assert ("🗂 Shelves" in labels(found)) == ("Nothing found" in shown(found)), words


async def test_names_are_shown_as_typed(shop: Shop) -> None:
    for name in ("<b>", "</b>", "&lt;", '<a href="tg://user?id=1">'):
        assert f"Hello {name}!" in shown(await shop.phone(name).start())
