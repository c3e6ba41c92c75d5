"""For the desk: notebooks and pens; and signs for scenes: ticket, bubble, lens, sliders, heart."""

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import BRASS, CREAM, STEEL, WHITE, Color, deep, mix, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import bezier, ellipse, rounded, smooth
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import Look, down, knob


def notebook(ink: Ink, look: Look) -> None:
    ink.fill(rounded(-204, -290, 228, 312, 18), shade(look.body, 0.4))
    ink.fill(rounded(-204, -290, 222, 304, 12), CREAM)
    for i in range(4):
        ink.line([(-200, 298 - i * 3), (218, 298 - i * 3)], 1.5, (190, 178, 160))
    slant = ((0.0, tint(look.body, 0.24)), (0.5, look.body), (1.0, shade(look.body, 0.16)))
    cover = ink.fill(rounded(-220, -310, 214, 290, 20), Linear((-220, -310), (214, 290), slant))
    decorate(ink, look.pattern, Field(-150, -280, 200, 260), look.accent, cover)
    spine = ink.fill(
        [(-230, -320), (-158, -320), (-158, 300), (-230, 300)], shade(look.body, 0.18), clip=cover
    )
    ink.line([(-158, -320), (-158, 300)], 4, deep(look.body), clip=cover, alpha=0.5)
    ink.glow((-200, 0), 40, 420, tint(look.body, 0.5), 0.4, clip=spine)
    ink.line([(164, -312), (164, 292)], 20, shade(look.accent, 0.12))
    ink.line([(160, -312), (160, 292)], 6, tint(look.accent, 0.25))
    ink.fill([(-60, 286), (-34, 286), (-34, 372), (-47, 356), (-60, 372)], look.accent)


def stylus(ink: Ink, look: Look, color: Color) -> None:
    """One pen lying upright, its cap on top."""
    ink.glow((16, 24), 60, 400, (28, 20, 24), 0.5)
    stops = (
        (0.0, shade(color, 0.2)),
        (0.25, tint(color, 0.6)),
        (0.5, color),
        (1.0, shade(color, 0.45)),
    )
    metal = Linear((-26, 0), (26, 0), stops)
    ink.fill(
        [(-22, 220), (22, 220), (9, 320), (-9, 320)],
        Linear((-20, 0), (20, 0), ((0.0, tint(STEEL, 0.4)), (1.0, shade(STEEL, 0.45)))),
    )
    ink.fill([(-7, 318), (7, 318), (2, 352), (-2, 352)], shade(BRASS, 0.3))
    barrel = ink.fill(rounded(-24, -120, 24, 226, 6), metal)
    decorate(ink, look.pattern, Field(-24, -120, 24, 226), look.accent, barrel)
    ink.fill(rounded(-28, -350, 28, -110, 14), metal)
    for y in (-124, -300):
        ink.fill(
            rounded(-29, y, 29, y + 14, 3),
            Linear(
                (-28, 0),
                (28, 0),
                (
                    (0.0, shade(look.accent, 0.3)),
                    (0.3, tint(look.accent, 0.6)),
                    (1.0, shade(look.accent, 0.4)),
                ),
            ),
        )
    ink.fill(
        rounded(4, -318, 18, -160, 7),
        Linear((4, 0), (18, 0), ((0.0, tint(BRASS, 0.6)), (1.0, shade(BRASS, 0.2)))),
    )
    knob(ink, 11, -168, 10, BRASS)


def pen(ink: Ink, look: Look) -> None:
    stylus(ink.inner(-110, 10, 1.0, 24), look, look.body)
    stylus(ink.inner(110, 30, 1.0, 24), look, look.other(0))


def ticket(ink: Ink, look: Look) -> None:
    """A coupon with bitten sides and a cut line; the percent sign is drawn."""
    shape = [
        *smooth([(-220, -120), (220, -120)]),
        *ellipse(220, 0, 34, 34, 270, 90)[::-1][::-1],
        (220, 120),
        (-220, 120),
        *ellipse(-220, 0, 34, 34, 90, -90),
    ]
    card = ink.fill(shape, down(-120, 120, tint(look.body, 0.2), shade(look.body, 0.1)))
    for i in range(9):
        y = -104 + i * 26
        ink.line([(96, y), (96, y + 10)], 5, CREAM, clip=card, alpha=0.9)
    for x, y in ((-130, -36), (-30, 38)):
        ink.line(ellipse(x, y, 28, 28), 15, CREAM)
    ink.line([(-30, -66), (-130, 68)], 16, CREAM)
    for y in (-30, 2, 34):
        ink.line([(130, y), (186, y)], 9, CREAM, alpha=0.85)


def bubble(ink: Ink, look: Look) -> None:
    """A speech bubble with three dots."""
    shape = rounded(-190, -260, 190, -20, 90)
    stops = ((0.0, tint(look.body, 0.3)), (0.6, look.body), (1.0, shade(look.body, 0.18)))
    light = Linear((-100, -260), (80, 0), stops)
    ink.fill([(-120, -80), (-30, -24), (-150, 40)], light)
    cloud = ink.fill(shape, light)
    ink.glow((-70, -220), 130, 50, WHITE, 0.45, clip=cloud)
    for x in (-84, 0, 84):
        ink.fill(ellipse(x, -140, 25, 25), CREAM)


def lens(ink: Ink, look: Look) -> None:
    """A magnifying glass; it leans on its handle."""
    ink.line([(96, -180), (214, -40)], 52, shade(look.body, 0.35))
    ink.line([(90, -186), (206, -48)], 30, tint(look.body, 0.1))
    ink.line([(70, -212), (112, -160)], 30, BRASS)
    glass = ink.fill(
        ellipse(-60, -350, 190, 190),
        Radial((-110, -410), 300, 300, ((0.0, WHITE), (1.0, tint(look.accent, 0.5)))),
        alpha=0.55,
    )
    ink.glow((-120, -430), 110, 70, WHITE, 0.9, clip=glass)
    ring = ellipse(-60, -350, 190, 190)
    ink.line(ring, 38, shade(look.body, 0.3))
    ink.line([(x - 4, y - 5) for x, y in ring], 24, look.body)
    ink.line(ellipse(-66, -358, 188, 188, 190, 290), 7, tint(look.body, 0.7))


def sliders(ink: Ink, look: Look) -> None:
    """A board with three sliders."""
    board = ink.fill(rounded(-230, -360, 230, 0, 36), down(-360, 0, CREAM, shade(CREAM, 0.1)))
    ink.glow((0, 30), 320, 120, deep(look.body), 0.2, clip=board)
    for y, part, color in (
        (-280, 0.3, look.body),
        (-180, 0.72, look.accent),
        (-80, 0.48, look.other(0)),
    ):
        x = -170 + 340 * part
        ink.line([(-170, y), (170, y)], 18, shade(CREAM, 0.16))
        ink.line([(-170, y), (x, y)], 18, color)
        ink.glow((x + 5, y + 9), 56, 52, deep(color), 0.6)
        knob(ink, x, y, 36, mix(color, WHITE, 0.2))


def heart(ink: Ink, look: Look) -> None:
    half = [
        *bezier((0, -220), (20, -310), (190, -310), (190, -180), 20),
        *bezier((190, -180), (190, -90), (60, -40), (0, 10), 20),
    ]
    shape = [*half, *((-x, y) for x, y in reversed(half))]
    stops = ((0.0, tint(look.body, 0.5)), (0.5, look.body), (1.0, shade(look.body, 0.3)))
    red = ink.fill(shape, Radial((-80, -220), 330, 330, stops))
    ink.glow((-96, -226), 56, 36, WHITE, 0.7, clip=red)
