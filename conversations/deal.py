"""Making a deal: flash sale, team price, price ladder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from aiogram.types import Message
from markupsafe import Markup

from cards.card import Card
from cards.deals import posted_deal_card
from cards.language import lines
from cards.wares import own_deal_card
from commerce.actions import dealing, listing
from commerce.actions.dealing import MOST_PER_PERSON
from commerce.rules.ladder import MAX_BUYERS, Tier, capacity, is_ladder
from commerce.rules.money import parse_quantity
from commerce.rules.typed import next_day, parse_instant, parse_tiers
from commerce.rules.windows import phase
from commerce.views import DealView
from conversations.form import Answers, Asking, Choice, FieldError, Step
from conversations.picking import PickingForm, page_of, read_words, turning, words_of
from conversations.reading import read_text
from conversations.screen import Screen
from conversations.writing import read_price
from storage.tables import Commitment, DealKind
from storage.texts import LocalizedText

MORNING = time(9, 0)
STARTS = ("now", "hour", "morning")
LASTING = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
}


async def product_choices(asking: Asking) -> Sequence[Choice]:
    page = await listing.own_products(
        asking.kit["actor"],
        asking.answers["brand"],
        page_of(asking),
        words=words_of(asking),
        live=True,
    )
    names = [
        Choice(f"{asking.say.text(p.title)} · {asking.say.money(p.from_minor, p.currency)}", p.code)
        for p in page.items
    ]
    return (*names, *turning(page, asking.say, words_of(asking)))


def ask_product(asking: Asking) -> Markup:
    say, words = asking.say, words_of(asking)
    found = say("<i>Found for “{words}”:</i>", words=words) if words else None
    return lines(
        say("🔥 <b>Which product is the deal for?</b> Pick it, or send a word of its name."), found
    )


async def kind_choices(asking: Asking) -> Sequence[Choice]:
    return [
        Choice(asking.say.plain("⚡ Flash sale"), DealKind.FLASH.value),
        Choice(asking.say.plain("👥 Team price"), DealKind.TEAM.value),
        Choice(asking.say.plain("📉 Price ladder"), DealKind.LADDER.value),
    ]


def ask_kind(asking: Asking) -> Markup:
    say = asking.say
    return lines(
        say("What kind of deal?"),
        "",
        say("⚡ <b>Flash sale</b>: one low price for a short time."),
        say("👥 <b>Team price</b>: low for everyone once a team of N has paid."),
        say("📉 <b>Price ladder</b>: the more buyers, the lower; everyone gets the final price."),
    )


def read_deal_price(message: Message, asking: Asking) -> int:
    price = read_price(message, asking)
    _require_below(price, asking)
    return price


def _require_below(price: int, asking: Asking) -> None:
    lowest, currency = asking.answers["list_minor"], asking.answers["currency"]
    if price >= lowest:
        raise FieldError(
            asking.say(
                "The product costs {price} alone; the deal must be below that.",
                price=asking.say.money(lowest, currency),
            )
        )


def read_team(message: Message, asking: Asking) -> int:
    size = parse_quantity(message.text or "", MAX_BUYERS)
    if size is None or size < 2:
        raise FieldError(asking.say("A team has 2 to {most} people.", most=MAX_BUYERS))
    return size


def read_tiers(message: Message, asking: Asking) -> list[list[int]]:
    tiers = parse_tiers(message.text or "", asking.answers["currency"])
    if tiers is None:
        raise FieldError(asking.say("Please write it like 3=15.90, 5=13.90, 8=11.90"))
    if not is_ladder(tiers):
        raise FieldError(
            asking.say(
                "Buyers (2 to {most}) must rise and prices fall from step to step.", most=MAX_BUYERS
            )
        )
    _require_below(tiers[0].price_minor, asking)
    return [[tier.buyers, tier.price_minor] for tier in tiers]


async def start_choices(asking: Asking) -> Sequence[Choice]:
    labels = (
        asking.say.plain("Now"),
        asking.say.plain("In an hour"),
        asking.say.plain("Tomorrow at 9:00"),
    )
    return [Choice(label, value) for label, value in zip(labels, STARTS, strict=True)]


async def end_choices(asking: Asking) -> Sequence[Choice]:
    say = asking.say
    labels = (
        say.plain("After an hour"),
        say.plain("After 6 hours"),
        say.plain("After a day"),
        say.plain("After 3 days"),
        say.plain("After a week"),
    )
    return [Choice(label, value) for label, value in zip(labels, LASTING, strict=True)]


def _read_instant(message: Message, asking: Asking) -> datetime:
    now = asking.kit["now"]
    at = parse_instant(message.text or "", asking.kit["actor"].timezone, now)
    if at is None:
        raise FieldError(asking.say("Please write the time like 18:30 or 2026-12-24 18:30."))
    if not now < at <= now + dealing.LONGEST:
        raise FieldError(asking.say("Please choose a time in the future, within a year."))
    return at


def read_start(message: Message, asking: Asking) -> str:
    return _read_instant(message, asking).isoformat()


def read_end(message: Message, asking: Asking) -> str:
    at = _read_instant(message, asking)
    if at <= starts_at(asking):
        raise FieldError(asking.say("The deal must end after it starts."))
    return at.isoformat()


def starts_at(asking: Asking) -> datetime:
    now, typed = asking.kit["now"], asking.answers["start"]
    match typed:
        case "now":
            return now  # type: ignore[no-any-return]
        case "hour":
            return now + timedelta(hours=1)  # type: ignore[no-any-return]
        case "morning":
            return next_day(now, asking.kit["actor"].timezone, MORNING)
        case _:
            return datetime.fromisoformat(typed)


def ends_at(asking: Asking) -> datetime:
    typed = asking.answers["end"]
    if typed in LASTING:
        return starts_at(asking) + LASTING[typed]
    return datetime.fromisoformat(typed)


def read_stock(message: Message, asking: Asking) -> int:
    shelf = asking.answers["shelf"]
    stock = parse_quantity(message.text or "", shelf)
    if stock is None:
        raise FieldError(
            asking.say(
                "Please send a whole number; you have {n} in stock.",
                n=shelf,
            )
        )
    least = capacity(tiers_of(asking.answers) or (Tier(1, 1),))
    if stock < least:
        raise FieldError(asking.say("At least one full group: {n}.", n=least))
    return stock


async def cap_choices(asking: Asking) -> Sequence[Choice]:
    return [Choice(str(n), str(n)) for n in (1, 2, 3, 5, 10)]


def read_cap(message: Message, asking: Asking) -> str:
    cap = parse_quantity(message.text or "", MOST_PER_PERSON)
    if cap is None:
        raise FieldError(
            asking.say("Please send a whole number from 1 to {most}.", most=MOST_PER_PERSON)
        )
    return str(cap)


async def commitment_choices(asking: Asking) -> Sequence[Choice]:
    return [
        Choice(asking.say.plain("💳 Pay now"), Commitment.PAY_NOW.value),
        Choice(asking.say.plain("🤝 Promise now, pay later"), Commitment.PROMISE.value),
    ]


def ask_commitment(asking: Asking) -> Markup:
    say = asking.say
    return lines(
        say("How do people take a seat?"),
        "",
        say("💳 <b>Pay now</b>: what is too much goes back when the group is complete."),
        say("🤝 <b>Promise</b>: nobody pays before; then all have 30 minutes to pay."),
    )


def tiers_of(answers: Answers) -> tuple[Tier, ...]:
    if answers["kind"] == DealKind.TEAM:
        return (Tier(answers["team"], answers["price"]),)
    if answers["kind"] == DealKind.LADDER:
        return tuple(Tier(buyers, price) for buyers, price in answers["tiers"])
    return ()


class DealForm(PickingForm, state="deal"):
    """Context: `brand` (code), `brand_name` (JSON), `brand_emoji`, `currency`."""

    steps = (
        Step("product", ask_product, read_words, product_choices),
        Step("kind", ask_kind, choices=kind_choices),
        Step(
            "team",
            lambda a: a.say("How many people make a team?"),
            read_team,
            when=lambda answers: answers.get("kind") == DealKind.TEAM,
        ),
        Step(
            "price",
            lambda a: a.say(
                "At what price? Alone it costs {price}.",
                price=a.say.money(a.answers["list_minor"], a.answers["currency"]),
            ),
            read_deal_price,
            when=lambda answers: answers.get("kind") != DealKind.LADDER,
        ),
        Step(
            "tiers",
            lambda a: a.say(
                "How does the price fall? Write buyers=price, like "
                "<code>3=15.90, 5=13.90, 8=11.90</code>. Alone it costs {price}.",
                price=a.say.money(a.answers["list_minor"], a.answers["currency"]),
            ),
            read_tiers,
            when=lambda answers: answers.get("kind") == DealKind.LADDER,
        ),
        Step(
            "start",
            lambda a: a.say(
                "When does it start? Pick, or send a time in your zone ({zone}).",
                zone=a.kit["actor"].timezone,
            ),
            read_start,
            start_choices,
        ),
        Step(
            "end",
            lambda a: a.say("When does it end? Pick, or send a time."),
            read_end,
            end_choices,
        ),
        Step(
            "stock",
            lambda a: a.say(
                "How many pieces are for this deal? You have {n}.", n=a.answers["shelf"]
            ),
            read_stock,
        ),
        Step(
            "cap",
            lambda a: a.say("How many may one person buy? Pick, or send a number."),
            read_cap,
            cap_choices,
        ),
        Step(
            "commitment",
            ask_commitment,
            choices=commitment_choices,
            when=lambda answers: answers.get("kind") != DealKind.FLASH,
        ),
        Step(
            "title",
            lambda a: a.say("A title of its own? Or skip, and it is called like the product."),
            read_text(80, least=2),
            optional=True,
        ),
    )

    async def picked(self, step: str, value: Any, asking: Asking) -> None:
        if step == "product":
            product = await listing.own_product(asking.kit["actor"], value)
            asking.answers["list_minor"] = product.lowest_minor
            asking.answers["shelf"] = product.stock

    async def summary(self, asking: Asking) -> Card:
        """The card exactly as chats will see it."""
        view = await _preview(asking)
        card = posted_deal_card(view, asking.say, asking.kit["links"])
        say = asking.say
        note = say(
            "<i>This is how chats will see it. It runs from {start} to {end}.</i>",
            start=say.instant(view.starts_at),
            end=say.instant(view.ends_at),
        )
        return Card(lines(card.text, "", note), photo=card.photo)

    async def finish(self, asking: Asking, screen: Screen) -> None:
        kit, say = asking.kit, asking.say
        code = await dealing.create_deal(kit["actor"], _new_deal(asking), now=kit["now"])
        view = await dealing.own_deal(kit["actor"], code, now=kit["now"])
        await screen.show(own_deal_card(view, say, say("🎉 <b>Your deal is up.</b> Tell people!")))


def _new_deal(asking: Asking) -> dealing.NewDeal:
    answers = asking.answers
    tiers = tiers_of(answers)
    title = answers.get("title")
    return dealing.NewDeal(
        product=answers["product"],
        kind=DealKind(answers["kind"]),
        price_minor=tiers[0].price_minor if tiers else answers["price"],
        tiers=tiers,
        starts_at=starts_at(asking),
        ends_at=ends_at(asking),
        stock=answers["stock"],
        per_person=int(answers["cap"]),
        title=LocalizedText.of(en=title) if title else None,
        commitment=Commitment(answers.get("commitment", Commitment.PAY_NOW)),
    )


async def _preview(asking: Asking) -> DealView:
    kit, new = asking.kit, _new_deal(asking)
    product = await listing.own_product(kit["actor"], new.product)
    name = LocalizedText.from_json(asking.answers["brand_name"])
    return DealView(
        id=0,
        code="",
        kind=new.kind,
        title=new.title or product.title,
        product_code=product.code,
        product_title=product.title,
        description=product.description,
        brand_code=product.brand_code,
        brand_name=name,
        brand_emoji=asking.answers["brand_emoji"],
        currency=product.currency,
        list_minor=product.lowest_minor,
        price_minor=new.price_minor,
        tiers=new.tiers,
        stock_left=new.stock,
        per_person=new.per_person,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        phase=phase(
            paused=False,
            ended=False,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            stock_left=new.stock,
            now=kit["now"],
        ),
        photo=product.photo,
        groups=(),
        by_promise=new.commitment == Commitment.PROMISE,
    )
