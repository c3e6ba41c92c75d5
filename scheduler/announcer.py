"""A bot that only speaks: python-telegram-bot's ExtBot on our transport, behind the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from telegram import InputFile
from telegram.ext import ExtBot

from scheduler.limiter import GateLimiter, Pass
from scheduler.outcomes import Refused
from scheduler.transport import NOWHERE, TELEGRAM, Transport
from storage import pictures
from storage.database import Database
from storage.gate import FloodGate
from storage.pictures import PictureRef


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Bot API call that shows something: `params` without the receiver; a photo may be a
    PictureRef."""

    method: str
    params: dict[str, Any] = field(hash=False)


class Announcer(ExtBot[Pass]):
    """One bot's voice. It does not know its own token: what it does not know it cannot log."""

    __slots__ = ("_speaker",)

    def __init__(self, speaker: int, gate: FloodGate, transport: Transport) -> None:
        super().__init__(
            f"{speaker}:hidden",
            base_url=f"{NOWHERE}/bot",
            base_file_url=f"{NOWHERE}/file/bot",
            request=transport,
            get_updates_request=transport,
            rate_limiter=GateLimiter(gate, speaker),
        )
        with self._unfrozen():
            self._speaker = speaker

    @classmethod
    def of(cls, token: str, gate: FloodGate, api_base: str = TELEGRAM) -> Announcer:
        return cls(int(token.partition(":")[0]), gate, Transport(token, api_base))

    def __repr__(self) -> str:
        return f"Announcer({self.speaker})"

    @property
    def speaker(self) -> int:
        """The bot's id, known without asking Telegram."""
        return self._speaker

    async def call(self, method: str, params: dict[str, Any], way: Pass | None = None) -> Any:
        """The raw result. Method names are in lower case, which Telegram takes as well:
        python-telegram-bot warns where it knows a method by name, but then decodes the result
        into models, which costs more than the sending."""
        return await self.do_api_request(method.lower(), api_kwargs=params, rate_limit_args=way)

    async def close_line(self) -> None:
        await self.request.shutdown()


async def show(
    bot: Announcer, database: Database, rendered: Rendered, way: Pass | None = None
) -> Any:
    """Makes the call, with its picture by file id where this bot has sent it before."""
    ref = rendered.params.get("photo")
    if not isinstance(ref, PictureRef):
        return await bot.call(rendered.method, rendered.params, way)
    known = await pictures.file_id(database, bot.speaker, ref.key)
    photo = known or await _upload(database, ref.key)
    if photo is None:
        plain = without_photo(rendered)
        return await bot.call(plain.method, plain.params, way)
    try:
        result = await bot.call(rendered.method, rendered.params | {"photo": photo}, way)
    except Refused as refused:
        if known and refused.picture_unknown:
            await pictures.forget(database, bot.speaker, ref.key)
        raise
    if known is None:
        await pictures.remember(database, bot.speaker, ref.key, result["photo"][-1]["file_id"])
    return result


async def _upload(database: Database, key: str) -> InputFile | None:
    content = await pictures.content(database, key)
    return None if content is None else InputFile(content, filename=f"{key}.jpg")


def without_photo(rendered: Rendered) -> Rendered:
    """The same words as a plain message, for a picture that is not to be had."""
    params = {name: value for name, value in rendered.params.items() if name != "photo"}
    params["text"] = params.pop("caption", "")
    params.pop("show_caption_above_media", None)
    return Rendered("sendMessage", params)
