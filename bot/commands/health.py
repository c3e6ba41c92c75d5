"""`kaituan health`: asks a running program how it is, for a container's health check."""

from __future__ import annotations

import argparse
import json
from http.client import HTTPConnection

from bot.commands.words import Groups, Parser, complain, say
from bot.settings import load_settings

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
SECONDS = 5


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("health", help="ask the program that runs here how it is")
    parser.add_argument(
        "--ready", action="store_true", help="whether it could work now, not only whether it lives"
    )
    parser.set_defaults(run=_health)


def _health(args: argparse.Namespace) -> int:
    settings = load_settings()
    if not settings.health_port:
        complain("HEALTH_PORT is 0: this program has no health pages")
        return 1
    host = EVERYWHERE.get(settings.web_host, settings.web_host)
    try:
        status, body = _ask(host, settings.health_port, "/readyz" if args.ready else "/healthz")
    except (OSError, ValueError) as error:
        complain(f"no answer at {host}:{settings.health_port} ({type(error).__name__})")
        return 1
    say(body)
    return 0 if status == 200 else 1


def _ask(host: str, port: int, page: str) -> tuple[int, str]:
    connection = HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", page)
        answer = connection.getresponse()
        return answer.status, json.dumps(json.loads(answer.read()))
    finally:
        connection.close()
