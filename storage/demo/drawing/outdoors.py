"""For the way: flask, umbrella, lantern."""

from itertools import pairwise

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import BRASS, NIGHT, STEEL, WHITE, WOOD, Color, deep, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import (
    Outline,
    Point,
    bezier,
    ellipse,
    hoop,
    rounded,
    smooth,
    turned,
)
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import TILT, Look, across, body, down, tube

GLOW: Color = (255, 222, 140)


def flask(ink: Ink, look: Look) -> None:
    tube(ink, bezier((-40, -560), (-50, -650), (50, -650), (40, -560), 24), 20, look.accent)
    profile = [(78, -470), (112, -438), (118, -380), (118, -20), (108, 0)]
    bottle = body(ink, profile, look.body, gloss=0.36)
    decorate(ink, look.pattern, Field(-118, -360, 118, -40), look.accent, bottle)
    ink.line(ellipse(0, -30, 116, 116 * TILT, 178, 2), 4, deep(look.body), clip=bottle, alpha=0.4)
    ink.fill(turned([(72, -490), (74, -466)], TILT), across(74, STEEL, 0.6))
    lid = body(ink, [(78, -572), (82, -566), (82, -490)], look.accent, gloss=0.34, curved=False)
    for i in range(-4, 5):
        x = 18.0 * i
        ink.line([(x, -556 + 12), (x, -488 + 12)], 3, deep(look.accent), clip=lid, alpha=0.3)
    ink.fill(
        ellipse(0, -572, 70, 70 * TILT),
        Linear((-70, 0), (70, 0), ((0.0, tint(look.accent, 0.35)), (1.0, shade(look.accent, 0.1)))),
    )


def umbrella(ink: Ink, look: Look) -> None:
    tilted = ink.inner(-70, -30, 1, 10)
    shaft = [(0.0, -580.0), (0.0, -70.0)]
    tilted.line(shaft, 13, shade(STEEL, 0.35))
    tilted.line([(-2, -580), (-2, -70)], 5, tint(STEEL, 0.6))
    tube(tilted, [(0, -150), *bezier((0, -40), (0, 50), (96, 50), (92, -20), 24)], 26, WOOD)
    _canopy(tilted, look)


def _canopy(ink: Ink, look: Look) -> None:
    rim = [
        (-330.0, -330.0),
        (-205.0, -352.0),
        (-70.0, -360.0),
        (70.0, -360.0),
        (205.0, -352.0),
        (330.0, -330.0),
    ]
    top = (0.0, -640.0)
    dome = [
        *bezier(rim[0], (-300, -560), (-120, -632), top),
        *bezier(top, (120, -632), (300, -560), rim[-1]),
    ]
    lower: Outline = []
    for a, b in zip(rim[::-1], rim[-2::-1], strict=False):
        lower += bezier(
            a, (a[0] * 0.72 + b[0] * 0.28, a[1] - 30), (a[0] * 0.28 + b[0] * 0.72, b[1] - 30), b, 10
        )
    ink.fill([*rim, *lower], shade(look.body, 0.5))
    outline = [*dome, *lower]
    stops = ((0.0, tint(look.body, 0.4)), (0.5, look.body), (1.0, shade(look.body, 0.34)))
    cloth = ink.fill(outline, Radial((-120, -560), 520, 420, stops))
    for i, (a, b) in enumerate(pairwise(rim)):
        if i % 2:
            ink.fill([*_rib(a, top), *reversed(_rib(b, top))], look.accent, clip=cloth, alpha=0.9)
    decorate(ink, look.pattern, Field(-260, -620, 260, -350), look.accent, cloth)
    for point in rim:
        ink.line(_rib(point, top), 4, deep(look.body), clip=cloth, alpha=0.35)
    ink.glow((230, -360), 260, 230, deep(look.body), 0.4, clip=cloth)
    ink.glow((-140, -540), 170, 90, WHITE, 0.3, clip=cloth)
    for x, y in rim:
        ink.fill(ellipse(x, y, 8, 8), BRASS)
    ink.line([(0, -640), (0, -676)], 12, BRASS)


def _rib(point: Point, top: Point) -> Outline:
    x, y = point
    return bezier((x, y), (x * 0.91, y - 170), (x * 0.4, top[1] + 12), top, 16)


def lantern(ink: Ink, look: Look) -> None:
    ink.glow((0, -260), 460, 420, GLOW, 0.5)
    wire = bezier((-136, -408), (-196, -680), (196, -680), (136, -408), 36)
    ink.line(wire, 10, shade(STEEL, 0.45))
    ink.fill(rounded(-46, -622, 46, -592, 14), down(-622, -592, tint(WOOD, 0.1), shade(WOOD, 0.35)))
    globe = smooth([(92, -410), (136, -340), (150, -250), (134, -160), (104, -120)])
    light = Radial(
        (0, -240), 190, 220, ((0.0, (255, 250, 226)), (0.4, GLOW), (1.0, shade(GLOW, 0.22)))
    )
    glass = ink.fill(turned(globe, TILT), light)
    ink.glow((0, -220), 60, 110, WHITE, 0.9, clip=glass)
    ink.fill(
        [(-92, -360), (-76, -370), (-84, -260), (-78, -170), (-96, -180), (-104, -260)],
        WHITE,
        clip=glass,
        alpha=0.55,
    )
    for x in (-156, 156):
        ink.line(
            smooth([(x * 0.72, -420), (x, -260), (x * 0.8, -100)]),
            12,
            shade(look.body, 0.3 if x > 0 else 0.05),
        )
    profile = [(118, -120), (140, -96), (150, -30), (158, -10), (158, 0)]
    base = body(ink, profile, look.body, gloss=0.36)
    decorate(ink, look.pattern, Field(-150, -90, 150, 0), look.accent, base)
    ink.glow((0, -124), 130, 34, GLOW, 0.8, clip=base)
    ink.fill(hoop(150, -44, -30, TILT), look.accent, clip=base)
    ink.fill(ellipse(0, -58 + 20, 17, 17), BRASS)
    ink.fill(ellipse(0, -58 + 20, 9, 9), NIGHT)
    body(ink, [(40, -496), (70, -470), (128, -436), (132, -404)], look.body, gloss=0.36)
    ink.fill(turned([(34, -520), (38, -494)], TILT), across(38, look.accent))
