"""Pictures that patterns repeat or print: mountains, leaves, flowers, the tram, the moon."""

from math import cos, radians, sin

from storage.demo.drawing.canvas import Ink, Stencil
from storage.demo.drawing.colors import Color, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import Outline, bezier, ellipse, leaf, moved, smooth


def _hills(field: Field, heights: tuple[float, ...]) -> Outline:
    last = len(heights) - 1
    crest = [
        (field.left - 12 + (field.wide + 24) * i / last, field.bottom - field.tall * h)
        for i, h in enumerate(heights)
    ]
    return [
        *smooth(crest),
        (field.right + 12, field.bottom + field.wide),
        (field.left - 12, field.bottom + field.wide),
    ]


def mountains(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    x, y = field.left + field.wide * 0.66, field.top + field.tall * 0.27
    sun = min(field.wide, field.tall) * 0.12
    ink.fill(ellipse(x, y, sun, sun), (233, 172, 98), clip=clip)
    ranges = (
        ((0.35, 0.5, 0.72, 0.5, 0.42, 0.55, 0.4), 0.62),
        ((0.3, 0.22, 0.3, 0.48, 0.34, 0.3, 0.36), 0.3),
        ((0.1, 0.22, 0.14, 0.12, 0.2, 0.26, 0.12), 0.0),
    )
    for heights, pale in ranges:
        ink.fill(_hills(field, heights), tint(color, pale), clip=clip, alpha=0.95)


def sprig(x: float, y: float, size: float, turn: float = 0) -> tuple[Outline, list[Outline]]:
    """A stem and its leaves, growing up from (x, y)."""
    stem = moved(
        bezier((0, 0), (size * 0.1, -size * 0.4), (-size * 0.12, -size * 0.7), (0, -size)),
        x,
        y,
        turn,
    )
    leaves = []
    for i, part in enumerate((6, 10, 14, 18, 21)):
        sx, sy = stem[part]
        long = size * (0.4 - i * 0.045)
        side = (-34 if i % 2 else -146) + turn
        leaves.append(leaf(sx, sy, long, long * 0.46, side))
    leaves.append(leaf(*stem[-1], size * 0.26, size * 0.13, -90 + turn))
    return stem, leaves


def leaves(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    size = field.tall * 0.66
    x, y = field.middle
    for dx, turn, part in ((-0.24, -16, 0.72), (0.25, 16, 0.72), (0.0, 0, 1.0)):
        stem, leaves = sprig(x + field.wide * dx, y + size * 0.5, size * part, turn)
        ink.line(stem, size * 0.022, color, clip=clip)
        ink.lay(ink.cut(*leaves, clip=clip), color)


def blossom(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    size = min(field.wide, field.tall)
    places = ((0.3, 0.36, 0.2), (0.66, 0.58, 0.24), (0.72, 0.2, 0.13), (0.24, 0.76, 0.14))
    for px, py, part in places:
        x, y = field.left + field.wide * px, field.top + field.tall * py
        flower(ink, x, y, size * part, color, clip)


def flower(ink: Ink, x: float, y: float, r: float, color: Color, clip: Stencil | None) -> None:
    petals = [
        ellipse(x + r * 0.55 * cos(radians(a)), y + r * 0.55 * sin(radians(a)), r * 0.46, r * 0.46)
        for a in range(-90, 270, 72)
    ]
    ink.lay(ink.cut(*petals, clip=clip), color, 0.92)
    ink.fill(ellipse(x, y, r * 0.24, r * 0.24), (238, 190, 96), clip=clip)


def tram(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    """The night tram: a rounded car, three windows, one lamp, the wire above."""
    x, y = field.middle
    size = min(field.wide, field.tall) * 0.34
    car = smooth(
        [
            (x - size, y - size * 0.5),
            (x, y - size * 0.58),
            (x + size, y - size * 0.5),
            (x + size * 1.06, y + size * 0.1),
            (x + size, y + size * 0.5),
            (x, y + size * 0.53),
            (x - size, y + size * 0.5),
            (x - size * 1.06, y + size * 0.1),
        ],
        closed=True,
    )
    panes = [
        [
            (x + size * (a - 0.22), y - size * 0.3),
            (x + size * (a + 0.22), y - size * 0.3),
            (x + size * (a + 0.22), y + size * 0.06),
            (x + size * (a - 0.22), y + size * 0.06),
        ]
        for a in (-0.58, 0.0, 0.58)
    ]
    ink.lay(ink.cut(car, clip=clip, holes=panes), color)
    ink.line(
        [(x - size * 1.7, y + size * 0.72), (x + size * 1.7, y + size * 0.72)],
        size * 0.07,
        color,
        clip=clip,
    )
    ink.line(
        [(x, y - size * 0.55), (x + size * 0.28, y - size * 0.9)], size * 0.06, color, clip=clip
    )
    ink.line(
        [(x - size * 1.7, y - size * 0.92), (x + size * 1.7, y - size * 0.88)],
        size * 0.045,
        color,
        clip=clip,
    )
    for wheel in (-0.5, 0.5):
        ink.fill(
            ellipse(x + size * wheel, y + size * 0.56, size * 0.13, size * 0.13), color, clip=clip
        )


def moon(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    x, y = field.middle
    size = min(field.wide, field.tall) * 0.3
    bite = ellipse(x + size * 0.42, y - size * 0.2, size * 0.8, size * 0.8)
    ink.lay(ink.cut(ellipse(x, y, size, size), clip=clip, holes=[bite]), color)
    for dx, dy, part in (
        (0.55, -0.35, 0.12),
        (0.95, 0.35, 0.08),
        (0.3, 0.12, 0.07),
        (-1.05, -0.7, 0.08),
    ):
        ink.fill(_star(x + size * dx, y + size * dy, size * part), color, clip=clip)


def _star(x: float, y: float, r: float) -> Outline:
    return [
        (
            x + cos(radians(a)) * (r if a % 90 == 0 else r * 0.35),
            y + sin(radians(a)) * (r if a % 90 == 0 else r * 0.35),
        )
        for a in range(0, 360, 45)
    ]


def contour(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    """Height lines of a walker's map."""
    x, y = field.left + field.wide * 0.58, field.top + field.tall * 0.45
    for i in range(1, 9):
        r = field.wide * 0.085 * i
        shape = [
            (
                x + r * (1 + 0.16 * sin(k * 1.7 + i * 0.25)) * cos(radians(k * 30)),
                y + r * (0.8 + 0.14 * cos(k * 2.1)) * sin(radians(k * 30)),
            )
            for k in range(12)
        ]
        ring = smooth(shape, closed=True)
        ink.line([*ring, ring[0]], field.wide * 0.011, color, clip=clip, alpha=0.75)
