"""The README says what is true: its settings are the settings, its commands are there."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import SecretStr

from bot.cli import build_parser
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
FOR_EXAMPLE = {
    "ID": "1",
    "CODE": "AbcdefghijkM",
    "FILE.csv": str(ROOT / "tests/data/products-en.csv"),
}
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) ?\| (.*) \|$", re.MULTILINE)


def expected_rows() -> list[tuple[str, str, str]]:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default
        value = default.get_secret_value() if isinstance(default, SecretStr) else default
        shown = "" if value in ((), None) else str(value)
        rows.append((name.upper(), shown, str(field.description)))
    return rows


def test_settings_table_is_the_settings() -> None:
    assert ROW.findall(README) == expected_rows()


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test", "setup"} <= named <= targets


def test_commands_are_understood() -> None:
    """Each `kaituan …` line of the README is one that the program takes."""
    lines = re.findall(r"`?(?:\.venv/bin/)?kaituan ([a-z][^`#\n]*)", README)
    assert len(lines) >= 12
    for line in lines:
        words = [FOR_EXAMPLE.get(w, w) for w in line.split()]
        assert build_parser().parse_args(words).run, line


def test_linked_pages_exist() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
