"""The command line: one line for every mistake, the right exit code, never a traceback."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import NAMES
from storage import inbox, quarantine
from storage.database import open_database
from storage.inbox import Raw
from tests.bot.scripted import TOKEN

ROOT = Path(__file__).parents[2]
COMMANDS_WITHOUT_AIOGRAM = (
    ("db", "check"),
    ("db", "upgrade"),
    ("inbox", "quarantine"),
    ("outbox", "list"),
)


@pytest.fixture(autouse=True)
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.upper() in NAMES]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def shop(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert kaituan("db", "upgrade") == 0
    capsys.readouterr()
    return empty_home / "kaituan.db"


def kaituan(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("sell",),
        ("--since", "tomorrow"),
        ("db",),
        ("db", "drop"),
        ("db", "backup"),
        ("db", "backup", "-"),
        ("db", "backup", "."),
        ("db", "backup", "nowhere/copy.db"),
        ("db", "backup", "copy.db", "more"),
        ("run", "--role"),
        ("run", "--role", "queen"),
        ("run", "--rol", "all"),
        ("demo", "--port", "0"),
        ("demo", "--port", "65536"),
        ("demo", "--port", "８０８０"),
        ("inbox", "quarantine", "--limit", "-1"),
        ("inbox", "quarantine", "--limit", "1e3"),
        ("inbox", "quarantine", "--release", "x"),
        ("inbox", "quarantine", "--release", "9" * 400),
        ("outbox", "retry"),
        ("outbox", "retry", "all"),
        ("webhook", "steal"),
        ("doctor", "who"),
    ],
)
def test_wrong_use_is_exit_2_and_one_line(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert kaituan(*words) == 2
    assert one_line(capsys).startswith("kaituan")


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (("run",), {}),
        (("doctor",), {}),
        (("webhook", "set"), {}),
        (("webhook", "set"), {"BOT_TOKEN": TOKEN}),
        (("run",), {"BOT_TOKEN": "a Canary"}),
        (("run",), {"BOT_TOKEN": TOKEN, "MODE": "webhook"}),
        (("run",), {"BOT_TOKEN": TOKEN, "REDIS_URL": "Canary"}),
        (("db", "check"), {"DATABASE_URL": "Canary"}),
        (("db", "check"), {}),
        (("inbox", "quarantine"), {}),
    ],
)
def test_wrong_setting_is_exit_78_and_one_line(
    words: tuple[str, ...],
    settings: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert kaituan(*words) == 78
    assert "Canary" not in one_line(capsys)


def test_file_that_is_no_database_is_refused(
    empty_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_home / "kaituan.db").write_bytes(b"garbage " * 500)
    assert kaituan("db", "check") == 78
    assert one_line(capsys) == "kaituan: the file is no SQLite database\n"


def test_other_schema_is_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert kaituan("db", "check") == 78
    assert "schema is 0001" in one_line(capsys)


def test_unreachable_database_is_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:Canary@127.0.0.1:1/shop")
    assert kaituan("db", "check") == 1
    line = one_line(capsys)
    assert "cannot be reached" in line
    assert "Canary" not in line


def test_failure_nobody_foresaw_is_one_line_without_secrets(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*args: object, **options: object) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(part())

    async def part() -> None:
        raise KeyError(f"bot{TOKEN}\nand more")

    monkeypatch.setattr(quarantine, "list_quarantined", fails)
    assert kaituan("inbox", "quarantine") == 1
    line = one_line(capsys)
    assert line.startswith("kaituan: failed: KeyError at test_cli.py:")
    assert "Canary" not in line


def test_upgrade_then_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert kaituan("db", "upgrade") == 0
    assert kaituan("db", "upgrade") == 0
    assert kaituan("db", "check") == 0
    assert "current and unbroken" in capsys.readouterr().out


def test_backup_is_a_whole_database_for_its_owner_alone(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shop.parent / "copy.db"
    assert kaituan("db", "backup", "copy.db") == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
    connection.close()
    assert kaituan("db", "backup", "copy.db") == 2
    assert "exists already" in capsys.readouterr().err


def test_backup_of_nothing_leaves_nothing(
    empty_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kaituan("db", "backup", "copy.db") == 1
    assert "does not exist" in one_line(capsys)
    assert list(empty_home.iterdir()) == []


def test_quarantine_is_listed_and_released(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def fill() -> None:
        database = open_database(f"sqlite+aiosqlite:///{shop}")
        await inbox.store(database, [Raw(9, 77, "other", 1, "[", error="not JSON")])
        await database.close()

    asyncio.run(fill())
    assert kaituan("inbox", "quarantine") == 0
    assert "1  update 77  other" in capsys.readouterr().out
    assert kaituan("inbox", "quarantine", "--release", "1") == 0
    capsys.readouterr()
    assert kaituan("inbox", "quarantine", "--release", "1") == 1
    assert one_line(capsys) == "kaituan: no update 1 is in quarantine\n"


def test_outbox_of_an_empty_shop(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kaituan("outbox", "list") == 0
    assert kaituan("outbox", "unknown") == 0
    assert capsys.readouterr().out == "none\nnone\n"
    assert kaituan("outbox", "retry", "1") == 1


@pytest.mark.parametrize("words", [("webhook", "info"), ("webhook", "delete")])
def test_unreachable_telegram_is_exit_1_without_the_token(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:1")
    assert kaituan(*words) == 1
    assert "Canary" not in one_line(capsys)


def test_doctor_names_what_is_wrong_and_goes_on(
    empty_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_home / "kaituan.db").touch()
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:1")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    assert kaituan("doctor") == 1
    out, err = capsys.readouterr()
    marks = [(line.split()[0], line.split()[1].rstrip(":")) for line in out.splitlines()]
    assert marks[:4] == [
        ("ok", "settings"),
        ("wrong", "database"),
        ("wrong", "redis"),
        ("wrong", "telegram"),
    ]
    assert "Canary" not in out + err


@pytest.mark.processes
def test_commands_that_do_not_listen_never_load_aiogram(shop: Path) -> None:
    script = (
        "import sys\nfrom bot.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as ended: assert not ended.code, ended.code\n"
        "assert 'aiogram' not in sys.modules and 'telegram' not in sys.modules\n"
    )
    for words in COMMANDS_WITHOUT_AIOGRAM:
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            cwd=shop.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, ""), words


@pytest.mark.processes
def test_door_and_parts_load_neither_library_of_telegram() -> None:
    """All roles share these modules; aiogram costs 5 s and 170 MB."""
    script = (
        "import sys, bot.run, bot.roles, bot.commands.run, bot.doors.registration\n"
        "assert 'aiogram' not in sys.modules and 'telegram' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


@pytest.mark.processes
def test_clock_and_courier_load_no_aiogram() -> None:
    script = (
        "import sys, bot.roles, cards.links, scheduler.courier, scheduler.living\n"
        "import scheduler.wording, scheduler.clock, scheduler.cashier\n"
        "assert 'aiogram' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


@pytest.mark.processes
def test_name_that_is_no_text_is_exit_2(empty_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "db", "backup", b"no\xffwhere/x"],
        cwd=empty_home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
