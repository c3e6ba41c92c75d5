"""No secret reaches a log line, whoever writes it and however."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest

from bot.logs import Redaction, start_logs
from bot.reports import start_reports

TOKEN = "7000000001:" + "Canary_token-" * 3
FORMS: tuple[Literal["console", "json"], ...] = ("console", "json")


@pytest.fixture(autouse=True)
def root_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    levels = {name: logging.getLogger(name).level for name in ("httpx", "aiohttp", "aiogram")}
    yield
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)


@pytest.mark.parametrize(
    "text",
    [
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"GET /file/bot{TOKEN}/photos/1.jpg",
        TOKEN.replace(":", "%3A"),
        "provider 284685063:TEST:Canary_provider",
        "stripe sk_live_Canary12345 and rk_test_Canary12345",
        "postgresql+asyncpg://me:Canary@db:5432/shop",
        "redis://:Canary@cache:6379/0",
        "Authorization: Bearer Canary",
    ],
)
def test_whatever_looks_like_a_secret_is_hidden(text: str) -> None:
    hidden = Redaction()(text)
    assert "Canary" not in hidden
    assert "***" in hidden


def test_secrets_that_are_set_are_hidden_in_every_form() -> None:
    hide = Redaction(['a"Canary/secret', "postgresql://me:Canary%40pw@db/x", "abc"])
    text = json.dumps({"x": 'a"Canary/secret'}) + " a%22Canary%2Fsecret Canary%40pw"
    assert "Canary" not in hide(text)
    assert hide("abc of the shop") == "abc of the shop"


def test_address_without_a_password_is_no_secret() -> None:
    line = "database: postgresql://kaituan@db/kaituan, sqlite:///kaituan.db"
    assert Redaction(["postgresql://kaituan@db/kaituan", "sqlite:///kaituan.db"])(line) == line
    assert Redaction(["https://Canary@sentry.io/1"])("key Canary") == "key ***"


def test_error_reports_without_their_library_are_only_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    start_reports("", Redaction())
    assert caplog.text == ""
    start_reports("https://Canary@sentry.io/1", Redaction())
    assert "sentry-sdk is not installed" in caplog.text
    assert "Canary" not in caplog.text


def test_ordinary_words_stay() -> None:
    line = "2026-11-23 07:30:00,123 INFO bot: order 12:30, 3:1, http://127.0.0.1:8080/healthz"
    assert Redaction(["x" * 40])(line) == line


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("form", FORMS)
def test_no_path_into_the_log_leaks(form: Literal["console", "json"]) -> None:
    stream = io.StringIO()
    start_logs(form, ["Canary-webhook-secret"], stream)
    log = logging.getLogger("shop.part")
    log.warning("secret %s", "Canary-webhook-secret", extra={"address": f"/bot{TOKEN}/x"})
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        log.exception("failed with %s", TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST %s", TOKEN)
    logging.getLogger("aiohttp.access").info("GET %s", TOKEN)
    warnings.warn(f"old token {TOKEN}", UserWarning, stacklevel=1)
    log.info("broken %d", TOKEN)
    written = stream.getvalue()
    assert "Canary" not in written
    assert "HTTP Request" not in written
    assert "failed with ***" in written
    assert "old token ***" in written


def test_json_lines_can_be_read_back() -> None:
    stream = io.StringIO()
    start_logs("json", (), stream)
    logging.getLogger("shop").warning("two\nlines %s", "茶", extra={"update": 7})
    [line] = stream.getvalue().splitlines()
    read = json.loads(line)
    assert read["time"].endswith("+00:00")
    del read["time"]
    assert read == {"level": "warning", "logger": "shop", "message": "two\nlines 茶", "update": 7}


def test_console_lines_are_for_people() -> None:
    stream = io.StringIO()
    start_logs("console", (), stream)
    logging.getLogger("shop").info("open")
    assert stream.getvalue().endswith("INFO    shop: open\n")
