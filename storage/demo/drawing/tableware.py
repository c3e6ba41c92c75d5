"""For the table: mugs, bowls, plates, jugs, chopsticks."""

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import CREAM, STEEL, WOOD, Color, deep, mix, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import bezier, ellipse, ribbon, rounded, smooth, turned
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import TILT, Look, across, body, knob, mouth, tube

COFFEE: Color = (112, 70, 46)


def mug(ink: Ink, look: Look) -> None:
    tube(ink, bezier((150, -300), (330, -330), (320, -60), (140, -80), 40), 40, look.body)
    profile = [(166, -350), (166, -200), (160, -60), (140, -12), (120, 0)]
    cup = body(ink, profile, look.body, gloss=0.34)
    decorate(ink, look.pattern, Field(-166, -330, 166, 10), look.accent, cup)
    mouth(ink, 166, -350, look.body, lip=0.06, liquid=COFFEE)


def enamel(ink: Ink, look: Look) -> None:
    """A camp mug: straight, thin, with a coloured rim and a strap handle."""
    handle = smooth([(150, -290), (262, -296), (290, -230), (268, -130), (150, -78)])
    ink.line(handle, 30, shade(look.body, 0.3))
    ink.line([(x - 3, y - 4) for x, y in handle], 20, look.body)
    cup = body(ink, [(170, -340), (160, -24), (150, 0)], look.body, gloss=0.42, curved=False)
    decorate(ink, look.pattern, Field(-165, -300, 165, -10), look.accent, cup)
    mouth(ink, 170, -340, tint(look.body, 0.6), lip=0.03, liquid=COFFEE)
    ink.line(ellipse(0, -340, 170, 170 * TILT), 11, look.accent)
    ink.line(ellipse(0, -341, 170, 170 * TILT, 190, 260), 4, tint(look.accent, 0.6))


def bowl(ink: Ink, look: Look) -> None:
    foot = turned([(112, -40), (104, 0)], TILT)
    ink.fill(foot, across(112, shade(look.body, 0.12)))
    profile = [(268, -258), (256, -190), (204, -96), (128, -34), (108, -26)]
    vessel = body(ink, profile, look.body, gloss=0.34, tilt=0.22)
    decorate(ink, look.pattern, Field(-260, -240, 260, -20), look.accent, vessel)
    inside = mouth(ink, 268, -258, look.body, lip=0.05, tilt=0.22)
    ink.glow((60, -226), 200, 30, tint(look.body, 0.6), 0.6, clip=inside)
    for dy, turn in ((-304, -3.5), (-282, -6)):
        stick = ink.inner(10, dy, 1, turn)
        shape = ribbon([(-330, 0), (330, 0)], 9, 16)
        stick.fill(
            shape, Linear((0, -8), (0, 8), ((0.0, tint(WOOD, 0.3)), (1.0, shade(WOOD, 0.45))))
        )
        stick.fill(ribbon([(236, 0), (330, 0)], 15, 16), look.accent)


def plate(ink: Ink, look: Look) -> None:
    _disc(ink, 0, 0, 300, look.body, look)


def _disc(ink: Ink, x: float, y: float, r: float, color: Color, look: Look) -> None:
    ring = ((0.0, tint(color, 0.45)), (0.5, color), (1.0, shade(color, 0.2)))
    rim = ink.fill(ellipse(x, y, r, r), Linear((x - r, y - r), (x + r, y + r), ring))
    well = ((0.0, shade(color, 0.17)), (0.45, color), (1.0, tint(color, 0.4)))
    inner = r * 0.72
    ink.fill(
        ellipse(x, y, inner, inner), Linear((x - inner, y - inner), (x + inner, y + inner), well)
    )
    flat = ((0.0, tint(color, 0.24)), (1.0, color))
    inner *= 0.95
    ink.fill(ellipse(x, y, inner, inner), Radial((x - r * 0.2, y - r * 0.2), r, r, flat))
    decorate(
        ink,
        look.pattern,
        Field(x - r * 0.78, y - r * 0.78, x + r * 0.78, y + r * 0.78),
        look.accent,
        rim,
    )
    ink.line(ellipse(x, y, r - 4, r - 4), 7, mix(look.accent, color, 0.25))
    ink.glow((x - r * 0.45, y - r * 0.5), r * 0.5, r * 0.34, CREAM, 0.5, clip=rim)


def plates(ink: Ink, look: Look) -> None:
    spots = ((-150, -150), (152, -128), (-136, 150), (166, 168))
    for i, (x, y) in enumerate(spots):
        ink.glow((x + 14, y + 20), 208, 208, (30, 22, 24), 0.5)
        _disc(ink, x, y, 176, (look.body, *look.others)[i % (1 + len(look.others))], look)


def jug(ink: Ink, look: Look) -> None:
    tube(ink, bezier((110, -390), (320, -400), (290, -110), (140, -130), 40), 38, look.body)
    profile = [(112, -450), (96, -380), (120, -290), (168, -170), (166, -80), (124, -8), (112, 0)]
    vessel = body(ink, profile, look.body, gloss=0.34)
    decorate(ink, look.pattern, Field(-168, -400, 168, 0), look.accent, vessel)
    mouth(ink, 112, -450, look.body, lip=0.09)
    _beak(ink, look.body)


def _beak(ink: Ink, color: Color) -> None:
    under = bezier((-182, -474), (-160, -430), (-122, -424), (-98, -376))
    beak = [(-50, -466), (-182, -474), *under, (-60, -430)]
    stops = ((0.0, tint(color, 0.3)), (0.6, color), (1.0, shade(color, 0.16)))
    ink.fill(beak, Linear((-170, -460), (-80, -400), stops))
    ink.fill([(-40, -464), (-164, -468), (-112, -446), (-50, -436)], shade(color, 0.36))
    for edge in (
        [(-50, -468), (-120, -475), (-180, -476)],
        [(-178, -474), (-116, -445), (-64, -432)],
    ):
        ink.line(smooth(edge), 8, tint(color, 0.4))


def chopsticks(ink: Ink, look: Look) -> None:
    colors = (look.body, *look.others)
    for i in range(3):
        color = colors[i % len(colors)]
        pair = ink.inner(-190 + i * 190, 0, 1, 3)
        _rest(pair.inner(0, 250), tint(look.accent, 0.5))
        for dx, turn in ((-22, 1.2), (22, -1.2)):
            stick = pair.inner(dx, 0, 1, turn)
            stick.glow((12, 30), 34, 380, (30, 20, 20), 0.45)
            light = Linear(
                (-14, 0),
                (14, 0),
                ((0.0, tint(color, 0.35)), (0.5, color), (1.0, shade(color, 0.4))),
            )
            stick.fill(ribbon([(0, -360), (0, 360)], 26, 12), light)
            stick.fill(ribbon([(0, -360), (0, -300)], 27, 26), look.accent)
            stick.line([(-12, -286), (12, -286)], 4, look.accent)


def _rest(ink: Ink, color: Color) -> None:
    ink.glow((8, 14), 84, 40, (30, 20, 20), 0.6)
    shape = rounded(-62, -20, 62, 20, 20)
    ink.fill(
        shape,
        Linear(
            (0, -20), (0, 20), ((0.0, tint(color, 0.6)), (0.5, color), (1.0, shade(color, 0.3)))
        ),
    )
    knob(ink, -44, -2, 9, STEEL)
    knob(ink, 44, -2, 9, STEEL)
    ink.glow((0, 0), 30, 16, deep(color), 0.3)
