"""Buttons of a shopper: looking around, joining, paying, settings."""

from __future__ import annotations

from cards.presses.aftersale import (
    AskCancelOrder,
    AskReturn,
    CallOffOrder,
    CancelOrder,
    ConfirmReceipt,
    GiveBack,
    KeepOrder,
    PackOrder,
    ShipOrder,
    ShowSoldOrder,
    TakeBack,
)
from cards.presses.wire import Code, Number, Press, Word, press


@press("h")
class ShowHome(Press): ...


@press("cs")
class ShowCategories(Press): ...


@press("c")
class ShowCategory(Press):
    code: Code
    page: Number


@press("p")
class ShowProduct(Press):
    code: Code
    photo: Number


@press("ds")
class ShowDeals(Press):
    page: Number


@press("d")
class ShowDeal(Press):
    code: Code


@press("og")
class OpenGroup(Press):
    deal: Code


@press("g")
class ShowGroup(Press):
    code: Code


@press("j")
class JoinGroup(Press):
    code: Code


@press("gs")
class ShowSeat(Press):
    """One's own seat, or place in line."""

    code: Code


@press("gl")
class AskLeave(Press):
    """Are you sure?"""

    code: Code


@press("gy")
class LeaveGroup(Press):
    code: Code


@press("gw")
class WaitForSeat(Press):
    code: Code


@press("gx")
class LeaveLine(Press):
    code: Code


@press("bv")
class BuyVariant(Press):
    variant: Code


@press("bf")
class BuyFlash(Press):
    deal: Code


@press("x")
class ShowCheckout(Press):
    code: Code


@press("xv")
class ChooseVariant(Press):
    checkout: Code
    variant: Code


@press("xq")
class ChooseQuantity(Press):
    checkout: Code
    quantity: Number


@press("xa")
class EnterAddress(Press):
    checkout: Code


@press("xp")
class Pay(Press):
    checkout: Code


@press("xm")
class PromiseSeat(Press):
    """Takes the seat without money."""

    checkout: Code


@press("xc")
class CancelCheckout(Press):
    checkout: Code


@press("xu")
class UseCredit(Press):
    checkout: Code


@press("xk")
class KeepCredit(Press):
    checkout: Code


@press("xh")
class PayByHand(Press):
    """Cash or a transfer, which the brand confirms."""

    checkout: Code


@press("xo")
class PlaceWithCredit(Press):
    checkout: Code


@press("s")
class ToggleSaved(Press):
    product: Code


@press("sv")
class ShowSaved(Press):
    page: Number


@press("os")
class ShowOrders(Press):
    page: Number


@press("o")
class ShowOrder(Press):
    code: Code


@press("b")
class ShowBrand(Press):
    code: Code


@press("fb")
class ToggleFollow(Press):
    brand: Code


@press("sr")
class AskSearch(Press): ...


@press("sp")
class ShowResults(Press):
    """The next page of the person's last search, which their dialogue state remembers."""

    page: Number


@press("st")
class ShowSettings(Press): ...


@press("sl")
class ChooseLanguage(Press):
    locale: Word


@press("zs")
class ShowZones(Press):
    page: Number


@press("z")
class ChooseZone(Press):
    zone: Word


@press("bh")
class ShowBrandHub(Press):
    """What one sees as a brand: one's own, or how to become one."""


@press("hp")
class ShowHelp(Press): ...


@press("l")
class ShowLate(Press):
    """The choices for late money, by the checkout it was for."""

    checkout: Code


@press("lg")
class LateGroup(Press):
    checkout: Code


@press("ls")
class LateSingle(Press):
    checkout: Code


@press("lr")
class LateRefund(Press):
    checkout: Code


@press("n")
class Nothing(Press):
    """A button that only shows something, such as the page number."""


def stands_on(press: Press) -> Press | None:
    """The card on which this button stands, to be drawn afresh when the press is refused."""
    match press:
        case OpenGroup(deal) | BuyFlash(deal):
            return ShowDeal(deal)
        case JoinGroup(code) | AskLeave(code) | LeaveGroup(code) | WaitForSeat(code):
            return ShowGroup(code)
        case LeaveLine(code):
            return ShowSeat(code)
        case (
            ChooseVariant(checkout, _)
            | ChooseQuantity(checkout, _)
            | EnterAddress(checkout)
            | Pay(checkout)
            | PromiseSeat(checkout)
            | CancelCheckout(checkout)
        ):
            return ShowCheckout(checkout)
        case (
            AskCancelOrder(order)
            | CancelOrder(order)
            | ConfirmReceipt(order)
            | AskReturn(order)
            | KeepOrder(order)
        ):
            return ShowOrder(order)
        case (
            PackOrder(order)
            | ShipOrder(order)
            | TakeBack(order)
            | GiveBack(order)
            | CallOffOrder(order)
        ):
            return ShowSoldOrder(order)
        case LateGroup(checkout) | LateSingle(checkout) | LateRefund(checkout):
            return ShowLate(checkout)
    return None
