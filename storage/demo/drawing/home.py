"""Things for a room: lamp, candle, cushion, blanket, vase, plant."""

from math import cos, radians, sin

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import BRASS, CREAM, LEAF, WOOD, Color, deep, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.motifs import flower
from storage.demo.drawing.outlines import bezier, ellipse, leaf, rounded, smooth, turned
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import TILT, Look, across, body, down, mouth

WARM: Color = (255, 226, 160)


def lamp(ink: Ink, look: Look) -> None:
    ink.glow((0, -380), 520, 430, WARM, 0.55)
    body(ink, [(28, -300), (26, -120), (40, -66), (128, -22), (134, 0)], look.accent, gloss=0.34)
    ink.glow((0, -250), 60, 90, WARM, 0.7)
    ink.fill(ellipse(0, -296, 232, 232 * TILT), WARM)
    ink.fill(ellipse(0, -300, 220, 220 * TILT), tint(WARM, 0.6))
    profile = [(30, -530), (120, -506), (196, -430), (232, -330), (236, -300)]
    shade_ = body(ink, profile, look.body, gloss=0.3)
    decorate(ink, look.pattern, Field(-230, -520, 230, -280), shade(look.body, 0.16), shade_)
    ink.glow((0, -270), 260, 170, tint(WARM, 0.3), 0.85, clip=shade_)
    ink.fill(ellipse(0, -538, 15, 12), BRASS)


def candle(ink: Ink, look: Look) -> None:
    profile = [(142, -280), (150, -200), (148, -80), (132, -14), (122, 0)]
    jar = body(ink, profile, look.body, gloss=0.3)
    decorate(ink, look.pattern, Field(-150, -265, 150, 0), look.accent, jar)
    inside = mouth(ink, 142, -280, look.body, lip=0.07)
    wax = Radial((0, -272), 150, 30, ((0.0, WARM), (0.5, tint(WARM, 0.5)), (1.0, CREAM)))
    ink.fill(ellipse(0, -270, 130, 130 * TILT), wax, clip=inside)
    ink.glow((0, -390), 330, 330, WARM, 0.6)
    ink.line([(0, -272), (3, -306)], 6, (60, 46, 40))
    flame = smooth(
        [(3, -420), (26, -350), (22, -312), (3, -296), (-17, -312), (-22, -346)], closed=True
    )
    stops = ((0.0, (255, 250, 224)), (0.5, (255, 206, 96)), (1.0, (244, 142, 50)))
    ink.fill(flame, Radial((3, -318), 60, 110, stops))


def cushion(ink: Ink, look: Look) -> None:
    half, top, low = 250.0, -470.0, 6.0
    edge = smooth(
        [
            (-half - 16, top - 8),
            (-half * 0.5, top + 24),
            (0, top + 30),
            (half * 0.5, top + 24),
            (half + 16, top - 8),
            (half - 14, top + 130),
            (half - 8, -230),
            (half - 10, -120),
            (half + 14, low),
            (half * 0.5, low - 16),
            (0, low - 12),
            (-half * 0.5, low - 16),
            (-half - 14, low),
            (-half + 10, -120),
            (-half + 8, -230),
            (-half + 14, top + 130),
        ],
        closed=True,
    )
    stops = ((0.0, tint(look.body, 0.3)), (0.55, look.body), (1.0, shade(look.body, 0.34)))
    cloth = ink.fill(edge, Radial((-70, -300), 460, 460, stops))
    decorate(ink, look.pattern, Field(-half, top + 30, half, low - 20), look.accent, cloth)
    ink.glow((0, 40), 400, 190, deep(look.body), 0.5, clip=cloth)
    ink.glow((240, -200), 130, 360, deep(look.body), 0.3, clip=cloth)
    for x, y, turn in ((-half, top, 42), (half, top, 138), (-half, low, -42), (half, low, -138)):
        for spread in (-16, 0, 16):
            a = radians(turn + spread)
            start = (x + cos(a) * 12, y + sin(a) * 12)
            end = (x + cos(a) * (92 - abs(spread)), y + sin(a) * (92 - abs(spread)))
            ink.line([start, end], 5, deep(look.body), clip=cloth, alpha=0.2)
    ink.line([*edge, edge[0]], 7, look.accent if look.pattern != "plain" else shade(look.body, 0.2))


def blanket(ink: Ink, look: Look) -> None:
    for i, y in enumerate((-10.0, -112.0, -214.0)):
        wide = 262 - i * 8
        _fold(ink, wide, y, look, i)


def _fold(ink: Ink, wide: float, low: float, look: Look, i: int) -> None:
    shape = [
        *ellipse(wide - 46, low - 52, 58, 54, -90, 90),
        *smooth([(wide - 46, low + 2), (0, low + 8), (-wide, low + 4)]),
        *smooth([(-wide, low + 4), (-wide - 8, low - 50), (-wide + 2, low - 100)]),
        *smooth([(-wide + 2, low - 100), (0, low - 112), (wide - 46, low - 106)]),
    ]
    color = look.body
    stops = ((0.0, tint(color, 0.24)), (0.45, color), (1.0, shade(color, 0.34)))
    fold = ink.fill(shape, Linear((0, low - 106), (0, low + 8), stops))
    if look.pattern == "checks":
        decorate(ink, "checks", Field(-wide, low - 100, wide, low), look.accent, fold)
    else:
        for x in (-0.62, -0.5, 0.36, 0.44, 0.52):
            bend = smooth([(wide * x, low - 116), (wide * x - 10, low - 50), (wide * x, low + 12)])
            ink.line(bend, 13, look.accent, clip=fold, alpha=0.9)
    ink.glow((0, low + 20), wide * 1.3, 46, deep(color), 0.55, clip=fold)
    ink.line(
        smooth([(-wide, low - 48), (0, low - 42), (wide - 60, low - 48)]),
        4,
        deep(color),
        clip=fold,
        alpha=0.45,
    )
    for k in range(9):
        y = low - 92 + k * 11
        ink.line(
            [(-wide + 2, y), (-wide - 34 - (k % 3) * 5, y + 5 + (k % 2) * 4)],
            6,
            tint(look.accent, 0.25),
        )


def vase(ink: Ink, look: Look) -> None:
    _branch(ink, look)
    profile = [(44, -330), (34, -290), (48, -240), (128, -170), (150, -100), (118, -20), (92, 0)]
    pot = body(ink, profile, look.body, gloss=0.32)
    decorate(ink, look.pattern, Field(-150, -240, 150, 0), look.accent, pot)
    mouth(ink, 44, -330, look.body, lip=0.14)
    ink.line([(2, -330), (8, -352)], 10, (110, 84, 62))


def _branch(ink: Ink, look: Look) -> None:
    bark = (110, 84, 62)
    main = bezier((0, -300), (20, -420), (-90, -520), (-30, -660), 30)
    side = bezier(main[14], (20, -520), (110, -540), (150, -620), 20)
    twig = bezier(main[19], (-110, -560), (-150, -560), (-190, -610), 16)
    for path, width in ((main, 10), (side, 7), (twig, 6)):
        ink.line(path, width, bark)
    spots = (main[22], main[28], main[30], side[8], side[14], side[20], twig[8], twig[16], main[10])
    for i, (x, y) in enumerate(spots):
        if look.pattern == "blossom" or i % 2:
            flower(ink, x, y, 34 - i % 3 * 7, tint(look.other(0), 0.1), None)
        else:
            ink.fill(leaf(x, y, 74, 32, -120 + i * 37), LEAF)


def planter(ink: Ink, look: Look) -> None:
    for turn, long, tone in (
        (-152, 250, 0.24),
        (-28, 250, 0.2),
        (-128, 330, 0.1),
        (-52, 320, 0.06),
        (-104, 390, 0.0),
        (-74, 380, -0.1),
        (-166, 190, -0.06),
        (-12, 190, -0.12),
    ):
        _big_leaf(ink, turn, long, tone)
    profile = [(158, -236), (150, -150), (126, -20), (112, 0)]
    pot = body(ink, profile, look.body, gloss=0.26)
    decorate(ink, look.pattern, Field(-158, -220, 158, 0), look.accent, pot)
    rim = body(ink, [(168, -250), (168, -206)], look.body, curved=False, gloss=0.3)
    ink.glow((0, -200), 170, 26, deep(look.body), 0.4, clip=rim)
    soil = mouth(ink, 168, -250, look.body, lip=0.07)
    ink.fill(ellipse(0, -244, 156, 156 * TILT), (84, 62, 50), clip=soil)
    for turn in (-120, -66):
        _big_leaf(ink, turn, 210, 0.2)


def _big_leaf(ink: Ink, turn: float, long: float, tone: float) -> None:
    green = tint(LEAF, tone) if tone >= 0 else shade(LEAF, -tone * 2)
    a = radians(turn)
    x, y = cos(a) * long * 0.3, -250 + sin(a) * long * 0.34
    ink.line(smooth([(0, -246), (x * 0.7, y + 14), (x, y)]), 8, shade(green, 0.2))
    shape = leaf(x, y, long * 0.72, long * 0.5, turn)
    end = (x + cos(a) * long * 0.72, y + sin(a) * long * 0.72)
    across_leaf = Linear(
        (x - sin(a) * long * 0.18, y + cos(a) * long * 0.18),
        (x + sin(a) * long * 0.18, y - cos(a) * long * 0.18),
        (
            (0.0, shade(green, 0.22)),
            (0.5, green),
            (0.51, tint(green, 0.2)),
            (1.0, tint(green, 0.06)),
        ),
    )
    blade = ink.fill(shape, across_leaf)
    ink.line([(x, y), end], 4, tint(green, 0.5), clip=blade, alpha=0.8)


def parcel(ink: Ink, look: Look) -> None:
    """A carton with tape and a ribbon of colour, for order scenes."""
    front = ink.fill(
        [(-190, -250), (110, -250), (110, 0), (-190, 0)],
        down(-250, 0, tint(look.body, 0.14), shade(look.body, 0.06)),
    )
    ink.fill(
        [(110, -250), (210, -300), (210, -50), (110, 0)],
        down(-300, 0, shade(look.body, 0.16), shade(look.body, 0.32)),
    )
    ink.fill([(-190, -250), (110, -250), (210, -300), (-90, -300)], tint(look.body, 0.36))
    ink.fill([(-70, -250), (-10, -250), (-10, 0), (-70, 0)], look.accent, clip=front, alpha=0.9)
    ink.fill(
        [(-70, -250), (-10, -250), (90, -300), (30, -300)], tint(look.accent, 0.25), alpha=0.95
    )
    label = rounded(14, -110, 88, -40, 8)
    ink.fill(label, CREAM)
    for y, wide in ((-94, 50), (-80, 36), (-66, 44)):
        ink.line([(26, y), (26 + wide, y)], 4, deep(look.body), alpha=0.6)


def books(ink: Ink, look: Look) -> None:
    """A pile of books to stand things on."""
    for i, (wide, color) in enumerate(((210, look.body), (190, look.accent), (200, look.other(0)))):
        y = -i * 54
        x = (i % 2) * 16 - 8
        ink.fill(
            rounded(x - wide, y - 52, x + wide, y, 8),
            down(y - 52, y, tint(color, 0.15), shade(color, 0.25)),
        )
        ink.fill(
            [
                (x - wide + 22, y - 42),
                (x + wide, y - 42),
                (x + wide, y - 8),
                (x - wide + 22, y - 8),
            ],
            CREAM,
        )
        for k in range(1, 4):
            ink.line(
                [(x - wide + 22, y - 42 + k * 9), (x + wide, y - 42 + k * 9)], 2, WOOD, alpha=0.5
            )


def podium(ink: Ink, look: Look) -> None:
    """A cylinder to stand things on."""
    can = ink.fill(turned([(220, -120), (220, 0)], TILT), across(220, look.body, 0.25))
    ink.glow((0, 30), 300, 80, deep(look.body), 0.4, clip=can)
    ink.fill(
        ellipse(0, -120, 220, 220 * TILT),
        Linear((-220, 0), (220, 0), ((0.0, tint(look.body, 0.5)), (1.0, tint(look.body, 0.15)))),
    )
