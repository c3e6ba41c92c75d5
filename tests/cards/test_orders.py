"""What a brand has to pack is shown with whole addresses."""

from __future__ import annotations

from dataclasses import replace

from cards.orders import brand_orders_card
from cards.presses import ShowBrandHub, ShowOrders
from commerce.actions.orders import PACKING_PAGE
from playground.html import parse_html
from tests.cards import views
from tests.cards.given import Given
from tests.cards.test_language import EN, ZH

ADDRESS = "\n".join(["Aleksandra Wiśniewska-Kowalczyk", "ul. Świętokrzyska " + "1" * 80, "Łódź"])


def test_addresses_on_a_full_page_are_whole() -> None:
    for say in (EN, ZH):
        order = replace(views.order(Given(say)), address=ADDRESS, buyer="Aleksandra")
        page = views.page(*(order for _ in range(PACKING_PAGE)))
        card = brand_orders_card(page, ShowOrders(0), ShowOrders(1), ShowBrandHub(), say)
        text, _ = parse_html(str(card.text))
        assert text.count(ADDRESS.replace("\n", ", ")) == PACKING_PAGE
