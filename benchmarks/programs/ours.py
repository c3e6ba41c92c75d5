"""`kaituan run` with the flood gate wide open: Telegram's limits are not what is measured.

With PROFILE=FILE in the environment, Python's own profile of the whole run is left there.
"""

from __future__ import annotations

import cProfile
import os
import sys

import bot.run
from bot.cli import main
from storage.gate import FloodGate, GateRates, Limit, MemoryGate
from storage.gate_redis import RedisGate


def rates() -> GateRates:
    """As many a second as GATE_A_SECOND says; a single chat or copy has no limit of its own."""
    overall = int(os.environ["GATE_A_SECOND"])
    wide = (Limit(1_000_000, 1.0),)
    both = (Limit(max(overall // 5, 1), 0.2), Limit(overall, 1.0))
    return GateRates(overall=both, low=both, private=wide, group=wide, edit=wide)


def open_gate(redis: object) -> FloodGate:
    return MemoryGate(rates()) if redis is None else RedisGate(redis, rates())  # type: ignore[arg-type]


if __name__ == "__main__":
    bot.run.open_gate = open_gate
    if "PROFILE" in os.environ:
        cProfile.run("main(sys.argv[1:])", os.environ["PROFILE"])
    else:
        main(sys.argv[1:])
