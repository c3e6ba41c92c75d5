"""Buttons inside a form; they never stand on a card that others can press."""

from __future__ import annotations

from cards.presses.wire import Number, Press, Word, press


@press("fa", form=True)
class FormAnswer(Press):
    """A choice offered at one step of the form that the person is in."""

    step: Number
    value: Word


@press("fk", form=True)
class FormBack(Press):
    step: Number


@press("fs", form=True)
class FormSkip(Press):
    step: Number


@press("fc", form=True)
class FormConfirm(Press): ...


@press("fx", form=True)
class FormCancel(Press): ...
