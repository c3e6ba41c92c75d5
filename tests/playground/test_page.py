"""The page with the phones, in a real Chromium, against the real stand-in and a scripted bot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from playwright.async_api import Locator, Page, ViewportSize, async_playwright, expect

from playground import acts
from playground.server import Running, running
from playground.things import Chat, Json, Person
from playground.world import World
from tests.playground.shared import INVOICE, Api, keyboard, picture
from tests.services import CHROMIUM

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
PRESSES: dict[str, Json] = {
    "toast": {"text": "Saved for later"},
    "alert": {"text": "Two people are missing", "show_alert": True},
    "hop": {"url": "https://t.me/kaituan_bot?start=deal42"},
}
SHARE: Json = {
    "text": "Share",
    "switch_inline_query_chosen_chat": {"query": "tea", "allow_user_chats": True},
}


async def answer(api: Api, update: Json) -> None:
    """The scripted bot: presses by their data, one inline result, one refused payment."""
    if press := update.get("callback_query"):
        if press["data"] == "next":
            target = {"chat_id": press["message"]["chat"]["id"]}
            target["message_id"] = press["message"]["message_id"]
            await api.ok("editMessageText", target | {"text": "Page two"})
        await api.ok(
            "answerCallbackQuery",
            {"callback_query_id": press["id"], **PRESSES.get(press["data"], {})},
        )
    elif query := update.get("inline_query"):
        result: Json = {"type": "article", "id": "deal", "title": f"Deal on {query['query']}"}
        result |= {"input_message_content": {"message_text": "Longjing, 2 missing"}}
        await api.ok("answerInlineQuery", {"inline_query_id": query["id"], "results": [result]})
    elif checkout := update.get("pre_checkout_query"):
        reply: Json = {"pre_checkout_query_id": checkout["id"], "ok": True}
        if checkout["invoice_payload"] == "late":
            reply |= {"ok": False, "error_message": "The last seat is gone."}
        await api.ok("answerPreCheckoutQuery", reply)


async def work(api: Api) -> None:
    offset = 0
    while True:
        for update in await api.ok("getUpdates", {"offset": offset, "timeout": 20}):
            offset = update["update_id"] + 1
            await answer(api, update)


@pytest.fixture
async def shop(api: Api) -> AsyncIterator[Api]:
    task = asyncio.create_task(work(api))
    yield api
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def friends(world: World, alice: Person, bob: Person) -> Chat:
    group = world.new_group("Tea friends", [alice, bob])
    world.set_phones([(alice, world.private(alice)), (bob, group)])
    return world.friends(alice, bob)


@pytest.fixture
async def page(table: Running, friends: Chat) -> AsyncIterator[Page]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport=WIDE)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(table.base_url)
        await page.get_by_test_id("phone-501").wait_for()
        yield page
        assert errors == []
        await browser.close()


@pytest.fixture
def phone(page: Page) -> Locator:
    """Alice's, with her chat with the bot open."""
    return page.get_by_test_id("phone-501")


@pytest.fixture
def other(page: Page) -> Locator:
    """Bob's, with the group open."""
    return page.get_by_test_id("phone-502")


async def begin(world: World, alice: Person) -> None:
    await acts.start(world, alice)


async def offer(api: Api, *buttons: Json, text: str = "Page one") -> None:
    await api.ok("sendMessage", {"chat_id": 501, "text": text, "reply_markup": keyboard(*buttons)})


async def test_typed_text_reaches_the_world(world: World, phone: Locator) -> None:
    await phone.get_by_test_id("composer").fill("hello 你好")
    await phone.get_by_test_id("composer").press("Enter")
    await expect(phone.get_by_test_id("msg-501-1")).to_contain_text("hello 你好")
    assert world.texts(501) == ["hello 你好"]


async def test_entities_become_elements_and_typed_markup_stays_text(
    world: World, api: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    text = '<b>Tea</b> <tg-spoiler>gift</tg-spoiler> <tg-time unix="0" format="D">then</tg-time>'
    await api.ok("sendMessage", {"chat_id": 501, "text": text, "parse_mode": "HTML"})
    await acts.send(world, alice, None, "<img src=x onerror=alert(1)>")
    bubble = phone.get_by_test_id("msg-501-2")
    await expect(bubble.locator("strong")).to_have_text("Tea")
    await expect(bubble.locator("time.moment")).to_contain_text("1970")
    await bubble.locator(".spoiler").click()
    await expect(bubble.locator(".spoiler")).to_contain_class("shown")
    await expect(phone.get_by_test_id("msg-501-3")).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(phone.get_by_test_id("msg-501-3").locator("img")).to_have_count(0)


async def test_time_left_is_in_the_language_of_the_phone(
    world: World, api: Api, alice: Person, phone: Locator
) -> None:
    alice.language_code = "zh-hans"
    world.tell_person(alice)
    await begin(world, alice)
    unix = int(world.clock.now()) + 3 * 86_400 + 60
    text = f'<tg-time unix="{unix}" format="r">soon</tg-time>'
    await api.ok("sendMessage", {"chat_id": 501, "text": text, "parse_mode": "HTML"})
    await expect(phone.get_by_test_id("msg-501-2").locator("time.moment")).to_have_text("3天后")


async def test_press_waits_with_a_spinner_until_its_toast(
    world: World, api: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await offer(api, {"text": "Save", "callback_data": "toast"})
    button = phone.get_by_role("button", name="Save", exact=True)
    await button.click()
    await expect(button).to_have_attribute("aria-busy", "true")
    task = asyncio.create_task(work(api))
    await expect(phone.get_by_test_id("toast")).to_have_text("Saved for later")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_alert_is_a_dialog_that_escape_closes(
    world: World, shop: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await offer(shop, {"text": "Why?", "callback_data": "alert"})
    await phone.get_by_role("button", name="Why?").click()
    await expect(phone.get_by_test_id("alert")).to_contain_text("Two people are missing")
    await phone.get_by_test_id("alert-ok").press("Escape")
    await expect(phone.get_by_test_id("alert")).to_have_count(0)


async def test_edit_changes_one_bubble_in_place(
    world: World, shop: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await offer(shop, {"text": "Next", "callback_data": "next"})
    first = await phone.get_by_test_id("msg-501-1").element_handle()
    await phone.get_by_role("button", name="Next", exact=True).click()
    edited = phone.get_by_test_id("msg-501-2")
    await expect(edited).to_contain_text("Page two")
    await expect(edited.locator(".edited")).to_be_visible()
    assert await first.evaluate("node => node.isConnected")
    assert world.violations == []


async def test_url_of_the_bot_opens_its_private_chat(
    world: World, shop: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await offer(shop, {"text": "Hop", "callback_data": "hop"})
    await phone.get_by_role("button", name="Hop").click()
    await expect(phone.get_by_test_id("msg-501-3")).to_contain_text("/start deal42")


async def test_friend_picker_posts_an_inline_result(
    world: World, shop: Api, alice: Person, friends: Chat, phone: Locator, other: Locator
) -> None:
    await begin(world, alice)
    await offer(shop, SHARE)
    await phone.get_by_role("button", name="Share", exact=True).click()
    await phone.get_by_test_id(f"pick-{friends.id}").click()
    await expect(phone.get_by_test_id("result-deal")).to_contain_text("Deal on tea")
    await phone.get_by_test_id("result-deal").click()
    await expect(phone.get_by_test_id(f"msg-{friends.id}-1")).to_contain_text("Longjing, 2 missing")
    await other.get_by_test_id("back").click()
    await expect(other.get_by_test_id(f"unread-{friends.id}")).to_have_text("1")
    await other.get_by_test_id(f"chat-{friends.id}").click()
    await expect(other.get_by_test_id(f"msg-{friends.id}-1")).to_contain_text("via @kaituan_bot")


async def test_pay_sheet_pays(world: World, shop: Api, alice: Person, phone: Locator) -> None:
    await begin(world, alice)
    await shop.ok("sendInvoice", {"chat_id": 501} | INVOICE)
    await phone.get_by_role("button", name="Pay $12.50").click()
    await expect(phone.get_by_test_id("paysheet")).to_contain_text("Green tea")
    await phone.get_by_test_id("pay-confirm").click()
    await expect(phone.get_by_test_id("pay-done")).to_be_visible()
    await expect(phone.get_by_test_id("paysheet")).to_have_count(0)
    await expect(phone.get_by_role("button", name="Pay $12.50")).to_have_count(0)
    assert [charge.amount for charge in world.charges.values()] == [1250]


async def test_pay_sheet_shows_the_refusal(
    world: World, shop: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await shop.ok("sendInvoice", {"chat_id": 501} | INVOICE | {"payload": "late"})
    await phone.get_by_role("button", name="Pay $12.50").click()
    await phone.get_by_test_id("pay-confirm").click()
    await expect(phone.get_by_test_id("pay-error")).to_have_text("The last seat is gone.")
    assert world.charges == {}


async def test_drawn_pictures_are_sent_as_an_album(world: World, other: Locator) -> None:
    await other.get_by_test_id("attach").click()
    await other.get_by_test_id("attach-photo").click()
    await other.get_by_test_id("drawing-0").click()
    await other.get_by_test_id("drawing-3").click()
    await other.get_by_test_id("caption").fill("Two for the table")
    await other.get_by_test_id("photo-send").click()
    await expect(other.locator(".album .photo.loaded")).to_have_count(2)
    await other.get_by_role("button", name="Open photo 2 of 2").click()
    await expect(other.get_by_test_id("lightbox")).to_contain_text("2 of 2")
    group = next(chat for chat in world.chats.values() if chat.type == "group")
    assert [message.caption for message in group.messages.values()] == ["Two for the table", None]


async def test_photo_reserves_its_room(world: World, alice: Person, phone: Locator) -> None:
    await begin(world, alice)
    await acts.photo(world, alice, None, picture(size=(400, 200)))
    frame = phone.get_by_test_id("msg-501-2").locator(".photo.loaded")
    box = await frame.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(2, abs=0.02)


async def test_reply_keyboard_says_its_text(
    world: World, api: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    markup = {"keyboard": [[{"text": "My orders"}]], "resize_keyboard": True}
    await api.ok("sendMessage", {"chat_id": 501, "text": "Hi", "reply_markup": markup})
    await phone.get_by_test_id("reply-keyboard").get_by_role("button", name="My orders").click()
    await expect(phone.get_by_test_id("msg-501-3")).to_contain_text("My orders")


async def test_own_message_is_edited_and_answered(
    world: World, alice: Person, phone: Locator
) -> None:
    await acts.send(world, alice, None, "one red")
    await phone.get_by_test_id("msg-501-1").click(button="right")
    await phone.get_by_test_id("action-edit").click()
    await phone.get_by_test_id("composer").fill("two red")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("msg-501-1")).to_contain_text("two red")
    await phone.get_by_test_id("msg-501-1").click(button="right")
    await phone.get_by_test_id("action-reply").click()
    await phone.get_by_test_id("composer").fill("and one blue")
    await phone.get_by_test_id("send").click()
    await expect(phone.get_by_test_id("msg-501-2").locator(".quote-line")).to_have_text("two red")


async def test_block_closes_the_composer(world: World, alice: Person, phone: Locator) -> None:
    await begin(world, alice)
    await phone.get_by_test_id("block").click()
    await phone.get_by_test_id("unblock").click()
    await expect(phone.get_by_test_id("composer")).to_be_visible()
    assert alice.blocked == set()


async def test_menu_lists_and_sends_commands(world: World, api: Api, phone: Locator) -> None:
    commands = [{"command": "start", "description": "Open the shop"}]
    await api.ok("setMyCommands", {"commands": commands})
    await phone.get_by_test_id("commands").click()
    await phone.get_by_test_id("command-list").get_by_text("Open the shop").click()
    await expect(phone.get_by_test_id("msg-501-1")).to_contain_text("/start")


async def test_typing_shows_until_the_message(
    world: World, api: Api, alice: Person, phone: Locator
) -> None:
    await begin(world, alice)
    await api.ok("sendChatAction", {"chat_id": 501, "action": "typing"})
    await expect(phone.get_by_test_id("typing")).to_be_visible()
    await api.ok("sendMessage", {"chat_id": 501, "text": "Here I am"})
    await expect(phone.get_by_test_id("typing")).to_have_count(0)


async def test_phones_are_added_and_handed_over(world: World, page: Page, other: Locator) -> None:
    world.new_person("Carol", id=503)
    world.new_person("Dan", id=504)
    await page.get_by_test_id("add-phone").click()
    await page.get_by_test_id("add-phone-503").click()
    await expect(page.get_by_test_id("phone-503")).to_be_visible()
    await other.get_by_test_id("phone-menu").click()
    await page.get_by_role("button", name="Give it to Dan").click()
    await expect(page.get_by_test_id("phone-504")).to_be_visible()
    await expect(other).to_have_count(0)


async def test_hints_appear_and_close(world: World, page: Page) -> None:
    world.set_hints(["Press Start", "Turn the clock"])
    hints = page.get_by_test_id("hints")
    await expect(hints.get_by_role("listitem")).to_have_count(2)
    await hints.get_by_role("button", name="Close the hints").click()
    await expect(hints).to_be_hidden()


async def test_clock_turns_the_world(world: World, page: Page) -> None:
    await page.get_by_test_id("advance-86400").click()
    await page.get_by_test_id("advance-600").click()
    await expect(page.get_by_test_id("clock")).to_contain_text("+1 d 10 min")
    assert world.clock.offset == 87_000


async def test_log_counts_violations_and_shows_calls(api: Api, page: Page) -> None:
    await expect(page.get_by_test_id("violations")).to_be_hidden()
    await api("sendTelepathy", {"chat_id": 501})
    await expect(page.get_by_test_id("violations")).to_have_text("1")
    await page.get_by_test_id("log-toggle").click()
    row = page.get_by_test_id("log").locator("details", has_text="sendTelepathy")
    await row.locator("summary").click()
    await expect(row.locator("pre")).to_contain_text("chat_id")


async def test_theme_follows_the_system_until_chosen(page: Page) -> None:
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.emulate_media(color_scheme="dark")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.get_by_test_id("theme").click()
    await expect(root).to_have_attribute("data-theme", "light")


async def test_narrow_screen_shows_one_phone_at_a_time(page: Page, other: Locator) -> None:
    await page.set_viewport_size(NARROW)
    await expect(other).to_be_hidden()
    await page.get_by_test_id("tab-502").click()
    await expect(other).to_be_visible()
    box = await other.bounding_box()
    assert box is not None
    assert box["width"] == 390
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_long_chat_keeps_its_place_and_few_rows(
    world: World, alice: Person, bob: Person, phone: Locator
) -> None:
    group = next(chat for chat in world.chats.values() if chat.type == "group")
    await phone.get_by_test_id("back").click()
    for number in range(600):
        await acts.send(world, bob, group, f"number {number}")
    await phone.get_by_test_id(f"chat-{group.id}").click()
    await expect(phone.get_by_test_id(f"msg-{group.id}-600")).to_be_in_viewport()
    assert await phone.locator(".row").count() <= 240
    await phone.locator(".scroller").evaluate("node => { node.scrollTop = 400 }")
    await acts.send(world, bob, group, "the newest")
    await expect(phone.get_by_test_id("new-messages")).to_have_text("1")
    await phone.get_by_test_id("new-messages").click()
    await expect(phone.get_by_test_id(f"msg-{group.id}-601")).to_be_in_viewport()


async def test_resized_phone_stays_at_the_newest_message(
    world: World, alice: Person, page: Page, phone: Locator
) -> None:
    await begin(world, alice)
    for shape in ((300, 400), (400, 200), (300, 380)):
        await acts.photo(world, alice, None, picture(size=shape))
    await expect(phone.locator(".photo.loaded")).to_have_count(3)
    await page.get_by_test_id("log-toggle").click()
    await page.set_viewport_size(ViewportSize(width=1900, height=700))
    await acts.send(world, alice, None, "the newest")
    await expect(phone.get_by_test_id("msg-501-5")).to_be_in_viewport()
    await expect(phone.get_by_test_id("new-messages")).to_be_hidden()


async def test_page_comes_back_after_the_line_was_cut() -> None:
    world = World()
    alice = world.new_person("Alice", id=501)
    world.set_phones([(alice, world.private(alice))])
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport=WIDE)
        async with running(world) as served:
            await page.goto(served.base_url)
            await page.get_by_test_id("phone-501").wait_for()
        await expect(page.get_by_test_id("lost")).to_be_visible()
        await acts.send(world, alice, None, "said meanwhile")
        async with running(world, port=int(served.base_url.rpartition(":")[2])):
            await expect(page.get_by_test_id("lost")).to_be_hidden(timeout=15_000)
            await expect(page.get_by_test_id("msg-501-1")).to_contain_text("said meanwhile")
        await browser.close()
