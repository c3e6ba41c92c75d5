"""A Bot API call with plain fields: cards are such fields, so no models are made to carry them."""

from __future__ import annotations

from typing import Any

from aiogram.methods.base import TelegramMethod


class Call(TelegramMethod[Any]):
    """`bot(Call.of("editMessageMedia", …))` gives the raw result: numbers, lists, dicts.

    It passes the session's middlewares as any other method, and raises what they raise.
    """

    __returning__ = Any

    name: str
    params: dict[str, Any]

    @property
    def __api_method__(self) -> str:  # type: ignore[override]
        return self.name

    @classmethod
    def of(cls, name: str, /, **params: Any) -> Call:
        return cls.model_construct(name=name, params=params)
