"""Writing to all followers: a deal, a text, or both; with preview and a test to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from aiogram.types import Message
from markupsafe import Markup

from cards.broadcasts import audience_line, broadcast_card, report_card, shown_length
from cards.card import MAX_CAPTION, MAX_TEXT, Card
from cards.language import Language, lines
from commerce.actions import broadcasting, dealing
from conversations.form import Answers, Asking, Choice, FieldError, Step
from conversations.picking import PickingForm, page_of, turning
from conversations.screen import Screen
from conversations.writing import read_paragraphs

SLACK = 60  # the same deal takes more room in some languages
TEST, SEND = "test", "send"


async def deal_choices(asking: Asking) -> Sequence[Choice]:
    page = await dealing.own_deals(
        asking.kit["actor"],
        asking.answers["brand"],
        page_of(asking),
        now=asking.kit["now"],
        running=True,
    )
    names = [Choice(asking.say.text(d.title), d.code) for d in page.items]
    return (*names, *turning(page, asking.say))


def read_message(message: Message, asking: Asking) -> str:
    """As long as a message may be, less what the deal's own words take."""
    room = asking.answers["room"]
    typed = read_paragraphs(MAX_TEXT)(message, asking)
    over = len(typed.encode("utf-16-le")) // 2 - room
    if over > 0:
        raise FieldError(
            asking.say("Too long by {n} characters; {room} fit here.", n=over, room=room)
        )
    return typed


async def check_choices(asking: Asking) -> Sequence[Choice]:
    say = asking.say
    count = await broadcasting.receivers(asking.kit["actor"], asking.answers["brand"])
    test = Choice(say.plain("🧪 Send me a test"), TEST)
    return (test, Choice(say.plain("✅ Send it to {n}", n=count), SEND)) if count else (test,)


def ask_check(asking: Asking) -> Markup:
    return asking.say("Nothing is sent before you confirm.")


WORDS = Step(
    "words",
    lambda a: a.say("📣 A few words above the deal? Send them, or skip."),
    read_message,
    optional=True,
    when=lambda answers: "deal" in answers,
)
CHECK = Step("check", ask_check, choices=check_choices)


class BroadcastForm(PickingForm, state="broadcast"):
    """Context: `brand` (code), `room` (characters that fit into a message)."""

    steps: ClassVar[tuple[Step, ...]] = (
        Step(
            "deal",
            lambda a: a.say("📣 <b>A broadcast.</b> Does it show a deal? Pick one, or skip."),
            choices=deal_choices,
            optional=True,
        ),
        Step(
            "text",
            lambda a: a.say("What do you want to tell your followers?"),
            read_message,
            when=lambda answers: "deal" not in answers,
        ),
        WORDS,
        CHECK,
    )

    async def _keep(
        self, index: int, value: Any, answers: Answers, say: Language, kit: dict[str, Any]
    ) -> None:
        if self.steps[index].name == "check" and value == TEST:
            await kit["screen"].post(await preview(Asking(say, answers, kit)))
            await kit["screen"].toast(say.plain("Here it is, as your followers will see it."))
            await self._ask(index, answers, say, kit)
        else:
            await super()._keep(index, value, answers, say, kit)

    async def picked(self, step: str, value: Any, asking: Asking) -> None:
        if step == "deal":
            answers = asking.answers
            answers["room"] = await room_beside(answers["brand"], value, asking.say, asking.kit)

    async def _question(self, index: int, asking: Asking, trouble: Markup | None) -> Card:
        """The last step shows what will be sent."""
        card = await super()._question(index, asking, trouble)
        if self.steps[index].name != "check":
            return card
        count = await broadcasting.receivers(asking.kit["actor"], asking.answers["brand"])
        shown = await preview(asking)
        fits = shown_length(shown.text) <= (MAX_CAPTION if shown.photo else MAX_TEXT) - 160
        body = shown.text if fits else asking.say("<i>(The test shows how it looks.)</i>")
        text = lines(body, "", audience_line(count, asking.say), card.text)
        return Card(text, card.buttons, shown.photo)

    async def finish(self, asking: Asking, screen: Screen) -> None:
        kit, answers = asking.kit, asking.answers
        code = await broadcasting.start_broadcast(
            kit["actor"], answers["brand"], text_of(answers), answers.get("deal"), now=kit["now"]
        )
        report = await broadcasting.broadcast_report(kit["actor"], code)
        await screen.show(report_card(report, asking.say))


def text_of(answers: Answers) -> str:
    return str(answers.get("words" if "deal" in answers else "text", ""))


async def preview(asking: Asking) -> Card:
    kit, answers = asking.kit, asking.answers
    facts = await broadcasting.broadcast_facts(
        kit["actor"], answers["brand"], text_of(answers), answers.get("deal"), now=kit["now"]
    )
    return broadcast_card(facts, asking.say, kit["links"])


async def room_beside(brand: str, deal: str, say: Language, kit: dict[str, Any]) -> int:
    """How many characters fit above the deal's own words."""
    facts = await broadcasting.broadcast_facts(kit["actor"], brand, "", deal, now=kit["now"])
    card = broadcast_card(facts, say, kit["links"])
    return MAX_CAPTION - SLACK - shown_length(card.text)


class DealBroadcastForm(BroadcastForm, state="deal_broadcast"):
    """Context: `brand` and `deal` (codes), `room`: the deal is chosen already."""

    steps: ClassVar[tuple[Step, ...]] = (WORDS, CHECK)
