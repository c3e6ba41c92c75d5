"""Tea and what it comes in: tins, cakes, pouches, boxes."""

from math import cos, radians, sin

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import CREAM, WOOD, Color, deep, mix, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import ellipse, hoop, leaf, rounded, smooth
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import TILT, Look, across, body, down


def tin(ink: Ink, look: Look) -> None:
    r, top = 150, -430
    can = body(ink, [(r, top + 60), (r, 0)], look.body, curved=False, gloss=0.32)
    label = ink.fill(hoop(r, -300, -70, TILT), across(r, CREAM, 0.4), clip=can)
    decorate(ink, look.pattern, Field(-r, -285, r, -45), look.accent, label)
    for y in (-300, -70):
        ink.line(ellipse(0, y, r, r * TILT, 178, 2), 5, look.accent, clip=can)
    lid = body(ink, [(r + 6, top), (r + 6, top + 88)], look.body, curved=False, gloss=0.42)
    ink.line(ellipse(0, top + 88, r + 6, r * TILT, 180, 0), 4, deep(look.body), clip=lid, alpha=0.6)
    _lid_top(ink, r + 6, top, look.body)


def _lid_top(ink: Ink, r: float, y: float, color: Color) -> None:
    for part, lift, paint in (
        (1.0, 0, across(r, tint(color, 0.3), 0.3)),
        (0.84, 2, across(r, shade(color, 0.16), 0.1)),
        (0.8, 4, across(r, tint(color, 0.2), 0.3)),
    ):
        ink.fill(ellipse(0, y + lift, r * part, r * part * TILT), paint)


def teacake(ink: Ink, look: Look) -> None:
    _stand_feet(ink)
    x, y, r = 0.0, -285.0, 245.0
    paper = ((0.0, tint(look.body, 0.4)), (0.7, look.body), (1.0, shade(look.body, 0.22)))
    ink.fill(ellipse(x + 16, y - 2, r, r), shade(look.body, 0.42))
    disc = ink.fill(ellipse(x, y, r, r), Radial((x - 90, y - 100), r * 1.7, r * 1.7, paper))
    for i in range(36):
        a = radians(i * 10 + 4)
        line = [(x + cos(a) * r * part, y + sin(a) * r * part) for part in (0.66, 1.0)]
        ink.line(line, 5 if i % 2 else 3, deep(look.body), clip=disc, alpha=0.2)
    ink.glow((x + 150, y + 170), 260, 260, deep(look.body), 0.5, clip=disc)
    ink.line(ellipse(x, y, r * 0.7, r * 0.7), 5, look.accent, clip=disc)
    ink.line(ellipse(x, y, r * 0.66, r * 0.66), 2, look.accent, clip=disc)
    stamp = ink.cut(ellipse(x, y, r * 0.64, r * 0.64))
    side = r * 0.64
    decorate(ink, look.pattern, Field(x - side, y - side, x + side, y + side), look.accent, stamp)
    _seal(ink, x + r * 0.4, y + r * 0.52, 34)
    ink.fill(rounded(-150, -64, 150, -34, 12), down(-64, -34, tint(WOOD, 0.2), shade(WOOD, 0.3)))


def _stand_feet(ink: Ink) -> None:
    for x in (-104, 104):
        foot = [
            (x - 24, -40),
            (x + 24, -40),
            (x + 44 * (1 if x > 0 else -0.4), 8),
            (x - 44 * (1 if x < 0 else -0.4), 8),
        ]
        ink.fill(foot, down(-40, 8, shade(WOOD, 0.1), shade(WOOD, 0.42)))


def _seal(ink: Ink, x: float, y: float, half: float) -> None:
    """A red stamp: a square with two strokes left white."""
    bars = [
        [
            (x - half * 0.55, y + d),
            (x + half * 0.55, y + d),
            (x + half * 0.55, y + d + 7),
            (x - half * 0.55, y + d + 7),
        ]
        for d in (-half * 0.5, half * 0.25)
    ]
    bars.append(
        [
            (x - 4, y - half * 0.5),
            (x + 4, y - half * 0.5),
            (x + 4, y + half * 0.6),
            (x - 4, y + half * 0.6),
        ]
    )
    ink.fill(rounded(x - half + 2, y - half + 2, x + half - 2, y + half - 2, 7), CREAM)
    ink.lay(ink.cut(rounded(x - half, y - half, x + half, y + half, 7), holes=bars), (186, 58, 46))


def pouch(ink: Ink, look: Look) -> None:
    right = smooth([(168, -470), (176, -430), (184, -300), (196, -150), (190, -40), (170, 4)])
    bag = ink.fill(
        [
            *right,
            *smooth([(170, 4), (90, 20), (0, 24), (-90, 20), (-170, 4)]),
            *((-x, y) for x, y in reversed(right)),
        ],
        Linear(
            (-196, 0),
            (196, 0),
            (
                (0.0, shade(look.body, 0.2)),
                (0.2, tint(look.body, 0.18)),
                (0.5, look.body),
                (0.8, shade(look.body, 0.1)),
                (1.0, shade(look.body, 0.3)),
            ),
        ),
    )
    ink.glow((0, 40), 260, 150, deep(look.body), 0.45, clip=bag)
    ink.glow((-70, -260), 60, 250, tint(look.body, 0.8), 0.35, clip=bag)
    for x, lean in ((-150, 26), (150, -26)):
        ink.line(
            smooth([(x, -400), (x + lean, -200), (x + lean * 0.4, 0)]),
            4,
            deep(look.body),
            clip=bag,
            alpha=0.22,
        )
    fold = ink.fill(
        [(-176, -470), (176, -470), (180, -396), (-180, -396)],
        down(-470, -396, tint(look.body, 0.22), shade(look.body, 0.12)),
    )
    ink.line([(-180, -396), (180, -396)], 4, deep(look.body), clip=fold, alpha=0.5)
    ink.line([(-172, -452), (172, -452)], 3, deep(look.body), clip=fold, alpha=0.25)
    ink.fill(rounded(-26, -440, 26, -420, 10), shade(look.accent, 0.1))
    label = ink.fill(
        rounded(-118, -338, 118, -62, 14), down(-338, -62, CREAM, shade(CREAM, 0.07)), clip=bag
    )
    decorate(ink, look.pattern, Field(-118, -338, 118, -90), look.accent, label)
    ink.line([(-60, -82), (60, -82)], 5, look.accent, alpha=0.8)
    _seal(ink, 84, -100, 20)


def giftbox(ink: Ink, look: Look) -> None:
    """An open box of six small tins from above, its lid half under it."""
    lid = ink.fill(
        rounded(-150, -330, 350, 10, 18),
        down(-330, 10, tint(look.body, 0.08), shade(look.body, 0.16)),
    )
    decorate(ink, look.pattern, Field(-150, -330, 350, 10), look.accent, lid)
    ink.glow((-60, 40), 420, 240, deep(look.body), 0.5, clip=lid)
    ink.fill(
        rounded(-330, -190, 270, 250, 16),
        down(-190, 250, tint(look.body, 0.12), shade(look.body, 0.2)),
    )
    well = ink.fill(rounded(-302, -162, 242, 222, 8), deep(look.body))
    ink.glow((40, 100), 460, 330, tint(look.body, 0.1), 0.5, clip=well)
    for i in range(6):
        x, y = -208 + 178 * (i % 3), -68 + 186 * (i // 3)
        ink.glow((x + 10, y + 14), 104, 104, (20, 14, 18), 0.9, clip=well)
        _small_lid(ink, x, y, 80, look.other(i))


def _small_lid(ink: Ink, x: float, y: float, r: float, color: Color) -> None:
    metal = Linear(
        (x - r, y - r),
        (x + r, y + r),
        ((0.0, tint(color, 0.5)), (0.45, color), (1.0, shade(color, 0.35))),
    )
    ink.fill(ellipse(x, y, r, r), metal)
    ink.fill(ellipse(x, y, r * 0.84, r * 0.84), shade(color, 0.22))
    flip = Linear(
        (x - r, y - r),
        (x + r, y + r),
        ((0.0, shade(color, 0.12)), (0.5, tint(color, 0.16)), (1.0, tint(color, 0.3))),
    )
    ink.fill(ellipse(x, y, r * 0.8, r * 0.8), flip)
    shoots = [leaf(x, y + r * 0.42, r * 0.8, r * 0.34, angle) for angle in (-90, -38, -142)]
    ink.lay(ink.cut(*shoots), mix(CREAM, color, 0.15))
