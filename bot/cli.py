"""The `kaituan` command: finds the command, and says what went wrong in one line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot.commands import GROUPS
from bot.commands.words import WRONG_USE, Parser, WrongUse, complain, under
from bot.logs import Redaction, place_of
from bot.settings import WRONG_SETTING, SettingsError
from storage.failures import SchemaMismatch, StorageError

FAILED = 1
INTERRUPTED = 130


def build_parser() -> Parser:
    parser = Parser(prog="kaituan", description="A shop that lives inside chat.")
    groups = under(parser)
    for add in GROUPS:
        add(groups)
    return parser


def main(words: Sequence[str] | None = None) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names need not be text
            stream.reconfigure(errors="backslashreplace")
    args = build_parser().parse_args(words)
    try:
        code = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # `| head` has read enough
        sys.stdout = None
        code = 0
    except Exception as error:
        code = _explain(error)
    raise SystemExit(code)


def _explain(error: Exception) -> int:
    """One line for the operator, never a traceback, never a secret."""
    while isinstance(error, ExceptionGroup):  # parts that ran together: the first to fail
        error = error.exceptions[0]
    words = Redaction()(str(error)) or type(error).__name__
    if isinstance(error, SettingsError | SchemaMismatch):
        complain(words)
        return WRONG_SETTING
    if isinstance(error, WrongUse | FileExistsError | PermissionError | IsADirectoryError):
        complain(words)
        return WRONG_USE
    if isinstance(error, StorageError) or type(error).__module__ == "bot.telegram":
        complain(words)
        return FAILED
    complain(f"failed: {place_of(error)}: {words}")
    return FAILED


if __name__ == "__main__":
    main()
