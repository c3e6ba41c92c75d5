"""Where a person looks: the message they pressed on, or the end of their chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendPhoto
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)

from cards.card import Card
from cards.presses import JoinGroup
from conversations.calls import Call
from storage import pictures, posted
from storage.database import Database

SAME = "message is not modified"
GONE = ("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID")
BAD_FILE = ("wrong file identifier", "wrong remote file", "FILE_REFERENCE")
LATE = ("query is too old", "query ID is invalid")


@dataclass(frozen=True, slots=True)
class Shown:
    """The message that a card stands in."""

    chat_id: int
    message_id: int
    photo: bool


class Screen:
    """Shows cards to the person behind one update, with one call each.

    A press is answered exactly once, at the latest by `close()`.
    """

    def __init__(
        self, bot: Bot, database: Database, *, chat_id: int, query: CallbackQuery | None = None
    ) -> None:
        self.bot = bot
        self.database = database
        self.chat_id = chat_id
        self.query = query
        self.answered = query is None
        self.fresh = query is None  # the next card goes under the chat instead of in place
        self.chat = chat_id if query is None or query.message is not None else None
        self.private = chat_id > 0 and self.chat is not None

    async def show(self, card: Card, living: tuple[str, int] | None = None, **copy: str) -> None:
        """Draws the card in place of the one pressed, or sends it.

        A `living` card, (kind, subject id), is kept up to date from now on; `copy` gives its
        locale and timezone.
        """
        message = None if self.fresh else self._message()
        if message is not None and _lives(message) and living is None:
            await self._forget(message)
        shown = await self._edit(message, card) if message is not None else await self._send(card)
        if living is not None and shown is not None:
            await self._remember(shown, living, copy)

    async def post(self, card: Card) -> None:
        """Sends the card as a message of its own, leaving the one pressed as it is."""
        await self._send(card)

    async def hand_over(self, data: bytes, name: str) -> None:
        """Sends a file as a message of its own."""
        await self.bot.send_document(self.chat_id, BufferedInputFile(data, name))

    async def toast(self, text: str) -> None:
        await self._answer(text=text[:200])

    async def alert(self, text: str) -> None:
        """A pop-up for a press; for a message, a reply."""
        if self.query is None:
            await self.bot(Call.of("sendMessage", chat_id=self.chat_id, text=text))
        else:
            await self._answer(text=text[:200], show_alert=True)

    async def open(self, url: str) -> None:
        """Takes the person to a link of this bot."""
        await self._answer(url=url)

    async def close(self) -> None:
        if not self.answered:
            await self._answer()

    async def _answer(self, **fields: Any) -> None:
        if self.answered or self.query is None:
            return
        self.answered = True
        try:
            await self.bot(
                Call.of("answerCallbackQuery", callback_query_id=self.query.id, **fields)
            )
        except TelegramBadRequest as error:
            if not too_late(error):
                raise

    def _message(self) -> Message | None:
        if self.query is None or not isinstance(self.query.message, Message):
            return None
        return self.query.message

    async def _edit(self, message: Message, card: Card) -> Shown | None:
        try:
            return await self._redraw(message, card)
        except TelegramBadRequest as error:
            if SAME in error.message:
                return Shown(message.chat.id, message.message_id, bool(message.photo))
            if any(words in error.message for words in GONE):
                return await self._send(card)
            raise

    async def _redraw(self, message: Message, card: Card) -> Shown | None:
        if card.photo is not None:
            return await self._with_photo(card.photo, message, card)
        where = {"chat_id": message.chat.id, "message_id": message.message_id}
        if message.photo:
            return await self._call("editMessageCaption", **where, **card.caption_params())
        return await self._call("editMessageText", **where, **card.params())

    async def _send(self, card: Card) -> Shown | None:
        if card.photo is not None:
            return await self._with_photo(card.photo, None, card)
        return await self._call("sendMessage", chat_id=self.chat_id, **card.params())

    async def _call(self, method: str, **params: Any) -> Shown | None:
        """The message that shows it now; an inline card has none."""
        return _shown(await self.bot(Call.of(method, **params)))

    async def _with_photo(self, key: str, message: Message | None, card: Card) -> Shown | None:
        """By file id where this bot has one; else uploaded, once, and the id kept."""
        known = await pictures.file_id(self.database, self.bot.id, key)
        if known is not None:
            try:
                return await self._draw(known, message, card)
            except TelegramBadRequest as error:
                if not any(words in error.message for words in BAD_FILE):
                    raise
                await pictures.forget(self.database, self.bot.id, key)
        data = await pictures.content(self.database, key)
        if data is None:
            return await self._without_photo(message, card)
        drawn = await self._upload(BufferedInputFile(data, f"{key}.jpg"), message, card)
        if not isinstance(drawn, Message):
            return None
        if drawn.photo:
            await pictures.remember(self.database, self.bot.id, key, drawn.photo[-1].file_id)
        return Shown(drawn.chat.id, drawn.message_id, bool(drawn.photo))

    async def _draw(self, file_id: str, message: Message | None, card: Card) -> Shown | None:
        if message is None:
            fields = card.caption_params()
            return await self._call("sendPhoto", chat_id=self.chat_id, photo=file_id, **fields)
        media = {
            "type": "photo",
            "media": file_id,
            "caption": str(card.text),
            "parse_mode": "HTML",
        }
        return await self._call(
            "editMessageMedia",
            chat_id=message.chat.id,
            message_id=message.message_id,
            media=media,
            reply_markup=card.keyboard(),
        )

    async def _upload(
        self, photo: BufferedInputFile, message: Message | None, card: Card
    ) -> Message | bool:
        keyboard = InlineKeyboardMarkup.model_validate(card.keyboard())
        if message is None:
            return await self.bot(
                SendPhoto(
                    chat_id=self.chat_id,
                    photo=photo,
                    caption=str(card.text),
                    parse_mode="HTML",
                    reply_markup=keyboard,
                )
            )
        return await self.bot.edit_message_media(
            media=InputMediaPhoto(media=photo, caption=str(card.text), parse_mode="HTML"),
            chat_id=message.chat.id,
            message_id=message.message_id,
            reply_markup=keyboard,
        )

    async def _without_photo(self, message: Message | None, card: Card) -> Shown | None:
        plain = Card(card.text, card.buttons)
        return await self._redraw(message, plain) if message else await self._send(plain)

    async def _remember(self, shown: Shown, living: tuple[str, int], copy: dict[str, str]) -> None:
        kind, subject_id = living
        async with self.database.begin() as session:
            await posted.remember(
                session,
                posted.Copy(
                    bot_id=self.bot.id,
                    kind=kind,
                    subject_id=subject_id,
                    chat_id=shown.chat_id,
                    message_id=shown.message_id,
                    photo=shown.photo,
                    locale=copy.get("locale", "en"),
                    timezone=copy.get("timezone", "UTC"),
                ),
            )

    async def _forget(self, message: Message) -> None:
        async with self.database.begin() as session:
            await posted.forget(session, self.bot.id, message.chat.id, message.message_id)


def _shown(result: Any) -> Shown | None:
    """What a raw Message says of itself."""
    if not isinstance(result, dict):
        return None
    return Shown(result["chat"]["id"], result["message_id"], bool(result.get("photo")))


def _lives(message: Message) -> bool:
    """Whether the message carries a group's card, which the courier would draw over ours."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return any(
        (b.callback_data or "").startswith(f"{JoinGroup.prefix}:")
        or (
            b.switch_inline_query_chosen_chat is not None
            and (b.switch_inline_query_chosen_chat.query or "").startswith("g.")
        )
        for row in rows
        for b in row
    )


def chat_of(query: CallbackQuery) -> int:
    """Where the answer to a press belongs: its chat, or for inline cards the person's own."""
    if isinstance(query.message, Message | InaccessibleMessage):
        return query.message.chat.id
    return query.from_user.id


def too_late(error: TelegramBadRequest) -> bool:
    """Telegram no longer waits for the answer to a press or query. What it did stands."""
    return any(words in error.message for words in LATE)
