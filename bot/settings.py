"""Settings: what the environment and `.env` say, checked before anything starts."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import checks

ENV_FILE = Path(".env")
TELEGRAM = "https://api.telegram.org"
WRONG_SETTING = 78  # EX_CONFIG of sysexits.h
NEAR = 0.82
ENCODING = "utf-8-sig"  # some editors put a byte order mark first


class SettingsError(Exception):
    """One line that names the setting and what is wrong with it, never its value."""


Token = Annotated[SecretStr, AfterValidator(checks.bare)]


class Settings(BaseSettings):
    """One field a setting; descriptions and defaults make up `.env.example`."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding=ENCODING,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    bot_token: Token = Field(SecretStr(""), description="The bot's token, from @BotFather.")
    telegram_api_base: Annotated[str, AfterValidator(checks.http_address)] = Field(
        TELEGRAM, description="The Bot API server; any that speaks the Bot API will do."
    )
    mode: Literal["polling", "webhook"] = Field(
        "polling", description="How updates come in: polling or webhook."
    )
    webhook_url: Annotated[str, AfterValidator(checks.webhook_url)] = Field(
        "", description="The whole public address for updates, path included (webhook mode)."
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(checks.webhook_secret)] = Field(
        SecretStr(""),
        description="32 to 256 of A-Z a-z 0-9 _ - that Telegram sends along (webhook mode).",
    )
    web_host: Annotated[str, AfterValidator(checks.word)] = Field(
        "127.0.0.1", description="Where the program listens; 0.0.0.0 inside a container."
    )
    web_port: int = Field(8080, ge=1, le=65535, description="The port it listens on.")
    health_port: int = Field(
        8081,
        ge=0,
        le=65535,
        description="The port of /healthz, /readyz and /metrics on WEB_HOST; 0: no such pages.",
    )
    database_url: Annotated[SecretStr, AfterValidator(checks.database_url)] = Field(
        SecretStr("sqlite+aiosqlite:///kaituan.db"),
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    redis_url: Annotated[SecretStr, AfterValidator(checks.redis_url)] = Field(
        SecretStr(""), description="redis://HOST:6379/0; empty keeps everything in memory."
    )
    operator_ids: Annotated[tuple[int, ...], NoDecode, BeforeValidator(checks.ids)] = Field(
        (), description="Telegram user ids that run this installation, separated by commas."
    )
    default_locale: Annotated[str, AfterValidator(checks.locale)] = Field(
        "en", description="The language for those who chose none: en or zh."
    )
    timezone: Annotated[str, AfterValidator(checks.timezone)] = Field(
        "UTC", description="The time zone for those who chose none, such as Asia/Shanghai."
    )
    currency: Annotated[str, AfterValidator(checks.currency)] = Field(
        "USD", description="The currency of new brands, three capital letters."
    )
    payment_provider_token: Token = Field(
        SecretStr(""), description="From @BotFather, Payments; empty takes no cards."
    )
    stripe_api_key: Token = Field(
        SecretStr(""), description="For refunds of card payments made through Stripe."
    )
    stripe_api_base: Annotated[str, AfterValidator(checks.http_address)] = Field(
        "https://api.stripe.com", description="Where Stripe is; any that speaks its calls will do."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="Lines for people (console) or for machines (json)."
    )
    sentry_dsn: Annotated[SecretStr, AfterValidator(checks.sentry_dsn)] = Field(
        SecretStr(""), description="Where errors are reported, if sentry-sdk is installed."
    )
    clock_url: Annotated[str, AfterValidator(checks.optional_http_address)] = Field(
        "",
        description='For rehearsals: an address that answers {"now": unix seconds}.',
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Settings:
        self._check_token()
        if self.mode == "webhook":
            self._check_webhook()
        return self

    def _check_token(self) -> None:
        token = self.bot_token.get_secret_value()
        if token:
            checks.bot_token(token, own_server=self.own_server)

    def _check_webhook(self) -> None:
        if not self.webhook_url:
            raise ValueError("WEBHOOK_URL is missing, and MODE is webhook")
        if not self.webhook_secret.get_secret_value():
            raise ValueError("WEBHOOK_SECRET is missing, and MODE is webhook")
        if self.webhook_url.startswith("http://") and not self.own_server:
            raise ValueError(
                "WEBHOOK_URL must be https (http needs a TELEGRAM_API_BASE of your own)"
            )
        if self.health_port == self.web_port:
            raise ValueError("HEALTH_PORT must differ from WEB_PORT in webhook mode")
        token = self.bot_token.get_secret_value()
        if token and token in self.webhook_url:
            raise ValueError("WEBHOOK_URL must not contain the bot's token")

    @property
    def own_server(self) -> bool:
        return self.telegram_api_base != TELEGRAM

    @property
    def bot_id(self) -> int:
        """Zero without a token."""
        return int(self.bot_token.get_secret_value().partition(":")[0] or 0)

    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for redaction."""
        values = (getattr(self, name) for name in type(self).model_fields)
        texts = (value.get_secret_value() for value in values if isinstance(value, SecretStr))
        return tuple(text for text in texts if text)


NAMES = tuple(name.upper() for name in Settings.model_fields)


def load_settings(*, needs_bot: bool = False, env_file: Path | None = ENV_FILE) -> Settings:
    """Raises SettingsError; `needs_bot` also wants a BOT_TOKEN."""
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(_line(error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read ({type(error).__name__})") from None
    if needs_bot and not settings.bot_id:
        raise SettingsError("BOT_TOKEN is missing: @BotFather gives one; put it into .env")
    return settings


def _line(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(dict.fromkeys(map(_said, found)))


def _said(found: Mapping[str, Any]) -> str:
    cause = found.get("ctx", {}).get("error")
    words = str(cause) if isinstance(cause, ValueError) else _lower(str(found["msg"]))
    if not found["loc"]:
        return words
    return f"{str(found['loc'][0]).upper()} {words}"


def _lower(words: str) -> str:
    return words.replace("Input should be", "should be")


def unknown_keys(
    env_file: Path = ENV_FILE, environ: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """A line for each key that is no setting but looks like one, with the name it resembles."""
    written = dotenv_values(env_file, encoding=ENCODING) if env_file.is_file() else {}
    from_file = _near(written, f"in {env_file} ")
    from_environment = _near(os.environ if environ is None else environ, "in the environment ")
    return (*from_file, *from_environment)


def _near(keys: Iterable[str], where: str) -> Iterable[str]:
    for key in keys:
        name = key.upper()
        close = difflib.get_close_matches(name, NAMES, n=1, cutoff=NEAR)
        if close and name not in NAMES:
            yield f"{key} {where}is no setting; did you mean {close[0]}?"
