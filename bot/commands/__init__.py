"""The groups of commands: one file each, one line here."""

from __future__ import annotations

from bot.commands import (
    database,
    demo,
    doctor,
    health,
    importing,
    inbox,
    outbox,
    reconcile,
    run,
    seed,
    webhook,
)
from bot.commands.words import Add

GROUPS: tuple[Add, ...] = (
    demo.add,
    run.add,
    database.add,
    seed.add,
    importing.add,
    doctor.add,
    health.add,
    webhook.add,
    inbox.add,
    outbox.add,
    reconcile.add,
)
