"""What every form does: ask, read, go back, cancel, show a summary, and end in one action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from aiogram.filters import Filter
from aiogram.fsm.scene import Scene, on
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import Language, lines
from cards.links import shown_by
from cards.presses import (
    BadPress,
    FormAnswer,
    FormBack,
    FormCancel,
    FormConfirm,
    FormSkip,
    Press,
    ShowCheckout,
    ShowDesk,
    ShowHome,
    ShowOrder,
    ShowSoldOrder,
    parse,
)
from commerce.refusals import Refusal
from conversations.screen import Screen
from storage.failures import AlreadyApplied

Answers = dict[str, Any]  # JSON only: ids, integers, strings, lists of them


class FieldError(Exception):
    """What was typed does not fit; the message says why and what would. The form stays."""

    def __init__(self, said: Markup) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Asking:
    """What a step may look at."""

    say: Language
    answers: Answers
    kit: dict[str, Any]  # what the middlewares give: actor, now, …


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    value: str  # fits into a press: a word or a code


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `read` turns a message into a JSON value or raises FieldError."""

    name: str
    ask: Callable[[Asking], Markup]
    read: Callable[[Message, Asking], Any] | None = None
    choices: Callable[[Asking], Awaitable[Sequence[Choice]]] | None = None
    optional: bool = False
    many: bool = False  # gathers answers until "done" (photos)
    when: Callable[[Answers], bool] = lambda answers: True


class FormPress(Filter):
    """Only the buttons of forms; all others go to the press table, form or no form."""

    async def __call__(self, query: CallbackQuery) -> bool:
        found = _form_press(query.data)
        return found is not None and found.form


class Form(Scene, reset_data_on_enter=True, reset_history_on_enter=True):
    """A form is its steps, a summary, and the action it ends in.

    Enter it by `scenes.enter(ThisForm, context={…})`; the context is JSON too.
    """

    steps: ClassVar[tuple[Step, ...]] = ()

    async def summary(self, asking: Asking) -> Card | None:
        """A last look before the action, or None to act at once."""
        return None

    async def finish(self, asking: Asking, screen: Screen) -> None:
        """Calls the one action and shows what came of it."""
        raise NotImplementedError

    @on.message.enter()
    @on.callback_query.enter()
    async def begin(
        self, event: Message | CallbackQuery, context: Answers, say: Language, **kit: Any
    ) -> None:
        await self.wizard.set_data({"context": context, "answers": dict(context), "step": 0})
        await self._ask(0, dict(context), say, kit)

    @on.message()
    async def typed(self, message: Message, say: Language, **kit: Any) -> None:
        data = await self.wizard.get_data()
        answers: Answers = data["answers"]
        index = data["step"]
        if index >= len(self.steps) or data.get("read") == message.message_id:
            await self._ask(index, answers, say, kit)  # nothing to type, or read before
            return
        await self.wizard.update_data(read=message.message_id)
        step = self.steps[index]
        asking = Asking(say, answers, kit)
        if step.read is None:
            await self._ask(index, answers, say, kit, say("Please tap one of the buttons."))
            return
        try:
            value = step.read(message, asking)
        except FieldError as error:
            await self._ask(index, answers, say, kit, error.said)
            return
        await self._keep(index, value, answers, say, kit)

    @on.callback_query(FormPress())
    async def pressed(self, query: CallbackQuery, say: Language, **kit: Any) -> None:
        data = await self.wizard.get_data()
        answers, index = data["answers"], data["step"]
        match _form_press(query.data):
            case FormCancel():
                await self._cancel(say, kit)
            case FormBack(step) if step == index:
                await self._back(index, answers, say, kit)
            case FormSkip(step) if step == index and self._may_skip(index, answers):
                await self._go_on(index, answers, say, kit)
            case FormAnswer(step, value) if step == index < len(self.steps):
                await self._chosen(index, value, answers, say, kit)
            case FormConfirm() if index >= len(self.steps):
                await self._finish(answers, say, kit)
            case _:
                await self._ask(index, answers, say, kit)

    def _may_skip(self, index: int, answers: Answers) -> bool:
        if index >= len(self.steps):
            return False
        step = self.steps[index]
        return step.optional or (step.many and bool(answers.get(step.name)))

    async def _chosen(
        self, index: int, value: str, answers: Answers, say: Language, kit: dict[str, Any]
    ) -> None:
        step = self.steps[index]
        offered = await step.choices(Asking(say, answers, kit)) if step.choices else ()
        if value in {c.value for c in offered}:
            await self._keep(index, value, answers, say, kit)
        else:
            await self._ask(index, answers, say, kit)

    async def _keep(
        self, index: int, value: Any, answers: Answers, say: Language, kit: dict[str, Any]
    ) -> None:
        step = self.steps[index]
        if step.many:
            answers[step.name] = [*answers.get(step.name, []), value]
            await self._ask(index, answers, say, kit)
            return
        answers[step.name] = value
        await self._go_on(index, answers, say, kit)

    async def _go_on(
        self, index: int, answers: Answers, say: Language, kit: dict[str, Any]
    ) -> None:
        index += 1
        while index < len(self.steps) and not self.steps[index].when(answers):
            index += 1
        await self._ask(index, answers, say, kit)

    async def _back(self, index: int, answers: Answers, say: Language, kit: dict[str, Any]) -> None:
        index -= 1
        while index > 0 and not self.steps[index].when(answers):
            index -= 1
        if index < 0:
            await self._cancel(say, kit)
            return
        answers.pop(self.steps[index].name, None)
        await self._ask(index, answers, say, kit)

    async def _ask(
        self,
        index: int,
        answers: Answers,
        say: Language,
        kit: dict[str, Any],
        trouble: Markup | None = None,
    ) -> None:
        """Shows step `index`; past the last one the summary, or acts where there is none."""
        await self.wizard.update_data(answers=answers, step=index)
        asking = Asking(say, answers, kit)
        screen: Screen = kit["screen"]
        if index < len(self.steps):
            await screen.show(await self._question(index, asking, trouble))
            return
        card = await self.summary(asking)
        if card is None:
            await self._finish(answers, say, kit)
            return
        confirm = (Button(say.plain("✅ Confirm"), FormConfirm()),)
        await screen.show(
            Card(card.text, (*card.buttons, confirm, _ways_out(index, say)), card.photo)
        )

    async def _question(self, index: int, asking: Asking, trouble: Markup | None) -> Card:
        step, say = self.steps[index], asking.say
        offered = await step.choices(asking) if step.choices else ()
        rows: list[Row] = [(Button(c.label, FormAnswer(index, c.value)),) for c in offered]
        if self._may_skip(index, asking.answers):
            label = say.plain("✅ Done") if step.many else say.plain("⏭ Skip")
            rows.append((Button(label, FormSkip(index)),))
        shown = [i for i, s in enumerate(self.steps) if s.when(asking.answers)]
        place = say("<i>Question {n} of {all}</i>", n=shown.index(index) + 1, all=len(shown))
        warning = Markup("⚠️ {}").format(trouble) if trouble else None
        text = lines(warning, step.ask(asking), place)
        return Card(text, (*rows, _ways_out(index, say)))

    async def _finish(self, answers: Answers, say: Language, kit: dict[str, Any]) -> None:
        """A refusal of the action closes the form: what it refused cannot be mended here.

        Anything else that stops it does not: the update is handled again, or Confirm pressed.
        """
        await self.wizard.exit()
        try:
            await self.finish(Asking(say, answers, kit), kit["screen"])
        except AlreadyApplied as again:  # done by a try that did not live to show it
            if (shown := shown_by(again.outcome)) is not None:
                await kit["table"].dispatch(shown, say=say, **kit)
        except Refusal:  # its words follow; the questions can be answered no more
            await kit["screen"].show(cancelled_card(say, answers))
            raise
        except BaseException:
            await self.wizard.state.set_state(self.__scene_config__.state)
            raise

    async def _cancel(self, say: Language, kit: dict[str, Any]) -> None:
        left = await self.wizard.get_data()
        await self.wizard.exit()
        await kit["screen"].show(cancelled_card(say, left.get("context", {})))


def cancelled_card(say: Language, context: Answers) -> Card:
    """The end of a form that changed nothing, with the way to where it began."""
    home = Button(say.plain("🏠 Home"), ShowHome())
    origin = _origin(context)
    row = (home,) if origin is None else (Button(say.plain("⬅️ Back"), origin), home)
    return Card(say("Cancelled. Nothing was changed."), (row,))


def _origin(context: Answers) -> Press | None:
    if "checkout" in context:
        return ShowCheckout(context["checkout"])
    if "order" in context:
        return ShowOrder(context["order"])
    if "sold" in context:
        return ShowSoldOrder(context["sold"])
    return ShowDesk(context["brand"]) if "brand" in context else None


def _ways_out(index: int, say: Language) -> Row:
    return (
        Button(say.plain("⬅️ Back"), FormBack(index)),
        Button(say.plain("✖️ Cancel"), FormCancel()),
    )


def _form_press(data: str | None) -> Press | None:
    try:
        return parse(data or "")
    except BadPress:
        return None
