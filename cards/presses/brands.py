"""Buttons of a brand's people."""

from __future__ import annotations

from cards.presses.wire import Code, Number, Press, Word, press


@press("bd")
class ShowDesk(Press):
    """The hub of one of one's own brands."""

    brand: Code


@press("bn")
class BecomeBrand(Press): ...


@press("bw")
class ShowPendingBrands(Press):
    """What waits for the operator's word."""

    page: Number


@press("by")
class ApproveBrand(Press):
    brand: Code


@press("bx")
class DeclineBrand(Press):
    brand: Code


@press("hy")
class ConfirmByHand(Press):
    checkout: Code


@press("hn")
class DeclineByHand(Press):
    checkout: Code


@press("hb")
class HandedBack(Press):
    refund: Code


@press("bhs")
class SetByHand(Press):
    """Whether the brand takes cash or transfers."""

    brand: Code
    on: Number


@press("fu")
class Unfollow(Press):
    """Stops a brand's broadcasts; pressed twice it still stops them."""

    brand: Code


@press("bo")
class ShowBrandOrders(Press):
    brand: Code
    page: Number


@press("bp")
class ShowOwnProducts(Press):
    brand: Code
    page: Number


@press("bpa")
class AddProduct(Press):
    brand: Code


@press("bpo")
class ShowOwnProduct(Press):
    product: Code


@press("bps")
class SetShown(Press):
    """Shows (1) or hides (0) a product."""

    product: Code
    shown: Number


@press("bpp")
class EditPrice(Press):
    variant: Code


@press("bpq")
class EditStock(Press):
    variant: Code


@press("bl")
class ShowOwnDeals(Press):
    brand: Code
    page: Number


@press("bla")
class AddDeal(Press):
    brand: Code


@press("blo")
class ShowOwnDeal(Press):
    deal: Code


@press("blp")
class PauseDeal(Press):
    deal: Code


@press("blr")
class ResumeDeal(Press):
    deal: Code


@press("ble")
class AskEndDeal(Press):
    """Are you sure?"""

    deal: Code


@press("bly")
class EndDeal(Press):
    deal: Code


@press("blx")
class ExtendDeal(Press):
    """One day more than `ends`, Unix seconds: a second tap adds no second day."""

    deal: Code
    ends: Word


@press("bu")
class ShowOwnGroups(Press):
    """The open groups of an own deal."""

    deal: Code
    page: Number


@press("bug")
class ShowOwnGroup(Press):
    group: Code


@press("bua")
class AskAcceptGroup(Press):
    """Are you sure?"""

    group: Code


@press("buy")
class AcceptGroup(Press):
    group: Code


@press("bux")
class ExtendGroup(Press):
    """One day more than `ends`, Unix seconds: a second tap adds no second day."""

    group: Code
    ends: Word


@press("bc")
class ShowBroadcasts(Press):
    brand: Code
    page: Number


@press("bca")
class AddBroadcast(Press):
    brand: Code


@press("bcd")
class BroadcastDeal(Press):
    deal: Code


@press("bco")
class ShowBroadcast(Press):
    broadcast: Code


@press("bcx")
class CancelBroadcast(Press):
    broadcast: Code


@press("bg")
class ShowBrandShelf(Press):
    """All products of a brand, for shoppers."""

    brand: Code
    page: Number
