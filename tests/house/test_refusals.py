"""Every refusal has words, in every language, short enough for a pop-up."""

from __future__ import annotations

import ast

import pytest

from cards.language import NAMES, SOURCE, Language
from cards.refusals import WORDS, words
from commerce import refusals as r
from commerce.refusals import Refusal
from commerce.rules.windows import Phase
from tests.cards.given import NOW
from tests.house.source import calls, modules, tree

MOST = 200  # characters in answerCallbackQuery
MANY = 999_999

SAMPLES: list[Refusal] = [
    r.NotFound(),
    r.Expired(),
    *(r.DealNotOpen(phase, NOW) for phase in (Phase.SOON, Phase.PAUSED, Phase.ENDED)),
    r.SoldOut(0),
    r.SoldOut(MANY),
    r.GroupFull(100),
    r.GroupOver(succeeded=True),
    r.GroupOver(succeeded=False),
    r.OverLimit(MANY),
    r.AlreadyPaid(),
    r.TooManyHolds(MANY),
    r.TooManyPromises(MANY),
    r.NeedsAddress(),
    r.CardsClosed(),
    r.HoldOver(),
    r.NoCredit(),
    r.WrongAmount(),
    r.NotStaff(),
    r.NotOwner(),
    r.ChoiceGone(),
    r.NotAdmin(),
    r.NotOperator(),
    r.BrandPending(),
    *(r.BadDeal(reason) for reason in ("price", "window", "tiers", "stock", "?")),
    r.TooSoon(NOW),
    r.MoreThanLeft(MANY, "USD"),
    r.ReturnOver(14),
]


def kinds(root: type[Refusal] = Refusal) -> set[type[Refusal]]:
    found = set(root.__subclasses__())
    return found.union(*(kinds(kind) for kind in found))


def ours() -> set[type[Refusal]]:
    return {kind for kind in kinds() if kind.__module__.startswith("commerce")}


def reasons_given() -> set[str]:
    """Why a deal is refused, as the actions say it."""
    return {
        argument.value
        for path in modules("commerce")
        for name, call in calls(tree(path))
        if name.rpartition(".")[2] == "BadDeal"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_refusal_has_words_and_a_sample() -> None:
    assert set(WORDS) == ours()
    assert {type(sample) for sample in SAMPLES} == ours()


def test_refusal_without_words_is_found() -> None:
    class New(Refusal): ...

    assert New in kinds()
    with pytest.raises(KeyError):
        words(New(), Language("en"))


@pytest.mark.parametrize("locale", NAMES)
@pytest.mark.parametrize("refusal", SAMPLES, ids=repr)
def test_refusal_fits_into_a_pop_up(refusal: Refusal, locale: str) -> None:
    said = words(refusal, Language(locale, "America/Los_Angeles"))
    assert 0 < len(said) <= MOST
    assert "<" not in said
    assert said == said.strip()


@pytest.mark.parametrize("locale", [locale for locale in NAMES if locale != SOURCE])
@pytest.mark.parametrize("refusal", SAMPLES, ids=repr)
def test_refusal_is_translated(refusal: Refusal, locale: str) -> None:
    assert words(refusal, Language(locale)) != words(refusal, Language(SOURCE))


def test_every_reason_against_a_deal_has_words_of_its_own() -> None:
    say = Language("en")
    general = words(r.BadDeal("?"), say)
    assert [x for x in sorted(reasons_given()) if words(r.BadDeal(x), say) == general] == []
