"""Inline mode: a living card into any chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiogram import Bot
from aiogram.types import (
    ChosenInlineResult,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from cards.card import Card
from cards.deals import group_card, posted_deal_card
from cards.language import Language
from cards.links import Links, shared
from cards.shop import posted_product_card
from commerce.actions import browsing, living, sharing
from commerce.actor import Actor
from commerce.refusals import NotFound
from commerce.views import DealView, GroupView, ProductView
from handlers.pressing import Shelf
from storage import pictures

Result = InlineQueryResultArticle | InlineQueryResultCachedPhoto
Found = GroupView | DealView | ProductView
CACHE_SECONDS = 5


async def answer(
    query: InlineQuery,
    actor: Actor,
    say: Language,
    links: Links,
    now: datetime,
    bot: Bot,
) -> None:
    """A share button's query finds its one thing; words find deals and one's own groups."""
    found = await _find(query.query, actor, say, now)
    results = [await _result(thing, actor, say, links, bot) for thing in found]
    await query.answer(
        results=list(results),
        cache_time=CACHE_SECONDS,
        is_personal=True,
        button=None
        if results
        else InlineQueryResultsButton(text=say.plain("🛍 Open the shop"), start_parameter="home"),
    )


async def _find(typed: str, actor: Actor, say: Language, now: datetime) -> Sequence[Found]:
    wanted = shared(typed)
    try:
        match wanted:
            case ("g", code):
                return [await living.group_view(actor.database, code=code)]
            case ("d", code):
                return [await living.deal_view(actor.database, code=code, now=now)]
            case ("p", code):
                return [await browsing.product(actor, code, now=now)]
    except NotFound:
        return []
    groups, deals = await sharing.shareable(actor, now=now)
    words = typed.strip().lower()
    things: list[GroupView | DealView] = [*groups, *deals]
    return [t for t in things if words in say.text(t.title).lower()]


async def _result(thing: Found, actor: Actor, say: Language, links: Links, bot: Bot) -> Result:
    card, kind = _card(thing, say, links)
    keyboard = InlineKeyboardMarkup.model_validate(card.keyboard()) if card.buttons else None
    title, about = say.text(thing.title), _about(thing, say)
    file_id = await pictures.file_id(actor.database, bot.id, card.photo) if card.photo else None
    if file_id is not None:
        return InlineQueryResultCachedPhoto(
            id=f"{kind}.{thing.code}.photo",
            photo_file_id=file_id,
            title=title,
            description=about,
            caption=str(card.text),
            parse_mode="HTML",
            reply_markup=keyboard,
        )
    return InlineQueryResultArticle(
        id=f"{kind}.{thing.code}.text",
        title=title,
        description=about,
        input_message_content=InputTextMessageContent(
            message_text=str(card.text), parse_mode="HTML"
        ),
        reply_markup=keyboard,
    )


def _card(thing: Found, say: Language, links: Links) -> tuple[Card, str]:
    match thing:
        case GroupView():
            return group_card(thing, say, links), "g"
        case DealView():
            return posted_deal_card(thing, say, links), "d"
        case ProductView():
            return posted_product_card(thing, say, links), "p"


def _about(thing: Found, say: Language) -> str:
    match thing:
        case GroupView():
            return say.plain("Group buy: {paid} of {n} paid", paid=thing.paid, n=thing.capacity)
        case DealView():
            lowest = thing.tiers[-1].price_minor if thing.tiers else thing.price_minor
            return say.plain("Deal: down to {price}", price=say.money(lowest, thing.currency))
        case ProductView():
            lowest = min(v.price_minor for v in thing.variants)
            return say.plain("From {price}", price=say.money(lowest, thing.currency))


async def chosen(result: ChosenInlineResult, actor: Actor, now: datetime) -> None:
    """The card stands in some chat now; groups and deals are kept up to date there."""
    kind, _, rest = result.result_id.partition(".")
    code, _, form = rest.partition(".")
    if result.inline_message_id is None or kind not in ("g", "d"):
        return
    if kind == "g":
        name, subject_id = "group", (await living.group_view(actor.database, code=code)).id
    else:
        name, subject_id = "deal", (await living.deal_view(actor.database, code=code, now=now)).id
    await sharing.remember_inline(
        actor, result.inline_message_id, name, subject_id, photo=form == "photo"
    )


def router() -> Shelf:
    shelf = Shelf("sharing")
    shelf.inline_query.register(answer)
    shelf.chosen_inline_result.register(chosen)
    return shelf
