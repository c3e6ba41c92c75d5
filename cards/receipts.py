"""An order after the sale, as its buyer and its brand's people see it."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.fitting import cut
from cards.language import Language, lines
from cards.orders import short, state_word
from cards.presses import (
    AskCancelOrder,
    AskReturn,
    CallOffOrder,
    CancelOrder,
    ConfirmReceipt,
    ExportOrders,
    GiveBack,
    KeepOrder,
    PackOrder,
    Press,
    ShipOrder,
    ShowDesk,
    ShowGroup,
    ShowOrder,
    ShowOrders,
    ShowOrdersIn,
    ShowSoldOrder,
    ShowWhy,
    TakeBack,
)
from cards.shop import home_button, pager
from commerce.order_views import BackLine, EventLine, OrderDesk, ParcelLine, Receipt, Shelf
from commerce.rules.orders import Move
from storage.tables import RefundState

SHOWN_LINES, SHOWN_BACKS, SHOWN_EVENTS = 5, 3, 4
NOTE = 60
ADDRESS = 200
TRACKED = {
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id=",
    "ups": "https://www.ups.com/track?tracknum=",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr=",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
}


def receipt_card(receipt: Receipt, say: Language) -> Card:
    """For the buyer: what was bought, what was paid, where it is, and what they may do."""
    head = say("{brand} · {day}", brand=receipt.brand_name, day=say.day(receipt.created_at))
    group: Row = ()
    if receipt.group_code:
        group = (Button(say.plain("👥 See the group"), ShowGroup(receipt.group_code)),)
    rows = (
        *((Button(label, press),) for label, press in _buyer_moves(receipt, say)),
        group,
        (_why_button(receipt.code, say),),
        (Button(say.plain("⬅️ Back"), ShowOrders(0)), home_button(say)),
    )
    return Card(_text(receipt, head, say), rows, photo="banner/orders")


def sold_receipt_card(receipt: Receipt, say: Language) -> Card:
    """For the brand's people: what goes into the parcel, where to, and what is to be done."""
    head = say("For {buyer} · {day}", buyer=receipt.buyer, day=say.day(receipt.created_at))
    back = ShowOrdersIn(receipt.brand_code, Shelf.PACK, 0)
    rows = (
        *((Button(label, press),) for label, press in _brand_moves(receipt, say)),
        (_why_button(receipt.code, say),),
        (Button(say.plain("⬅️ Back"), back), home_button(say)),
    )
    return Card(_text(receipt, head, say), rows, photo="banner/orders")


def _why_button(code: str, say: Language) -> Button:
    return Button(say.plain("🔍 How this came about"), ShowWhy(code))


def _buyer_moves(receipt: Receipt, say: Language) -> list[tuple[str, Press]]:
    code = receipt.code
    every: dict[Move, tuple[str, Press]] = {
        Move.RECEIVE: (say.plain("🏡 I have it"), ConfirmReceipt(code)),
        Move.CANCEL: (say.plain("✖️ Cancel the order"), AskCancelOrder(code)),
        Move.ASK_RETURN: (say.plain("↩️ Send it back"), AskReturn(code)),
        Move.KEEP: (say.plain("👍 Keep it after all"), KeepOrder(code)),
    }
    return [button for move, button in every.items() if move in receipt.moves]


def _brand_moves(receipt: Receipt, say: Language) -> list[tuple[str, Press]]:
    code = receipt.code
    every: dict[Move, tuple[str, Press]] = {
        Move.PACK: (say.plain("📦 It is packed"), PackOrder(code)),
        Move.SHIP: (say.plain("🚚 It is sent"), ShipOrder(code)),
        Move.TAKE_BACK: (say.plain("↩️ It is back"), TakeBack(code)),
        Move.CANCEL: (say.plain("✖️ Cannot be sent"), CallOffOrder(code)),
    }
    found = [button for move, button in every.items() if move in receipt.moves]
    if receipt.may_give_back:
        found.append((say.plain("💚 Give a part back"), GiveBack(code)))
    return found


def _text(receipt: Receipt, head: Markup, say: Language) -> Markup:
    return lines(
        say("<b>📦 Order {code}</b>", code=short(receipt.code)),
        head,
        "",
        *parcel_lines(receipt.lines, receipt.currency, say),
        *_sums(receipt, say),
        *(_back_line(b, receipt.currency, say) for b in receipt.backs[-SHOWN_BACKS:]),
        "",
        say("Status: {state}", state=state_word(receipt.state, say)),
        tracking_line(receipt.carrier, receipt.tracking, say),
        say("📍 {address}", address=cut(receipt.address, ADDRESS)) if receipt.address else None,
        "" if receipt.events else None,
        *(_event_line(e, receipt.currency, say) for e in receipt.events[-SHOWN_EVENTS:]),
    )


def parcel_lines(
    parcel: tuple[ParcelLine, ...], currency: str, say: Language
) -> list[Markup | None]:
    """What is in it, the first few lines with their prices."""
    more = len(parcel) - SHOWN_LINES
    return [
        *(
            say(
                "{title} × {n}: {price}",
                title=line.title,
                n=line.quantity,
                price=say.money(line.unit_minor * line.quantity, currency),
            )
            for line in parcel[:SHOWN_LINES]
        ),
        say.count("… and {n} more line", "… and {n} more lines", more) if more > 0 else None,
    ]


def _sums(receipt: Receipt, say: Language) -> list[Markup | None]:
    def money(minor: int) -> str:
        return say.money(minor, receipt.currency)

    return [
        say("Shipping: {price}", price=money(receipt.shipping_minor))
        if receipt.shipping_minor
        else say("Free shipping"),
        say("Discount: −{price}", price=money(receipt.discount_minor))
        if receipt.discount_minor
        else None,
        say("<b>Total: {price}</b>", price=money(receipt.total_minor)),
        say("Of it from store credit: {price}", price=money(receipt.credit_minor))
        if receipt.credit_minor
        else None,
    ]


def _back_line(back: BackLine, currency: str, say: Language) -> Markup:
    amount = say.money(back.amount_minor, currency)
    if back.state != RefundState.DONE:
        return say("↩️ {price} is on its way back", price=amount)
    if back.credit:
        return say("↩️ {price} came back as store credit", price=amount)
    return say("↩️ {price} came back the way you paid", price=amount)


def tracking_line(carrier: str, tracking: str, say: Language) -> Markup | None:
    """Where the parcel is, as a link where the carrier has a page for it."""
    if not carrier and not tracking:
        return None
    page = TRACKED.get(carrier.strip().lower())
    if page and tracking:
        url = page + quote(tracking, safe="")
        return say(
            '🔎 {carrier}: <a href="{url}">{number}</a>',
            carrier=carrier,
            url=url,
            number=tracking,
        )
    return say("🔎 {carrier}: <code>{number}</code>", carrier=carrier, number=tracking or "–")


def _event_line(event: EventLine, currency: str, say: Language) -> Markup:
    return say(
        "<i>{when}</i> {what}",
        when=say.instant(event.at),
        what=event_words(event, currency, say),
    )


def event_words(event: EventLine, currency: str, say: Language) -> Markup:
    """What happened, in a few words; what was said about it behind."""
    price = say.money(event.amount_minor, currency)
    words: dict[str, Markup] = {
        Move.PACK: say("packed"),
        Move.SHIP: say("sent"),
        Move.RECEIVE: say("received"),
        Move.CANCEL: say("cancelled, {price} back", price=price),
        Move.ASK_RETURN: say("a return was asked for"),
        Move.KEEP: say("kept after all"),
        Move.TAKE_BACK: say("returned, {price} back", price=price),
    }
    said = words.get(event.kind) or say("{price} given back by the brand", price=price)
    return Markup("{}: {}").format(said, cut(event.note, NOTE)) if event.note else said


def ask_cancel_card(receipt: Receipt, say: Language) -> Card:
    """A last look before the money goes back."""
    text = lines(
        say("<b>✖️ Cancel order {code}?</b>", code=short(receipt.code)),
        "",
        say(
            "{price} goes back to you, and the pieces go back on the shelf.",
            price=say.money(receipt.left_minor, receipt.currency),
        ),
        say("Everybody else in the group keeps their price.") if receipt.group_code else None,
    )
    rows = (
        (Button(say.plain("✖️ Yes, cancel it"), CancelOrder(receipt.code)),),
        (Button(say.plain("⬅️ No, keep it"), ShowOrder(receipt.code)),),
    )
    return Card(text, rows, photo="banner/orders")


def _nothing(desk: OrderDesk, say: Language) -> Markup:
    if any(desk.counts.values()):
        return say("Nothing here. The other shelves have orders.")
    return say("No orders wait. Share a deal with your followers!")


def order_desk_card(desk: OrderDesk, say: Language) -> Card:
    """A brand's orders on one shelf of its desk, with names and addresses."""
    page, code = desk.page, desk.brand_code
    entries: list[Markup | str] = []
    for parcel in page.items:
        what = ", ".join(f"{say.label(line.title)} × {line.quantity}" for line in parcel.lines)
        where = parcel.address.replace("\n", ", ") or "–"
        entries += [
            say("<b>{code}</b> {what}", code=short(parcel.code), what=cut(what, 2 * NOTE)),
            say("<i>{buyer}</i>, {address}", buyer=cut(parcel.buyer, NOTE), address=where),
            "",
        ]
    back = ShowOrdersIn(code, desk.shelf, max(page.number - 1, 0))
    return Card(
        lines(
            say("<b>{shelf}</b>", shelf=shelf_word(desk.shelf, say)),
            "",
            *entries,
            None if page.items else _nothing(desk, say),
        ),
        (
            *(
                (Button(f"{short(p.code)} · {say.label(p.lines[0].title)}", ShowSoldOrder(p.code)),)
                for p in page.items
            ),
            pager(page, back, ShowOrdersIn(code, desk.shelf, page.number + 1), say),
            *_shelves(desk, say),
        ),
        photo="banner/orders",
    )


def shelf_word(shelf: Shelf, say: Language) -> str:
    return {
        Shelf.PACK: say.plain("📦 Orders to pack"),
        Shelf.SHIP: say.plain("🚚 Orders to send"),
        Shelf.ON_ITS_WAY: say.plain("🛣 Orders on their way"),
        Shelf.RETURNS: say.plain("↩️ Returns"),
        Shelf.DONE: say.plain("🗂 Done"),
    }[shelf]


def _shelves(desk: OrderDesk, say: Language) -> tuple[Row, ...]:
    code = desk.brand_code
    tabs = [
        Button(
            f"{shelf_word(shelf, say)} · {desk.counts[shelf]}"
            if shelf in desk.counts
            else shelf_word(shelf, say),
            ShowOrdersIn(code, shelf, 0),
        )
        for shelf in Shelf
        if shelf != desk.shelf
    ]
    return (
        tuple(tabs[:2]),
        tuple(tabs[2:]),
        (Button(say.plain("📄 All as a CSV file"), ExportOrders(code)),),
        (Button(say.plain("⬅️ Back"), ShowDesk(code)), home_button(say)),
    )
