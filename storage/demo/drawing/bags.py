"""Bags: backpack, tote, sling, duffel, zipped pouches."""

from storage.demo.drawing.canvas import Ink, Linear, Stencil
from storage.demo.drawing.colors import BRASS, STEEL, WOOD, Color, deep, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import Outline, bezier, ellipse, rounded, smooth
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import Look, down, tube


def panel(ink: Ink, outline: Outline, color: Color, half: float, top: float, low: float) -> Stencil:
    """A cloth panel, lit from the left and dark below."""
    stops = (
        (0.0, shade(color, 0.16)),
        (0.18, tint(color, 0.14)),
        (0.5, color),
        (0.85, shade(color, 0.2)),
        (1.0, shade(color, 0.36)),
    )
    cloth = ink.fill(outline, Linear((-half, 0), (half, 0), stops))
    ink.glow((0, low + 30), half * 1.5, (low - top) * 0.5, deep(color), 0.4, clip=cloth)
    ink.glow(
        (-half * 0.35, top + (low - top) * 0.25),
        half * 0.7,
        (low - top) * 0.35,
        tint(color, 0.6),
        0.22,
        clip=cloth,
    )
    return cloth


def zipper(ink: Ink, x0: float, x1: float, y: float, color: Color, sag: float = 8) -> None:
    path = smooth([(x0, y), ((x0 + x1) / 2, y + sag), (x1, y)])
    ink.line(path, 13, shade(color, 0.5))
    ink.line(path, 4, STEEL)
    ink.fill(
        rounded(x1 - 34, y - 4, x1 - 20, y + 34, 6),
        down(y - 4, y + 34, tint(BRASS, 0.4), shade(BRASS, 0.2)),
    )


def stitch(ink: Ink, points: Outline, color: Color, clip: Stencil) -> None:
    for a, b in zip(points[::2], points[1::2], strict=False):
        ink.line([a, b], 3, color, clip=clip, alpha=0.6)


def backpack(ink: Ink, look: Look) -> None:
    for side in (-1, 1):
        strap = bezier(
            (side * 150, -430), (side * 262, -360), (side * 262, -120), (side * 176, -40)
        )
        ink.line(strap, 36, shade(look.body, 0.42))
    tube(ink, bezier((-52, -520), (-50, -610), (50, -610), (52, -520)), 18, shade(look.accent, 0.1))
    shape = smooth(
        [
            (-160, -470),
            (-186, -300),
            (-196, -120),
            (-176, -14),
            (0, 6),
            (176, -14),
            (196, -120),
            (186, -300),
            (160, -470),
            (0, -484),
        ],
        closed=True,
    )
    cloth = panel(ink, shape, look.body, 196, -480, 0)
    decorate(
        ink,
        look.pattern,
        Field(-190, -470, 190, 0),
        tint(look.body, 0.22) if look.pattern == "contour" else look.accent,
        cloth,
    )
    roll = rounded(-172, -556, 172, -452, 44)
    stops = ((0.0, tint(look.body, 0.3)), (0.4, look.body), (1.0, shade(look.body, 0.42)))
    rolled = ink.fill(roll, Linear((0, -556), (0, -452), stops))
    for y in (-524, -490):
        ink.line(
            smooth([(-150, y), (0, y + 6), (150, y)]), 3, deep(look.body), clip=rolled, alpha=0.4
        )
    ink.glow((0, -440), 190, 34, deep(look.body), 0.6, clip=cloth)
    _pocket(ink, look)
    for x in (-98, 98):
        ink.line([(x, -556), (x, -236)], 22, look.accent)
        ink.line([(x - 7, -556), (x - 7, -236)], 3, tint(look.accent, 0.5), alpha=0.7)
        ink.fill(
            rounded(x - 22, -404, x + 22, -356, 8),
            down(-404, -356, tint(BRASS, 0.45), shade(BRASS, 0.25)),
        )
        ink.fill(rounded(x - 11, -393, x + 11, -367, 4), shade(look.accent, 0.3))


def _pocket(ink: Ink, look: Look) -> None:
    shape = rounded(-138, -252, 138, -34, 40)
    ink.glow((10, -130), 190, 160, deep(look.body), 0.45)
    pocket = panel(ink, shape, tint(look.body, 0.07), 138, -252, -34)
    zipper(ink, -112, 112, -206, look.body)
    edge = rounded(-126, -240, 126, -46, 32)
    stitch(ink, edge, tint(look.body, 0.5), pocket)
    ink.fill(rounded(-34, -150, 34, -106, 8), look.accent)
    ink.line([(-16, -134), (16, -134)], 4, tint(look.accent, 0.7))
    ink.line([(-16, -121), (6, -121)], 4, tint(look.accent, 0.7))


def tote(ink: Ink, look: Look) -> None:
    back = bezier((-92, -400), (-84, -640), (84, -640), (92, -400), 36)
    ink.line(back, 26, shade(look.accent, 0.35))
    shape = [
        *smooth([(-206, -410), (0, -402), (206, -410)]),
        *smooth([(206, -410), (214, -200), (194, -8)]),
        *smooth([(194, -8), (0, 10), (-194, -8)]),
        *smooth([(-194, -8), (-214, -200), (-206, -410)]),
    ]
    cloth = panel(ink, shape, look.body, 212, -410, 0)
    decorate(ink, look.pattern, Field(-176, -330, 176, -30), look.accent, cloth)
    for x, lean in ((-150, 20), (160, -26), (40, 14)):
        ink.line(
            smooth([(x, -380), (x + lean, -220), (x + lean * 0.3, -30)]),
            5,
            deep(look.body),
            clip=cloth,
            alpha=0.12,
        )
    ink.line(
        smooth([(-206, -372), (0, -364), (206, -372)]), 3, deep(look.body), clip=cloth, alpha=0.35
    )
    front = bezier((-104, -340), (-110, -600), (110, -600), (104, -340), 36)
    ink.line(front, 28, shade(look.accent, 0.18))
    ink.line([(x - 3, y - 3) for x, y in front], 20, look.accent)
    for x in (-104, 104):
        ink.fill(rounded(x - 20, -358, x + 20, -306, 4), look.accent)
        ink.line([(x - 13, -350), (x + 13, -314)], 3, tint(look.accent, 0.6))
        ink.line([(x + 13, -350), (x - 13, -314)], 3, tint(look.accent, 0.6))


def sling(ink: Ink, look: Look) -> None:
    loop = bezier((-206, -190), (-330, -720), (330, -720), (206, -190), 50)
    ink.line(loop, 30, shade(look.accent, 0.3))
    ink.line([(x - 4, y - 3) for x, y in loop], 20, look.accent)
    ink.fill(
        rounded(-238, -420, -190, -356, 10), down(-420, -356, tint(STEEL, 0.4), shade(STEEL, 0.4))
    )
    shape = smooth(
        [
            (-236, -236),
            (-120, -296),
            (120, -296),
            (236, -236),
            (250, -120),
            (200, -12),
            (0, 6),
            (-200, -12),
            (-250, -120),
        ],
        closed=True,
    )
    cloth = panel(ink, shape, look.body, 246, -296, 4)
    decorate(ink, look.pattern, Field(-240, -290, 240, 4), look.accent, cloth)
    zipper(ink, -206, 206, -226, look.body, -14)
    flap = smooth(
        [(-180, -170), (0, -180), (180, -170), (172, -40), (0, -26), (-172, -40)], closed=True
    )
    pocket = panel(ink, flap, tint(look.body, 0.08), 180, -180, -30)
    stitch(
        ink, [(x * 0.94, -104 + (y + 104) * 0.86) for x, y in flap], tint(look.body, 0.5), pocket
    )
    zipper(ink, -130, 130, -138, look.body, 4)
    ink.fill(rounded(100, -84, 150, -54, 6), look.accent)


def duffel(ink: Ink, look: Look) -> None:
    tube(ink, bezier((-130, -270), (-120, -470), (120, -470), (130, -270), 36), 26, look.accent)
    shape = smooth(
        [
            (-300, -270),
            (-180, -306),
            (180, -306),
            (300, -270),
            (326, -150),
            (300, -20),
            (180, 4),
            (-180, 4),
            (-300, -20),
            (-326, -150),
        ],
        closed=True,
    )
    cloth = panel(ink, shape, look.body, 326, -306, 4)
    decorate(ink, look.pattern, Field(-320, -300, 320, 4), tint(look.body, 0.25), cloth)
    for side in (-1, 1):
        cap = smooth(
            [
                (side * 214, -310),
                (side * 300, -270),
                (side * 328, -150),
                (side * 300, -20),
                (side * 214, 6),
                (side * 226, -150),
            ],
            closed=True,
        )
        ink.fill(
            cap,
            Linear(
                (-326, 0),
                (326, 0),
                (
                    (0.0, shade(look.accent, 0.12)),
                    (0.2, tint(look.accent, 0.12)),
                    (0.8, shade(look.accent, 0.12)),
                    (1.0, shade(look.accent, 0.4)),
                ),
            ),
            clip=cloth,
        )
        ink.fill(ellipse(side * 272, -150, 24, 24), BRASS)
        ink.fill(ellipse(side * 272, -150, 13, 13), shade(look.accent, 0.4))
    for x in (-130, 130):
        ink.line([(x, -304), (x, 2)], 28, look.accent, clip=cloth)
        ink.line([(x - 9, -304), (x - 9, 2)], 3, tint(look.accent, 0.5), clip=cloth, alpha=0.7)
    zipper(ink, -206, 206, -262, look.body, -10)
    ink.glow((0, 40), 420, 130, deep(look.body), 0.4, clip=cloth)
    front = bezier((-130, -210), (-124, -330), (124, -330), (130, -210), 36)
    tube(ink, front, 24, look.accent)
    ink.fill(rounded(-44, -332, 44, -286, 16), tint(WOOD, 0.05))


def zips(ink: Ink, look: Look) -> None:
    """Three zipped pouches from large to small, overlapping."""
    colors = (look.body, look.other(0), look.other(1))
    for (x, y, scale, turn), color in zip(
        ((-70, -150, 1.2, -7), (90, 40, 1.0, 5), (-110, 210, 0.8, -4)), colors, strict=True
    ):
        pouch = ink.inner(x, y, scale, turn)
        pouch.glow((14, 24), 300, 200, (28, 20, 24), 0.5)
        cloth = panel(pouch, rounded(-240, -140, 240, 140, 26), color, 240, -140, 140)
        decorate(pouch, look.pattern, Field(-240, -90, 240, 140), tint(color, 0.35), cloth)
        pouch.fill(
            [(-240, -140), (240, -140), (240, -86), (-240, -86)], shade(color, 0.14), clip=cloth
        )
        zipper(pouch, -222, 222, -108, color, 0)
        pouch.line(bezier((206, -92), (250, -40), (236, 20), (262, 50), 12), 9, look.accent)
