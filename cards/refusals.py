"""Every refusal in words: what happened, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cards.language import Language
from commerce import refusals as r
from commerce.rules.windows import Phase

Words = Callable[[Any, Language], str]


def _deal_not_open(refusal: r.DealNotOpen, say: Language) -> str:
    match refusal.phase:
        case Phase.SOON:
            return say.plain(
                "This deal starts {when}. Save the product and come back then.",
                when=say.instant(refusal.starts_at),
            )
        case Phase.PAUSED:
            return say.plain("The brand has paused this deal. Please look again later.")
        case _:
            return say.plain("This deal is over. The home page has the ones that are on.")


def _sold_out(refusal: r.SoldOut, say: Language) -> str:
    if refusal.left:
        return say.plain("Only {n} left. Please take fewer.", n=refusal.left)
    return say.plain("Sold out just now. Nothing was charged.")


def _group_over(refusal: r.GroupOver, say: Language) -> str:
    if refusal.succeeded:
        return say.plain("This group is complete. Open a new one from the deal.")
    return say.plain("This group is over. Open a new one from the deal.")


def _bad_deal(refusal: r.BadDeal, say: Language) -> str:
    return {
        "price": say.plain("The deal's price must be below every variant's list price."),
        "window": say.plain("The deal must end after it starts, and in the future."),
        "tiers": say.plain("More buyers must mean a lower price, tier by tier."),
        "stock": say.plain("The deal's stock must be at least one group."),
    }.get(refusal.reason, say.plain("This deal does not add up. Please check its numbers."))


WORDS: dict[type[r.Refusal], Words] = {
    r.NotFound: lambda _, say: say.plain("Not found. It may be gone; /start shows the shop."),
    r.Expired: lambda _, say: say.plain("This has changed meanwhile. Here is how it stands now."),
    r.DealNotOpen: _deal_not_open,
    r.SoldOut: _sold_out,
    r.GroupFull: lambda x, say: say.plain(
        "All {n} seats are taken right now. Wait for a seat, or open a new group from the deal.",
        n=x.capacity,
    ),
    r.GroupOver: _group_over,
    r.OverLimit: lambda x, say: say.plain(
        "You have reached the limit of this deal: {n} a person.", n=x.per_person
    ),
    r.AlreadyPaid: lambda _, say: say.plain("You are in already: your seat is paid."),
    r.TooManyHolds: lambda x, say: say.plain(
        "{n} unpaid orders are held for you already. Pay or cancel one first.", n=x.most
    ),
    r.TooManyPromises: lambda x, say: say.plain(
        "You have {n} open promises already. Keep or leave one of them first.", n=x.most
    ),
    r.NeedsAddress: lambda _, say: say.plain("Please add an address first."),
    r.HoldOver: lambda _, say: say.plain(
        "Your ten minutes are up, so it went back on the shelf. Nothing was charged."
    ),
    r.CardsClosed: lambda _, say: say.plain(
        "This shop takes no card payments yet. Please ask its owner."
    ),
    r.NoCredit: lambda _, say: say.plain(
        "No store credit can be used here. Please choose another way to pay."
    ),
    r.WrongAmount: lambda _, say: say.plain(
        "The price has changed since this invoice. Please ask for a new one."
    ),
    r.NotStaff: lambda _, say: say.plain("Only the brand's own people can do this."),
    r.NotOwner: lambda _, say: say.plain("Only the brand's owner can do this. Please ask them."),
    r.NotAdmin: lambda _, say: say.plain("Only admins of this chat can do this."),
    r.NotOperator: lambda _, say: say.plain("Only the operator of this shop can do this."),
    r.BrandPending: lambda _, say: say.plain(
        "Your brand is waiting for approval. You will get a message."
    ),
    r.BadDeal: _bad_deal,
    r.MoreThanLeft: lambda x, say: say.plain(
        "At most {price} is left of this order to give back.",
        price=say.money(x.left_minor, x.currency),
    ),
    r.ReturnOver: lambda x, say: say.plain(
        "A return could be asked for within {n} days of receipt. Please write to the brand.",
        n=x.days,
    ),
    r.ChoiceGone: lambda _, say: say.plain(
        "That is no longer possible. Your money is still here: please choose one of the others."
    ),
    r.TooSoon: lambda x, say: say.plain(
        "Your followers got a broadcast today. The next one may go out {when}.",
        when=say.instant(x.next_at),
    ),
}


def words(refusal: r.Refusal, say: Language) -> str:
    """At most 200 characters, as plain text: it must fit into a pop-up."""
    return WORDS[type(refusal)](refusal, say)
