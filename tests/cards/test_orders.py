"""What a brand has to pack is shown with whole addresses; a receipt says where its parcel is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cards.receipts import TRACKED, order_desk_card, receipt_card
from commerce.actions.order_desk import PAGE
from playground.html import parse_html
from tests.cards import views
from tests.cards.given import Given
from tests.cards.test_language import EN, ZH
from tests.cards.views import page

ADDRESS = "\n".join(["Aleksandra Wiśniewska-Kowalczyk", "ul. Świętokrzyska " + "1" * 80, "Łódź"])


def test_addresses_on_a_full_page_are_whole() -> None:
    for say in (EN, ZH):
        desk = views.order_desk(Given(say))
        parcel = replace(desk.page.items[0], address=ADDRESS, buyer="Aleksandra")
        card = order_desk_card(replace(desk, page=page(*(parcel,) * PAGE)), say)
        text, _ = parse_html(str(card.text))
        assert text.count(ADDRESS.replace("\n", ", ")) == PAGE


@pytest.mark.parametrize(
    ("carrier", "tracking", "shown"),
    [
        (
            "DHL",
            "JD 01&x",
            f'<a href="{TRACKED["dhl"]}JD%2001%26x">JD 01&amp;x</a>',
        ),
        ("ups ", "1Z9", '<a href="https://www.ups.com/track?tracknum=1Z9">1Z9</a>'),
        ("Ox cart", "7", "Ox cart: <code>7</code>"),
        ("DHL", "", "DHL: <code>–</code>"),
    ],
)
def test_parcel_can_be_followed(carrier: str, tracking: str, shown: str) -> None:
    receipt = replace(views.receipt(Given(EN)), carrier=carrier, tracking=tracking)
    assert shown in str(receipt_card(receipt, EN).text)
