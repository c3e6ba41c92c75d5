"""Texts that a brand writes in one or more languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """The same text by language: `by_locale` maps "en", "zh", … to what is shown there."""

    by_locale: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, **by_locale: str) -> LocalizedText:
        return cls(tuple(sorted((k, v) for k, v in by_locale.items() if v)))

    def in_(self, locale: str) -> str:
        """The text for `locale`, else for its language, else English, else any."""
        texts = dict(self.by_locale)
        language = locale.partition("-")[0].partition("_")[0]
        for key in (locale, language, FALLBACK):
            if key in texts:
                return texts[key]
        return next(iter(texts.values()), "")

    def all(self) -> str:
        return " ".join(text for _, text in self.by_locale)

    def to_json(self) -> str:
        return json.dumps(dict(self.by_locale), ensure_ascii=False)

    @classmethod
    def from_json(cls, raw: str) -> LocalizedText:
        return cls.of(**json.loads(raw))


class LocalizedColumn(TypeDecorator[LocalizedText]):
    """Stores a LocalizedText as a JSON object."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: LocalizedText | None, dialect: Dialect) -> str | None:
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> LocalizedText | None:
        return None if value is None else LocalizedText.from_json(value)
