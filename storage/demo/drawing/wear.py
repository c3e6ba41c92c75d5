"""To wear: cap, t-shirt, socks, beanie."""

from random import Random

from storage.demo.drawing.canvas import Ink, Linear, Radial
from storage.demo.drawing.colors import BRASS, WHITE, Color, deep, shade, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.outlines import bezier, ellipse, moved, rounded, smooth
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.turned import Look, down


def _felt(x: float, y: float, r: float, color: Color) -> Radial:
    return Radial((x, y), r, r, ((0.0, tint(color, 0.3)), (0.5, color), (1.0, shade(color, 0.38))))


def cap(ink: Ink, look: Look) -> None:
    crown = [
        *bezier((-190, -96), (-210, -400), (170, -430), (216, -110), 40),
        *smooth([(216, -110), (120, -70), (0, -56), (-190, -96)]),
    ]
    dome = ink.fill(crown, _felt(-50, -300, 420, look.body))
    decorate(ink, look.pattern, Field(-200, -340, 210, -60), look.accent, dome)
    for pull in ((-150, -200), (70, -190)):
        seam = bezier(
            (10, -338), (10 + pull[0] * 0.6, -310), (pull[0] * 1.0, pull[1]), (pull[0] * 1.06, -60)
        )
        ink.line(seam, 4, deep(look.body), clip=dome, alpha=0.4)
    ink.glow((200, -90), 220, 200, deep(look.body), 0.45, clip=dome)
    badge = rounded(-104, -226, -16, -144, 14)
    patch = ink.fill(badge, tint(look.accent, 0.1))
    decorate(ink, "tram", Field(-104, -226, -16, -144), look.body, patch)
    brim = smooth(
        [
            (-196, -112),
            (-90, -76),
            (60, -66),
            (60, -40),
            (-60, 0),
            (-220, 8),
            (-340, -14),
            (-362, -46),
            (-300, -84),
        ],
        closed=True,
    )
    visor = ink.fill(
        brim,
        Linear(
            (0, -110),
            (0, 10),
            ((0.0, tint(look.accent, 0.18)), (0.5, look.accent), (1.0, shade(look.accent, 0.36))),
        ),
    )
    for part in (0.9, 0.78, 0.66):
        row = smooth(
            [(-330 * part - 10, -44), (-220 * part, -8 * part), (-60 * part, -16), (50, -46)]
        )
        ink.line(row, 3, deep(look.accent), clip=visor, alpha=0.35)
    ink.glow((-60, -90), 210, 50, deep(look.accent), 0.5, clip=visor)
    ink.fill(ellipse(8, -340, 22, 13), shade(look.accent, 0.08))
    ink.fill(rounded(176, -118, 214, -88, 6), BRASS)


def tee(ink: Ink, look: Look) -> None:
    right = [
        *bezier((70, -330), (110, -322), (170, -306), (206, -280), 10),
        *smooth([(206, -280), (300, -140), (332, -60)]),
        *smooth([(332, -60), (270, -22), (212, 2)]),
        *smooth([(212, 2), (192, -50), (180, -84)]),
        *smooth([(180, -84), (186, 120), (188, 330)]),
    ]
    neck = bezier((-70, -330), (-44, -262), (44, -262), (70, -330), 16)
    hem = smooth([(188, 330), (0, 344), (-188, 330)])
    cloth = ink.fill(
        [*right, *hem, *((-x, y) for x, y in reversed(right)), *neck],
        _felt(-60, -120, 620, look.body),
    )
    for x, y, turn, long in (
        (-150, 60, -6, 190), (152, 70, 8, 190), (-80, 230, 12, 150), (84, 210, -14, 160),
        (0, 170, 4, 130), (-120, -150, 30, 110), (124, -150, -30, 110),
    ):  # fmt: skip
        crease = ink.inner(x, y, 1, turn)
        crease.glow((0, 0), 26, long, deep(look.body), 0.15, clip=cloth)
        crease.glow((26, 0), 22, long, WHITE, 0.26, clip=cloth)
    for side in (-1, 1):
        ink.line(
            smooth([(side * 202, -276), (side * 184, -180), (side * 180, -84)]),
            4,
            deep(look.body),
            clip=cloth,
            alpha=0.35,
        )
        ink.line([(side * 318, -80), (side * 200, -22)], 3, deep(look.body), clip=cloth, alpha=0.3)
    back = bezier((-66, -332), (-40, -306), (40, -306), (66, -332), 16)
    ink.fill([*back, *reversed(neck)], shade(look.body, 0.45))
    ink.line(neck, 17, shade(look.body, 0.1))
    ink.line([(x, y - 3) for x, y in neck], 4, tint(look.body, 0.25), alpha=0.7)
    decorate(ink, look.pattern, Field(-118, -190, 118, 46), look.accent, cloth)
    ink.line(smooth([(-186, 308), (0, 322), (186, 308)]), 3, deep(look.body), clip=cloth, alpha=0.3)


def socks(ink: Ink, look: Look) -> None:
    _sock(ink.inner(-120, 20, 1.06, -7), look, look.other(0))
    _sock(ink.inner(80, -10, 1.06, 5), look, look.body)


def _sock(ink: Ink, look: Look, color: Color) -> None:
    ink.glow((60, 20), 230, 420, (28, 20, 24), 0.35)
    shape = smooth(
        [
            (-84, -330),
            (84, -330),
            (88, -120),
            (92, 60),
            (128, 150),
            (250, 226),
            (276, 290),
            (220, 336),
            (90, 330),
            (-40, 250),
            (-98, 150),
            (-90, -60),
        ],
        closed=True,
    )
    wool = ink.fill(shape, _felt(-30, -60, 520, color))
    decorate(ink, look.pattern, Field(-100, -230, 130, 130), look.accent, wool)
    ink.fill(ellipse(-84, 206, 96, 84), look.accent, clip=wool)
    ink.fill(moved(ellipse(0, 0, 96, 90), 248, 290, 0), look.accent, clip=wool)
    cuff = ink.fill([(-110, -360), (110, -360), (110, -246), (-110, -246)], look.accent, clip=wool)
    for i in range(-8, 9):
        ink.line(
            [(i * 11.0, -340), (i * 11.0 + 1, -246)], 3, deep(look.accent), clip=cuff, alpha=0.3
        )
    ink.glow((110, -60), 90, 380, deep(color), 0.4, clip=wool)
    ink.glow((-60, -120), 60, 280, WHITE, 0.18, clip=wool)


def beanie(ink: Ink, look: Look) -> None:
    _pompon(ink, 0, -420, 84, look.accent)
    crown = bezier((-226, -110), (-230, -480), (230, -480), (226, -110), 40)
    dome = ink.fill(crown, _felt(-70, -280, 430, look.body))
    for i in range(-9, 10):
        x = i * 24.0
        rib = bezier((x, -100), (x * 1.06, -240), (x * 0.7, -350), (x * 0.2, -384), 14)
        ink.line(rib, 5, deep(look.body), clip=dome, alpha=0.22)
        ink.line([(px + 7, py) for px, py in rib], 3, WHITE, clip=dome, alpha=0.16)
    decorate(ink, look.pattern, Field(-226, -330, 226, -120), look.accent, dome)
    edge = smooth(
        [
            (-244, -128),
            (0, -112),
            (244, -128),
            (252, -60),
            (240, 0),
            (0, 16),
            (-240, 0),
            (-252, -60),
        ],
        closed=True,
    )
    band = ink.fill(
        edge,
        Linear(
            (-250, 0),
            (250, 0),
            (
                (0.0, shade(look.body, 0.2)),
                (0.25, tint(look.body, 0.2)),
                (0.6, look.body),
                (1.0, shade(look.body, 0.38)),
            ),
        ),
    )
    for i in range(-14, 15):
        x = i * 17.5
        ink.line([(x, -130), (x * 1.01, 16)], 6, deep(look.body), clip=band, alpha=0.28)
        ink.line([(x + 7, -130), (x * 1.01 + 7, 16)], 3, WHITE, clip=band, alpha=0.18)
    ink.glow((0, 30), 300, 60, deep(look.body), 0.5, clip=band)
    ink.fill(
        rounded(96, -92, 168, -28, 6),
        down(-92, -28, tint(look.accent, 0.2), shade(look.accent, 0.12)),
    )
    ink.line([(112, -68), (152, -68)], 5, look.body)
    ink.line([(112, -52), (138, -52)], 5, look.body)


def _pompon(ink: Ink, x: float, y: float, r: float, color: Color) -> None:
    dice = Random(3)
    for _ in range(70):
        (tip,) = moved([(r * dice.uniform(0.86, 1.02), 0)], x, y, dice.uniform(0, 360))
        ink.line([(x, y), tip], 12, shade(color, dice.uniform(0, 0.14)))
    ball = ink.fill(
        ellipse(x, y, r * 0.82, r * 0.82), _felt(x - r * 0.35, y - r * 0.4, r * 1.8, color)
    )
    for i in range(120):
        start = dice.uniform(0.0, 0.78)
        turn = dice.uniform(0, 360)
        strand = moved([(r * start, 0), (r * (start + 0.2), 0)], x, y, turn)
        ink.line(strand, 5, WHITE if i % 2 else deep(color), clip=ball, alpha=0.4 if i % 2 else 0.1)
