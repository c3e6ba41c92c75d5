"""What is asked about an order: how it is sent, why it comes back, how much of it is paid back."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import Message

from cards.card import Card
from cards.language import lines
from cards.receipts import receipt_card, sold_receipt_card
from commerce.actions import aftersale, fulfilment, receipts
from conversations.form import Asking, Choice, FieldError, Form, Step
from conversations.reading import read_text
from conversations.screen import Screen
from conversations.writing import read_price

CARRIERS = ("DHL", "UPS", "FedEx", "USPS", "SF")
ALL = "all"


async def _carriers(asking: Asking) -> Sequence[Choice]:
    return [Choice(name, name) for name in CARRIERS]


async def _show_sold(asking: Asking, screen: Screen) -> None:
    kit = asking.kit
    receipt = await receipts.sold_receipt(kit["actor"], asking.answers["sold"], now=kit["now"])
    await screen.show(sold_receipt_card(receipt, asking.say))


class ShipForm(Form, state="ship"):
    """Context: `sold`, the order's code."""

    steps = (
        Step(
            "carrier",
            lambda a: a.say("🚚 <b>Who carries it?</b> Tap one, or send the name."),
            read_text(40, least=2),
            _carriers,
        ),
        Step(
            "tracking",
            lambda a: a.say("The number to follow it by? Send it, or skip."),
            read_text(40, least=4),
            optional=True,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, kit = asking.answers, asking.kit
        await fulfilment.ship_order(
            kit["actor"],
            answers["sold"],
            answers["carrier"],
            answers.get("tracking", ""),
            now=kit["now"],
        )
        await _show_sold(asking, screen)


async def _reasons(asking: Asking) -> Sequence[Choice]:
    say = asking.say
    return (
        Choice(say.plain("💔 It came broken"), "broken"),
        Choice(say.plain("🔀 Something else came"), "wrong"),
        Choice(say.plain("🙁 It does not fit"), "misfit"),
        Choice(say.plain("💭 I changed my mind"), "mind"),
    )


class ReturnForm(Form, state="return"):
    """Context: `order`, the order's code."""

    steps = (
        Step(
            "reason",
            lambda a: a.say("↩️ <b>Why do you send it back?</b> Tap one, or tell it in words."),
            read_text(200, least=3),
            _reasons,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, kit, say = asking.answers, asking.kit, asking.say
        actor, code = kit["actor"], answers["order"]
        told = {c.value: c.label for c in await _reasons(asking)}
        typed: str = answers["reason"]
        reason = told.get(typed, typed)
        await aftersale.ask_return(actor, code, reason, now=kit["now"])
        await screen.show(receipt_card(await receipts.receipt_of(actor, code, now=kit["now"]), say))


def read_part(message: Message, asking: Asking) -> int:
    """Minor units, at most what is left of the order."""
    part, left = read_price(message, asking), asking.answers["left"]
    if part > left:
        most = asking.say.money(left, asking.answers["currency"])
        raise FieldError(asking.say("At most {price} is left to give back.", price=most))
    return part


async def _everything(asking: Asking) -> Sequence[Choice]:
    price = asking.say.money(asking.answers["left"], asking.answers["currency"])
    return [Choice(asking.say.plain("All of it: {price}", price=price), ALL)]


def _amount(asking: Asking) -> int:
    given: int | str = asking.answers["amount"]
    return int(asking.answers["left"]) if given == ALL else int(given)


class MoneyForm(Form):
    """Ends in a second look at an amount. Context: `sold`, `short`, `left`, `currency`, `seen`."""

    async def summary(self, asking: Asking) -> Card:
        price = asking.say.money(_amount(asking), asking.answers["currency"])
        return Card(
            lines(
                asking.say("<b>Give {price} back?</b>", price=price),
                asking.say(
                    "It goes to the buyer of order {code} and cannot be taken back.",
                    code=asking.answers["short"],
                ),
            )
        )


class TakeBackForm(MoneyForm, state="take_back"):
    steps = (
        Step(
            "amount",
            lambda a: a.say("↩️ <b>It is back. How much of the money goes to the buyer?</b>"),
            read_part,
            _everything,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        kit = asking.kit
        await aftersale.take_back(
            kit["actor"], asking.answers["sold"], _amount(asking), now=kit["now"]
        )
        await _show_sold(asking, screen)


class GiveBackForm(MoneyForm, state="give_back"):
    steps = (
        Step(
            "amount",
            lambda a: a.say("💚 <b>How much goes back to the buyer?</b>"),
            read_part,
            _everything,
        ),
        Step(
            "note",
            lambda a: a.say("A word to the buyer? Send it, or skip."),
            read_text(200),
            optional=True,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, kit = asking.answers, asking.kit
        await aftersale.give_part_back(
            kit["actor"],
            answers["sold"],
            _amount(asking),
            answers.get("note", ""),
            seen_minor=answers["seen"],
            now=kit["now"],
        )
        await _show_sold(asking, screen)


class CallOffForm(Form, state="call_off"):
    """Context: `sold`, `short`, `left`, `currency`."""

    steps = (
        Step(
            "note",
            lambda a: a.say("✖️ <b>Why can it not be sent?</b> The buyer will read it."),
            read_text(200, least=3),
        ),
    )

    async def summary(self, asking: Asking) -> Card:
        answers, say = asking.answers, asking.say
        return Card(
            lines(
                say("<b>✖️ Cancel order {code}?</b>", code=answers["short"]),
                say(
                    "{price} goes back to the buyer, and the pieces go back on the shelf.",
                    price=say.money(answers["left"], answers["currency"]),
                ),
            )
        )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, kit = asking.answers, asking.kit
        await aftersale.call_off_order(
            kit["actor"], answers["sold"], answers["note"], now=kit["now"]
        )
        await _show_sold(asking, screen)
