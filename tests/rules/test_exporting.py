"""A cell that a spreadsheet would run is a text; everything else stays as it was."""

from __future__ import annotations

import csv
import io

import pytest

from commerce.rules.exporting import csv_file, harmless


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\0=1", '"=1', "'=1", ' "=cmd|x', '"@x'],
)
def test_formula_is_a_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Tea = good", "1-2", "a@b.c", "茶", "O'Hara", "«=»"])
def test_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_file_is_read_back_as_it_was_written() -> None:
    rows: list[list[str | int]] = [["7K2F", 2, "Tea, green\nloose"], ["茶", 0, '=HYPERLINK("x")']]
    data = csv_file(["code", "n", "what"], rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [
        ["code", "n", "what"],
        ["7K2F", "2", "Tea, green\nloose"],
        ["茶", "0", '\'=HYPERLINK("x")'],
    ]
