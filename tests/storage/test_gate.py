"""The flood gate keeps every window, in memory and in Redis alike."""

from __future__ import annotations

import asyncio
import random
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable

import pytest

from storage.gate import FloodGate, GateRates, Limit, MemoryGate, Send, send_of
from storage.gate_redis import RedisGate
from storage.redis import open_redis
from tests.conftest import need
from tests.services import redis_server

Make = Callable[..., FloodGate]


class Hands:
    """A clock that a test turns; sleeping turns it too."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def bot() -> int:
    return random.getrandbits(48)


@pytest.fixture(params=["memory", "redis"])
async def make(request: pytest.FixtureRequest, hands: Hands) -> AsyncIterator[Make]:
    """Makes gates that share their marks (in memory: the same gate each time)."""
    if request.param == "memory":
        gate = MemoryGate(clock=hands, sleep=hands.sleep)

        def again(rates: GateRates | None = None) -> FloodGate:
            gate.rates = rates or gate.rates
            return gate

        yield again
        return
    address = await redis_server()
    need("Redis", address)
    redis = open_redis(address or "")
    yield lambda rates=None: RedisGate(redis, rates, clock=hands, sleep=hands.sleep)
    await redis.aclose()


def worst(times: list[float], seconds: float) -> int:
    """The most that fell into any window of that length."""
    ordered = sorted(times)
    ends = (bisect_right(ordered, at + seconds - 1e-6) for at in ordered)
    return max(end - start for start, end in enumerate(ends))


async def send_all(gate: FloodGate, hands: Hands, sends: list[Send]) -> list[float]:
    times = []
    for send in sends:
        await gate.admit(send)
        times.append(hands.now)
    return times


async def test_bot_stays_below_25_in_any_second(make: Make, hands: Hands, bot: int) -> None:
    dice = random.Random(1)
    gate, times = make(), []
    for chat in range(1, 300):
        hands.now += dice.choice([0.0, 0.0, 0.0, 0.01])
        await gate.admit(Send(bot, chat))
        times.append(hands.now)
    assert worst(times, 1.0) == 25
    assert worst(times, 0.2) == 5


async def test_bot_sends_25_a_second_under_load(make: Make, hands: Hands, bot: int) -> None:
    times = await send_all(make(), hands, [Send(bot, chat) for chat in range(1, 251)])
    assert times[-1] - times[0] == pytest.approx(9.8, abs=0.01)


async def test_private_chat_gets_one_a_second(make: Make, hands: Hands, bot: int) -> None:
    times = await send_all(make(), hands, [Send(bot, 7)] * 5)
    assert [round(at - times[0], 3) for at in times] == [0, 1, 2, 3, 4]


async def test_group_gets_18_a_minute(make: Make, hands: Hands, bot: int) -> None:
    times = await send_all(make(), hands, [Send(bot, -7)] * 60)
    assert worst(times, 60.0) == 18
    assert worst(times, 1.0) == 1


async def test_edits_of_shared_copy_are_3_seconds_apart(make: Make, hands: Hands, bot: int) -> None:
    gate = make()
    inline = await send_all(gate, hands, [Send(bot, inline_id="a", kind="edit")] * 3)
    assert [round(at - inline[0], 3) for at in inline] == [0, 3, 6]
    first = Send(bot, -7, message_id=1, kind="edit")
    assert await gate.try_admit(first) == 0
    assert await gate.try_admit(first) == pytest.approx(3, abs=0.001)
    assert await gate.try_admit(Send(bot, -7, message_id=2, kind="edit")) == 0
    assert await gate.try_admit(Send(bot, inline_id="b", kind="edit")) == 0


async def test_edits_in_private_chat_follow_the_finger(make: Make, bot: int) -> None:
    gate, edit = make(), Send(bot, 7, message_id=1, kind="edit")
    assert [await gate.try_admit(edit) for _ in range(5)] == [0, 0, 0, 0, 0]


async def test_answers_are_free(make: Make, hands: Hands, bot: int) -> None:
    gate = make()
    for _ in range(100):
        assert await gate.try_admit(send_of(bot, "answerCallbackQuery", {})) == 0
    assert await gate.try_admit(Send(bot, 7)) == 0
    assert hands.now == 1_000.0


@pytest.mark.parametrize(("low", "others"), [(True, 20), (False, 25)])
async def test_reply_takes_the_next_free_place(
    make: Make, hands: Hands, bot: int, low: bool, others: int
) -> None:
    """Two others ask all the time; the reply asks when it was told to."""
    gate, went, replies = make(), list[float](), list[float]()
    began, asks = 0.0, float("inf")
    for step in range(1_000):
        if step >= 200 and step % 100 == 50:
            began = asks = hands.now
        if hands.now >= asks:
            wait = await gate.try_admit(Send(bot, 20_000 + step, reply=True))
            asks = hands.now + wait if wait else float("inf")
            replies += [] if wait else [hands.now - began]
        for other in (1, 2):
            if await gate.try_admit(Send(bot, 10_000 * other + step, low=low)) == 0:
                went.append(hands.now)
        hands.now += 0.01
    assert len(replies) == 8
    assert max(replies) < 0.25
    assert worst(went, 1.0) == others


async def test_refusal_closes_that_chat_only_and_to_the_second(
    make: Make, hands: Hands, bot: int
) -> None:
    gate = make()
    await gate.close(Send(bot, 7), 35)
    assert await gate.try_admit(Send(bot, 8)) == 0
    hands.now += 34.9
    assert await gate.try_admit(Send(bot, 7)) == pytest.approx(0.1, abs=0.001)
    assert await gate.try_admit(Send(bot, 7, message_id=1, kind="edit")) > 0
    hands.now += 0.11
    assert await gate.try_admit(Send(bot, 7)) == 0


async def test_shorter_refusal_does_not_open_early(make: Make, hands: Hands, bot: int) -> None:
    gate = make()
    await gate.close(Send(bot, 7), 600)
    await gate.close(Send(bot, 7), 1)
    hands.now += 2
    assert await gate.try_admit(Send(bot, 7)) == pytest.approx(598, abs=0.01)


async def test_refusal_without_chat_closes_the_bot(make: Make, hands: Hands, bot: int) -> None:
    gate = make()
    await gate.close(send_of(bot, "getMe", {}), 5)
    verdict = await gate.ask(Send(bot, 8))
    assert (round(verdict.wait, 3), verdict.everywhere) == (5, True)
    assert await gate.try_admit(Send(bot + 1, 8)) == 0


async def test_inline_refusal_closes_that_card(make: Make, bot: int) -> None:
    gate = make()
    await gate.close(Send(bot, inline_id="a", kind="edit"), 9)
    assert await gate.try_admit(Send(bot, inline_id="a", kind="edit")) > 8
    assert await gate.try_admit(Send(bot, inline_id="b", kind="edit")) == 0


async def test_five_chats_refused_in_a_row_mean_the_bot(make: Make, bot: int) -> None:
    gate = make()
    for chat in (1, 2, 3, 4):
        await gate.close(Send(bot, chat), 30)
    assert await gate.try_admit(Send(bot, 99)) == 0
    await gate.close(Send(bot, 5), 30)
    assert (await gate.ask(Send(bot, 98))).everywhere


async def test_success_between_refusals_keeps_the_bot_open(make: Make, bot: int) -> None:
    gate = make()
    for chat in range(1, 20):
        await gate.close(Send(bot, chat), 30)
        gate.passed(Send(bot, 500))
    assert await gate.try_admit(Send(bot, 99)) == 0


async def test_two_gates_share_the_windows(make: Make, hands: Hands, bot: int) -> None:
    first, second = make(), make()
    went = [await gate.try_admit(Send(bot, chat)) for chat in range(4) for gate in (first, second)]
    assert went == pytest.approx([0, 1] * 4, abs=0.001)
    await first.close(Send(bot, 70), 10)
    assert await second.try_admit(Send(bot, 70)) > 9


async def test_rates_are_parameters(make: Make, bot: int) -> None:
    gate = make(GateRates(overall=(Limit(1000, 1.0),)))
    assert {await gate.try_admit(Send(bot, chat)) for chat in range(1, 400)} == {0}


@pytest.mark.clocked
async def test_waiting_senders_all_leave_within_the_windows(redis_url: str, bot: int) -> None:
    """Three gates with Redis's own clock, in real time."""
    redis, times = open_redis(redis_url), list[float]()
    gates = [RedisGate(redis) for _ in range(3)]

    async def send(number: int) -> None:
        await gates[number % 3].admit(Send(bot, number + 1))
        times.append(time.monotonic())

    await asyncio.gather(*(send(number) for number in range(60)))
    await redis.aclose()
    assert 2.0 <= max(times) - min(times) < 4.0
    assert worst(times, 0.9) <= 26  # measured a moment after the script decided


async def test_gate_goes_on_alone_without_redis(bot: int, caplog: pytest.LogCaptureFixture) -> None:
    redis = open_redis("redis://127.0.0.1:1")
    gate = RedisGate(redis)
    began = time.monotonic()
    for chat in range(1, 11):
        await gate.admit(Send(bot, chat))
    assert time.monotonic() - began >= 1  # 8 a second: two more processes may be alone as well
    await gate.close(Send(bot, 70), 10)
    assert await gate.try_admit(Send(bot, 70)) > 9
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    await redis.aclose()


async def test_memory_forgets_old_chats(hands: Hands) -> None:
    gate = MemoryGate(GateRates((Limit(10**6, 1.0),)), clock=hands)
    for chat in range(1, 4001):
        hands.now += 0.1
        await gate.admit(Send(1, chat))
    assert len(gate._marks.sent) <= 602


@pytest.mark.parametrize(
    ("method", "params", "kind"),
    [
        ("sendMessage", {"chat_id": 1}, "message"),
        ("copyMessage", {"chat_id": 1}, "message"),
        ("editMessageText", {"inline_message_id": "x"}, "edit"),
        ("sendChatAction", {"chat_id": 1}, "answer"),
        ("answerPreCheckoutQuery", {}, "answer"),
        ("getUpdates", {}, "answer"),
    ],
)
def test_calls_count_as_what_they_are(method: str, params: dict[str, object], kind: str) -> None:
    send = send_of(5, method, params)
    assert (send.kind, send.chat_id) == (kind, params.get("chat_id"))
