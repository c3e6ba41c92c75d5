"""The wire format of buttons: frozen for ever, strict to the letter, and never too long."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from cards import presses
from cards.presses import (
    BY_PREFIX,
    MAX_BYTES,
    BadPress,
    ChooseChatBrand,
    ChooseVariant,
    FormAnswer,
    JoinGroup,
    Press,
    ShowCategory,
    ShowChatZones,
    ShowDeal,
    ShowDeals,
    ShowHome,
    parse,
)

FROZEN = """
h ShowHome
cs ShowCategories
c ShowCategory code:Code page:Number
p ShowProduct code:Code photo:Number
ds ShowDeals page:Number
d ShowDeal code:Code
og OpenGroup deal:Code
g ShowGroup code:Code
j JoinGroup code:Code
bv BuyVariant variant:Code
bf BuyFlash deal:Code
x ShowCheckout code:Code
xv ChooseVariant checkout:Code variant:Code
xq ChooseQuantity checkout:Code quantity:Number
xa EnterAddress checkout:Code
xp Pay checkout:Code
xc CancelCheckout checkout:Code
s ToggleSaved product:Code
sv ShowSaved page:Number
os ShowOrders page:Number
o ShowOrder code:Code
b ShowBrand code:Code
fb ToggleFollow brand:Code
sr AskSearch
sp ShowResults page:Number
st ShowSettings
sl ChooseLanguage locale:Word
zs ShowZones page:Number
z ChooseZone zone:Word
bh ShowBrandHub
hp ShowHelp
n Nothing
fa FormAnswer step:Number value:Word
fk FormBack step:Number
fs FormSkip step:Number
fc FormConfirm
fx FormCancel
ch ShowChat chat:Code
chb ShowChatBrands chat:Code page:Number
chc ShowChatCategories chat:Code page:Number
chz ShowChatZones chat:Code page:Number
che ChooseEverything chat:Code on:Number
cht ChooseChatBrand chat:Code brand:Code on:Number page:Number
chk ChooseChatCategory chat:Code category:Code on:Number page:Number
chl ChooseChatLanguage chat:Code locale:Word
cho ChooseChatZone chat:Code zone:Word
chq ChooseQuietHours chat:Code start:Number end:Number
chp ChoosePosts chat:Code posts:Number
chd ConfirmChat chat:Code
chs StopChat chat:Code
cl ShowChatDeals page:Number
pd PostDeal deal:Code
bd ShowDesk brand:Code
bn BecomeBrand
bw ShowPendingBrands page:Number
by ApproveBrand brand:Code
bx DeclineBrand brand:Code
fu Unfollow brand:Code
bo ShowBrandOrders brand:Code page:Number
bp ShowOwnProducts brand:Code page:Number
bpa AddProduct brand:Code
bpo ShowOwnProduct product:Code
bps SetShown product:Code shown:Number
bpp EditPrice variant:Code
bpq EditStock variant:Code
bl ShowOwnDeals brand:Code page:Number
bla AddDeal brand:Code
blo ShowOwnDeal deal:Code
blp PauseDeal deal:Code
blr ResumeDeal deal:Code
ble AskEndDeal deal:Code
bly EndDeal deal:Code
blx ExtendDeal deal:Code ends:Word
bc ShowBroadcasts brand:Code page:Number
bca AddBroadcast brand:Code
bcd BroadcastDeal deal:Code
bco ShowBroadcast broadcast:Code
bcx CancelBroadcast broadcast:Code
bg ShowBrandShelf brand:Code page:Number
xu UseCredit checkout:Code
xk KeepCredit checkout:Code
xo PlaceWithCredit checkout:Code
xh PayByHand checkout:Code
hy ConfirmByHand checkout:Code
hn DeclineByHand checkout:Code
hb HandedBack refund:Code
bhs SetByHand brand:Code on:Number
oc AskCancelOrder order:Code
ocy CancelOrder order:Code
or ConfirmReceipt order:Code
ort AskReturn order:Code
ork KeepOrder order:Code
bos ShowOrdersIn brand:Code shelf:Word page:Number
boo ShowSoldOrder order:Code
bok PackOrder order:Code
boh ShipOrder order:Code
bor TakeBack order:Code
bog GiveBack order:Code
boc CallOffOrder order:Code
boe ExportOrders brand:Code
l ShowLate checkout:Code
lg LateGroup checkout:Code
ls LateSingle checkout:Code
lr LateRefund checkout:Code
gs ShowSeat code:Code
gl AskLeave code:Code
gy LeaveGroup code:Code
gw WaitForSeat code:Code
gx LeaveLine code:Code
xm PromiseSeat checkout:Code
bu ShowOwnGroups deal:Code page:Number
bug ShowOwnGroup group:Code
bua AskAcceptGroup group:Code
buy AcceptGroup group:Code
bux ExtendGroup group:Code ends:Word
ow ShowWhy code:Code
"""  # append-only: a button sent a year ago must still be understood

LONGEST = {presses.CODE: "z" * 16, presses.NUMBER: 999_999, presses.WORD: "z" * 32}
SHORTEST = {presses.CODE: "1" * 10, presses.NUMBER: 0, presses.WORD: "a"}
PATTERNS = {presses.CODE: "Code", presses.NUMBER: "Number", presses.WORD: "Word"}
CODE = "Ab3dEf7hJk"
KINDS = sorted(BY_PREFIX.values(), key=lambda kind: kind.prefix)


def patterns(kind: type[Press]) -> list[tuple[str, object]]:
    hints = get_type_hints(kind, include_extras=True)
    return [(f.name, get_args(hints[f.name])[1]) for f in fields(kind)]  # type: ignore[arg-type]


def shape(kind: type[Press]) -> str:
    """One line, such as "c ShowCategory code:Code page:Number"."""
    typed = (f"{name}:{PATTERNS[pattern]}" for name, pattern in patterns(kind))  # type: ignore[index]
    return " ".join((kind.prefix, kind.__name__, *typed))


def made(kind: type[Press], values: dict[object, object]) -> Press:
    return kind(*(values[pattern] for _, pattern in patterns(kind)))


def broken(frozen: str, living: str) -> list[str]:
    """Lines of the frozen list that no press keeps any more."""
    kept = set(living.split("\n"))
    return [line for line in frozen.strip().split("\n") if line not in kept]


def living() -> str:
    return "\n".join(shape(kind) for kind in BY_PREFIX.values())


def test_frozen_presses_are_kept() -> None:
    assert broken(FROZEN, living()) == []


def test_new_presses_are_in_the_frozen_list() -> None:
    """Append what this names to FROZEN."""
    assert broken(living(), FROZEN) == []


def test_changed_press_is_found() -> None:
    changed = FROZEN.replace("h ShowHome", "h ShowHome page:Number")
    assert broken(changed, living()) == ["h ShowHome page:Number"]


def test_prefixes_are_short_and_plain() -> None:
    assert [p for p in BY_PREFIX if not (p.isascii() and p.isalpha() and len(p) <= 3)] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("values", [SHORTEST, LONGEST], ids=["shortest", "longest"])
def test_press_comes_back_as_it_went(kind: type[Press], values: dict[object, object]) -> None:
    press = made(kind, values)
    packed = press.pack()
    assert len(packed.encode()) <= MAX_BYTES
    assert parse(packed) == press


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "::",
        "h:",
        "h: ",
        "H",
        " h",
        "h ",
        "h\n",
        "zzz",
        "zzz:1",
        "ds",
        "ds:",
        "ds: 1",
        "ds:1 ",
        "ds:1\n",
        "ds:+1",
        "ds:-1",
        "ds:-0",
        "ds:1_0",
        "ds:01",
        "ds:00",
        "ds:1.0",
        "ds:1e3",
        "ds:0x1",
        "ds:１",
        "ds:١",
        "ds:²",
        "ds:1000000",
        f"ds:{10**40}",
        "ds:1:1",
        f"d:{CODE}:",
        f"d:{CODE}:1",
        f"d::{CODE}",
        "d:short",
        f"d:{'a' * 17}",
        f"d:{CODE}0",
        f"d:{CODE}O",
        f"d:{CODE}I",
        f"d:{CODE}l",
        f"d:{CODE}_",
        f"d:{CODE} ",
        f"d:{CODE}\n",
        f"d:{CODE}é",
        f"d: {CODE}",
        f"D:{CODE}",
        f"c:{CODE}",
        f"c:1:{CODE}",
        f"xv:{CODE}",
        f"xv:{CODE}:{CODE}:{CODE}",
        f"xq:{CODE}:-1",
        "z:",
        "z:_a",
        "z:Asia/上海",
        "z:a b",
        f"z:{'a' * 33}",
        "z:../etc",
        f"z:Asia/Shanghai{' ' * 60}",
        "a" * 65,
        f"d:{CODE}" + "\x00",
    ],
)
def test_what_was_never_on_a_button_is_refused(data: str) -> None:
    with pytest.raises(BadPress):
        parse(data)


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("h", ShowHome()),
        ("ds:0", ShowDeals(0)),
        ("ds:999999", ShowDeals(999_999)),
        (f"d:{CODE}", ShowDeal(CODE)),
        (f"c:{CODE}:10", ShowCategory(CODE, 10)),
        (f"xv:{CODE}:{CODE}", ChooseVariant(CODE, CODE)),
        (f"j:{CODE}", JoinGroup(CODE)),
        (f"chz:{CODE}:1", ShowChatZones(CODE, 1)),
        (f"cht:{CODE}:{CODE}:1:2", ChooseChatBrand(CODE, CODE, 1, 2)),
        ("fa:3:Asia/Hong_Kong", FormAnswer(3, "Asia/Hong_Kong")),
    ],
)
def test_known_data_is_understood(data: str, press: Press) -> None:
    assert parse(data) == press
    assert press.pack() == data


def test_press_that_is_too_long_is_not_packed() -> None:
    with pytest.raises(BadPress):
        ChooseVariant("z" * 40, "z" * 40).pack()


def test_prefix_is_taken_once() -> None:
    class Again(Press): ...

    with pytest.raises(ValueError, match="prefix h is taken"):
        presses.press("h")(Again)
    assert BY_PREFIX["h"] is ShowHome
