"""The yardstick of a press: aiogram alone, its own webhook, one edit and one answer, no database.

As aiogram's documentation shows it, handlers in the background and default session included.
"""

from __future__ import annotations

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=f"Button {row}", callback_data=f"b:{row}")] for row in range(6)
    ]
)


async def pressed(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.message.edit_text("<b>A card</b>\nwith two lines", reply_markup=KEYBOARD)
    await query.answer()


def main(base: str, token: str, port: int, path: str, secret: str) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    dispatcher = Dispatcher()
    dispatcher.callback_query.register(pressed)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=secret).register(app, path=path)
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5])
