"""`.env.example` is the list of settings, and a wrong setting stops the start with one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import NAMES, Settings, SettingsError, load_settings, unknown_keys

EXAMPLE = Path(__file__).parents[2] / ".env.example"
HEAD = "# Copy this file to .env and fill in BOT_TOKEN; the rest may stay as it is.\n"
TOKEN = "7000000001:" + "Canary_token-" * 3
SECRET = "k3y-" * 7 + "Canary_5678"
OWN = "http://127.0.0.1:9000"


def example() -> str:
    blocks = [HEAD]
    for name, field in Settings.model_fields.items():
        default = field.default
        value = default.get_secret_value() if isinstance(default, SecretStr) else default
        shown = "" if value in ((), None) else str(value)
        blocks.append(f"# {field.description}\n{name.upper()}={shown}\n")
    return "\n".join(blocks)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [key for key in os.environ if key.upper() in NAMES]:
        monkeypatch.delenv(name)


def loaded(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_example_lists_every_setting_in_order() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example()


def test_example_as_it_stands_is_valid_but_for_the_token() -> None:
    assert load_settings(env_file=EXAMPLE) == Settings(_env_file=None)
    with pytest.raises(SettingsError, match="BOT_TOKEN is missing"):
        load_settings(env_file=EXAMPLE, needs_bot=True)


def test_settings_come_from_the_environment_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("CURRENCY=CNY\nTIMEZONE=Asia/Shanghai\nPOSTGRES_PASSWORD=x\n")
    found = loaded(monkeypatch, CURRENCY="EUR", OPERATOR_IDS="5, 6 7", BOT_TOKEN=TOKEN)
    assert (found.currency, found.timezone) == ("EUR", "Asia/Shanghai")
    assert found.operator_ids == (5, 6, 7)
    assert found.bot_id == 7000000001


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///shop.db", "sqlite+aiosqlite:///shop.db"),
        ("postgres://me:pw@db/shop", "postgresql+asyncpg://me:pw@db/shop"),
        ("postgresql://db/shop", "postgresql+asyncpg://db/shop"),
    ],
)
def test_database_url_gets_its_driver(
    monkeypatch: pytest.MonkeyPatch, given: str, used: str
) -> None:
    assert loaded(monkeypatch, DATABASE_URL=given).database_url.get_secret_value() == used


WEBHOOK = {
    "MODE": "webhook",
    "WEBHOOK_URL": "https://shop.example.org/telegram",
    "WEBHOOK_SECRET": SECRET,
}


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"BOT_TOKEN": "7000000001 :Canary"}, "BOT_TOKEN has a space in it"),
        ({"BOT_TOKEN": f"{TOKEN}\n"}, "BOT_TOKEN has a space in it"),
        ({"BOT_TOKEN": f'"{TOKEN}"'}, "BOT_TOKEN has quotes around it"),
        ({"BOT_TOKEN": "'Canary"}, "BOT_TOKEN has quotes around it"),
        ({"BOT_TOKEN": "Canary"}, "BOT_TOKEN does not look like a token"),
        ({"BOT_TOKEN": "1:Canary"}, "BOT_TOKEN does not look like a token"),
        ({"BOT_TOKEN": "１:" + "Canary_" * 6}, "BOT_TOKEN does not look like a token"),
        ({"MODE": "Canary"}, "MODE should be 'polling' or 'webhook'"),
        ({**WEBHOOK, "WEBHOOK_SECRET": ""}, "WEBHOOK_SECRET is missing"),
        ({**WEBHOOK, "WEBHOOK_SECRET": "Canary-1234"}, "WEBHOOK_SECRET is too short"),
        ({**WEBHOOK, "WEBHOOK_SECRET": "changeme"}, "WEBHOOK_SECRET is too easy"),
        ({**WEBHOOK, "WEBHOOK_SECRET": "a" * 40}, "WEBHOOK_SECRET is too easy"),
        ({**WEBHOOK, "WEBHOOK_SECRET": SECRET + "!"}, "WEBHOOK_SECRET may hold A-Z"),
        ({**WEBHOOK, "WEBHOOK_SECRET": SECRET * 9}, "WEBHOOK_SECRET may hold A-Z"),
        ({**WEBHOOK, "WEBHOOK_URL": ""}, "WEBHOOK_URL is missing"),
        ({**WEBHOOK, "WEBHOOK_URL": "http://Canary.org/x"}, "WEBHOOK_URL must be https"),
        ({**WEBHOOK, "WEBHOOK_URL": "Canary.org/x"}, "WEBHOOK_URL is no address"),
        ({**WEBHOOK, "WEBHOOK_URL": "https://h/?a=Canary"}, "WEBHOOK_URL may have a host"),
        ({**WEBHOOK, "WEBHOOK_URL": "https://h/{Canary}"}, "WEBHOOK_URL may have A-Z"),
        (
            {**WEBHOOK, "BOT_TOKEN": TOKEN, "WEBHOOK_URL": f"https://h/{TOKEN}"},
            "WEBHOOK_URL must not contain the bot's token",
        ),
        ({"TELEGRAM_API_BASE": "ftp://Canary"}, "TELEGRAM_API_BASE is no address"),
        ({"TELEGRAM_API_BASE": "http://[Canary"}, "TELEGRAM_API_BASE is no address"),
        ({"WEB_PORT": "Canary"}, "WEB_PORT should be a valid integer"),
        ({"WEB_PORT": "0"}, "WEB_PORT should be greater"),
        ({"WEB_PORT": "65536"}, "WEB_PORT should be less"),
        ({"HEALTH_PORT": "-1"}, "HEALTH_PORT should be greater"),
        ({**WEBHOOK, "HEALTH_PORT": "8080"}, "HEALTH_PORT must differ from WEB_PORT"),
        ({"DATABASE_URL": "mysql://Canary"}, "DATABASE_URL must begin with"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL must name a file"),
        ({"DATABASE_URL": "sqlite:///none/Canary.db"}, "DATABASE_URL names a file in a dir"),
        ({"DATABASE_URL": "sqlite:////tmp"}, "DATABASE_URL names a directory"),
        ({"DATABASE_URL": "postgresql://me:Canary@db"}, "DATABASE_URL must be of the form"),
        ({"DATABASE_URL": "postgresql://db:Canary/x"}, "DATABASE_URL must be of the form"),
        ({"REDIS_URL": "Canary:6379"}, "REDIS_URL is no address"),
        ({"REDIS_URL": "redis://h:Canary"}, "REDIS_URL is no address"),
        ({"REDIS_URL": "redis://h/Canary"}, "REDIS_URL ends in a database"),
        ({"OPERATOR_IDS": "5,Canary"}, "OPERATOR_IDS must be numbers"),
        ({"OPERATOR_IDS": "-5"}, "OPERATOR_IDS must be numbers"),
        ({"DEFAULT_LOCALE": "Canary"}, "DEFAULT_LOCALE is no language"),
        ({"TIMEZONE": "Canary/Sea"}, "TIMEZONE is no time zone"),
        ({"TIMEZONE": "../Canary"}, "TIMEZONE is no time zone"),
        ({"CURRENCY": "usd"}, "CURRENCY is no currency"),
        ({"CURRENCY": "Canary"}, "CURRENCY is no currency"),
        ({"PAYMENT_PROVIDER_TOKEN": "a Canary"}, "PAYMENT_PROVIDER_TOKEN has a space"),
        ({"STRIPE_API_KEY": "'Canary'"}, "STRIPE_API_KEY has quotes"),
        ({"LOG_FORMAT": "Canary"}, "LOG_FORMAT should be 'console' or 'json'"),
        ({"SENTRY_DSN": "https://Canary.io/1"}, "SENTRY_DSN has no key"),
        ({"CLOCK_URL": "Canary"}, "CLOCK_URL is no address"),
    ],
)
def test_wrong_setting_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], line: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, **values)
    said = str(refused.value)
    assert said.startswith(line)
    assert "\n" not in said
    assert "Canary" not in said
    assert refused.value.__cause__ is None


def test_webhook_over_http_is_allowed_with_a_server_of_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = {**WEBHOOK, "WEBHOOK_URL": "http://127.0.0.1:8081/hook", "TELEGRAM_API_BASE": OWN}
    assert loaded(monkeypatch, **values).mode == "webhook"


def test_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CURRENCY=EUR\n", encoding="utf-8-sig")
    assert load_settings().currency == "EUR"
    assert unknown_keys(environ={}) == ()


def test_two_wrong_settings_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"^TIMEZONE .*; CURRENCY "):
        loaded(monkeypatch, TIMEZONE="x", CURRENCY="x")


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"CURRENCY=\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "BOT_TOKEN": TOKEN,
        "WEBHOOK_SECRET": SECRET,
        "DATABASE_URL": "postgresql://me:Canary@db/x",
        "REDIS_URL": "redis://:Canary@db/0",
        "PAYMENT_PROVIDER_TOKEN": "1:TEST:Canary",
        "STRIPE_API_KEY": "sk_Canary",
        "SENTRY_DSN": "https://Canary@sentry.example.org/1",
    }
    found = loaded(monkeypatch, **values)
    assert "Canary" not in f"{found!r}{found}{found.model_dump()}"
    assert len(found.secrets()) == len(values)


def test_mistyped_key_is_named_with_the_setting_it_resembles(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_TOKN=1\nPOSTGRES_PASSWORD=1\nCURRENCY=USD\n")
    assert unknown_keys(environ={"OPERATOR_ID": "5", "HOME": "/", "mode": "polling"}) == (
        "BOT_TOKN in .env is no setting; did you mean BOT_TOKEN?",
        "OPERATOR_ID in the environment is no setting; did you mean OPERATOR_IDS?",
    )
