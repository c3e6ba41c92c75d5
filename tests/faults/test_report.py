"""The table of faults: its own part of the page, rows replaced by fresh ones, in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.report import CLOSING, HEAD, OPENING, Report


def page(tmp_path: Path, table: str) -> Path:
    path = tmp_path / "page.md"
    path.write_text(f"# Page\n{OPENING}\n{table}{CLOSING}\n<!-- guards -->\n", encoding="utf-8")
    return path


def test_rows_stand_in_the_order_of_the_points(tmp_path: Path) -> None:
    path = page(tmp_path, "")
    report = Report()
    report.add("a storm", "postgres", "1 storm", "held")
    report.add("K10", "sqlite", 2, "held")
    report.add("K2", "postgres", 1, "held")
    report.add("K2", "sqlite", 2, "held")
    report.write(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (lines[:2], lines[-2:]) == (["# Page", OPENING], [CLOSING, "<!-- guards -->"])
    assert tuple(lines[2:4]) == HEAD
    assert [(line[2:5], "SQLite" in line) for line in lines[4:-2]] == [
        ("K2:", True),
        ("K2:", False),
        ("K10", True),
        ("a s", False),
    ]
    assert lines[4].endswith("| 2 × kill -9 | held |")


def test_fresh_row_takes_the_place_of_its_old_one(tmp_path: Path) -> None:
    path = page(tmp_path, "")
    for result in ("old", "new"):
        report = Report()
        report.add("K1", "sqlite", 2, result)
        report.add(result, "sqlite", "once", "held")
        report.write(path)
    text = path.read_text(encoding="utf-8")
    assert ("| 2 × kill -9 | old |" in text, "| 2 × kill -9 | new |" in text) == (False, True)
    assert ("| old |" in text, "| new |" in text) == (True, True)


def test_page_without_a_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("# Page\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        Report().write(path)
    assert path.read_text(encoding="utf-8") == "# Page\n"
