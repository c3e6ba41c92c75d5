"""Presses: the wire format of buttons. An address, not a state; the truth is in the database.

Prefixes and their fields are append-only: a button sent a year ago must still be understood.
`tests/house/test_presses.py` holds the frozen list.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import (
    Annotated,
    ClassVar,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

MAX_BYTES = 64
CODE = re.compile(r"[1-9A-HJ-NP-Za-km-z]{10,16}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,5}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/+-]{0,31}")

Code = Annotated[str, CODE]
Word = Annotated[str, WORD]
Number = Annotated[int, NUMBER]


class BadPress(ValueError):
    """Not something that this shop ever put on a button."""


class Press:
    """The root of all presses. A subclass is a frozen dataclass with a prefix of its own."""

    prefix: ClassVar[str]
    form: ClassVar[bool] = False  # belongs to a form, and never stands on a shared card

    def pack(self) -> str:
        values = (getattr(self, f.name) for f in fields(self))  # type: ignore[arg-type]
        packed = ":".join((self.prefix, *(str(v) for v in values)))
        if len(packed.encode()) > MAX_BYTES:
            raise BadPress(packed)
        return packed


P = TypeVar("P", bound=Press)
BY_PREFIX: dict[str, type[Press]] = {}
_PATTERNS: dict[str, tuple[tuple[re.Pattern[str], bool], ...]] = {}


@dataclass_transform(frozen_default=True)
def press(prefix: str, *, form: bool = False) -> Callable[[type[P]], type[P]]:
    """Registers a press under its prefix, for ever."""

    def register(kind: type[P]) -> type[P]:
        made = dataclass(frozen=True, slots=True)(kind)
        if prefix in BY_PREFIX:
            raise ValueError(f"prefix {prefix} is taken")
        made.prefix, made.form = prefix, form
        BY_PREFIX[prefix] = made
        return made

    return register


def parse(data: str) -> Press:
    """The press that was packed into `data`. Raises BadPress for anything else."""
    prefix, _, rest = data.partition(":")
    kind = BY_PREFIX.get(prefix)
    if kind is None or len(data) > MAX_BYTES:
        raise BadPress
    parts = rest.split(":") if ":" in data else []
    patterns = _patterns(prefix, kind)
    if len(parts) != len(patterns):
        raise BadPress
    values: list[str | int] = []
    for part, (pattern, number) in zip(parts, patterns, strict=True):
        if not pattern.fullmatch(part):
            raise BadPress
        values.append(int(part) if number else part)
    return kind(*values)


def _patterns(prefix: str, kind: type[Press]) -> tuple[tuple[re.Pattern[str], bool], ...]:
    if prefix not in _PATTERNS:
        hints = get_type_hints(kind, include_extras=True)
        found = []
        for f in fields(kind):  # type: ignore[arg-type]
            assert get_origin(hints[f.name]) is Annotated
            plain, pattern = get_args(hints[f.name])
            found.append((pattern, plain is int))
        _PATTERNS[prefix] = tuple(found)
    return _PATTERNS[prefix]


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


@press("xc")
class CancelCheckout(Press):
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


@press("n")
class Nothing(Press):
    """A button that only shows something, such as the page number."""


@press("fa", form=True)
class FormAnswer(Press):
    """A choice offered at one step of the form that the person is in."""

    step: Number
    value: Word


@press("fk", form=True)
class FormBack(Press):
    step: Number


@press("fs", form=True)
class FormSkip(Press):
    step: Number


@press("fc", form=True)
class FormConfirm(Press): ...


@press("fx", form=True)
class FormCancel(Press): ...


@press("ch")
class ShowChat(Press):
    """What a chat subscribed to. Its admins alone may see and change it."""

    chat: Code


@press("chb")
class ShowChatBrands(Press):
    chat: Code
    page: Number


@press("chc")
class ShowChatCategories(Press):
    chat: Code
    page: Number


@press("chz")
class ShowChatZones(Press):
    chat: Code
    page: Number


@press("che")
class ChooseEverything(Press):
    chat: Code
    on: Number


@press("cht")
class ChooseChatBrand(Press):
    chat: Code
    brand: Code
    on: Number
    page: Number


@press("chk")
class ChooseChatCategory(Press):
    chat: Code
    category: Code
    on: Number
    page: Number


@press("chl")
class ChooseChatLanguage(Press):
    chat: Code
    locale: Word


@press("cho")
class ChooseChatZone(Press):
    chat: Code
    zone: Word


@press("chq")
class ChooseQuietHours(Press):
    """Whole hours; both alike = none."""

    chat: Code
    start: Number
    end: Number


@press("chp")
class ChoosePosts(Press):
    chat: Code
    posts: Number


@press("chd")
class ConfirmChat(Press):
    chat: Code


@press("chs")
class StopChat(Press):
    chat: Code


@press("cl")
class ShowChatDeals(Press):
    """The list of deals in a group chat."""

    page: Number


@press("pd")
class PostDeal(Press):
    """Posts the deal's living card into the chat where the press stands."""

    deal: Code


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
