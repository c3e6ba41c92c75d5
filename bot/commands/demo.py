"""`kaituan demo`: the shop on a table, in a process of its own."""

from __future__ import annotations

import argparse
import os
import sys

from bot.commands.words import Groups, Parser, port


def add(groups: Groups[Parser]) -> None:
    parser = groups.add_parser("demo", help="open the demo: several phones in a browser")
    parser.add_argument("--port", type=port, help="the port of its page")
    parser.add_argument("--headless", action="store_true", help="do not open a browser")
    parser.set_defaults(run=demo)


def demo(args: argparse.Namespace) -> int:
    words = [sys.executable, "-m", "playground"]
    if args.port is not None:
        words += ["--port", str(args.port)]
    if args.headless:
        words.append("--headless")
    sys.stdout.flush()
    os.execv(sys.executable, words)
