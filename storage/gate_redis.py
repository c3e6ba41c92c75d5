"""The flood gate shared by processes: one atomic script in Redis, by Redis's own clock."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.gate import (
    YIELD_SECONDS,
    FloodGate,
    GateRates,
    Limit,
    MemoryGate,
    Scope,
    Verdict,
)

log = logging.getLogger(__name__)

PREFIX = "kaituan:gate"
ANSWER_SECONDS = 1.0  # a Redis slower than this counts as gone
REST_SECONDS = 5.0  # then it is left alone for so long

# KEYS: for each scope its last sends (a list, newest first), when it opens again after a 429,
# and until when the next free place is promised to a reply.
# A window is full when its count-th newest send is younger than its length.
ASK = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local scopes = cjson.decode(ARGV[2])
local wait, overall = 0, 0
for i, scope in ipairs(scopes) do
  local sends, own = KEYS[3 * i - 2], 0
  local closed = redis.call('GET', KEYS[3 * i - 1])
  if closed then own = math.max(own, tonumber(closed) - now) end
  local promised = not scope.first and redis.call('GET', KEYS[3 * i])
  if promised then own = math.max(own, tonumber(promised) - now) end
  local newest = redis.call('LINDEX', sends, 0)
  if newest and tonumber(newest) > now + 1 then redis.call('DEL', sends) end
  for _, limit in ipairs(scope.limits) do
    local at = redis.call('LINDEX', sends, limit[1] - 1)
    if at then own = math.max(own, tonumber(at) + limit[2] - now) end
  end
  if scope.first and own > 0 then
    local until_ = string.format('%.6f', now + own + scope.yield)
    redis.call('SET', KEYS[3 * i], until_, 'PX', math.ceil(own * 1000) + 1000)
  elseif scope.first then
    redis.call('DEL', KEYS[3 * i])
  end
  if i == 1 then overall = own end
  wait = math.max(wait, own)
end
if wait > 0 then
  return {math.ceil(wait * 1000000), overall >= wait and 1 or 0}
end
for i, scope in ipairs(scopes) do
  if scope.keep > 0 then
    local sends = KEYS[3 * i - 2]
    redis.call('LPUSH', sends, string.format('%.6f', now))
    redis.call('LTRIM', sends, 0, scope.keep - 1)
    redis.call('PEXPIRE', sends, scope.ttl)
  end
end
return {0, 0}
"""

CLOSE = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local until_ = now + tonumber(ARGV[2])
local closed = redis.call('GET', KEYS[1])
if closed and tonumber(closed) > until_ then return 0 end
redis.call('SET', KEYS[1], string.format('%.6f', until_), 'PX', math.ceil(ARGV[2] * 1000) + 1000)
return 1
"""


class RedisGate(FloodGate):
    """For several processes. Without Redis each goes on alone, at a careful pace."""

    def __init__(
        self,
        redis: Redis,
        rates: GateRates | None = None,
        *,
        alone: GateRates | None = None,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(rates, sleep=sleep)
        self._alone = MemoryGate(alone or careful(self.rates), clock=clock or time.monotonic)
        self._clock = clock
        self._ask_script = redis.register_script(ASK)
        self._close_script = redis.register_script(CLOSE)
        self._rests_until: float | None = None

    async def _ask(self, scopes: tuple[Scope, ...]) -> Verdict:
        keys = [name for scope in scopes for name in _keys(scope)]
        reply = await self._run(self._ask_script, keys, [self._now(), _encode(scopes)])
        if reply is None:
            return await self._alone._ask(tuple(map(self._slowed, scopes)))
        return Verdict(reply[0] / 1e6, everywhere=bool(reply[1]))

    async def _close(self, scope: Scope, seconds: float) -> None:
        await self._alone._close(scope, seconds)
        await self._run(self._close_script, [_keys(scope)[1]], [self._now(), seconds])

    async def _run(self, script: Any, keys: list[str], args: list[Any]) -> Any:
        """The script's reply, or None while Redis is gone."""
        if self._rests_until is not None and time.monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reply = await script(keys=keys, args=args)
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return None
        if self._rests_until is not None:
            self._rests_until = None
            log.info("the shared flood gate is back")
        return reply

    def _rest(self, error: Exception) -> None:
        if self._rests_until is None:
            log.warning("the shared flood gate is gone (%s): on my own", type(error).__name__)
        self._rests_until = time.monotonic() + REST_SECONDS

    def _slowed(self, scope: Scope) -> Scope:
        if not scope.key.endswith(":all"):
            return scope
        alone = self._alone.rates
        limits = alone.low if scope.limits == self.rates.low else alone.overall
        return replace(scope, limits=limits, keep=max(limit.count for limit in alone.overall))

    def _now(self) -> str:
        return "" if self._clock is None else f"{self._clock():.6f}"


def careful(rates: GateRates) -> GateRates:
    """A share that three processes together may use: nobody counts for all of them now."""
    overall, low = tuple(map(_third, rates.overall)), tuple(map(_third, rates.low))
    return replace(rates, overall=overall, low=low)


def _third(limit: Limit) -> Limit:
    return Limit(max(1, limit.count // 3), limit.seconds)


def _keys(scope: Scope) -> tuple[str, str, str]:
    bot, _, rest = scope.key.partition(":")
    base = f"{PREFIX}:{{{bot}}}:{rest}"
    return f"{base}:sent", f"{base}:closed", f"{base}:promised"


def _encode(scopes: tuple[Scope, ...]) -> str:
    return json.dumps([_scope(scope) for scope in scopes])


def _scope(scope: Scope) -> dict[str, Any]:
    longest = max((limit.seconds for limit in scope.limits), default=0.0)
    return {
        "limits": [[limit.count, limit.seconds] for limit in scope.limits],
        "keep": scope.keep,
        "first": scope.first,
        "yield": YIELD_SECONDS,
        "ttl": int(longest * 1000) + 1000,
    }
