"""From a request to an answer: look the method up, check, run, and write it all down."""

import asyncio
import json
import time
from inspect import isawaitable
from typing import Any

from playground.methods import TABLE, Call, Method, Upload, typed, unknown_method
from playground.records import CallRecord
from playground.refusals import Refused, bad, too_many
from playground.things import BotAccount, Json
from playground.world import World

STORM_SECONDS = 5
_CLUMSY = (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError)
"""What a nested parameter of the wrong type ends in."""
SHOWN = 2_000
_NOBODY = frozenset(
    {
        "Bad Request: chat not found",
        "Bad Request: group chat was upgraded to a supergroup chat",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: need administrator rights in the channel chat",
    }
)


async def run_call(
    world: World, bot: BotAccount, name: str, raw: Json, files: dict[str, Upload]
) -> tuple[int, Json]:
    """(HTTP status, body), with the call recorded."""
    began = time.perf_counter()
    entry = TABLE.get(name.lower())
    method = entry.name if entry else name
    try:
        if entry is None:
            raise unknown_method()
        result = await _run(world, bot, entry, raw, files)
        _knock(world, bot, entry, raw, reached=True)
        status, body = 200, {"ok": True, "result": result}
    except _CLUMSY as error:
        refused = bad(f"can't parse the parameters: {type(error).__name__}")
        status, body = refused.code, refused.answer()
        _judge(world, method, refused, raw)
    except Refused as refused:
        status, body = refused.code, refused.answer()
        _judge(world, method, refused, raw)
        if entry and (refused.code == 403 or refused.description in _NOBODY):
            _knock(world, bot, entry, raw, reached=False)
    except asyncio.CancelledError:
        record(world, bot, method, raw, 499, "the client went away", began)
        raise
    record(world, bot, method, raw, status, body.get("description"), began)
    return status, body


def _knock(world: World, bot: BotAccount, entry: Method, raw: Json, *, reached: bool) -> None:
    chat = chat_of(raw)
    if entry.sends == "message" and chat is not None:
        world.knocked(bot, chat, reached=reached)


async def _run(
    world: World, bot: BotAccount, entry: Method, raw: Json, files: dict[str, Upload]
) -> Any:
    params = typed(entry, raw, files)
    if entry.sends:
        _admit(world, bot, entry, params)
    result = entry.run(Call(world, bot, entry.name, params, files))
    return await result if isawaitable(result) else result


def _admit(world: World, bot: BotAccount, entry: Method, params: Json) -> None:
    chat_id = chat_of(params)
    if world.storm:
        world.flood.pause(bot.id, chat_id, STORM_SECONDS)
        raise too_many(STORM_SECONDS, blame="notice")
    chat = chat_id if entry.sends == "message" else None
    verdict = world.flood.admit(bot.id, chat, private=chat is not None and chat > 0)
    if verdict is not None:
        if verdict.early:
            world.blame(entry.name, "sent before retry_after was over", _shown(params))
        raise too_many(verdict.wait, blame="notice" if verdict.early else "violation")


def _judge(world: World, method: str, refused: Refused, raw: Json) -> None:
    if refused.blame == "violation":
        world.blame(method, refused.description, _shown(raw))
    else:
        world.notice(refused.description)


def chat_of(params: Json) -> int | None:
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _shown(raw: Json) -> Json:
    text = json.dumps(raw, default=str)
    return raw if len(text) <= SHOWN else {"cut": text[:SHOWN]}


def record(
    world: World,
    bot: BotAccount,
    method: str,
    raw: Json,
    status: int,
    error: str | None,
    began: float,
) -> None:
    world.call_count += 1
    ms = round((time.perf_counter() - began) * 1000, 2)
    chat = chat_of(raw)
    entry = CallRecord(
        world.call_count,
        world.clock.now(),
        bot.id,
        method,
        raw,
        chat,
        status == 200,
        None if status == 200 else status,
        error,
        ms,
    )
    world.calls.append(entry)
    world.log.emit("call", **call_view(entry))


def call_view(entry: CallRecord) -> Json:
    return {
        "n": entry.n,
        "at": entry.at,
        "method": entry.method,
        "chat": entry.chat,
        "ok": entry.ok,
        "error": entry.error,
        "ms": entry.ms,
        "params": _shown(entry.params),
    }
