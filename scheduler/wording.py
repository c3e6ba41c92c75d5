"""From outbox rows and posted copies to Bot API calls: what is true at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.card import Card
from cards.deals import group_card, posted_deal_card
from cards.language import Language, lines
from cards.links import Links
from cards.notices import heading, notice_card
from commerce.actions.living import deal_view, group_view
from commerce.refusals import NotFound
from commerce.rules.windows import Phase
from scheduler.announcer import Rendered
from scheduler.living import Look
from storage.database import Database
from storage.outbox import Claimed
from storage.pictures import PictureRef


@dataclass(frozen=True, slots=True)
class Wording:
    """Reads the database, so that prices, seats and time left are those of now."""

    database: Database
    links: Links
    now: Callable[[], datetime]

    async def render(self, row: Claimed) -> Rendered | None:
        """None where there is nothing left to tell: the deal is over, or gone."""
        say = Language(row.locale, row.timezone)
        if row.card_kind is None or row.card_subject_id is None:
            return rendered(notice_card(row.notice, row.facts, say, self.links))
        card = await self._card(row.card_kind, row.card_subject_id, say, alive=True)
        return None if card is None else rendered(_headed(card, row.facts, row.notice, say))

    async def draw(self, look: Look) -> Rendered | None:
        """A living card for copies that stand somewhere, alive or over."""
        say = Language(look.locale, look.timezone)
        card = await self._card(look.kind, look.subject_id, say, private=look.private)
        return None if card is None else rendered(card)

    async def _card(
        self,
        kind: str,
        subject_id: int,
        say: Language,
        *,
        alive: bool = False,
        private: bool = False,
    ) -> Card | None:
        try:
            if kind == "group":
                group = await group_view(self.database, group_id=subject_id)
                return group_card(group, say, self.links, private=private)
            deal = await deal_view(self.database, deal_id=subject_id, now=self.now())
        except NotFound:
            return None
        if alive and deal.phase not in (Phase.LIVE, Phase.SOON):
            return None
        return posted_deal_card(deal, say, self.links)


def _headed(card: Card, facts: Mapping[str, Any], notice: str, say: Language) -> Card:
    head: Markup | None = heading(notice, facts, say)
    return card if head is None else Card(lines(head, "", card.text), card.buttons, card.photo)


def rendered(card: Card) -> Rendered:
    if card.photo is None:
        return Rendered("sendMessage", card.params())
    return Rendered("sendPhoto", card.caption_params() | {"photo": PictureRef(card.photo)})
