"""A product's photos: alone in a studio, with its other colours or at home, and close up."""

from dataclasses import replace
from zlib import crc32

from PIL import Image, ImageFilter

from storage.demo.drawing.canvas import Ink, Linear, Pose
from storage.demo.drawing.colors import LEAF, WOOD, Color, deep, mix, rgb, shade, tint
from storage.demo.drawing.kinds import KINDS, Kind, drawer, kind_of, look_of
from storage.demo.drawing.light import Draw, lie, stand
from storage.demo.drawing.motifs import sprig
from storage.demo.drawing.scenes import linen, studio, table
from storage.demo.drawing.turned import Look
from storage.demo.goods import DemoProduct

SIZE = (1024, 1024)
BASE = 862.0
PLANT = ("planter", Look((214, 202, 182), (90, 110, 100)))
COMPANIONS: dict[str, tuple[tuple[str, Look], ...]] = {
    "nine-bends": (
        ("gaiwan", Look((226, 224, 212), (110, 140, 120))),
        ("teapot", Look((120, 84, 70), (60, 44, 40))),
        ("planter", Look((168, 140, 116), (220, 206, 186))),
        ("vase", Look((206, 214, 204), (120, 140, 130), others=((226, 196, 150),))),
    ),
    "slow-kiln": (
        ("books", Look((150, 92, 72), (86, 104, 110), others=((208, 190, 160),))),
        ("candle", Look((206, 178, 158), (130, 110, 96))),
        ("vase", Look((214, 204, 190), (150, 130, 110), others=((214, 150, 140),))),
        PLANT,
    ),
    "last-tram": (
        ("books", Look((70, 96, 104), (206, 150, 84), others=((222, 208, 182),))),
        ("enamel", Look((236, 230, 218), (70, 96, 104))),
        PLANT,
        ("lamp", Look((226, 212, 188), (120, 80, 56))),
    ),
}


def photo(product: DemoProduct, index: int) -> Image.Image:
    if index == 0:
        return _hero(product)
    kind, look = kind_of(product), look_of(product)
    if index == 1:
        ranged = kind.ranged and bool(look.others)
        return _lineup(product, kind, look) if ranged else _at_home(product, kind, look)
    return _close_up(product, kind, look)


def _seed(product: DemoProduct) -> int:
    return crc32(product.sku.encode())


def _back(product: DemoProduct) -> Color:
    return rgb(product.palette[2])


def fitting(kind: Kind, wide: float, tall: float, most: float = 1.5) -> float:
    return min(wide / (2 * kind.half), tall / kind.tall, most)


def _hero(product: DemoProduct) -> Image.Image:
    kind, look, back = kind_of(product), look_of(product), _back(product)
    draw = drawer(kind, look)
    if kind.flat:
        image = linen(SIZE, back, _seed(product))
        scale = fitting(kind, 760, 760)
        lie(image, Pose(512 - kind.aside * scale, 512, scale, -6), draw, deep(back))
    else:
        image = studio(SIZE, back, _seed(product))
        scale = fitting(kind, 720, 640)
        stand(image, Pose(512 - kind.aside * scale, BASE, scale), draw, deep(back))
    return image


def _lineup(product: DemoProduct, kind: Kind, look: Look) -> Image.Image:
    back = mix(_back(product), look.accent, 0.16)
    looks = [*(_recolored(look, color) for color in look.others[:2]), look]
    if kind.flat:
        return _fan(product, kind, looks, back)
    image = studio(SIZE, back, _seed(product) // 7)
    if len(looks) == 3:
        scale = fitting(kind, 450, 470, 1.25)
        places: tuple[tuple[float, float, float], ...] = (
            (242.0, 790.0, 0.9),
            (784.0, 800.0, 0.92),
            (512.0, 902.0, 1.08),
        )
    else:
        scale = fitting(kind, 540, 530, 1.3)
        places = ((330.0, 800.0, 0.94), (680.0, 880.0, 1.06))
    for (x, y, part), one in zip(places, looks, strict=True):
        size = scale * part
        stand(image, Pose(x - kind.aside * size, y, size), drawer(kind, one), deep(back), 0.34)
    return image


def _recolored(look: Look, color: Color) -> Look:
    """Dipped ware changes its glaze, everything else its body."""
    return replace(look, accent=color) if look.pattern == "dip" else replace(look, body=color)


def _fan(product: DemoProduct, kind: Kind, looks: list[Look], back: Color) -> Image.Image:
    image = linen(SIZE, back, _seed(product) // 7)
    scale = fitting(kind, 560, 600)
    spread = 470.0 / len(looks)
    for i, look in enumerate(looks):
        step = i - (len(looks) - 1) / 2
        pose = Pose(512 + step * spread, 512 + step * spread * 0.45, scale, -12 + i * 9)
        lie(image, pose, drawer(kind, look), deep(back))
    return image


def _at_home(product: DemoProduct, kind: Kind, look: Look) -> Image.Image:
    """On a wooden table, the room behind it out of focus."""
    if kind.flat:
        return _on_table(kind, look, _seed(product), 1.0)
    wall = shade(mix(_back(product), look.accent, 0.22), 0.06)
    image = studio(SIZE, wall, 1 + 2 * (_seed(product) % 2), 0.64)
    left, right = _companions(product)
    for (name, one), x, y, high in ((right, 856.0, 760.0, 520.0), (left, 150.0, 742.0, 250.0)):
        prop = KINDS[name]
        stand(image, Pose(x, y, fitting(prop, 420, high)), drawer(prop, one), deep(wall), 0.3)
    image = image.filter(ImageFilter.GaussianBlur(7))
    _tabletop(image, WOOD)
    scale = fitting(kind, 640, 560)
    pose = Pose(500 - kind.aside * scale, 890, scale)
    stand(image, pose, drawer(kind, look), deep(WOOD), 0.5)
    return image


def _companions(product: DemoProduct) -> tuple[tuple[str, Look], tuple[str, Look]]:
    """A low thing and a tall one, neither of the product's own kind."""
    seed, own = _seed(product), product.drawing.partition(":")[0]
    low, tall = (
        [prop for prop in props if prop[0] != own]
        for props in (COMPANIONS[product.brand][:2], COMPANIONS[product.brand][2:])
    )
    return low[seed // 5 % len(low)], tall[seed // 11 % len(tall)]


def _tabletop(image: Image.Image, wood: Color) -> None:
    ink = Ink(image, Pose(0, 0))
    wide, tall = image.size
    top = tall * 0.735
    board = ink.fill(
        [(0, top), (wide, top), (wide, tall), (0, tall)],
        Linear(
            (0, top), (0, tall), ((0.0, shade(wood, 0.08)), (0.3, tint(wood, 0.16)), (1.0, wood))
        ),
    )
    for i in range(1, 9):
        y = top + (tall - top) * (i / 9) ** 1.4
        path = [(0, y), (wide * 0.4, y + (i % 3 - 1) * 5), (wide, y - (i % 2) * 6)]
        ink.line(path, 1.5 + i * 0.25, shade(wood, 0.3), clip=board, alpha=0.16)
    ink.line([(0, top), (wide, top)], 3, tint(wood, 0.5), alpha=0.6)
    ink.glow((wide * 0.3, tall * 0.85), wide * 0.5, tall * 0.16, (255, 250, 240), 0.3, clip=board)


def _on_table(kind: Kind, look: Look, seed: int, zoom: float) -> Image.Image:
    wood = mix(WOOD, (120, 84, 60), (seed % 5) / 6)
    image = table(SIZE, wood, seed)
    for x, y, turn, size in ((930.0, 1010.0, -28.0, 420.0), (60.0, 40.0, 150.0, 380.0)):
        lie(image, Pose(x, y, 1.0, turn), _twig(size), deep(wood), 0.4)
    scale = fitting(kind, 690, 690) * zoom
    turn = 8 if zoom == 1 else -16
    x = 512 - kind.aside * scale + (120 if zoom > 1 else 0)
    lie(image, Pose(x, 512 + 150 * (zoom - 1), scale, turn), drawer(kind, look), deep(wood), 0.5)
    return image


def _twig(size: float) -> Draw:
    stem, leaves = sprig(0, 0, size)

    def draw(ink: Ink) -> None:
        ink.line(stem, 7, shade(LEAF, 0.35))
        for i, outline in enumerate(leaves):
            green = tint(LEAF, 0.04 + 0.09 * (i % 3))
            foot, tip = outline[0], outline[24]
            light = ((0.0, shade(green, 0.2)), (1.0, tint(green, 0.12)))
            blade = ink.fill(outline, Linear(foot, tip, light))
            ink.line([foot, tip], 2.5, tint(green, 0.45), clip=blade, alpha=0.7)

    return draw


def _close_up(product: DemoProduct, kind: Kind, look: Look) -> Image.Image:
    if kind.flat:
        return _on_table(kind, look, _seed(product), 1.55)
    back = mix(_back(product), look.accent, 0.36)
    image = studio(SIZE, back, 1 + 2 * (_seed(product) // 3 % 2), 0.86)
    scale = fitting(kind, 720, 640) * 1.55
    x = 512 + 90 - kind.aside * scale * 0.7
    y = max(220 + kind.tall * scale * (1 - kind.aim), 960)
    stand(image, Pose(x, y, scale), drawer(kind, look), deep(back), 0.36)
    return image
