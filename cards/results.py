"""What a search found, and how to ask for one."""

from __future__ import annotations

from cards.card import Button, Card
from cards.language import Language, lines
from cards.presses import ShowCategories, ShowResults
from cards.shop import home_button, products_card
from commerce.views import Page, ProductLine


def ask_search_card(say: Language) -> Card:
    return Card(
        lines(
            say("<b>🔎 Search</b>"),
            "",
            say("Type what you look for, for example <i>teapot</i> or <i>tea under 20</i>."),
        ),
        ((Button(say.plain("🗂 Shelves"), ShowCategories()), home_button(say)),),
        photo="banner/search",
    )


def results_card(query: str, page: Page[ProductLine], say: Language) -> Card:
    return products_card(
        say("<b>🔎 {query}</b>", query=query[:80]),
        page,
        ShowResults(max(page.number - 1, 0)),
        ShowResults(page.number + 1),
        say("Nothing found. Try a shorter word, or look through the shelves."),
        say,
    )
