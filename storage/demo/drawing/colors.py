"""Colours as RGB triples, and how they get lighter, darker, rounder."""

Color = tuple[int, int, int]
Stops = tuple[tuple[float, Color], ...]

WHITE: Color = (255, 255, 255)
CREAM: Color = (253, 247, 236)
NIGHT: Color = (34, 26, 38)
WOOD: Color = (196, 150, 104)
LEAF: Color = (92, 128, 88)
BRASS: Color = (198, 156, 84)
STEEL: Color = (176, 182, 188)


def rgb(code: str) -> Color:
    value = int(code.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def mix(one: Color, other: Color, share: float) -> Color:
    """`share` of `other`, 0 to 1, the rest `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def tint(color: Color, share: float) -> Color:
    return mix(color, (255, 251, 244), share)


def shade(color: Color, share: float) -> Color:
    """Darker by multiplying, which keeps the hue fuller than mixing with black does."""
    keep = 1 - share
    red, green, blue = color
    return round(red * keep), round(green * (keep - share * 0.04)), round(blue * keep)


def deep(color: Color) -> Color:
    """The colour's shadow, leaning to violet as shadows in warm light do."""
    return mix(shade(color, 0.55), NIGHT, 0.35)


def bright(color: Color) -> bool:
    red, green, blue = color
    return red * 0.3 + green * 0.59 + blue * 0.11 > 150


def rounded_stops(color: Color, gloss: float = 0.3) -> Stops:
    """A cylinder lit from the left, across its width."""
    return (
        (0.0, shade(color, 0.26)),
        (0.1, shade(color, 0.09)),
        (0.3, tint(color, gloss)),
        (0.5, color),
        (0.82, shade(color, 0.22)),
        (0.95, shade(color, 0.36)),
        (1.0, shade(color, 0.3)),
    )
