"""A CSV file of products, read strictly: either every row is right, or every reason is named."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from commerce.rules.money import decimals, parse_price, parse_quantity

MOST_BYTES, MOST_ROWS, MOST_STOCK = 20_000_000, 100_000, 1_000_000
MOST_TAGS, LONGEST_TAG = 20, 40
REQUIRED = ("sku", "title", "category", "price", "currency", "stock")
KNOWN = (*REQUIRED, "brand", "description", "rating", "weight", "tags")
DELIMITERS = ",;\t"
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
UNCLEAR = re.compile(r"\d+[.,]\d{3}")
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Trouble:
    """Row 1 is the one with the names of the columns; row 0 stands for the whole file."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ware:
    """One good row. `maker` is the brand that the file names, which shoppers may search for."""

    row: int
    sku: str
    title: str
    description: str
    category: str
    price_minor: int
    stock: int
    maker: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    wares: tuple[Ware, ...]
    troubles: tuple[Trouble, ...]
    ignored: tuple[str, ...] = ()
    rows: int = 0


class BadCell(ValueError):
    """Why a cell does not do."""


def read_sheet(data: bytes, currency: str) -> Sheet:
    """The products of a file for a brand that sells in `currency`."""
    text, reason = _decode(data)
    if reason:
        return _unreadable(reason)
    head = _header(text)
    missing = [name for name in REQUIRED if name not in head.names]
    twice = sorted({name for name in head.names if name in KNOWN and head.names.count(name) > 1})
    if missing or twice:
        said = [Trouble(1, name, "this column is missing") for name in missing]
        return Sheet((), (*said, *(Trouble(1, n, "this column is there twice") for n in twice)))
    ignored = tuple(name for name in head.names if name not in KNOWN)
    return _read_rows(text, head, currency, ignored)


def _unreadable(reason: str) -> Sheet:
    return Sheet((), (Trouble(0, "file", reason),))


def _decode(data: bytes) -> tuple[str, str | None]:
    if len(data) > MOST_BYTES:
        return "", f"larger than {MOST_BYTES // 1_000_000} MB"
    if data.startswith(b"PK\x03\x04"):
        return "", "this is a workbook or an archive; save it as CSV (UTF-8)"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) > len(data) // 4:
        return "", "this is UTF-16; save it as CSV (UTF-8)"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", f"line {line} is not UTF-8; save the file as CSV (UTF-8)"
    return text, None if text.strip() else "the file is empty"


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    delimiter: str


def _header(text: str) -> _Header:
    """The delimiter is the one that finds most of the columns that we know."""
    line = text.lstrip("\r\n").splitlines()[0][:10_000]
    found = [_Header(_names(line, delimiter), delimiter) for delimiter in DELIMITERS]
    return max(found, key=lambda head: sum(name in KNOWN for name in head.names))


def _names(line: str, delimiter: str) -> tuple[str, ...]:
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return tuple(_visible(cell).lower() for cell in cells)


def _read_rows(text: str, head: _Header, currency: str, ignored: tuple[str, ...]) -> Sheet:
    wares: list[Ware] = []
    troubles: list[Trouble] = []
    seen: dict[str, int] = {}
    row = 1
    for row, cells in _rows(text, head.delimiter, troubles):
        if row > MOST_ROWS + 1:
            return _unreadable(f"more than {MOST_ROWS:,} rows")
        if len(cells) != len(head.names):
            reason = f"{len(cells)} cells, where the first row has {len(head.names)}"
            troubles.append(Trouble(row, "row", reason))
            continue
        ware, wrong = _ware(row, dict(zip(head.names, cells, strict=True)), currency)
        troubles += wrong
        if ware is not None and ware.sku in seen:
            troubles.append(Trouble(row, "sku", f"the same as in row {seen[ware.sku]}"))
        elif ware is not None:
            seen[ware.sku] = row
            wares.append(ware)
    if row == 1 and not troubles:
        return _unreadable("there are no rows under the names of the columns")
    return Sheet(tuple(wares), tuple(troubles), ignored, row - 1)


def _rows(text: str, delimiter: str, troubles: list[Trouble]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, by its place in the file, from 2 on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for cells in reader:
            row += bool(row) or any(cells)
            if row > 1 and any(cell.strip() for cell in cells):
                yield row, cells
    except csv.Error as error:
        known = "quotation" if "expected after" in str(error) or "end of data" in str(error) else ""
        reason = "a quotation mark opens or closes in the wrong place" if known else str(error)
        troubles.append(Trouble(row + 1, "row", f"{reason}; from here on nothing could be read"))


def _ware(row: int, cells: Mapping[str, str], currency: str) -> tuple[Ware | None, list[Trouble]]:
    troubles: list[Trouble] = []

    def take(column: str, read: Callable[[str], object]) -> object:
        cell = cells.get(column, "")
        try:
            if "\0" in cell:
                raise BadCell("a NUL character")
            return read(cell.strip())
        except BadCell as bad:
            shown = f" ({_shortened(cell)})" if cell.strip() else ""
            troubles.append(Trouble(row, column, f"{bad}{shown}"))
            return None

    found = {
        "sku": take("sku", _text(64)),
        "title": take("title", _text(80)),
        "description": take("description", _text(500, least=0)),
        "category": take("category", _text(40)),
        "price": take("price", lambda cell: _price(cell, currency)),
        "currency": take("currency", lambda cell: _currency(cell, currency)),
        "stock": take("stock", _stock),
        "rating": take("rating", _number(5)),
        "weight": take("weight", _number(1_000_000)),
        "brand": take("brand", _text(80, least=0)),
        "tags": take("tags", _tags),
    }
    if troubles:
        return None, troubles
    return _made(row, found), troubles


def _made(row: int, found: Mapping[str, object]) -> Ware:
    price, stock, tags = found["price"], found["stock"], found["tags"]
    assert isinstance(price, int)
    assert isinstance(stock, int)
    assert isinstance(tags, tuple)
    return Ware(
        row=row,
        sku=str(found["sku"]),
        title=str(found["title"]),
        description=str(found["description"]),
        category=str(found["category"]),
        price_minor=price,
        stock=stock,
        maker=str(found["brand"]),
        tags=tags,
    )


def _text(most: int, *, least: int = 1) -> Callable[[str], str]:
    """Text as it stands: a cell like =1+1 is no formula here, just four characters."""

    def read(cell: str) -> str:
        text = _visible(cell)
        if len(text) < least:
            raise BadCell("empty")
        if len(text) > most:
            raise BadCell(f"{len(text)} characters, {most} are the most")
        return text

    return read


def _price(cell: str, currency: str) -> int:
    """A person who types 1.500 sees the preview; nobody looks at each row of a file."""
    if UNCLEAR.fullmatch(cell) and decimals(currency) != 3:
        raise BadCell("thousands or decimals? write it such as 12.90")
    price = parse_price(cell, currency)
    if price is None:
        raise BadCell("not a price such as 12.90" if cell else "empty")
    return price


def _currency(cell: str, currency: str) -> str:
    if cell.upper() != currency:
        raise BadCell(f"the brand sells in {currency}")
    return currency


def _stock(cell: str) -> int:
    count = 0 if cell == "0" else parse_quantity(cell, MOST_STOCK)
    if count is None:
        raise BadCell(f"not a whole number from 0 to {MOST_STOCK:,}" if cell else "empty")
    return count


def _number(most: int) -> Callable[[str], None]:
    """Checked where it is given, and not kept."""

    def read(cell: str) -> None:
        if cell and (not NUMBER.fullmatch(cell) or int(re.split("[.,]", cell)[0]) > most):
            raise BadCell(f"not a number from 0 to {most:,}")

    return read


def _tags(cell: str) -> tuple[str, ...]:
    tags = tuple(t for t in (_visible(part) for part in re.split(r"[|,;]", cell)) if t)
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise BadCell(f"at most {MOST_TAGS} tags of {LONGEST_TAG} characters")
    return tags


def _visible(text: str) -> str:
    """Without control and formatting characters, and with single spaces."""
    spaced = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return " ".join("".join(c for c in spaced if unicodedata.category(c) not in HIDDEN).split())


def _shortened(cell: str) -> str:
    text = _visible(cell)
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def shelf_key(name: str) -> str:
    """By what two names of a shelf are the same: "mens-shirts" is "Mens Shirts"."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def shelf_name(name: str) -> str:
    """How a new shelf is called: words written as for machines become words for people."""
    if re.fullmatch(r"[a-z0-9_-]+", name):
        words = shelf_key(name)
        return words[:1].upper() + words[1:]
    return name
