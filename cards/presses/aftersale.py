"""Buttons of an order after the sale: its buyer's, and its brand's people's."""

from __future__ import annotations

from cards.presses.wire import Code, Number, Press, Word, press


@press("oc")
class AskCancelOrder(Press):
    """Are you sure?"""

    order: Code


@press("ocy")
class CancelOrder(Press):
    order: Code


@press("or")
class ConfirmReceipt(Press):
    order: Code


@press("ort")
class AskReturn(Press):
    """The form in which the buyer says why."""

    order: Code


@press("ork")
class KeepOrder(Press):
    """Not sent back after all."""

    order: Code


@press("ow")
class ShowWhy(Press):
    """How the price, the refunds and the messages of an order or a checkout came about."""

    code: Code


@press("bos")
class ShowOrdersIn(Press):
    """A brand's orders on one of its desk's shelves, such as those to ship."""

    brand: Code
    shelf: Word
    page: Number


@press("boo")
class ShowSoldOrder(Press):
    order: Code


@press("bok")
class PackOrder(Press):
    order: Code


@press("boh")
class ShipOrder(Press):
    """The form for carrier and number."""

    order: Code


@press("bor")
class TakeBack(Press):
    """It is back: the form for how much of the money goes back."""

    order: Code


@press("bog")
class GiveBack(Press):
    """The form for a part given back of the owner's own accord."""

    order: Code


@press("boc")
class CallOffOrder(Press):
    """The form in which the owner says why it cannot be sent."""

    order: Code


@press("boe")
class ExportOrders(Press):
    brand: Code
