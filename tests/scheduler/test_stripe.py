"""Refunds through Stripe: each made once, in full or in part, whatever the line does."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientTimeout

from commerce.actions.comparing import Theirs
from commerce.actions.refunding import RefundJob
from scheduler.providers import RefundRefused
from scheduler.providers import stripe as ours
from scheduler.providers.stripe import PATIENCE, StripeCards
from tests.scheduler.stripe_desk import KEY, StripeDesk, Trouble, opened

CHARGED = 1_500


def job(
    amount: int = CHARGED,
    *,
    key: str = "too_late:telegram:c1",
    charge: str = "ch_1",
    currency: str = "USD",
    attempts: int = 1,
) -> RefundJob:
    return RefundJob(
        id=1,
        version=attempts,
        key=key,
        provider="telegram",
        person_id=1,
        charge_id="c1",
        provider_charge_id=charge,
        telegram_id=1_000,
        amount_minor=amount,
        whole=amount == CHARGED,
        currency=currency,
        attempts=attempts,
    )


@pytest.fixture
async def desk() -> AsyncIterator[StripeDesk]:
    charges = {"ch_1": CHARGED, "pi_1": CHARGED, "ch_isk": CHARGED * 100}
    async with opened(StripeDesk(charges)) as served:
        yield served


@pytest.fixture
async def cards(desk: StripeDesk) -> AsyncIterator[StripeCards]:
    made = StripeCards(KEY, base=desk.base)
    yield made
    await made.close()


def amounts(desk: StripeDesk) -> list[object]:
    return [made["amount"] for made in desk.refunds]


async def refusal(cards: StripeCards, asked: RefundJob) -> str:
    with pytest.raises(RefundRefused) as refused:
        await cards.refund(asked)
    assert KEY not in repr(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("charge", ["ch_1", "pi_1"])
async def test_whole_charge_goes_back(desk: StripeDesk, cards: StripeCards, charge: str) -> None:
    await cards.refund(job(charge=charge))
    assert desk.back(charge) == CHARGED
    assert desk.asked == [("too_late:telegram:c1", "all")]
    assert desk.refunds[0]["metadata"] == {"kaituan_refund": "too_late:telegram:c1"}


async def test_part_goes_back_then_the_rest_never_more(
    desk: StripeDesk, cards: StripeCards
) -> None:
    await cards.refund(job(400, key="difference"))
    await cards.refund(job(1_100, key="cancelled"))
    assert amounts(desk) == [400, 1_100]
    await cards.refund(job(1, key="paid_twice"))  # all of it is back: nothing left to do
    assert amounts(desk) == [400, 1_100]


async def test_more_than_is_left_is_refused(desk: StripeDesk, cards: StripeCards) -> None:
    await cards.refund(job(400, key="difference"))
    said = await refusal(cards, job(1_200, key="cancelled"))
    assert said == "400 Refund amount is greater than 1100"
    assert amounts(desk) == [400]


async def test_whole_after_a_part_by_hand_is_the_rest(desk: StripeDesk, cards: StripeCards) -> None:
    desk.refund_by_hand("ch_1", 600)
    await cards.refund(job())
    assert amounts(desk) == [600, 900]


async def test_charge_refunded_by_hand_counts_as_done(desk: StripeDesk, cards: StripeCards) -> None:
    desk.refund_by_hand("ch_1", CHARGED)
    await cards.refund(job())
    assert amounts(desk) == [CHARGED]


@pytest.mark.parametrize("amount", [400, CHARGED])
async def test_reply_lost_ten_times_is_one_refund(
    desk: StripeDesk, cards: StripeCards, amount: int
) -> None:
    for number in range(10):
        desk.troubles.append("lost")
        said = await refusal(cards, job(amount, key=f"lost-{number}"))
        assert said == "Stripe does not answer (ServerDisconnectedError)"
        await cards.refund(job(amount, key=f"lost-{number}", attempts=2))
        assert amounts(desk) == [amount]
        desk.refunds.clear()


async def test_key_answers_where_the_list_lags(desk: StripeDesk, cards: StripeCards) -> None:
    desk.troubles.append("lost")
    await refusal(cards, job(400))
    made = desk.refunds.copy()
    desk.refunds.clear()
    await cards.refund(job(400, attempts=2))
    assert desk.refunds == []
    assert len(made) == 1


async def test_old_job_is_found_when_its_key_is_forgotten(
    desk: StripeDesk, cards: StripeCards
) -> None:
    desk.page = 1
    desk.troubles.append("lost")
    await refusal(cards, job(400))
    desk.forget_keys()
    desk.refund_by_hand("ch_1", 100)
    desk.refund_by_hand("ch_1", 100)
    await cards.refund(job(400, attempts=2))
    assert amounts(desk) == [400, 100, 100]
    assert desk.looked == 4  # once at first, then three pages


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("cut", "Stripe does not answer (ServerDisconnectedError)"),
        ("garbage", "200 Invalid response body from API: <html>busy</html> (HTTP response code"),
        (402, "402 no, said to ***"),
        (429, "Stripe answered 429"),
        (500, "Stripe answered 500"),
        (503, "Stripe answered 503"),
    ],
)
async def test_refusal_is_tried_once_and_says_why(
    desk: StripeDesk, cards: StripeCards, trouble: Trouble, said: str
) -> None:
    desk.troubles.append(trouble)
    assert (await refusal(cards, job())).startswith(said)
    assert len(desk.asked) == 1
    assert desk.refunds == []


@pytest.mark.parametrize("trouble", ["cut", "garbage", 429, 503])
async def test_passing_trouble_passes(
    desk: StripeDesk, cards: StripeCards, trouble: Trouble
) -> None:
    desk.troubles.append(trouble)
    await refusal(cards, job())
    await cards.refund(job(attempts=2))
    assert amounts(desk) == [CHARGED]


async def test_stored_no_is_left_behind_after_a_while(desk: StripeDesk, cards: StripeCards) -> None:
    desk.troubles.append(402)
    for attempt in range(1, PATIENCE + 1):
        await refusal(cards, job(400, attempts=attempt))
    await cards.refund(job(400, attempts=PATIENCE + 1))
    await cards.refund(job(400, attempts=PATIENCE + 2))
    assert amounts(desk) == [400]


async def test_key_of_a_stored_500_is_kept_for_what_it_may_have_made(
    desk: StripeDesk, cards: StripeCards
) -> None:
    desk.troubles.append(500)
    for attempt in range(1, PATIENCE + 4):
        await refusal(cards, job(400, attempts=attempt))
    assert amounts(desk) == []
    desk.forget_keys()  # a day later
    await cards.refund(job(400, attempts=PATIENCE + 4))
    assert amounts(desk) == [400]


async def test_refund_that_failed_is_made_anew(desk: StripeDesk, cards: StripeCards) -> None:
    desk.makes = "failed"
    assert await refusal(cards, job()) == "Stripe's refund re_1 failed"
    desk.makes = "pending"
    await cards.refund(job(attempts=2))
    await cards.refund(job(attempts=3))
    assert [made["status"] for made in desk.refunds] == ["failed", "pending"]


async def test_crowns_of_iceland_are_counted_in_hundredths(
    desk: StripeDesk, cards: StripeCards
) -> None:
    await cards.refund(job(400, charge="ch_isk", currency="ISK"))
    assert amounts(desk) == [40_000]


async def test_charge_of_another_company_is_refused_in_words(cards: StripeCards) -> None:
    said = await refusal(cards, job(charge="order-77"))
    assert said == "404 No such charge: 'order-77'"


async def test_nobody_listening_is_a_refusal() -> None:
    cards = StripeCards(KEY, base="http://127.0.0.1:9")
    assert await refusal(cards, job()) == "Stripe does not answer (ClientConnectorError)"
    await cards.close()


async def test_reply_without_end_is_given_up_in_time(
    desk: StripeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ours, "TIMEOUT", ClientTimeout(total=0.3))
    cards = StripeCards(KEY, base=desk.base)
    desk.troubles.append("silence")
    said = await refusal(cards, job())
    assert said == "Stripe does not answer (TimeoutError)"
    await cards.refund(job(attempts=2))
    assert amounts(desk) == [CHARGED]
    await cards.close()


@pytest.mark.parametrize("key", [KEY, "sk_test_Canary-wrong"])
async def test_key_is_never_written_down(
    desk: StripeDesk, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    caplog.set_level(logging.DEBUG)
    cards = StripeCards(key, base=desk.base)
    desk.troubles.extend((402, 500, "lost"))
    words = []
    for number in range(3):
        with pytest.raises(RefundRefused) as refused:
            await cards.refund(job(100, key=f"k{number}"))
        words.append(str(refused.value))
    await cards.close()
    assert "Canary" not in " ".join([caplog.text, repr(cards), *words])
    if key != KEY:
        assert words == ["401 Stripe does not accept the STRIPE_API_KEY"] * 3


async def test_charges_are_listed_by_page_in_our_units(
    cards: StripeCards, desk: StripeDesk
) -> None:
    await cards.refund(job(100))
    desk.page = 1
    assert await cards.charges() == [
        Theirs("ch_1", CHARGED, 100),
        Theirs("ch_of_pi_1", CHARGED, 0),
        Theirs("pi_1", CHARGED, 0),
        Theirs("ch_isk", CHARGED, 0),
    ]
    desk.down = True
    with pytest.raises(RefundRefused):
        await cards.charges()
