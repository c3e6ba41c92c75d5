"""What commands are made of: a parser that answers in one line, arguments, output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

WRONG_USE = 2


class WrongUse(Exception):
    """The operator asked for something that cannot be; one line says what."""


class Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        self.exit(WRONG_USE, f"{self.prog}: {line} (see {self.prog} --help)\n")


Groups = argparse._SubParsersAction  # the only name that argparse has for it
Add = Callable[["Groups[Parser]"], None]
Command = Callable[[argparse.Namespace], int]


def under(parser: Parser) -> Groups[Parser]:
    """A place for commands under a command."""
    return parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def complain(line: str) -> None:
    sys.stderr.write(f"kaituan: {' '.join(line.split())}\n")


def positive(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:19]) < 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return int(text)


def port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (1 to 65535)")
    return int(text)


def new_file(text: str) -> Path:
    """A path where a file can be made."""
    path = Path(text)
    if text == "-" or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no file name")
    if path.exists():
        raise argparse.ArgumentTypeError(f"{text!r} exists already; nothing is overwritten")
    if not path.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is in a directory that does not exist")
    return path
