"""Sets a banner's stage: things on a floor, on a shelf, or hung on the wall."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PIL import Image

from storage.demo.catalog import PRODUCTS
from storage.demo.drawing.canvas import Ink, Linear, Pose
from storage.demo.drawing.colors import CREAM, WOOD, Color, deep, rgb, shade, tint
from storage.demo.drawing.kinds import KINDS, drawer, kind_of, look_of
from storage.demo.drawing.light import haze, lie, stand
from storage.demo.drawing.outlines import ellipse, smooth
from storage.demo.drawing.turned import Look

WIDE: tuple[int, int] = (1280, 720)
BY_SKU = {product.sku: product for product in PRODUCTS}


@dataclass(frozen=True, slots=True)
class Thing:
    """A product by SKU, or a kind with its look, `tall` pixels high, its foot at (x, y).

    A hung one has its middle at (x, y) and throws its shadow on what is behind it.
    """

    name: str
    x: float
    y: float
    tall: float
    look: Look | None = None
    hung: bool = False
    turn: float = 0
    body: str = ""


def setting(
    image: Image.Image, things: Iterable[Thing], back: Color, strength: float = 0.34
) -> None:
    for thing in things:
        _set(image, thing, deep(back), strength)


def _set(image: Image.Image, thing: Thing, shadow: Color, strength: float) -> None:
    if thing.look is None:
        product = BY_SKU[thing.name]
        kind, look = kind_of(product), look_of(product)
    else:
        kind, look = KINDS[thing.name], thing.look
    if thing.body:
        look = replace(look, body=rgb(thing.body))
    scale = thing.tall / kind.tall
    x = thing.x - kind.aside * scale
    if thing.hung:
        y = thing.y if kind.flat else thing.y + thing.tall / 2
        lie(image, Pose(x, y, scale, thing.turn), drawer(kind, look), shadow, strength)
    else:
        draw = drawer(kind, look, upright=True)
        stand(image, Pose(x, thing.y, scale), draw, shadow, strength)


def shelf(image: Image.Image, left: float, right: float, y: float, back: Color) -> None:
    haze(
        image,
        [[(left + 14, y), (right + 26, y), (right + 34, y + 60), (left + 22, y + 60)]],
        22,
        deep(back),
        0.36,
    )
    ink = Ink(image, Pose(0, 0))
    front = Linear(
        (0, y), (0, y + 24), ((0.0, tint(WOOD, 0.3)), (0.3, WOOD), (1.0, shade(WOOD, 0.32)))
    )
    ink.fill([(left, y - 8), (right, y - 8), (right + 8, y), (left - 8, y)], tint(WOOD, 0.42))
    ink.fill([(left - 8, y), (right + 8, y), (right + 8, y + 24), (left - 8, y + 24)], front)


def awning(image: Image.Image, color: Color, back: Color) -> None:
    """Scalloped stripes along the top edge, with a string of lamps below."""
    wide = image.width
    count, drop = 16, 84.0
    step = wide / count
    haze(image, [[(0, 0), (wide, 0), (wide, drop + 60), (0, drop + 60)]], 40, deep(back), 0.34)
    ink = Ink(image, Pose(0, 0))
    for i in range(count):
        x, paint = i * step, color if i % 2 else CREAM
        stops = ((0.0, shade(paint, 0.12)), (0.6, paint), (1.0, shade(paint, 0.1)))
        flap = [
            (x, 0),
            (x + step, 0),
            (x + step, drop),
            *ellipse(x + step / 2, drop, step / 2, 26, 0, 180),
            (x, drop),
        ]
        ink.fill(flap, Linear((0, 0), (0, drop + 26), stops))
    _lamps(ink, wide, drop + 34)


def _lamps(ink: Ink, wide: int, y: float) -> None:
    cord = smooth([(wide * i / 8, y + (34 if i % 2 else 0)) for i in range(9)])
    ink.line(cord, 2.5, (96, 78, 70), alpha=0.8)
    for x, low in cord[5::10]:
        ink.glow((x, low + 14), 58, 58, (255, 214, 130), 0.65)
        ink.fill(ellipse(x, low + 14, 8, 11), (255, 244, 206))
        ink.line([(x, low), (x, low + 5)], 7, (96, 78, 70))
