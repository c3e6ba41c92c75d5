"""A card: what is shown in one message, as plain fields that any Bot API library can send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from cards.fitting import LABEL, cut, fitted
from cards.presses import Press

MAX_TEXT, MAX_CAPTION = 4096, 1024


@dataclass(frozen=True, slots=True)
class Button:
    """One button. Exactly one of the targets is set."""

    text: str
    press: Press | None = None
    url: str | None = None
    share: str | None = None  # opens the friend picker with this inline query
    pay: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", cut(self.text, LABEL))

    def params(self) -> dict[str, Any]:
        if self.press is not None:
            return {"text": self.text, "callback_data": self.press.pack()}
        if self.url is not None:
            return {"text": self.text, "url": self.url}
        if self.pay:
            return {"text": self.text, "pay": True}
        return {
            "text": self.text,
            "switch_inline_query_chosen_chat": {
                "query": self.share or "",
                "allow_user_chats": True,
                "allow_group_chats": True,
                "allow_channel_chats": True,
            },
        }


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Text (HTML made only by markupsafe), rows of buttons, and the key of a picture or None."""

    text: Markup
    buttons: tuple[Row, ...] = field(default=())
    photo: str | None = None

    def __post_init__(self) -> None:
        most = MAX_CAPTION if self.photo else MAX_TEXT
        object.__setattr__(self, "text", fitted(self.text, most))

    def keyboard(self) -> dict[str, Any]:
        return {"inline_keyboard": [[b.params() for b in row] for row in self.buttons if row]}

    def params(self) -> dict[str, Any]:
        """Fields of sendMessage or editMessageText."""
        return {
            "text": str(self.text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": self.keyboard(),
        }

    def caption_params(self) -> dict[str, Any]:
        """Fields of sendPhoto or editMessageCaption; the photo itself is added by the sender."""
        return {
            "caption": str(self.text),
            "parse_mode": "HTML",
            "reply_markup": self.keyboard(),
        }
