"""`python -m bot` is `kaituan`."""

from bot.cli import main

main()
