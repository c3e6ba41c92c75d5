"""Putting up a product; changing the price or the stock of one."""

from __future__ import annotations

from collections.abc import Sequence

from cards.card import Card
from cards.language import lines
from cards.shop import product_card
from cards.wares import own_product_card
from commerce.actions import listing
from commerce.actions.listing import GENERAL, MOST_PHOTOS, MOST_STOCK
from commerce.views import Page, ProductView, VariantLine
from conversations.form import Asking, Choice, Form, Step
from conversations.picking import PickingForm, page_of, turning
from conversations.reading import read_text
from conversations.screen import Screen
from conversations.writing import (
    picture_key,
    read_count,
    read_options,
    read_paragraphs,
    read_photo,
    read_price,
)
from storage import pictures
from storage.texts import LocalizedText

SHELVES_A_PAGE = 12


async def shelf_choices(asking: Asking) -> Sequence[Choice]:
    found = await listing.shelves(asking.kit["actor"])
    if not found:
        return [Choice(asking.say.plain("🛍 General"), GENERAL)]
    first = page_of(asking) * SHELVES_A_PAGE
    shown = found[first : first + SHELVES_A_PAGE]
    page = Page(shown, page_of(asking), len(found) > first + SHELVES_A_PAGE)
    names = [Choice(f"{c.emoji} {asking.say.text(c.name)}".strip(), c.code) for c in shown]
    return (*names, *turning(page, asking.say))


class ProductForm(PickingForm, state="product"):
    """Context: `brand` (code), `brand_name` (JSON), `brand_emoji`, `currency`."""

    steps = (
        Step(
            "title",
            lambda a: a.say("🛍 <b>What is the product called?</b>"),
            read_text(80, least=2),
        ),
        Step(
            "title_zh",
            lambda a: a.say("And in Chinese? Send it, or skip."),
            read_text(80),
            optional=True,
        ),
        Step(
            "description",
            lambda a: a.say("Describe it in a few sentences, up to 500 characters."),
            read_paragraphs(500, least=10),
        ),
        Step("category", lambda a: a.say("On which shelf does it belong?"), choices=shelf_choices),
        Step(
            "price",
            lambda a: a.say("Its price in {currency}?", currency=a.answers["currency"]),
            read_price,
        ),
        Step(
            "options",
            lambda a: a.say(
                "Does it come in options, such as <i>Red, Blue</i>? Send them with commas, or skip."
            ),
            read_options,
            optional=True,
        ),
        Step(
            "stock",
            lambda a: (
                a.say("How many of each option are in stock?")
                if "options" in a.answers
                else a.say("How many are in stock?")
            ),
            read_count(MOST_STOCK, zero=True),
        ),
        Step(
            "photos",
            lambda a: a.say(
                "Send its photos, one after the other: {n} of at most {most} so far.",
                n=len(a.answers.get("photos", [])),
                most=MOST_PHOTOS,
            ),
            read_photo,
            many=True,
        ),
    )

    async def summary(self, asking: Asking) -> Card:
        """The product's own card, as shoppers will see it."""
        kit = asking.kit
        for unique, file_id in asking.answers["photos"]:
            await pictures.remember(
                kit["database"], kit["actor"].bot_id, picture_key(unique), file_id
            )
        card = product_card(_preview(asking), 0, asking.say, kit["now"])
        note = asking.say.count(
            "<i>This is how shoppers will see it, with {n} photo.</i>",
            "<i>This is how shoppers will see it, with {n} photos.</i>",
            len(asking.answers["photos"]),
        )
        return Card(lines(card.text, "", note), photo=card.photo)

    async def finish(self, asking: Asking, screen: Screen) -> None:
        kit = asking.kit
        code = await listing.list_product(kit["actor"], _new_product(asking), now=kit["now"])
        await screen.show(
            own_product_card(await listing.own_product(kit["actor"], code), asking.say)
        )


def _new_product(asking: Asking) -> listing.NewProduct:
    answers = asking.answers
    return listing.NewProduct(
        brand=answers["brand"],
        title=LocalizedText.of(en=answers["title"], zh=answers.get("title_zh", "")),
        description=LocalizedText.of(en=answers["description"]),
        category=answers["category"],
        price_minor=answers["price"],
        stock=answers["stock"],
        options=tuple(answers.get("options", ())),
        photos=tuple(picture_key(unique) for unique, _ in answers["photos"]),
    )


def _preview(asking: Asking) -> ProductView:
    new, answers = _new_product(asking), asking.answers
    return ProductView(
        code="",
        title=new.title,
        description=new.description,
        brand_code=new.brand,
        brand_name=LocalizedText.from_json(answers["brand_name"]),
        brand_emoji=answers["brand_emoji"],
        category_code=new.category,
        currency=answers["currency"],
        variants=tuple(
            VariantLine("", LocalizedText.of(en=option), new.price_minor, new.stock)
            for option in new.options or ("",)
        ),
        photos=new.photos,
        deals=(),
        saved=False,
    )


class PriceForm(Form, state="price"):
    """Context: `variant` (code), `what` (its name), `currency`, `before` (minor units)."""

    steps = (
        Step(
            "price",
            lambda a: a.say(
                "💰 <b>{what}</b> costs {price}. What should it cost?",
                what=a.answers["what"],
                price=a.say.money(a.answers["before"], a.answers["currency"]),
            ),
            read_price,
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, actor = asking.answers, asking.kit["actor"]
        product = await listing.set_price(actor, answers["variant"], answers["price"])
        await screen.show(own_product_card(await listing.own_product(actor, product), asking.say))


class StockForm(Form, state="stock"):
    """Context: `variant` (code), `what` (its name), `before` (pieces)."""

    steps = (
        Step(
            "stock",
            lambda a: a.say(
                "📦 <b>{what}</b>: {n} in stock. How many are there now?",
                what=a.answers["what"],
                n=a.answers["before"],
            ),
            read_count(MOST_STOCK, zero=True),
        ),
    )

    async def finish(self, asking: Asking, screen: Screen) -> None:
        answers, actor = asking.answers, asking.kit["actor"]
        product = await listing.set_stock(actor, answers["variant"], answers["stock"])
        await screen.show(own_product_card(await listing.own_product(actor, product), asking.say))
