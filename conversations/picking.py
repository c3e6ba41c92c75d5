"""Choosing one of many inside a form: pages of choices, and words that narrow them down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiogram.types import Message

from cards.language import Language
from commerce.views import Page
from conversations.form import Answers, Asking, Choice, Form
from conversations.reading import clean

TURN = "page-"
ALL = "all"
SEARCH = "?"


def read_words(message: Message, asking: Asking) -> str:
    """Words to search by; marked, so that they are not taken for a choice."""
    return SEARCH + clean(message.text or "")[:100]


def page_of(asking: Asking) -> int:
    return int(asking.answers.get("page", 0))


def words_of(asking: Asking) -> str:
    return str(asking.answers.get("find", ""))


def turning(page: Page[Any], say: Language, words: str = "") -> Sequence[Choice]:
    """The choices that lead to other pages, and from words searched by back to all."""
    earlier = [Choice(say.plain("◀️ Earlier"), f"{TURN}{page.number - 1}")] if page.number else []
    later = [Choice(say.plain("▶️ More"), f"{TURN}{page.number + 1}")] if page.more else []
    label = say.plain("↩️ Show all") if page.items else say.plain("🤷 Nothing · show all")
    return (*earlier, *later, *([Choice(label, ALL)] if words else []))


class PickingForm(Form):
    """A form in which a step offers pages: turning one or searching asks the step again."""

    async def _keep(
        self, index: int, value: Any, answers: Answers, say: Language, kit: dict[str, Any]
    ) -> None:
        step = self.steps[index]
        picks = step.choices is not None and step.read in (None, read_words)
        if picks and value.startswith(TURN):
            answers["page"] = int(value.removeprefix(TURN))
            await self._ask(index, answers, say, kit)
        elif picks and value == ALL:
            answers |= {"page": 0, "find": ""}
            await self._ask(index, answers, say, kit)
        elif picks and value.startswith(SEARCH):
            answers |= {"page": 0, "find": value.removeprefix(SEARCH)}
            await self._ask(index, answers, say, kit)
        else:
            await self.picked(step.name, value, Asking(say, answers, kit))
            answers |= {"page": 0, "find": ""}
            await super()._keep(index, value, answers, say, kit)

    async def picked(self, step: str, value: Any, asking: Asking) -> None:
        """What later steps need to know of an answer may be looked up here."""
