"""The main job by hand: the demo's phones in a real Chromium, from browsing to the last call."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, async_playwright, expect

from tests.browser.demo import Demo, open_demo
from tests.browser.hands import Hands
from tests.browser.picture import take_picture
from tests.playground.test_page import FLAGS
from tests.services import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(420),
    pytest.mark.asyncio(loop_scope="module"),
]

WIDE = ViewportSize(width=1760, height=990)
NARROW = ViewportSize(width=390, height=844)
RESULTS = Path(__file__).parents[2] / "test-results"
PATIENCE_MS = 30_000
HOUR, DAY, TEN_MINUTES = 3_600, 86_400, 600


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    """One for all tests here; the last of them turns its clock."""
    async with open_demo() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def page(demo: Demo) -> AsyncIterator[Page]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport=WIDE)
        page.set_default_timeout(PATIENCE_MS)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(demo.address)
        yield page
        await browser.close()
        assert errors == []


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)
    RESULTS.mkdir(exist_ok=True)


async def state(page: Page, door: str = "state") -> dict[str, Any]:
    answer: dict[str, Any] = await page.evaluate(
        "async door => (await fetch(`/world/${door}`)).json()", door
    )
    return answer


async def shot(page: Page, name: str) -> None:
    await page.screenshot(path=RESULTS / f"{name}.png")


async def test_one_phone_at_a_time_fits_a_small_screen(page: Page) -> None:
    phones = (await state(page))["phones"]
    alice, bob = (Hands(page, phone["user"]) for phone in phones[:2])
    await page.set_viewport_size(NARROW)
    await page.reload()
    await expect(bob.phone).to_be_hidden()
    await alice.open_deal("Two mugs")
    await shot(page, "narrow-deal")
    await page.get_by_test_id(f"tab-{bob.user}").click()
    await expect(bob.phone).to_be_visible()
    await bob.tap("🗂")
    await shot(page, "narrow-shelves")
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert (await state(page, "violations"))["violations"] == []


async def test_friends_fill_a_group_and_the_chat_hears_of_the_last_deal(page: Page) -> None:
    phones = (await state(page))["phones"]
    alice, bob, mei, chen = (Hands(page, phone["user"]) for phone in phones)
    friends = int(phones[3]["open_chat"])
    await page.get_by_role("button", name="Close the hints").click()

    await open_and_share(page, alice, friends)
    await bob.go_to(friends)
    await bob.join(friends)
    await bob.open_pay_sheet()
    await alice.go_to(alice.user)
    await picture(page, alice, mei)
    await bob.pay()
    await shot(page, "2-second-shopper")
    await chen.join(friends)
    await chen.open_pay_sheet()
    await chen.pay()
    await money_back(page, alice, bob, chen)
    await chen.go_to(friends)
    await chen.sees("It worked!")
    await shot(page, "3-group-complete")

    await subscribe(chen)
    await hear_of_the_end(page, chen)
    assert (await state(page, "violations"))["violations"] == []


async def open_and_share(page: Page, alice: Hands, friends: int) -> None:
    await alice.open_deal("Three pouches")
    await alice.tap("🎉")
    await alice.invoice()
    await alice.open_pay_sheet()
    await shot(page, "1-pay-sheet")
    await alice.pay()
    await alice.sees("Your seat is paid")
    await alice.tap("👥")
    await alice.sees("1 of 3 paid")
    await alice.share(friends)


async def picture(page: Page, alice: Hands, mei: Hands) -> None:
    """The middle of the story, as the README shows it."""
    await alice.type("/start")
    await mei.tap("⚡")
    if wanted := os.environ.get("KAITUAN_SCREENSHOT"):
        await take_picture(page, Path(wanted))


async def money_back(page: Page, alice: Hands, bob: Hands, chen: Hands) -> None:
    for hands in (alice, bob):
        await hands.sees("Everyone pays $19.90")
        await hands.sees("Refund of $5.00: done")
    await expect(chen.bubble("$5.00")).to_have_count(2)
    await alice.type("/orders")
    await alice.sees("Three Zip Pouches × 1, $23.90: ✅ paid")
    await alice.phone.locator(".key").filter(has_text="Three Zip Pouches").last.click()
    await alice.sees("$5.00 came back the way you paid")


async def subscribe(chen: Hands) -> None:
    """By the button of the greeting: one brand, in English; at any hour if none is chosen."""
    await chen.tap("📣")
    await chen.tap("English")
    await chen.tap("🏪")
    await chen.tap("🍃")
    await chen.tap("⬅️")
    await chen.sees("Quiet hours: none")
    await chen.tap("✅")
    await chen.sees("Deals: Nine Bends Tea House")


async def turn(page: Page, seconds: int, times: int) -> None:
    """By the buttons of the page; each turn is on the clock before the next."""
    for _ in range(times):
        before = (await state(page))["clock_offset"]
        await page.get_by_test_id(f"advance-{seconds}").click()
        await page.wait_for_function(
            "async ([before, by]) => (await (await fetch('/world/state')).json())"
            ".clock_offset >= before + by",
            arg=[before, seconds],
        )


async def hear_of_the_end(page: Page, chen: Hands) -> None:
    """The tea house's last deal ends four days from the start."""
    announced = chen.bubble("⏰")
    await turn(page, DAY, 3)
    await expect(announced).to_have_count(1)
    await expect(announced.last).to_contain_text("Ends within a day")
    await turn(page, HOUR, 20)
    await turn(page, TEN_MINUTES, 6)
    await expect(announced).to_have_count(2)
    await expect(announced.last).to_contain_text("Ends within three hours")
    await turn(page, HOUR, 2)
    await turn(page, TEN_MINUTES, 3)
    await expect(announced).to_have_count(3)
    await expect(announced.last).to_contain_text("Last call: ends within half an hour")
    await announced.last.scroll_into_view_if_needed()
    await shot(page, "4-last-call")
    await turn(page, HOUR, 1)
    await expect(chen.bubble("Four friends, six teas").filter(has_text="Over.")).to_have_count(3)
    await expect(announced).to_have_count(0)  # the posted cards say that it is over instead
