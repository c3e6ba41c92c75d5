"""What this process counts about itself, for `/metrics`: numbers and fixed words, nobody's data."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

UPDATES_STORED = Counter(
    "kaituan_updates_stored", "Updates that a door committed, repeats included.", registry=REGISTRY
)
UPDATES_ENDED = Counter(
    "kaituan_updates_ended",
    "Tries to handle an update, by how they ended.",
    ("how",),  # applied, again, quarantined
    registry=REGISTRY,
)
UPDATE_SECONDS = Histogram(
    "kaituan_update_seconds", "How long a try took.", buckets=_SECONDS, registry=REGISTRY
)
MESSAGES_ENDED = Counter(
    "kaituan_messages_ended",
    "Outbox rows a courier settled, by class and how: sent, again, unknown, dead, gone, moved.",
    ("kind", "how"),
    registry=REGISTRY,
)
MESSAGES_LOST = Counter(
    "kaituan_messages_abandoned",
    "Outbox rows taken over from a courier that vanished.",
    registry=REGISTRY,
)
GATE_WAITS = Counter(
    "kaituan_gate_waits",
    "Requests that the flood gate told to wait.",
    ("lane",),
    registry=REGISTRY,
)
TOO_FAST = Counter(
    "kaituan_too_fast",
    "Answers 429 of Telegram, by what they closed.",
    ("scope",),
    registry=REGISTRY,
)
TICKS = Counter("kaituan_clock_ticks", "Rounds of the clock.", registry=REGISTRY)
SWEEP_SECONDS = Histogram(
    "kaituan_sweep_seconds",
    "How long a sweep took.",
    ("sweep",),
    buckets=_SECONDS,
    registry=REGISTRY,
)
SWEEPS_FAILED = Counter(
    "kaituan_sweeps_failed", "Sweeps that ended with an error.", ("sweep",), registry=REGISTRY
)
REFUND_TRIES = Counter(
    "kaituan_refund_tries",
    "Refund jobs carried out, by how: done, again.",
    ("how",),
    registry=REGISTRY,
)
ALERTS = Counter("kaituan_alerts", "Alerts that this process raised.", ("what",), registry=REGISTRY)
