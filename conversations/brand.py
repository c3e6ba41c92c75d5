"""Becoming a brand."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import Message

from cards.brands import brand_made_card
from cards.card import Card
from cards.language import lines
from commerce.actions import branding
from commerce.rules.money import parse_price
from conversations.form import Asking, Choice, FieldError, Form, Step
from conversations.reading import read_text
from conversations.screen import Screen
from conversations.writing import price_words, read_emoji, read_paragraphs
from storage.texts import LocalizedText

CURRENCIES = ("USD", "EUR", "CNY", "GBP", "JPY", "HKD", "SGD", "INR")
EMOJI: dict[str, str] = {
    "tea": "🍵",
    "wear": "👗",
    "home": "🏺",
    "food": "🍎",
    "craft": "🧶",
    "tech": "🎧",
}
FREE = "free"


async def currency_choices(asking: Asking) -> Sequence[Choice]:
    first = asking.answers.get("usual", CURRENCIES[0])
    ordered = (first, *(c for c in CURRENCIES if c != first))
    return [Choice(code, code) for code in ordered]


async def emoji_choices(asking: Asking) -> Sequence[Choice]:
    return [Choice(emoji, word) for word, emoji in EMOJI.items()]


async def shipping_choices(asking: Asking) -> Sequence[Choice]:
    return [Choice(asking.say.plain("Free shipping"), FREE)]


def read_shipping(message: Message, asking: Asking) -> int:
    typed = (message.text or "").strip()
    price = 0 if typed == "0" else parse_price(typed, asking.answers["currency"])
    if price is None:
        raise FieldError(price_words(asking))
    return price


class BrandForm(Form, state="brand"):
    """Context: `usual`, the currency offered first."""

    steps = (
        Step(
            "name",
            lambda a: a.say("✨ <b>What is your brand called?</b>"),
            read_text(40, least=2),
        ),
        Step(
            "name_zh",
            lambda a: a.say("Does it have a Chinese name too? Send it, or skip."),
            read_text(40),
            optional=True,
        ),
        Step(
            "about",
            lambda a: a.say("What should shoppers know about you? Two or three sentences."),
            read_paragraphs(300, least=10),
        ),
        Step(
            "emoji",
            lambda a: a.say("Which emoji goes before your name? Pick one, or send your own."),
            read_emoji,
            emoji_choices,
        ),
        Step(
            "currency",
            lambda a: a.say("Which currency are your prices in? It cannot be changed later."),
            choices=currency_choices,
        ),
        Step(
            "shipping",
            lambda a: a.say("What does shipping cost, whatever is in the parcel? Send a price."),
            read_shipping,
            shipping_choices,
        ),
    )

    async def summary(self, asking: Asking) -> Card:
        say, new = asking.say, _new_brand(asking)
        shipping = say("Free shipping")
        if new.shipping_minor:
            price = say.money(new.shipping_minor, new.currency)
            shipping = say("Shipping: {price}", price=price)
        return Card(
            lines(
                say("<b>{emoji} {name}</b>", emoji=new.emoji, name=new.name),
                new.about.in_(say.locale),
                "",
                say("{currency} · {shipping}", currency=new.currency, shipping=shipping),
                "",
                say("Is everything right?"),
            ),
        )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        kit = asking.kit
        code = await branding.become_brand(
            kit["actor"], _new_brand(asking), kit["house"].operators, now=kit["now"]
        )
        desk = await branding.brand_desk(kit["actor"], code, now=kit["now"])
        assert desk is not None
        await screen.show(brand_made_card(desk, asking.say, kit["links"]))


def _new_brand(asking: Asking) -> branding.NewBrand:
    answers = asking.answers
    shipping = answers["shipping"]
    return branding.NewBrand(
        name=LocalizedText.of(en=answers["name"], zh=answers.get("name_zh", "")),
        about=LocalizedText.of(en=answers["about"]),
        emoji=EMOJI.get(answers["emoji"]) or str(answers["emoji"]),
        currency=answers["currency"],
        shipping_minor=0 if shipping == FREE else shipping,
    )
