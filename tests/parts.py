"""The parts of the suite, by what their tests need of the machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """`marked` picks its tests, `options` are how pytest runs them."""

    name: str
    marked: str
    options: tuple[str, ...] = ()


PARTS = (
    Part(
        "Side by side",
        "not processes and not browser and not clocked",
        ("-n", "4", "--dist", "worksteal"),
    ),
    Part(
        "Whole processes",
        "processes and not browser and not clocked",
        ("-n", "2", "--dist", "loadfile"),
    ),
    Part("Alone", "browser or clocked"),
)
