"""Files of products as people really have them: read right, or refused with every reason."""

from __future__ import annotations

import time

import pytest

from commerce.rules.importing import MOST_BYTES, Sheet, Trouble, read_sheet, shelf_key, shelf_name

HEAD = "sku,title,category,price,currency,stock"
GOOD = "A-1,Tea bowl,tea,12.90,USD,5"


def sheet(*rows: str, head: str = HEAD) -> Sheet:
    return read_sheet("\n".join((head, *rows)).encode(), "USD")


def said(found: Sheet) -> list[tuple[int, str]]:
    return [(trouble.row, trouble.column) for trouble in found.troubles]


def test_good_row_is_read() -> None:
    found = sheet(GOOD)
    assert found.troubles == ()
    (ware,) = found.wares
    assert (ware.row, ware.sku, ware.title, ware.category) == (2, "A-1", "Tea bowl", "tea")
    assert (ware.price_minor, ware.stock, ware.tags, found.rows) == (1290, 5, (), 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiters_marks_and_line_ends(delimiter: str, start: str, newline: str) -> None:
    text = start + newline.join(r.replace(",", delimiter) for r in (HEAD, GOOD)) + newline
    found = read_sheet(text.encode(), "USD")
    assert found.troubles == ()
    assert found.wares[0].price_minor == 1290


def test_comma_prices_between_semicolons() -> None:
    found = sheet("A-1;Bowl;tea;12,90;usd;0", head=HEAD.replace(",", ";"))
    assert (found.wares[0].price_minor, found.wares[0].stock) == (1290, 0)


def test_columns_in_any_order_and_unknown_ones_are_named() -> None:
    found = sheet(
        "5,USD,12.90,tea,Bowl,x,A-1", head="Stock,Currency, PRICE ,category,title,img,sku"
    )
    assert found.wares[0].sku == "A-1"
    assert found.ignored == ("img",)


def test_text_with_quotes_breaks_and_formulas_stays_text() -> None:
    found = sheet('A-1,"=1+1, or ""two""\nlines",tea,12.90,USD,5', GOOD.replace("A-1", "A-2"))
    assert [w.title for w in found.wares] == ['=1+1, or "two" lines', "Tea bowl"]
    assert [w.row for w in found.wares] == [2, 3]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("price", "1E+05"),
        ("price", "=1+1"),
        ("price", "2026-11-24"),
        ("price", "24.11.2026"),
        ("price", "0"),
        ("price", "-1"),
        ("price", "NaN"),
        ("price", "12.905"),
        ("price", "1.500"),
        ("price", "0.001"),
        ("price", ""),
        ("price", "9223372036854775808"),
        ("stock", "1.0"),
        ("stock", "-1"),
        ("stock", "many"),
        ("stock", "1000001"),
        ("stock", ""),
        ("currency", "EUR"),
        ("currency", ""),
        ("sku", " "),
        ("sku", "x" * 65),
        ("title", "\u200b\u202e"),
        ("title", "x" * 81),
        ("title", "a\0b"),
        ("category", ""),
    ],
)
def test_bad_cell_names_row_and_column(column: str, cell: str) -> None:
    cells = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | {column: cell}
    found = sheet(GOOD.replace("A-1", "A-0"), ",".join(cells.values()))
    assert said(found) == [(3, column)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("rating", "6"), ("rating", "good"), ("weight", "-1"), ("tags", "x" * 41)],
)
def test_bad_cell_of_a_column_that_need_not_be_there(column: str, cell: str) -> None:
    assert said(sheet(f"{GOOD},{cell}", head=f"{HEAD},{column}")) == [(2, column)]


def test_all_reasons_of_all_rows_are_named() -> None:
    found = sheet(
        "A-1,,tea,free,USD,5",
        "A-2,Bowl,tea,12.90,EUR,-5",
        "A-3,Bowl,tea,12.90,USD",
        GOOD.replace("A-1", "A-4"),
        GOOD.replace("A-1", "A-4 "),
    )
    assert said(found) == [
        (2, "title"),
        (2, "price"),
        (3, "currency"),
        (3, "stock"),
        (4, "row"),
        (6, "sku"),
    ]
    assert found.troubles[-1].reason == "the same as in row 5"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        ((HEAD + "\n" + GOOD).encode("utf-16"), "UTF-16"),
        ((HEAD + "\n" + GOOD).encode("utf-16-le"), "UTF-16"),
        ((HEAD + "\n" + GOOD + "\nA-2,Caf\u00e9,tea,1,USD,1").encode("latin-1"), "line 3"),
        (b"PK\x03\x04....", "workbook"),
        (b"x" * (MOST_BYTES + 1), "larger than 20 MB"),
        (HEAD.encode(), "no rows"),
    ],
)
def test_file_that_cannot_be_used_says_why(data: bytes, words: str) -> None:
    found = read_sheet(data, "USD")
    (trouble,) = found.troubles
    assert (trouble.row, trouble.column) == (0, "file")
    assert words in trouble.reason


def test_lone_quote_says_where_reading_stopped() -> None:
    found = sheet(GOOD, 'A-2,"Bowl,tea,12.90,USD,5', GOOD.replace("A-1", "A-3"))
    (trouble,) = found.troubles
    assert (trouble.row, trouble.column) == (3, "row")
    assert "quotation mark" in trouble.reason


def test_missing_and_double_columns() -> None:
    found = read_sheet(b"sku,title,title,price\nA,B,C,1", "USD")
    assert found.troubles == (
        Trouble(1, "category", "this column is missing"),
        Trouble(1, "currency", "this column is missing"),
        Trouble(1, "stock", "this column is missing"),
        Trouble(1, "title", "this column is there twice"),
    )


def test_too_many_rows_are_refused() -> None:
    data = (HEAD + "\n" + "A,B,c,1,USD,1\n" * 100_001).encode()
    (trouble,) = read_sheet(data, "USD").troubles
    assert trouble.reason == "more than 100,000 rows"


@pytest.mark.clocked
def test_one_line_of_twenty_megabytes_is_refused_quickly() -> None:
    began = time.monotonic()
    found = read_sheet(b"x" * MOST_BYTES, "USD")
    assert found.troubles[0].reason == "this column is missing"
    assert time.monotonic() - began < 5


def test_names_of_shelves() -> None:
    assert shelf_key("Mens-Shirts") == shelf_key("mens shirts ") == "mens shirts"
    assert shelf_name("mens-shirts") == "Mens shirts"
    assert shelf_name("Tea & Co") == "Tea & Co"
