"""Teaware: pots, gaiwans, cups, glass, trays."""

from storage.demo.drawing.canvas import Ink, Linear
from storage.demo.drawing.colors import WHITE, WOOD, Color, deep, mix, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import bezier, ellipse, ribbon, rounded, smooth, turned
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import TILT, Look, across, body, down, knob, mouth, pool, tube

TEA: Color = (186, 110, 44)


def teapot(ink: Ink, look: Look) -> None:
    _spout(ink, look.body)
    loop = bezier((-170, -250), (-350, -330), (-350, -40), (-160, -70), 40)
    tube(ink, loop, 38, look.body)
    profile = [(112, -312), (176, -262), (212, -170), (190, -70), (128, -8), (112, 0)]
    pot = body(ink, profile, look.body, gloss=0.34)
    decorate(ink, look.pattern, Field(-200, -250, 200, -20), look.accent, pot)
    ink.fill(ellipse(0, -306, 122, 122 * TILT), shade(look.body, 0.4))
    lid = body(ink, [(26, -372), (84, -350), (118, -314)], look.body, gloss=0.36)
    ink.glow((-50, -345), 60, 30, WHITE, 0.35, clip=lid)
    ink.fill(turned([(16, -392), (20, -370)], TILT), across(20, look.body))
    knob(ink, 0, -402, 32, look.body if look.pattern != "plain" else look.accent)


def _spout(ink: Ink, color: Color) -> None:
    path = bezier((140, -110), (270, -120), (235, -250), (318, -306), 30)
    shape = ribbon(path, 108, 42)
    stops = ((0.0, tint(color, 0.28)), (0.45, color), (1.0, shade(color, 0.35)))
    ink.fill(shape, Linear((180, -220), (260, -110), stops))
    ink.inner(316, -306, 1, 38).fill(ellipse(0, 0, 23, 11), deep(color))


def gaiwan(ink: Ink, look: Look) -> None:
    saucer = ink.fill(
        turned(smooth([(236, -62), (170, -22), (96, 0)]), TILT), across(236, look.body)
    )
    ink.fill(ellipse(0, -62, 236, 236 * TILT), across(236, tint(look.body, 0.25), 0.4))
    ink.fill(ellipse(0, -58, 214, 214 * TILT), across(214, shade(look.body, 0.08), 0.2))
    ink.glow((20, -50), 170, 34, deep(look.body), 0.7, clip=saucer)
    profile = [(208, -318), (190, -220), (144, -110), (96, -58), (86, -46)]
    bowl = body(ink, profile, look.body, gloss=0.4)
    decorate(ink, look.pattern, Field(-200, -290, 200, -60), look.accent, bowl)
    mouth(ink, 208, -318, look.body, lip=0.04)
    lid = body(ink, [(52, -408), (130, -384), (186, -330), (188, -318)], look.body, gloss=0.4)
    decorate(ink, look.pattern, Field(-180, -405, 180, -300), look.accent, lid)
    ink.fill(turned([(50, -438), (40, -408)], TILT), across(50, look.body))
    mouth(ink, 50, -438, look.body, lip=0.16)


def small_cup(ink: Ink, look: Look, color: Color) -> None:
    profile = [(128, -170), (124, -110), (96, -34), (62, -8), (60, 0)]
    cup = body(ink, profile, color, gloss=0.38)
    decorate(ink, look.pattern, Field(-125, -150, 125, 0), look.accent, cup)
    mouth(ink, 128, -170, color, lip=0.06, liquid=TEA)


def cups(ink: Ink, look: Look) -> None:
    ink.glow((-100, -58), 150, 34, deep(look.body), 0.55)
    small_cup(ink.inner(-128, -66, 1.05), look, look.body)
    ink.glow((130, 14), 140, 30, deep(look.body), 0.5)
    small_cup(ink.inner(120, 8, 1.25), look, look.other(0))


def glass(
    ink: Ink, outline: list[tuple[float, float]], radius: float, shine: Color = WHITE
) -> None:
    """Clear glass: a faint body, bright and dark edges."""
    edge = Linear(
        (-radius, 0),
        (radius, 0),
        (
            (0.0, (150, 168, 172)),
            (0.1, (226, 236, 236)),
            (0.3, shine),
            (0.85, (222, 232, 232)),
            (1.0, (140, 156, 162)),
        ),
    )
    vessel = ink.fill(outline, edge, alpha=0.26)
    ink.line([*outline, outline[0]], 4, (120, 140, 146), clip=vessel, alpha=0.55)


def pitcher(ink: Ink, look: Look) -> None:
    tube(ink, bezier((-138, -270), (-300, -290), (-280, -60), (-130, -90), 36), 24, (206, 220, 220))
    path = smooth([(132, -372), (126, -300), (158, -160), (146, -46), (106, 0)])
    inside = ink.cut(turned(path, TILT))
    _tea_inside(ink, [(r * 0.93, y - 8) for r, y in path if y > -215], look.body)
    spout = [*bezier((104, -386), (150, -398), (176, -410), (190, -404)), (124, -318), (96, -352)]
    lip = ink.fill(spout, (232, 240, 238), alpha=0.75)
    ink.line(spout[:26], 4, (130, 150, 156), clip=lip, alpha=0.7)
    glass(ink, turned(path, TILT), 156)
    ink.line(ellipse(0, -372, 132, 132 * TILT), 7, (236, 244, 244))
    ink.line(ellipse(0, -372, 132, 132 * TILT), 2, (130, 150, 156), alpha=0.7)
    left = smooth([(-98, -330), (-96, -280), (-118, -170), (-108, -70)])
    ink.fill(ribbon(left, 16, 12), WHITE, clip=inside, alpha=0.75)
    right = smooth([(112, -150), (108, -90), (96, -50)])
    ink.fill(ribbon(right, 8, 6), WHITE, clip=inside, alpha=0.5)


def _tea_inside(ink: Ink, path: list[tuple[float, float]], color: Color) -> None:
    """Clear tea: deep at the sides, lit from behind near the bottom."""
    edge = shade(color, 0.22)
    stops = ((0.0, edge), (0.25, color), (0.55, tint(color, 0.14)), (1.0, edge))
    tea = ink.fill(turned(path, TILT), Linear((-146, 0), (146, 0), stops))
    ink.glow((20, -30), 130, 100, (255, 206, 120), 0.75, clip=tea)
    pool(ink, path[0][0], path[0][1], tint(color, 0.12), TILT, tea)


def tray(ink: Ink, look: Look) -> None:
    wood = look.body
    top = [(-250, -150), (250, -150), (330, -20), (-330, -20)]
    ink.fill(
        [(-330, -20), (330, -20), (324, 34), (-324, 34)],
        down(-20, 34, shade(wood, 0.12), shade(wood, 0.45)),
    )
    board = ink.fill(top, down(-150, -20, tint(wood, 0.28), wood))
    for i in range(1, 13):
        share = i / 13
        x0, x1 = -250 + 500 * share, -330 + 660 * share
        ink.line([(x0, -140), (x1, -32)], 5, deep(wood), clip=board, alpha=0.55)
    ink.line([(-330, -20), (330, -20)], 5, tint(wood, 0.5), alpha=0.8)
    for rail in (
        [(-250, -150), (-330, -20)],
        [(250, -150), (330, -20)],
        [(-250, -150), (250, -150)],
    ):
        ink.line(rail, 11, shade(wood, 0.12))
    china = Look(tint(look.accent, 0.05), look.accent, "plain", look.others)
    for x, y, scale in ((-60, -92, 0.78), (150, -70, 0.5), (222, -50, 0.5)):
        ink.glow((x + 16, y), 190 * scale, 34, deep(wood), 0.8, clip=board)
        if scale > 0.6:
            teapot(ink.inner(x, y, scale), china)
        else:
            small_cup(ink.inner(x, y, scale), china, look.other(0))


def travelset(ink: Ink, look: Look) -> None:
    """A zipped round case, the pot and two cups that nest in it."""
    felt = look.other(0)
    case = ink.inner(-110, -70)
    shell = case.fill(rounded(-170, -360, 170, 0, 90), across(170, felt, 0.12))
    case.glow((0, 20), 230, 160, deep(felt), 0.5, clip=shell)
    case.line([(-168, -190), (168, -190)], 16, shade(felt, 0.42), clip=shell)
    case.line([(-168, -190), (168, -190)], 4, mix(felt, WHITE, 0.5), clip=shell)
    tube(case, bezier((-60, -356), (-56, -440), (56, -440), (60, -356), 24), 22, WOOD)
    for x, y, half in ((130, -14, 190), (-50, 10, 90), (-226, -8, 90)):
        ink.glow((x, y), half, half * 0.24, deep(felt), 0.6)
    teapot(ink.inner(110, -20, 0.72), Look(look.body, look.accent, look.pattern))
    small_cup(ink.inner(-60, 6, 0.74), look, look.body)
    small_cup(ink.inner(-236, -14, 0.74), look, look.body)
