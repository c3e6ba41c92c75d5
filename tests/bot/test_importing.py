"""`kaituan import products`: exit codes, and reports that say exactly what was done."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import NAMES
from storage.database import open_database
from storage.tables import Brand, BrandState
from storage.texts import LocalizedText

CODE = "BrandCode123"
REAL = Path(__file__).parents[1] / "data" / "products-en.csv"


@pytest.fixture(autouse=True)
def shop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.upper() in NAMES]:
        monkeypatch.delenv(name)
    assert kaituan("db", "upgrade") == 0
    asyncio.run(open_brand(tmp_path / "kaituan.db"))
    capsys.readouterr()
    return tmp_path


async def open_brand(path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{path}")
    async with database.begin() as session:
        session.add(
            Brand(
                code=CODE,
                name=LocalizedText.of(en="Corner Shop"),
                about=LocalizedText.of(en="Everything."),
                welcome=LocalizedText.of(),
                currency="USD",
                state=BrandState.LIVE,
                created_at=datetime(2026, 11, 23, tzinfo=UTC),
            )
        )
    await database.close()


def kaituan(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def import_(*words: str) -> int:
    return kaituan("import", "products", *words)


def test_report_of_the_real_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert import_(str(REAL), "--brand", CODE, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "dry run: nothing was written"
    assert import_(str(REAL), "--brand", CODE) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "194 rows for Corner Shop (USD)"
    assert lines[-2:] == ["194 created, 0 updated, 0 unchanged, 24 categories made", "done"]
    assert import_(str(REAL), "--brand", CODE) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "0 created, 0 updated, 194 unchanged, 0 categories made"


def test_bad_rows_are_all_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = shop / "bad.csv"
    path.write_text(
        "sku,title,category,price,currency,stock\n"
        "A,Bowl,tea,1E+05,USD,5\n"
        "B,Cup,tea,3,EUR,many\n"
        "C,Pot,tea,30,USD,1\n",
        encoding="utf-8",
    )
    assert import_(str(path), "--brand", CODE) == 1
    assert capsys.readouterr().out.splitlines() == [
        "3 rows for Corner Shop (USD)",
        "row 2, price: not a price such as 12.90 ('1E+05')",
        "row 3, currency: the brand sells in USD ('EUR')",
        "row 3, stock: not a whole number from 0 to 1,000,000 ('many')",
        "2 of 3 rows are bad; nothing was written",
    ]


def test_wrong_uses_are_one_line_each(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "folder").mkdir()
    for words in (
        ("none.csv", "--brand", CODE),
        ("folder", "--brand", CODE),
        ("-", "--brand", CODE),
        ("/dev/zero", "--brand", CODE),
        ("x" * 5_000, "--brand", CODE),
        ("a\udcffb.csv", "--brand", CODE),
        (str(REAL),),
        (str(REAL), "--brand", "nobody"),
        (str(REAL), "--brand", CODE, "--force"),
    ):
        assert import_(*words) == 2, words
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1), words
        assert "Traceback" not in err


def test_file_of_another_kind_is_refused_with_its_reason(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shop / "utf16.csv"
    path.write_text("sku,title\nA,B", encoding="utf-16")
    assert import_(str(path), "--brand", CODE) == 1
    assert "file: this is UTF-16; save it as CSV (UTF-8)" in capsys.readouterr().out
