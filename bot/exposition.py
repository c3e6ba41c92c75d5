"""The figures of the tables and of this process as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from storage import meters
from storage.figures import Figures, Waiting


def exposition(role: str, found: Figures | None, silences: Mapping[str, float]) -> bytes:
    """Without `found`, the database did not answer: `kaituan_database_up` is 0."""
    registry = CollectorRegistry()
    _one(registry, "kaituan_database_up", "1 when the tables could be read.", found is not None)
    build = Gauge(
        "kaituan_build_info", "1, with what runs.", ("version", "role"), registry=registry
    )
    build.labels(_version(), role).set(1)
    silence = Gauge(
        "kaituan_part_silent_seconds",
        "Since a part of this process ended a round.",
        ("part",),
        registry=registry,
    )
    for part, seconds in silences.items():
        silence.labels(part).set(seconds)
    if found is not None:
        _tables(registry, found)
    return generate_latest(registry) + generate_latest(meters.REGISTRY)


def _tables(registry: CollectorRegistry, found: Figures) -> None:
    _waits(registry, "inbox", "Updates that wait", {"": found.inbox})
    _one(registry, "kaituan_updates_quarantined", "Updates set aside.", found.quarantined)
    if found.last_update_seconds is not None:
        _one(
            registry,
            "kaituan_last_update_seconds",
            "Since the newest update came.",
            found.last_update_seconds,
        )
    lanes = {("first", "low")[lane]: waiting for lane, waiting in found.outbox.items()}
    _waits(registry, "outbox", "Messages that could be sent now", lanes, "lane")
    unknown = Gauge(
        "kaituan_messages_unknown",
        "Messages of which nobody knows whether they arrived.",
        ("kind",),
        registry=registry,
    )
    for kind, count in found.unknown.items():
        unknown.labels(kind.value).set(count)
    _waits(registry, "refunds", "Refund jobs that are not done", {"": found.refunds})
    payments = {state.value: waiting for state, waiting in found.payments.items()}
    _waits(registry, "payments", "Payments without their end", payments, "state")


def _one(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(name, words, registry=registry).set(value)


def _waits(
    registry: CollectorRegistry,
    what: str,
    words: str,
    by: Mapping[str, Waiting],
    label: str | None = None,
) -> None:
    labels = (label,) if label else ()
    count = Gauge(f"kaituan_{what}_waiting", f"{words}.", labels, registry=registry)
    oldest = Gauge(
        f"kaituan_{what}_oldest_seconds",
        f"{words}: for how long the oldest has.",
        labels,
        registry=registry,
    )
    for value, waiting in by.items():
        (count.labels(value) if label else count).set(waiting.count)
        (oldest.labels(value) if label else oldest).set(waiting.oldest_seconds)


def _version() -> str:
    try:
        return version("kaituan")
    except PackageNotFoundError:  # run from a checkout
        return "unknown"
