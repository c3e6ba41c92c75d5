"""Patterns that make one teapot, tin or bag differ from the next, drawn inside a stencil."""

from collections.abc import Callable
from math import cos, sin
from random import Random

from storage.demo.drawing import motifs
from storage.demo.drawing.canvas import Ink, Stencil
from storage.demo.drawing.colors import Color, shade
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import ellipse, smooth, wave


def decorate(ink: Ink, pattern: str, field: Field, color: Color, clip: Stencil) -> None:
    """Nothing for "plain"; an unknown pattern raises KeyError."""
    if pattern != "plain" and not ink.silhouette:
        PATTERNS[pattern](ink, field, color, clip)


def _stripes(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    step = field.tall / 7
    for i in range(4):
        y = field.top + step * (0.75 + i * 1.8)
        for offset, width, alpha in ((0.0, step * 0.42, 0.95), (step * 0.52, step * 0.1, 0.8)):
            arc = smooth(
                [
                    (field.left - 9, y + offset),
                    (field.middle[0], y + offset + field.wide * 0.05),
                    (field.right + 9, y + offset),
                ]
            )
            ink.line(arc, width, color, clip=clip, alpha=alpha)


def _pinstripes(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    for i in range(1, 12):
        x = field.left + field.wide * i / 12
        ink.line(
            [(x, field.top), (x, field.bottom)], field.wide * 0.014, color, clip=clip, alpha=0.8
        )


def _dots(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    step = field.wide / 7
    for row in range(round(field.tall / step) + 1):
        for column in range(8):
            x = field.left + step * (column + (row % 2) / 2)
            y = field.top + step * (row + 0.5) * 0.9
            ink.fill(ellipse(x, y, step * 0.17, step * 0.17), color, clip=clip, alpha=0.9)


def _speckle(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    dice = Random(11)
    spots = []
    for _ in range(90):
        x, y = dice.uniform(field.left, field.right), dice.uniform(field.top, field.bottom)
        size = dice.uniform(0.003, 0.009) * field.wide
        spots.append([(x + size * cos(a), y + size * 0.9 * sin(a)) for a in range(6)])
    ink.lay(ink.cut(*spots, clip=clip), color, 0.6)


def _waves(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    step = field.tall / 6
    for i in range(1, 6):
        path = wave(
            field.left - 9, field.right + 9, field.top + step * i, step * 0.28, field.wide / 4
        )
        ink.line(path, step * 0.15, color, clip=clip, alpha=0.85)


def _dip(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    """Glaze over the upper part, running down in uneven drops."""
    edge = (0.52, 0.58, 0.5, 0.62, 0.55, 0.66, 0.54, 0.6, 0.5)
    last = len(edge) - 1
    low = [
        (field.left - 9 + (field.wide + 18) * i / last, field.top + field.tall * e)
        for i, e in enumerate(edge)
    ]
    high = field.top - field.wide
    shape = [(field.left - 9, high), *smooth(low), (field.right + 9, high)]
    ink.fill(shape, color, clip=clip, alpha=0.82)
    ink.line(smooth(low), field.tall * 0.014, shade(color, 0.3), clip=clip, alpha=0.5)


def _rings(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    x, y = field.middle
    for part, width in ((0.44, 0.03), (0.36, 0.012), (0.16, 0.012)):
        ink.line(
            ellipse(x, y, field.wide * part, field.tall * part),
            field.wide * width,
            color,
            clip=clip,
            alpha=0.85,
        )


def _checks(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    step = field.wide / 5
    for i in range(5):
        x = field.left + step * (i + 0.5)
        ink.line(
            [(x, field.top - step), (x, field.bottom + step)],
            step * 0.4,
            color,
            clip=clip,
            alpha=0.35,
        )
    for i in range(round(field.tall / step) + 1):
        y = field.top + step * (i + 0.5)
        ink.line(
            [(field.left - step, y), (field.right + step, y)],
            step * 0.4,
            color,
            clip=clip,
            alpha=0.35,
        )


def _blocks(ink: Ink, field: Field, color: Color, clip: Stencil) -> None:
    """Colour blocking: a slanted lower half."""
    y = field.top + field.tall * 0.55
    low = field.bottom + field.wide
    shape = [
        (field.left - 20, y + field.tall * 0.14),
        (field.right + 20, y - field.tall * 0.14),
        (field.right + 20, low),
        (field.left - 20, low),
    ]
    ink.fill(shape, color, clip=clip, alpha=0.9)


PATTERNS: dict[str, Callable[[Ink, Field, Color, Stencil], None]] = {
    "stripes": _stripes,
    "pinstripes": _pinstripes,
    "dots": _dots,
    "speckle": _speckle,
    "waves": _waves,
    "mountains": motifs.mountains,
    "dip": _dip,
    "leaves": motifs.leaves,
    "blossom": motifs.blossom,
    "rings": _rings,
    "checks": _checks,
    "tram": motifs.tram,
    "moon": motifs.moon,
    "contour": motifs.contour,
    "blocks": _blocks,
}
