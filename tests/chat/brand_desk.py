"""What a brand's owner does on their phone."""

from __future__ import annotations

import io

from PIL import Image

from playground import acts
from playground.things import Message
from tests.chat.shop import Phone, Shop
from tests.stocking import OWNER


def owner(shop: Shop, name: str = "Olga") -> Phone:
    """The owner of the demo brands, who is the operator too."""
    return Phone(shop.world, shop.world.new_person(name, id=OWNER))


async def hub(phone: Phone) -> Message:
    return await phone.send("/brand")


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 90)).save(out, "JPEG")
    return out.getvalue()


async def photo(phone: Phone, shade: int) -> Message:
    """Sends a photo and waits for the bot's next message."""
    sent = await acts.photo(phone.world, phone.person, phone.chat, picture(shade))
    return await phone.next(sent.id)


async def become_brand(phone: Phone, name: str = "Paper Boat") -> Message:
    """Applies; the hub or the thanks that follow."""
    form = await phone.tap(await hub(phone), "✨")
    form = await phone.send(name)
    form = await phone.tap(form, "⏭ Skip")
    form = await phone.send("We fold boats, lamps and kites from strong paper.")
    form = await phone.tap(form, "🧶")
    form = await phone.tap(form, "EUR")
    form = await phone.send("4,50")
    return await phone.tap(form, "✅ Confirm")


async def fill_product(phone: Phone, form: Message, title: str = "Paper Lamp") -> Message:
    """From the first question to the preview."""
    form = await phone.send(title)
    form = await phone.tap(form, "⏭ Skip")
    form = await phone.send("A lamp of folded paper that throws a warm, even light.")
    form = await phone.tap(form, "🛋 Living")
    form = await phone.send("39.90")
    form = await phone.send("Red, Blue")
    form = await phone.send("12")
    form = await photo(phone, 40)
    form = await photo(phone, 80)
    return await phone.tap(form, "✅ Done")


async def add_product(phone: Phone, title: str = "Paper Lamp") -> Message:
    preview = await fill_product(phone, await phone.tap(await hub(phone), "➕ New product"), title)
    return await phone.tap(preview, "✅ Confirm")
