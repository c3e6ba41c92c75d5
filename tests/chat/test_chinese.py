"""Whoever speaks Chinese meets no English on the way, in any message or on any button."""

from __future__ import annotations

import re

from playground.things import Message
from tests.chat.shop import Phone, Shop, labels, shown

ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|[A-Z][a-z]{3,}")
OWN_NAMES = re.compile(r"English|https://\S+|XL|[A-Z]{3}\b")


def english_in(message: Message) -> list[str]:
    words = [OWN_NAMES.sub("", text) for text in (shown(message), *labels(message))]
    return [text for text in words if ENGLISH.search(text)]


def heard(phone: Phone) -> list[Message]:
    return [m for m in phone.chat.messages.values() if m.sender == phone.world.bot.id]


async def address(phone: Phone, form: Message) -> Message:
    for typed in ("王小米", "南京路12号3楼", "上海"):
        assert english_in(form) == []
        form = await phone.send(typed)
    form = await phone.tap(form, "⏭ 跳过")
    form = await phone.send("中国")
    assert english_in(form) == []
    return await phone.tap(form, "⏭ 跳过")


async def test_chinese_from_home_to_a_paid_seat(shop: Shop) -> None:
    mi = shop.phone("小米", language="zh-hans")
    home = await mi.start()
    assert "小米，你好！" in shown(home)
    page = await mi.tap(home, "🔥 全部优惠")
    while not any(label.startswith("👥") for label in labels(page)):
        page = await mi.tap(page, "▶️")
    deal = await mi.tap(page, "👥")
    assert "单买价" in shown(deal)
    checkout = await mi.tap(deal, "🎉 开团")
    assert "确认订单" in shown(checkout)
    card = await address(mi, await mi.tap(checkout, "📍 添加地址"))
    last = max(mi.chat.messages)
    await mi.press(card, "💳 支付")
    assert (await mi.pay(await mi.next(last))).ok
    receipt = await mi.wait_for_text("参团成功，已付款")
    group = await mi.tap(receipt, "👥 查看拼团")
    assert "小米 开团了" in shown(group)
    assert [english_in(message) for message in heard(mi) if english_in(message)] == []


async def test_every_room_of_the_shop_is_in_chinese(shop: Shop) -> None:
    mi = shop.phone("小米", language="zh")
    for command in ("/start", "/deals", "/orders", "/saved", "/search", "/brand", "/settings"):
        assert english_in(await mi.send(command)) == []
    shelves = await mi.tap(await mi.start(), "🗂 分类")
    assert english_in(shelves) == []
    for shelf in labels(shelves)[:-2]:
        shown_shelf = await mi.tap(shelves, shelf)
        assert english_in(shown_shelf) == []
        for entry in [label for label in labels(shown_shelf) if "·" in label]:
            product = await mi.tap(shown_shelf, entry)
            assert english_in(product) == []
            shown_shelf = await mi.tap(product, "⬅️ 返回")
        shelves = await mi.tap(await mi.tap(shown_shelf, "🏠"), "🗂")


async def test_language_is_changed_by_one_press(shop: Shop) -> None:
    mi = shop.phone("小米", language="zh")
    settings = await mi.tap(await mi.start(), "⚙️ 设置")
    settings = await mi.tap(settings, "English")
    assert "Language: English" in shown(settings)
    assert "Hello 小米!" in shown(await mi.start())
    settings = await mi.tap(await mi.tap(await mi.start(), "⚙️"), "简体中文")
    assert "语言：简体中文" in shown(settings)


async def test_english_is_found() -> None:
    message = Message(chat_id=1, id=1, date=0, text="Your order")
    assert english_in(message) == ["Your order"]
