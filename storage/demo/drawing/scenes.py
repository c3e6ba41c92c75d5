"""Rooms for objects: studio walls with an arch, a sun or a window, wooden tables, linen."""

from random import Random

from PIL import Image

from storage.demo.drawing.canvas import Ink, Linear, Pose, Radial
from storage.demo.drawing.colors import WHITE, Color, deep, mix, shade, tint
from storage.demo.drawing.light import haze
from storage.demo.drawing.motifs import sprig
from storage.demo.drawing.outlines import ellipse, leaf, moved, smooth

Size = tuple[int, int]


def _page(size: Size) -> list[tuple[float, float]]:
    wide, tall = size
    return [(0, 0), (wide, 0), (wide, tall), (0, tall)]


def studio(size: Size, back: Color, motif: int, horizon: float = 0.71) -> Image.Image:
    """A wall and a floor of one colour; `motif` chooses what is on the wall."""
    image = Image.new("RGB", size, back)
    ink = Ink(image, Pose(0, 0))
    wide, tall = size
    stops = ((0.0, tint(back, 0.45)), (0.55, back), (1.0, shade(back, 0.16)))
    ink.fill(_page(size), Radial((wide * 0.32, tall * 0.25), wide * 1.0, wide * 1.0, stops))
    MOTIFS[motif % len(MOTIFS)](ink, size, back)
    floor(ink, size, mix(back, shade(back, 0.1), 0.7), horizon)
    return image


def floor(ink: Ink, size: Size, color: Color, horizon: float) -> None:
    wide, tall = size
    line = tall * horizon
    area = [(0, line), (wide, line), (wide, tall), (0, tall)]
    stops = ((0.0, shade(color, 0.06)), (0.35, tint(color, 0.22)), (1.0, shade(color, 0.02)))
    clip = ink.fill(area, Linear((0, line), (0, tall), stops))
    ink.glow(
        (wide * 0.36, line + (tall - line) * 0.5), wide * 0.6, tall * 0.2, WHITE, 0.25, clip=clip
    )
    ink.glow((wide * 0.5, line), wide * 0.8, 26, deep(color), 0.14)


def _arch(ink: Ink, size: Size, back: Color) -> None:
    wide, tall = size
    x, r, top = wide * 0.5, tall * 0.29, tall * 0.42
    shape = [*ellipse(x, top, r, r, 180, 360), (x + r, tall), (x - r, tall)]
    niche = ink.fill(
        shape,
        Linear(
            (x - r, 0),
            (x + r, 0),
            ((0.0, shade(back, 0.2)), (0.16, shade(back, 0.08)), (1.0, tint(back, 0.3))),
        ),
    )
    ink.glow((x - r, tall * 0.5), r * 0.8, tall * 0.6, deep(back), 0.18, clip=niche)


def _sun(ink: Ink, size: Size, back: Color) -> None:
    wide, tall = size
    r = tall * 0.31
    disc = Linear(
        (0, tall * 0.1), (0, tall * 0.75), ((0.0, tint(back, 0.62)), (1.0, tint(back, 0.12)))
    )
    ink.fill(ellipse(wide * 0.54, tall * 0.43, r, r), disc)


def _window(ink: Ink, size: Size, back: Color) -> None:
    """Low sun through a window with a plant before it."""
    wide, tall = size
    panes = []
    for column in range(2):
        for row in range(3):
            x, y = wide * (0.34 + 0.2 * column), tall * (0.02 + 0.21 * row)
            w, h = wide * 0.175, tall * 0.185
            panes.append(
                [
                    (x - y * 0.3, y),
                    (x + w - y * 0.3, y + 30),
                    (x + w - (y + h) * 0.3, y + h + 30),
                    (x - (y + h) * 0.3, y + h),
                ]
            )
    haze(ink.image, panes, 14, tint(back, 0.9), 0.6)
    _, leaves = sprig(wide * 0.92, tall * 0.52, tall * 0.5, -48)
    haze(ink.image, leaves, 16, deep(back), 0.26)


def _fronds(ink: Ink, size: Size, back: Color) -> None:
    wide, tall = size
    fronds = []
    for turn, long in ((118, 0.52), (142, 0.62), (166, 0.5)):
        rib = moved(
            [(tall * long * i / 9, tall * 0.012 * (i * i) / 9) for i in range(10)],
            wide * 0.98,
            -10,
            turn,
        )
        for i, (x, y) in enumerate(rib[1:]):
            for side in (-46, 46):
                fronds.append(leaf(x, y, tall * (0.19 - i * 0.011), tall * 0.036, turn + side))
    haze(ink.image, fronds, 20, deep(back), 0.26)


def _hills(ink: Ink, size: Size, back: Color) -> None:
    """Ridge behind ridge, cut from paper."""
    wide, tall = size
    r = tall * 0.1
    ink.fill(ellipse(wide * 0.74, tall * 0.24, r, r), tint(back, 0.7))
    ridges = (
        ((0.5, 0.4, 0.3, 0.42, 0.36, 0.47, 0.42), 0.3),
        ((0.46, 0.52, 0.44, 0.5, 0.56, 0.46, 0.5), 0.08),
        ((0.64, 0.58, 0.62, 0.66, 0.58, 0.6, 0.66), -0.06),
    )
    for heights, pale in ridges:
        crest = smooth([(wide * (i - 0.5) / 5, tall * h) for i, h in enumerate(heights)])
        color = tint(back, pale) if pale > 0 else shade(back, -pale)
        stops = ((0.0, color), (1.0, tint(back, 0.45)))
        ink.fill(
            [*crest, (wide * 1.2, tall), (-wide * 0.1, tall)],
            Linear((0, tall * 0.35), (0, tall * 0.8), stops),
        )


MOTIFS = (_arch, _window, _sun, _fronds, _hills)


def table(size: Size, wood: Color, seed: int) -> Image.Image:
    """Wooden boards from above, with grain and a slant of light."""
    image = Image.new("RGB", size, wood)
    ink = Ink(image, Pose(0, 0))
    dice = Random(seed)
    wide, tall = size
    step = tall / 4
    for row in range(4):
        top = row * step
        tone = tint(wood, dice.uniform(0.02, 0.16))
        board = ink.fill(
            [(0, top), (wide, top), (wide, top + step), (0, top + step)],
            Linear(
                (0, top),
                (0, top + step),
                ((0.0, tint(tone, 0.08)), (0.5, tone), (1.0, shade(tone, 0.06))),
            ),
        )
        for _ in range(9):
            y = top + dice.uniform(0.06, 0.94) * step
            bend = dice.uniform(-14, 14)
            path = smooth(
                [
                    (-20, y),
                    (wide * dice.uniform(0.2, 0.5), y + bend),
                    (wide * 0.75, y - bend * 0.6),
                    (wide + 20, y + bend * 0.3),
                ]
            )
            ink.line(
                path,
                dice.uniform(1.5, 4),
                shade(wood, 0.3),
                clip=board,
                alpha=dice.uniform(0.08, 0.2),
            )
        ink.line([(0, top), (wide, top)], 4, shade(wood, 0.5), alpha=0.5)
    _daylight(ink, size, wood)
    return image


def linen(size: Size, back: Color, seed: int) -> Image.Image:
    """A plain surface from above: soft light, a diagonal of a second tone, a leaf's shadow."""
    image = Image.new("RGB", size, back)
    ink = Ink(image, Pose(0, 0))
    wide, tall = size
    stops = ((0.0, tint(back, 0.42)), (0.6, back), (1.0, shade(back, 0.12)))
    ink.fill(_page(size), Radial((wide * 0.3, tall * 0.25), wide * 1.1, wide * 1.1, stops))
    if seed % 3 == 0:
        half = [(wide * 0.62, 0), (wide, 0), (wide, tall), (wide * 0.34, tall)]
        ink.fill(
            half,
            Linear((wide * 0.5, 0), (wide, 0), ((0.0, shade(back, 0.1)), (1.0, shade(back, 0.16)))),
        )
    elif seed % 3 == 1:
        disc = Linear((0, 0), (wide, tall), ((0.0, tint(back, 0.5)), (1.0, tint(back, 0.15))))
        ink.fill(ellipse(wide * 0.5, tall * 0.5, tall * 0.4, tall * 0.4), disc, alpha=0.8)
    else:
        _fronds(ink, size, back)
    _daylight(ink, size, back)
    return image


def _daylight(ink: Ink, size: Size, color: Color) -> None:
    wide, tall = size
    ink.glow((wide * 0.2, tall * 0.1), wide * 0.8, tall * 0.8, WHITE, 0.28)
    ink.glow((wide, tall), wide * 0.8, tall * 0.8, deep(color), 0.2)
