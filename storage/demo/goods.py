"""What the demo shop's catalog is made of: words in two languages, brands, products, deals."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Words:
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class DemoBrand:
    key: str
    name: Words
    about: Words
    welcome: Words
    color: str
    emoji: str
    by_hand_note: str | None = None  # where it takes cash and transfers


@dataclass(frozen=True, slots=True)
class DemoCategory:
    key: str
    name: Words
    emoji: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """`options` are (name, value) pairs; a product with one variant may have none."""

    sku: str
    options: tuple[tuple[Words, Words], ...]
    price_minor: int
    stock: int


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """`drawing` is "kind:pattern"; `palette` is body, accent, backdrop, then other bodies."""

    sku: str
    brand: str
    category: str
    title: Words
    description: Words
    tags: tuple[str, ...]
    variants: tuple[DemoVariant, ...]
    drawing: str
    palette: tuple[str, ...]
    photos: int


@dataclass(frozen=True, slots=True)
class DemoDeal:
    """Flash and team deals have a price, ladders have (buyers, price) tiers instead."""

    key: str
    product: str
    kind: Literal["flash", "team", "ladder"]
    title: Words
    starts_in_minutes: int
    ends_in_minutes: int
    stock: int
    per_person_cap: int
    price_minor: int | None = None
    team_size: int | None = None
    tiers: tuple[tuple[int, int], ...] = ()
    promise: bool = False  # seats are promised, and paid for when the group has succeeded
