"""What a person's hands do on their phone in the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

HEARD = """user => [...document.querySelectorAll(
    `[data-testid="phone-${user}"] .row:not(.mine)`)].map(row => row.innerText).join("\\n---\\n")"""
CHANGED = f"([user, before]) => ({HEARD})(user) !== before"


@dataclass(frozen=True, slots=True)
class Hands:
    """Buttons are found by how their label begins, the newest first."""

    page: Page
    user: int

    @property
    def phone(self) -> Locator:
        return self.page.get_by_test_id(f"phone-{self.user}")

    def key(self, start: str) -> Locator:
        label = re.compile(rf"^\s*{re.escape(start)}")
        return self.phone.locator(".key").filter(has_text=label).last

    def bubble(self, words: str) -> Locator:
        return self.phone.locator(".row").filter(has_text=words)

    async def sees(self, words: str) -> None:
        await expect(self.bubble(words).last).to_be_visible()

    async def press(self, start: str) -> None:
        await self.key(start).click()

    async def tap(self, start: str) -> None:
        """Presses, and waits until the phone shows something else."""
        key = self.key(start)
        await key.wait_for()
        before = await self.page.evaluate(HEARD, self.user)
        await key.click()
        await self._changed(before)

    async def type(self, words: str) -> None:
        """Sends it, and waits for what the bot says."""
        before = await self.page.evaluate(HEARD, self.user)
        await self.phone.get_by_test_id("composer").fill(words)
        await self.phone.get_by_test_id("send").click()
        await self._changed(before)

    async def _changed(self, before: str) -> None:
        await self.page.wait_for_function(CHANGED, arg=[self.user, before])

    async def go_to(self, chat: int) -> None:
        await self.phone.get_by_test_id("back").click()
        await self.phone.get_by_test_id(f"chat-{chat}").click()

    async def open_deal(self, words: str) -> None:
        """From home, leafs through the deals to the one of that name."""
        await self.type("/start")
        await self.tap("🔥")
        for _ in range(4):
            found = self.phone.locator(".key").filter(has_text=words).last
            if await found.count():
                await found.click()
                newest = self.phone.locator(".row").last  # an older deal may stand above
                await newest.locator(".key").filter(has_text="🎉").wait_for()
                return
            await self.tap("▶️")
        raise AssertionError(f"no deal says {words}")

    async def share(self, chat: int) -> None:
        """Through the friend picker into a chat, where the first result is posted."""
        await self.press("📤")
        await self.page.get_by_test_id("picker").get_by_test_id(f"pick-{chat}").click()
        await self.phone.get_by_test_id("inline-results").locator("button").first.click()
        await self.key("🙋").wait_for()

    async def join(self, chat: int) -> None:
        """From the card in the chat to the invoice in private."""
        await self.press("🙋")
        await self.invoice()

    async def invoice(self) -> None:
        await self.tap("📍")
        name = await self.phone.locator(".label-name").inner_text()
        for typed in (f"{name} Doe", "8 Lantern Street", "Harbour Town"):
            await self.type(typed)
        await self.tap("⏭")
        await self.type("Teland")
        await self.tap("⏭")
        await self.tap("💳")

    async def open_pay_sheet(self) -> None:
        await self.phone.locator(".key[data-kind=pay]").last.click()
        await expect(self.phone.get_by_test_id("paysheet")).to_be_visible()

    async def pay(self) -> None:
        await self.phone.get_by_test_id("pay-confirm").click()
        await expect(self.phone.get_by_test_id("pay-done")).to_be_visible()
        await expect(self.phone.get_by_test_id("paysheet")).to_have_count(0)
