"""Language and time zone; help; what the commands are."""

from __future__ import annotations

from cards.card import Button, Card, Row
from cards.language import NAMES, Language, lines
from cards.links import Links
from cards.presses import (
    ChooseLanguage,
    ChooseZone,
    ShowCategories,
    ShowDeals,
    ShowHome,
    ShowSettings,
    ShowZones,
)
from cards.shop import home_button, pairs

ZONES = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Helsinki",
    "Africa/Lagos",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "UTC",
)

COMMANDS = (
    "start",
    "deals",
    "orders",
    "why",
    "saved",
    "search",
    "brand",
    "settings",
    "help",
    "cancel",
)
CHAT_COMMANDS = ("deals", "subscribe")


def command_words(command: str, say: Language) -> str:
    """What a command does, as Telegram's menu and /help show it."""
    return {
        "start": say.plain("The shop's home"),
        "deals": say.plain("Deals that are on now"),
        "orders": say.plain("My orders"),
        "why": say.plain("How an order came about: /why and its code"),
        "saved": say.plain("What I saved"),
        "search": say.plain("Search the shelves"),
        "brand": say.plain("For brands: products, deals, orders"),
        "settings": say.plain("Language and time zone"),
        "help": say.plain("How this works"),
        "cancel": say.plain("Cancel what I am filling in"),
        "subscribe": say.plain("Choose the deals announced here (admins)"),
    }[command]


def settings_card(say: Language, timezone: str) -> Card:
    languages = [
        Button(("● " if locale == say.locale else "") + name, ChooseLanguage(locale))
        for locale, name in NAMES.items()
    ]
    text = lines(
        say("<b>⚙️ Settings</b>"),
        "",
        say("Language: {language}", language=NAMES[say.locale]),
        say("Time zone: {zone}", zone=say.city(timezone)),
    )
    zone = Button(say.plain("🕐 Change time zone"), ShowZones(0))
    return Card(text, (tuple(languages), (zone,), (home_button(say),)), photo="banner/settings")


def zones_card(say: Language) -> Card:
    buttons = [Button(say.city(zone), ChooseZone(zone)) for zone in ZONES]
    text = lines(say("<b>🕐 Time zone</b>"), say("Pick the place nearest to you."))
    back = (Button(say.plain("⬅️ Back"), ShowSettings()),)
    return Card(text, (*pairs(buttons), back), photo="banner/settings")


def help_card(say: Language, links: Links) -> Card:
    commands = (say("/{command}: {does}", command=c, does=command_words(c, say)) for c in COMMANDS)
    text = lines(
        say("<b>How Kaituan works</b>"),
        "",
        say(
            "👥 <b>Group buys.</b> Open a group, share it, and the price falls as friends join. "
            "Everyone gets the final price; the difference comes back to your card. "
            "If too few join in time, all money goes back by itself."
        ),
        say("⚡ <b>Flash deals.</b> One low price for a short time, while stock lasts."),
        say(
            "📤 <b>Share</b> puts a live card into any chat. In a group chat, everybody can join "
            "with one tap."
        ),
        say("🔎 Just type what you look for: <i>tea under 20</i>."),
        "",
        *commands,
    )
    rows: tuple[Row, ...] = (
        (Button(say.plain("➕ Add me to a group chat"), url=links.add_to_group()),),
        (home_button(say),),
    )
    return Card(text, rows, photo="banner/settings")


def chat_help_card(say: Language, links: Links) -> Card:
    """For group chats: the bot's talk belongs in private."""
    return Card(
        lines(
            say("Hello! Let us fill group buys together."),
            say("/deals shows what is on; admins choose with /subscribe what I announce here."),
        ),
        ((Button(say.plain("🛍 Open the shop"), url=links.start("", "")),),),
    )


def lost_card(say: Language) -> Card:
    """The answer to what nobody understands."""
    return Card(
        say("I did not understand that. Type what you look for, or pick one:"),
        (
            (
                Button(say.plain("🔥 All deals"), ShowDeals(0)),
                Button(say.plain("🗂 Shelves"), ShowCategories()),
            ),
            (Button(say.plain("🏠 Home"), ShowHome()),),
        ),
    )
