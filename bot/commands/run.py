"""`kaituan run`: the shop itself, all of it or one role."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util

from bot.commands.words import Groups, Parser, complain
from bot.settings import load_settings, unknown_keys


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("run", help="run the shop")
    parser.add_argument(
        "--role",
        choices=("all", "web", "worker", "clock", "courier"),
        default="all",
        help="which part of it; any number of each (default: all in one process)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    settings = load_settings(needs_bot=True)
    from bot.doors.polling import DoorClosed
    from bot.logs import start_logs
    from bot.reports import start_reports
    from bot.roles import ROLES
    from bot.run import serve

    redact = start_logs(settings.log_format, settings.secrets())
    start_reports(settings.sentry_dsn.get_secret_value(), redact)
    for line in unknown_keys():
        complain(f"warning: {line}")
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(settings, args.role, ROLES))
    except DoorClosed as closed:
        complain(str(closed))
        return 1
    return 0


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.Loop
