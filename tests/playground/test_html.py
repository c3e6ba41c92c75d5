"""The HTML reader: every tag, UTF-16 offsets, nesting, whitespace."""

import pytest

from playground.html import parse_html
from playground.richtext import message_text
from playground.things import Json

TAGS: list[tuple[str, str, Json]] = [
    ("<b>x</b>", "x", {"type": "bold"}),
    ("<strong>x</strong>", "x", {"type": "bold"}),
    ("<em>x</em>", "x", {"type": "italic"}),
    ("<ins>x</ins>", "x", {"type": "underline"}),
    ("<del>x</del>", "x", {"type": "strikethrough"}),
    ("<strike>x</strike>", "x", {"type": "strikethrough"}),
    ('<span class="tg-spoiler">x</span>', "x", {"type": "spoiler"}),
    ("<tg-spoiler>x</tg-spoiler>", "x", {"type": "spoiler"}),
    ('<a href="https://a.org/?a=1&amp;b=2">x</a>', "x", {"type": "text_link"}),
    ("<a href='tg://user?id=7'>x</a>", "x", {"type": "text_mention", "user_id": 7}),
    ('<tg-emoji emoji-id="12">x</tg-emoji>', "x", {"type": "custom_emoji"}),
    ('<tg-time unix="1700000000" format="d">x</tg-time>', "x", {"unix_time": 1700000000}),
    ("<blockquote>x</blockquote>", "x", {"type": "blockquote"}),
    ("<blockquote expandable>x</blockquote>", "x", {"type": "expandable_blockquote"}),
    ("<code>x</code>", "x", {"type": "code"}),
    ("<pre>x</pre>", "x", {"type": "pre"}),
    (
        '<pre><code class="language-python">x</code></pre>',
        "x",
        {"type": "pre", "language": "python"},
    ),
    ("<B>x</B >", "x", {"type": "bold"}),
]


@pytest.mark.parametrize(("source", "text", "entity"), TAGS, ids=[tag[0] for tag in TAGS])
def test_tag_becomes_its_entity(source: str, text: str, entity: Json) -> None:
    read, entities = parse_html(source)
    assert read == text
    assert len(entities) == 1
    assert entities[0] | entity == entities[0]
    assert (entities[0]["offset"], entities[0]["length"]) == (0, 1)


def test_link_keeps_its_unescaped_address() -> None:
    _, entities = parse_html('<a href="https://a.org/?a=1&amp;b=2">x</a>')
    assert entities[0]["url"] == "https://a.org/?a=1&b=2"


def test_offsets_count_utf16_units() -> None:
    text, entities = parse_html("👋<b>😀é</b> <i>&#128512;</i>")
    assert text == "👋😀é 😀"
    assert [(e["offset"], e["length"]) for e in entities] == [(2, 3), (6, 2)]


def test_nested_tags_come_outer_first() -> None:
    _, entities = parse_html("<b>a<i>b</i></b>")
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [
        ("bold", 0, 2),
        ("italic", 1, 1),
    ]


def test_empty_tag_leaves_no_entity() -> None:
    assert parse_html("a<b></b>c") == ("ac", [])


def test_outer_whitespace_is_cut_and_entities_move() -> None:
    text, entities = message_text("\n\n x <b>y</b>  \n", "HTML")
    assert text == "x y"
    assert [(e["offset"], e["length"]) for e in entities] == [(2, 1)]


def test_commands_and_links_are_found() -> None:
    text, entities = message_text("see /help@shop_bot, https://a.org/x. @alice #tea a/b", None)
    found = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in entities]
    assert found == [
        ("bot_command", "/help@shop_bot"),
        ("url", "https://a.org/x"),
        ("mention", "@alice"),
        ("hashtag", "#tea"),
    ]
