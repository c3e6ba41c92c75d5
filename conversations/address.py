"""Where shall it go?"""

from __future__ import annotations

from aiogram.types import Message

from cards.checkout import checkout_card
from commerce.actions import checkout
from conversations.form import Asking, FieldError, Form, Step
from conversations.reading import clean, read_text
from conversations.screen import Screen


def read_phone(message: Message, asking: Asking) -> str:
    typed = message.contact.phone_number if message.contact else clean(message.text or "")
    digits = "".join(c for c in typed if c.isdecimal())
    if not 5 <= len(digits) <= 15 or set(typed) - set("+-() .0123456789"):
        raise FieldError(asking.say("A phone number looks like +86 138 0013 8000."))
    return typed


class AddressForm(Form, state="address"):
    """Context: `checkout`, the code of the purchase it is for."""

    steps = (
        Step(
            "name",
            lambda a: a.say("📍 <b>Who gets the parcel?</b> The full name, please."),
            read_text(80, least=2),
        ),
        Step("street", lambda a: a.say("Street, house number, flat?"), read_text(120, least=3)),
        Step("city", lambda a: a.say("City?"), read_text(60)),
        Step("postcode", lambda a: a.say("Postcode?"), read_text(16), optional=True),
        Step("country", lambda a: a.say("Country?"), read_text(56, least=2)),
        Step(
            "phone", lambda a: a.say("A phone number for the courier?"), read_phone, optional=True
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, actor = asking.answers, asking.kit["actor"]
        code = answers["checkout"]
        typed = checkout.NewAddress(
            name=answers["name"],
            phone=answers.get("phone", ""),
            street=answers["street"],
            city=answers["city"],
            postcode=answers.get("postcode", ""),
            country=answers["country"],
        )
        await checkout.set_address(actor, code, typed, now=asking.kit["now"])
        view = await checkout.show_checkout(actor, code)
        await screen.show(checkout_card(view, asking.say, asking.kit["now"]))
