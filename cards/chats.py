"""What group chats and channels see: greeting, what they subscribed to, deals, digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from cards.card import Button, Card, Row
from cards.language import NAMES, Language, lines, supported
from cards.links import Links
from cards.presses import (
    ChooseChatBrand,
    ChooseChatCategory,
    ChooseChatLanguage,
    ChooseChatZone,
    ChooseEverything,
    ChoosePosts,
    ChooseQuietHours,
    ConfirmChat,
    PostDeal,
    Press,
    ShowChat,
    ShowChatBrands,
    ShowChatCategories,
    ShowChatDeals,
    ShowChatZones,
    StopChat,
)
from cards.settings import ZONES
from cards.shop import ICONS, deal_line, pager, pairs
from commerce.views import ChatView, DealLine, OnOff, Page
from storage.tables import DealKind
from storage.texts import LocalizedText

QUIET_HOURS = ((0, 0), (22, 8), (23, 7), (0, 9))  # whole hours; both alike = none
POSTS_A_DAY = (2, 6, 12)
ZONES_A_PAGE = 8
NAMED = 6  # brands or shelves in a summary; the others are counted
CHANNEL = "channel"


def greeting_card(chat_code: str, say: Language, links: Links, *, channel: bool = False) -> Card:
    """The first words in a chat. A channel's readers press nothing there: its admins get a link."""
    text = lines(
        say("<b>Hello! I am Kaituan</b> 🧧, a shop inside your chat."),
        say("Open a group buy here, and everybody joins with one tap; the price falls for all."),
        say("Admins choose which deals I announce here before they end."),
    )
    choose = say.plain("📣 Choose deals (admins)")
    shop = Button(say.plain("🛍 Open the shop"), url=links.start("", ""))
    if channel:
        return Card(text, ((Button(choose, url=links.chat(chat_code)),), (shop,)))
    listed = Button(say.plain("🔥 Deals"), ShowChatDeals(0))
    return Card(text, ((Button(choose, ShowChat(chat_code)),), (listed, shop)))


def back_card(chat: ChatView, say: Language) -> Card:
    text = lines(
        say("<b>I am back.</b> Everything you chose before is on again:"), "", *_summary(chat, say)
    )
    return Card(text, (_after_choosing(chat, say),))


def menu_card(chat: ChatView, say: Language) -> Card:
    """Everything an admin can choose, in one message."""
    text = lines(
        say("<b>📣 What shall I announce in {title}?</b>", title=chat.title),
        "",
        *_summary(chat, say),
    )
    return Card(
        text,
        (
            (_choice(say.plain("Everything"), ChooseEverything, chat, on=chat.everything),),
            (
                Button(
                    say.plain("🏪 Brands ({n})", n=len(chat.brands)), ShowChatBrands(chat.code, 0)
                ),
                Button(
                    say.plain("🗂 Shelves ({n})", n=len(chat.categories)),
                    ShowChatCategories(chat.code, 0),
                ),
            ),
            _languages(chat),
            (Button(say.plain("🕐 Change time zone"), ShowChatZones(chat.code, 0)),),
            _quiet_row(chat, say),
            _posts_row(chat, say),
            (
                Button(say.plain("✅ Done"), ConfirmChat(chat.code)),
                Button(say.plain("⛔ Stop all"), StopChat(chat.code)),
            ),
        ),
    )


def _choice(label: str, kind: type[ChooseEverything], chat: ChatView, *, on: bool) -> Button:
    return Button(_marked(label, on=on), kind(chat.code, int(not on)))


def _marked(label: str, *, on: bool) -> str:
    return f"● {label}" if on else label


def _languages(chat: ChatView) -> Row:
    spoken = supported(chat.locale)
    return tuple(
        Button(_marked(name, on=locale == spoken), ChooseChatLanguage(chat.code, locale))
        for locale, name in NAMES.items()
    )


def _quiet_row(chat: ChatView, say: Language) -> Row:
    chosen = tuple(minutes // 60 for minutes in chat.quiet or (0, 0))
    return tuple(
        Button(
            _marked(
                say.plain("🔔 Always") if start == end else f"🌙 {start}–{end}",
                on=(start, end) == chosen,
            ),
            ChooseQuietHours(chat.code, start, end),
        )
        for start, end in QUIET_HOURS
    )


def _posts_row(chat: ChatView, say: Language) -> Row:
    return tuple(
        Button(
            _marked(say.plain("{n} a day", n=n), on=n == chat.posts_a_day),
            ChoosePosts(chat.code, n),
        )
        for n in POSTS_A_DAY
    )


def _summary(chat: ChatView, say: Language) -> list[Markup]:
    return [
        _chosen(chat, say),
        say("Language: {language}", language=NAMES[supported(chat.locale)]),
        say("Time zone: {zone}", zone=say.city(chat.timezone)),
        _hours(chat, say),
        say("At most {n} posts a day", n=chat.posts_a_day),
    ]


def _chosen(chat: ChatView, say: Language) -> Markup:
    if chat.everything:
        return say("Deals: <b>everything</b>")
    picked = [say.text(name) for name in (*chat.brands, *chat.categories)]
    if not picked:
        return say("Deals: <b>none yet</b>")
    names, more = say.plain(", ").join(picked[:NAMED]), len(picked) - NAMED
    if more > 0:
        return say("Deals: <b>{names}</b> and {n} more", names=names, n=more)
    return say("Deals: <b>{names}</b>", names=names)


def _hours(chat: ChatView, say: Language) -> Markup:
    if chat.quiet is None:
        return say("Quiet hours: none")
    start, end = (f"{minutes // 60}:{minutes % 60:02}" for minutes in chat.quiet)
    return say("Quiet hours: {start} – {end}", start=start, end=end)


def confirmed_card(chat: ChatView, say: Language) -> Card:
    """The end of choosing: short, since it stays in the chat."""
    chosen = chat.everything or chat.brands or chat.categories
    text = lines(
        say("✅ <b>{title} is set</b>", title=chat.title)
        if chosen
        else say("<b>No deals are announced in {title}.</b>", title=chat.title),
        "",
        *(_summary(chat, say) if chosen else ()),
        say("I announce each deal 24 hours, 3 hours and 30 minutes before it ends.")
        if chosen
        else say("Admins can choose some at any time with /subscribe."),
    )
    return Card(text, (_after_choosing(chat, say),))


def _after_choosing(chat: ChatView, say: Language) -> Row:
    change = Button(say.plain("⚙️ Change"), ShowChat(chat.code))
    if chat.kind == CHANNEL:
        return (change,)
    return (change, Button(say.plain("🔥 Deals"), ShowChatDeals(0)))


def brands_card(chat: ChatView, page: Page[OnOff], say: Language) -> Card:
    buttons = [
        Button(
            _marked(f"{brand.emoji} {say.text(brand.name)}".strip(), on=brand.on),
            ChooseChatBrand(chat.code, brand.code, int(not brand.on), page.number),
        )
        for brand in page.items
    ]
    title = say("<b>🏪 Brands</b>")
    turning = _turning(page, ShowChatBrands, chat)
    return _list_card(chat, title, buttons, page, turning, say)


def categories_card(chat: ChatView, page: Page[OnOff], say: Language) -> Card:
    buttons = [
        Button(
            _marked(f"{shelf.emoji} {say.text(shelf.name)}".strip(), on=shelf.on),
            ChooseChatCategory(chat.code, shelf.code, int(not shelf.on), page.number),
        )
        for shelf in page.items
    ]
    title = lines(say("<b>🗂 Shelves</b>"), say("Each one includes the shelves inside it."))
    turning = _turning(page, ShowChatCategories, chat)
    return _list_card(chat, title, buttons, page, turning, say)


def chat_zones_card(chat: ChatView, number: int, say: Language) -> Card:
    shown = ZONES[number * ZONES_A_PAGE : (number + 1) * ZONES_A_PAGE]
    page = Page(shown, number, len(ZONES) > (number + 1) * ZONES_A_PAGE)
    buttons = [
        Button(
            _marked(say.city(zone), on=zone == chat.timezone),
            ChooseChatZone(chat.code, zone),
        )
        for zone in shown
    ]
    title = lines(say("<b>🕐 Time zone</b>"), say("Pick the place nearest to this chat."))
    return _list_card(chat, title, buttons, page, _turning(page, ShowChatZones, chat), say)


def _turning(
    page: Page[Any],
    kind: type[ShowChatBrands] | type[ShowChatCategories] | type[ShowChatZones],
    chat: ChatView,
) -> tuple[Press, Press]:
    return kind(chat.code, max(page.number - 1, 0)), kind(chat.code, page.number + 1)


def _list_card(
    chat: ChatView,
    title: Markup,
    buttons: Sequence[Button],
    page: Page[Any],
    turning: tuple[Press, Press],
    say: Language,
) -> Card:
    back = (Button(say.plain("⬅️ Back"), ShowChat(chat.code)),)
    return Card(title, (*pairs(buttons), pager(page, *turning, say), back))


def chat_deals_card(
    page: Page[DealLine], chat_code: str, say: Language, links: Links, now: datetime
) -> Card:
    """A compact list; each button posts that deal's own card into the chat."""
    text = lines(
        say("<b>🔥 Deals</b>"),
        "",
        *(deal_line(deal, say, now) for deal in page.items),
        None if page.items else say("No deals right now. Look in again later."),
    )
    before, after = ShowChatDeals(max(page.number - 1, 0)), ShowChatDeals(page.number + 1)
    posting = (
        _post_button(d.code, d.kind, d.title, d.price_minor, d.currency, say) for d in page.items
    )
    return Card(
        text,
        (
            *((button,) for button in posting),
            pager(page, before, after, say),
            (
                Button(say.plain("📣 Choose deals (admins)"), ShowChat(chat_code)),
                Button(say.plain("🛍 Open the shop"), url=links.start("", "")),
            ),
        ),
    )


def _post_button(
    code: str, kind: DealKind, title: LocalizedText, minor: int, currency: str, say: Language
) -> Button:
    words = f"{ICONS[kind]} {say.label(title)} · {say.money(minor, currency)}"
    return Button(words, PostDeal(code))


def deal_digest(facts: Mapping[str, Any], say: Language, links: Links) -> Card:
    """Several deals that end soon, in one message."""
    deals = list(_digested(facts["deals"]))
    text = lines(
        say("⏰ <b>Ending soon</b>"),
        "",
        *(_digest_line(*deal, say) for deal in deals),
        say.count("and {n} more", "and {n} more", facts["more"]) if facts["more"] else None,
    )
    posting = ((_post_button(*deal[:-1], say),) for deal in deals)
    return Card(text, (*posting, (Button(say.plain("🛍 Open the shop"), url=links.start("", "")),)))


Digested = tuple[str, DealKind, LocalizedText, int, str, datetime]


def _digested(deals: Iterable[Mapping[str, Any]]) -> Iterable[Digested]:
    for deal in deals:
        yield (
            deal["code"],
            DealKind(deal["kind"]),
            LocalizedText.from_json(deal["title"]),
            deal["price_minor"],
            deal["currency"],
            datetime.fromisoformat(deal["ends_at"]),
        )


def _digest_line(
    code: str,
    kind: DealKind,
    title: LocalizedText,
    minor: int,
    currency: str,
    ends_at: datetime,
    say: Language,
) -> Markup:
    return say(
        "{icon} {title}: <b>{price}</b> · ends {when}",
        icon=ICONS[kind],
        title=title,
        price=say.money(minor, currency),
        when=say.countdown(ends_at),
    )


def faceless_card(say: Language) -> Card:
    """For commands sent in the name of a chat."""
    return Card(
        say(
            "I cannot see who you are. Please send that as yourself, "
            "not in the name of the chat or a channel."
        )
    )
