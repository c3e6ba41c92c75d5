"""The page's acts by name: from {"user", "act", …} to the typed functions of acts."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from playground import acts, membership
from playground.refusals import NotPossible
from playground.things import Json, Message, Person
from playground.world import World

Act = Callable[[World, Person, Json], Awaitable[Any]]
ACTS: dict[str, Act] = {}


def _act(name: str) -> Callable[[Act], Act]:
    def enter(run: Act) -> Act:
        ACTS[name] = run
        return run

    return enter


async def act(world: World, body: Json) -> Any:
    run = ACTS.get(str(body["act"]))
    if run is None:
        raise NotPossible("There is no such act.")
    user = world.people.get(int(body["user"]))
    if user is None:
        raise NotPossible("There is no such person.")
    return await run(world, user, body)


def _id(message: Message) -> Json:
    return {"chat": message.chat_id, "id": message.id}


def _image(data: str) -> bytes:
    """The bytes of a data: address."""
    try:
        return base64.b64decode(data.partition(",")[2], validate=True)
    except binascii.Error:
        raise NotPossible("This is no picture.") from None


@_act("send")
async def _send(world: World, user: Person, body: Json) -> Json:
    reply_to = body.get("reply_to")
    return _id(await acts.send(world, user, body["chat"], str(body["text"]), reply_to))


@_act("edit")
async def _edit(world: World, user: Person, body: Json) -> Json:
    return _id(await acts.edit(world, user, body["chat"], int(body["id"]), str(body["text"])))


@_act("photo")
async def _photo(world: World, user: Person, body: Json) -> Json:
    content, caption = _image(body["data"]), str(body.get("caption") or "")
    return _id(await acts.photo(world, user, body["chat"], content, caption, body.get("album")))


@_act("photos")
async def _photos(world: World, user: Person, body: Json) -> list[Json]:
    contents, caption = [_image(one) for one in body["data"]], str(body.get("caption") or "")
    if len(contents) == 1:
        return [_id(await acts.photo(world, user, body["chat"], contents[0], caption))]
    sent = await acts.photos(world, user, body["chat"], contents, caption)
    return [_id(message) for message in sent]


@_act("location")
async def _location(world: World, user: Person, body: Json) -> Json:
    point = float(body["latitude"]), float(body["longitude"])
    return _id(await acts.location(world, user, body["chat"], *point))


@_act("contact")
async def _contact(world: World, user: Person, body: Json) -> Json:
    return _id(await acts.contact(world, user, body["chat"], str(body["phone"])))


@_act("press")
async def _press(world: World, user: Person, body: Json) -> Json:
    message = find_message(world, body)
    made = await acts.press(world, user, message, str(body["data"]))
    return {"callback_id": made.id}


def find_message(world: World, body: Json) -> Message:
    if copy := world.inline_copies.get(str(body.get("inline_message_id"))):
        return copy.message
    return world.message(int(body["chat"]), int(body["message_id"]))


@_act("start")
async def _start(world: World, user: Person, body: Json) -> Json:
    return _id(await acts.start(world, user, str(body.get("payload") or "")))


@_act("inline")
async def _inline(world: World, user: Person, body: Json) -> Json:
    query, offset = str(body["query"]), str(body.get("offset") or "")
    made = await acts.ask(world, user, query, offset, body.get("chat"))
    return {"query_id": made.id}


@_act("choose")
async def _choose(world: World, user: Person, body: Json) -> Json:
    made = world.asks.get(str(body["query_id"]))
    if made is None:
        raise NotPossible("This result is no longer there.")
    return _id(await acts.choose(world, user, made, str(body["result_id"]), body["chat"]))


@_act("read")
async def _read(world: World, user: Person, body: Json) -> None:
    await acts.read(world, user, body["chat"], int(body["id"]))


@_act("react")
async def _react(world: World, user: Person, body: Json) -> None:
    message_id = int(body.get("message_id") or body["id"])
    await acts.react(world, user, body["chat"], message_id, str(body.get("emoji") or ""))


@_act("block")
async def _block(world: World, user: Person, body: Json) -> None:
    await acts.block(world, user)


@_act("unblock")
async def _unblock(world: World, user: Person, body: Json) -> None:
    await acts.unblock(world, user)


@_act("open_link")
async def _open_link(world: World, user: Person, body: Json) -> Json:
    chat = await acts.open_link(world, user, str(body["url"]), body.get("chat"))
    return {"chat": chat.id}


@_act("pay")
async def _pay(world: World, user: Person, body: Json) -> Json:
    tip = int(body.get("tip") or 0)
    if url := body.get("url"):
        paid = await acts.pay_link(world, user, str(url), tip)
    else:
        paid = await acts.pay(world, user, find_message(world, body), tip)
    return {"ok": paid.ok, "error": paid.error, "charge_id": paid.charge_id, "total": paid.total}


@_act("decline")
async def _decline(world: World, user: Person, body: Json) -> None:
    find_message(world, body)


# Groups


@_act("new_group")
async def _new_group(world: World, user: Person, body: Json) -> Json:
    others = [world.people[int(member)] for member in body.get("members", [])]
    members = [user, *(person for person in others if person is not user)]
    return {"chat": world.new_group(str(body["title"]), members).id}


@_act("new_channel")
async def _new_channel(world: World, user: Person, body: Json) -> Json:
    return {"chat": world.new_channel(str(body["title"]), user).id}


@_act("friends")
async def _friends(world: World, user: Person, body: Json) -> Json:
    return {"chat": world.friends(user, world.people[int(body["member"])]).id}


@_act("add_bot")
async def _add_bot(world: World, user: Person, body: Json) -> None:
    chat = acts.place_of(world, user, body["chat"])
    membership.add_member(world, chat, user, world.bot, admin=bool(body.get("admin")))


@_act("remove_bot")
async def _remove_bot(world: World, user: Person, body: Json) -> None:
    membership.remove_member(world, acts.place_of(world, user, body["chat"]), user, world.bot)


@_act("promote_bot")
async def _promote_bot(world: World, user: Person, body: Json) -> None:
    chat = acts.place_of(world, user, body["chat"])
    membership.promote(world, chat, user, world.bot, bool(body.get("on", True)))


@_act("mute_bot")
async def _mute_bot(world: World, user: Person, body: Json) -> None:
    await acts.mute_bot(world, user, body["chat"], bool(body.get("on", True)))


@_act("add_member")
async def _add_member(world: World, user: Person, body: Json) -> None:
    chat, who = acts.place_of(world, user, body["chat"]), world.people[int(body["member"])]
    membership.add_member(world, chat, user, who)


@_act("remove_member")
async def _remove_member(world: World, user: Person, body: Json) -> None:
    chat, who = acts.place_of(world, user, body["chat"]), world.people[int(body["member"])]
    membership.remove_member(world, chat, user, who)


@_act("upgrade")
async def _upgrade(world: World, user: Person, body: Json) -> Json:
    return {"chat": membership.upgrade(world, acts.place_of(world, user, body["chat"]), user).id}
