"""Turned ware: bodies of revolution with their rims, and the look every object is drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.demo.drawing.canvas import Ink, Linear, Radial, Stencil
from storage.demo.drawing.colors import WHITE, Color, deep, rounded_stops, shade, tint
from storage.demo.drawing.outlines import Outline, Point, ellipse, smooth, turned

TILT = 0.17


@dataclass(frozen=True, slots=True)
class Look:
    body: Color
    accent: Color
    pattern: str = "plain"
    others: tuple[Color, ...] = ()

    def other(self, i: int) -> Color:
        return self.others[i % len(self.others)] if self.others else self.accent


def across(radius: float, color: Color, gloss: float = 0.3) -> Linear:
    return Linear((-radius, 0), (radius, 0), rounded_stops(color, gloss))


def down(top: float, bottom: float, one: Color, other: Color) -> Linear:
    return Linear((0, top), (0, bottom), ((0.0, one), (1.0, other)))


def body(
    ink: Ink,
    profile: Sequence[Point],
    color: Color,
    *,
    tilt: float = TILT,
    gloss: float = 0.3,
    curved: bool = True,
) -> Stencil:
    """A body through (radius, y) points, top to bottom, with side light and floor shade."""
    path = smooth(profile) if curved else list(profile)
    wide = max(r for r, _ in path)
    top, bottom = path[0][1], path[-1][1]
    stencil = ink.fill(turned(path, tilt), across(wide, color, gloss))
    tall = bottom - top
    ink.glow((0, bottom + tall * 0.1), wide * 1.5, tall * 0.5, deep(color), 0.4, clip=stencil)
    ink.glow((wide * 0.98, bottom), wide * 0.5, tall * 1.1, tint(color, 0.5), 0.25, clip=stencil)
    _shine(ink, path, gloss, stencil)
    return stencil


def _shine(ink: Ink, path: Outline, gloss: float, clip: Stencil) -> None:
    top, bottom = path[0][1], path[-1][1]
    low, high = top + (bottom - top) * 0.1, top + (bottom - top) * 0.72
    side = [(r, y) for r, y in path if low <= y <= high]
    if len(side) > 2 and gloss > 0.2:
        strip = [(-r * 0.74, y) for r, y in side] + [(-r * 0.66, y) for r, y in reversed(side)]
        ink.fill(strip, WHITE, clip=clip, alpha=gloss * 0.75)


def mouth(
    ink: Ink,
    radius: float,
    y: float,
    color: Color,
    *,
    tilt: float = TILT,
    lip: float = 0.07,
    liquid: Color | None = None,
) -> Stencil:
    """The open top of a vessel, its lip, its inner wall, and what is in it."""
    ink.fill(ellipse(0, y, radius, radius * tilt), across(radius, tint(color, 0.35), 0.5))
    inner = radius * (1 - lip)
    hole = ellipse(0, y + lip * radius * 0.1, inner, inner * tilt)
    wall = Linear(
        (-inner, 0),
        (inner, 0),
        ((0.0, shade(color, 0.45)), (0.55, shade(color, 0.2)), (1.0, tint(color, 0.12))),
    )
    inside = ink.fill(hole, wall)
    ink.glow((0, y - inner * tilt), inner, inner * tilt, deep(color), 0.4, clip=inside)
    if liquid is not None:
        pool(ink, inner, y + inner * tilt * 0.42, liquid, tilt, inside)
    return inside


def pool(ink: Ink, radius: float, y: float, color: Color, tilt: float, clip: Stencil) -> None:
    stops = ((0.0, tint(color, 0.3)), (0.6, color), (1.0, shade(color, 0.25)))
    surface = Radial((-radius * 0.3, y), radius * 1.4, radius * tilt * 1.6, stops)
    ink.fill(ellipse(0, y, radius * 0.97, radius * tilt), surface, clip=clip)
    shine = ellipse(-radius * 0.35, y - radius * tilt * 0.3, radius * 0.22, radius * tilt * 0.14)
    ink.fill(shine, WHITE, clip=clip, alpha=0.55)


def tube(ink: Ink, path: Sequence[Point], width: float, color: Color) -> None:
    """A rounded cord or handle along a path: dark below, light above."""
    ink.line(path, width, shade(color, 0.3))
    lift = width * 0.1
    ink.line([(x - lift, y - lift) for x, y in path], width * 0.66, color)
    lift = width * 0.17
    ink.line([(x - lift, y - lift) for x, y in path], width * 0.2, tint(color, 0.5), alpha=0.8)


def knob(ink: Ink, x: float, y: float, radius: float, color: Color) -> None:
    stops = ((0.0, tint(color, 0.65)), (0.45, color), (1.0, shade(color, 0.4)))
    light = Radial((x - radius * 0.35, y - radius * 0.4), radius * 1.5, radius * 1.5, stops)
    ink.fill(ellipse(x, y, radius, radius * 0.9), light)
