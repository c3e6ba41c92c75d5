"""Both clients send, edit, upload and answer."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import InputMediaPhoto
from telegram.ext import ExtBot

from playground import acts
from playground.things import Person
from playground.world import World
from tests.playground.shared import picture

BUY = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Buy", callback_data="buy:1")]]
)


async def test_send_and_edit_by_both_clients(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    await acts.start(world, alice, "hello")
    sent = await bot.send_message(
        alice.id, "<b>Hi</b> 👋 &lt;3", parse_mode="HTML", reply_markup=BUY
    )
    assert sent.text == "Hi 👋 <3"
    assert [(e.type, e.offset, e.length) for e in sent.entities or []] == [("bold", 0, 2)]
    edited = await ext.edit_message_text("Bye", alice.id, sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.text == "Bye"
    assert world.texts(alice.id) == ["/start hello", "Bye"]
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("Bye", chat_id=alice.id, message_id=sent.message_id)
    assert world.violations == []


async def test_photo_uploaded_and_sent_again_by_id(
    world: World, alice: Person, bot: Bot, ext: "ExtBot[None]"
) -> None:
    await acts.start(world, alice)
    sent = await bot.send_photo(
        alice.id, BufferedInputFile(picture(), "a.png"), caption="A", reply_markup=BUY
    )
    assert sent.photo is not None
    assert [(size.width, size.height) for size in sent.photo] == [(90, 56), (320, 200)]
    again = await ext.send_photo(alice.id, sent.photo[-1].file_id, "B")
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    swapped = await ext.edit_message_media(
        InputMediaPhoto(picture("blue"), "C"), alice.id, again.message_id
    )
    assert not isinstance(swapped, bool)
    assert swapped.caption == "C"
    assert swapped.photo[-1].file_unique_id != sent.photo[-1].file_unique_id
    file = await bot.get_file(sent.photo[-1].file_id)
    assert file.file_path is not None
    kept = await bot.download_file(file.file_path)
    assert kept is not None
    assert kept.read() == picture()


async def test_press_is_answered_through_polling(world: World, alice: Person, bot: Bot) -> None:
    await acts.start(world, alice)
    sent = await bot.send_message(alice.id, "Deal", reply_markup=BUY)
    message = world.message(alice.id, sent.message_id)

    async def serve() -> None:
        offset = 0
        while True:
            for update in await bot.get_updates(offset, timeout=5):
                offset = update.update_id + 1
                if update.callback_query:
                    assert update.callback_query.data == "buy:1"
                    await update.callback_query.answer("Bought", show_alert=True)
                    return

    serving = asyncio.create_task(serve())
    answer = await acts.press_and_wait(world, alice, message, "Buy")
    assert (answer.text, answer.alert) == ("Bought", True)
    await serving
    assert world.violations == []
