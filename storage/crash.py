"""Crash points: named places where the fault bench has the process killed, by a real SIGKILL.

`KAITUAN_CRASH=K8` dies where K8 stands, `K8:3` when it is passed for the third time. Unset, as
everywhere but in the bench, a point costs one look at a name. See docs/reliability.md.
"""

from __future__ import annotations

import os
import re
import signal

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

VARIABLE = "KAITUAN_CRASH"
CRASH_POINTS = {
    "K1": "an update was read at the door, nothing of it is stored",
    "K2": "the update's row is written, not committed",
    "K3": "the update is committed, Telegram has not been told",
    "K4": "a worker has claimed the update",
    "K5": "in a handler: its effects are written, not committed",
    "K6": "its effects are committed, nobody has been answered",
    "K7": "a courier has claimed a message",
    "K8": "the message is marked as being sent, nothing is written to Telegram",
    "K9": "Telegram has the message, its reply is not read",
    "K10": "the reply is read, nothing is marked",
    "K11": "the message is marked as sent",
    "K12": "a hold is committed, the buyer has not been answered",
    "K13": "the pre-checkout question is answered, nothing is paid",
    "K14": "a charge is stored, not fulfilled (one transaction with K15: neither may stay)",
    "K15": "a charge is fulfilled, its receipt is not written (the same transaction)",
    "K16": "a group is about to be decided",
    "K17": "a group is decided, none of its refunds is carried out",
    "K18": "a refund is made by the provider, not marked",
    "K19": "one refund is booked, others of the same round are not",
    "K20": "who is to be told is stored, the messages are not (one transaction)",
    "K21": "one batch of an announcement is committed, the next is not begun",
    "K22": "one batch of an import is committed, the next is not begun",
}
WANTED = re.compile(r"(?P<name>K[0-9]+)(:(?P<passing>[1-9][0-9]*))?")


class Doom:
    """Where this process is to die, and after how many passings."""

    def __init__(self, wanted: str) -> None:
        found = WANTED.fullmatch(wanted)
        if found is None or found["name"] not in CRASH_POINTS:
            raise SystemExit(f"{VARIABLE}={wanted!r} names no crash point")
        self.name = found["name"]
        self._left = int(found["passing"] or 1)

    def passed(self, name: str) -> bool:
        """True at the passing that was asked for."""
        self._left -= name == self.name
        return self._left == 0


DOOM = Doom(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def crash_point(name: str) -> None:
    """The process ends here, at once and without a word, if that is what was asked for."""
    if DOOM is not None and DOOM.passed(name):
        os.kill(os.getpid(), signal.SIGKILL)


def crash_after_commit(session: AsyncSession, name: str) -> None:
    """A crash point that is passed when the session's transaction has been committed."""
    if DOOM is not None:
        event.listen(session.sync_session, "after_commit", lambda _: crash_point(name), once=True)
