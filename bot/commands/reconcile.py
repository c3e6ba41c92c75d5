"""`kaituan reconcile`: every difference between charges, refunds, ledger and providers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.commands.opening import with_database
from bot.commands.words import Groups, Parser, say
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from scheduler.providers import ChargeList
    from storage.database import Database


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser(
        "reconcile",
        help="compare charges, refunds, ledger, credit, seats and provider lists; changes nothing",
        description="Prints every difference, one a line, and ends with 1 if there is any. "
        "Changes nothing.",
    )
    parser.add_argument(
        "--offline", action="store_true", help="ask no provider, compare our own books only"
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    settings = load_settings()
    return with_database(lambda database: _reconcile(database, settings, args.offline))


async def _reconcile(database: Database, settings: Settings, offline: bool) -> int:
    from commerce.actions.reconciling import differences

    lines = [str(one) for one in await differences(database)]
    for name, provider in ({} if offline else _providers(settings)).items():
        try:
            lines += await _compare(database, name, provider)
        finally:
            await provider.close()
    for line in lines:
        say(line)
    if not lines:
        say("no differences")
    return 1 if lines else 0


async def _compare(database: Database, name: str, provider: ChargeList) -> list[str]:
    from commerce.actions.comparing import ours_and_theirs
    from scheduler.providers import RefundRefused

    try:
        listed = await provider.charges()
    except RefundRefused as refused:
        return [f"{name}: its list could not be read: {refused}"]
    found = await ours_and_theirs(database, name, listed, complete=provider.complete)
    return [str(one) for one in found]


def _providers(settings: Settings) -> Mapping[str, ChargeList]:
    """Those whose lists can be read with what is set."""
    from commerce.payment import STARS, provider_for
    from scheduler.providers.pretend import PretendCard
    from scheduler.providers.stars import Stars

    found: dict[str, ChargeList] = {}
    base, token = settings.telegram_api_base, settings.bot_token.get_secret_value()
    card = settings.payment_provider_token.get_secret_value()
    key = settings.stripe_api_key.get_secret_value()
    if token:
        found[STARS] = Stars(base, token)
    if provider_for(card).name == "pretend":
        found["pretend"] = PretendCard(base, card)
    if key:
        from scheduler.providers.stripe import StripeCards

        found["telegram"] = StripeCards(key, base=settings.stripe_api_base)
    return found
