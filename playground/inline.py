"""Inline mode: the question, Telegram's cache, and the message a chosen result becomes."""

import secrets

from playground.payments import own_copy
from playground.post import post
from playground.records import InlineAsk, InlineCopy
from playground.render import user_json
from playground.things import BotAccount, Chat, Invoice, Json, Message, Person
from playground.world import INLINE_SECONDS, World

ASKS_KEPT = 2_000


def new_ask(
    world: World, user: Person, bot: BotAccount, query: str, offset: str, chat: Chat | None
) -> InlineAsk:
    made = InlineAsk(secrets.token_hex(8), bot, user.id, query, offset, world.clock.now())
    world.asks[made.id] = made
    if len(world.asks) > ASKS_KEPT:
        del world.asks[next(iter(world.asks))]
    if cached := _cached(world, made):
        made.results, made.next_offset = cached.results, cached.next_offset
        made.button, made.cache_time, made.answered = cached.button, cached.cache_time, True
        show_results(world, made)
        return made
    payload: Json = {"id": made.id, "from": user_json(user), "query": query, "offset": offset}
    if chat is not None:
        payload["chat_type"] = "sender" if chat.bot_id is not None else chat.type
    world.update(bot, "inline_query", payload, f"inline:{user.id}")
    world.later(INLINE_SECONDS, lambda: _give_up(world, made))
    return made


def _cached(world: World, made: InlineAsk) -> InlineAsk | None:
    if not world.inline_cache:
        return None
    for owner in (made.user, 0):
        kept = world.inline_answers.get((made.bot.id, made.query, made.offset, owner))
        if kept and kept[0] > world.clock.now():
            return kept[1]
    return None


def _give_up(world: World, made: InlineAsk) -> None:
    if not made.answered:
        made.error = "The bot did not answer in time."
        show_results(world, made)


def show_results(world: World, made: InlineAsk) -> None:
    world.log.emit(
        "inline",
        query_id=made.id,
        user=made.user,
        results=[result["view"] for result in made.results],
        next_offset=made.next_offset,
        button=made.button,
        cache_time=made.cache_time,
    )


def post_result(world: World, user: Person, chat: Chat, bot: BotAccount, result: Json) -> Message:
    """Only a message with a keyboard has an inline_message_id, as on Telegram."""
    content = dict(result["content"])
    if isinstance(invoice := content.get("invoice"), Invoice):
        content["invoice"] = own_copy(invoice)
    inline_id = f"AgAAA{secrets.token_urlsafe(18)}" if content.get("markup") else None
    message = post(world, chat, user.id, via_bot=bot.id, inline_id=inline_id, **content)
    world.delivered("inline", message)
    if inline_id:
        world.inline_copies[inline_id] = InlineCopy(inline_id, bot.id, message)
    return message
