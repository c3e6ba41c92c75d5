"""The commands that talk to Telegram, against the stand-in."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import NAMES
from playground.records import Charge
from playground.server import Running, running
from playground.world import DEFAULT_TOKEN, World

ROOT = Path(__file__).parents[2]
URL = "https://shop.example.org/telegram"
WEBHOOK = {"MODE": "webhook", "WEBHOOK_URL": URL, "WEBHOOK_SECRET": "k3y-" * 7 + "Canary_5678"}

pytestmark = pytest.mark.processes


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    async with running(World()) as server:
        yield server


async def kaituan(
    home: Path, server: Running, *words: str, **settings: str
) -> tuple[int | None, list[str], str]:
    """The exit code, the lines, and what was said on the side."""
    bare = {key: value for key, value in os.environ.items() if key.upper() not in NAMES}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli",
        *words,
        cwd=home,
        env={
            **bare,
            "PYTHONPATH": str(ROOT),
            "BOT_TOKEN": DEFAULT_TOKEN,
            "TELEGRAM_API_BASE": server.base_url,
            **settings,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode().splitlines(), err.decode()


async def test_webhook_is_set_shown_and_deleted(server: Running, tmp_path: Path) -> None:
    assert await kaituan(tmp_path, server, "webhook", "set", **WEBHOOK) == (
        0,
        [f"Telegram sends updates to {URL}"],
        "",
    )
    code, lines, _ = await kaituan(tmp_path, server, "webhook", "info")
    assert (code, lines[:2]) == (0, [f"address: {URL}", "waiting updates: 0"])
    assert (await kaituan(tmp_path, server, "webhook", "delete"))[:2] == (
        0,
        ["the webhook is deleted"],
    )
    _, lines, _ = await kaituan(tmp_path, server, "webhook", "info")
    assert lines[0] == "address: none (polling)"


async def test_doctor_finds_everything_well(server: Running, tmp_path: Path) -> None:
    code, lines, err = await kaituan(tmp_path, server, "doctor")
    assert (code, err) == (0, "")
    assert [line.split(":")[0] for line in lines[:4]] == [
        "ok     settings",
        "ok     database",
        "ok     redis",
        "ok     telegram",
    ]


async def test_doctor_sees_a_webhook_that_polling_cannot_live_with(
    server: Running, tmp_path: Path
) -> None:
    await kaituan(tmp_path, server, "webhook", "set", **WEBHOOK)
    code, lines, _ = await kaituan(tmp_path, server, "doctor")
    assert code == 1
    assert "wrong  telegram: MODE is polling, Telegram thinks not: kaituan webhook delete" in lines


async def test_polling_beside_a_webhook_ends_with_advice(server: Running, tmp_path: Path) -> None:
    await kaituan(tmp_path, server, "webhook", "set", **WEBHOOK)
    code, _, err = await kaituan(tmp_path, server, "run", "--role", "web")
    assert code == 1
    assert "kaituan: a webhook is set: run `kaituan webhook delete`" in err
    assert "Traceback" not in err


async def test_token_that_telegram_does_not_know_ends_the_door(
    server: Running, tmp_path: Path
) -> None:
    token = "7000000009:" + "Canary_token-" * 3
    code, _, err = await kaituan(tmp_path, server, "run", "--role", "web", BOT_TOKEN=token)
    assert code == 1
    assert "Telegram does not know this BOT_TOKEN" in err
    assert "Canary" not in err


async def test_reconcile_names_what_only_the_provider_knows(
    server: Running, tmp_path: Path
) -> None:
    world = server.world
    card = {"PAYMENT_PROVIDER_TOKEN": next(iter(world.provider_tokens))}
    assert (await kaituan(tmp_path, server, "db", "upgrade"))[0] == 0
    assert await kaituan(tmp_path, server, "reconcile", **card) == (0, ["no differences"], "")
    world.charges["t1"] = Charge(
        "t1", "ch_1", world.bot.id, 1, 1, "USD", 500, "nothing", 1.0, card["PAYMENT_PROVIDER_TOKEN"]
    )
    line = "pretend charge ch_1: should be known here, is missing"
    assert await kaituan(tmp_path, server, "reconcile", **card) == (1, [line], "")
    assert (await kaituan(tmp_path, server, "reconcile", "--offline", **card))[0] == 0
    code, lines, _ = await kaituan(
        tmp_path, server, "reconcile", TELEGRAM_API_BASE="http://127.0.0.1:9"
    )
    assert (code, [one.partition(":")[0] for one in lines]) == (1, ["stars"])
