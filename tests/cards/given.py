"""What sample cards are made from: a language, an instant, and names that may be hostile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cards.card import Card
from cards.language import Language
from cards.links import Links
from storage.texts import LocalizedText

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
CODE = "Ab3dEf7hJk"
LONG_CODE = "z" * 16
LINKS = Links("kaituan_bot")
HUGE = 99_999_999_99


@dataclass(slots=True)
class Given:
    """Hands out names: the usual ones, or everywhere `hostile`."""

    say: Language
    hostile: str | None = None
    names: int = field(default=0)

    def name(self, usual: str) -> str:
        self.names += 1
        return usual if self.hostile is None else self.hostile

    def text(self, en: str, zh: str) -> LocalizedText:
        return LocalizedText.of(en=self.name(en), zh=self.name(zh))

    def json(self, en: str, zh: str) -> str:
        return self.text(en, zh).to_json()


Sample = Callable[[Given], Card]
