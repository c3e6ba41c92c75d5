"""The wide pictures of the demo shop: home, categories, brands, orders, search and the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from storage.demo.drawing.canvas import Ink, Pose
from storage.demo.drawing.colors import WOOD, Color, mix, rgb, tint
from storage.demo.drawing.fields import Field
from storage.demo.drawing.patterns import decorate
from storage.demo.drawing.scenes import studio, table
from storage.demo.drawing.stage import WIDE, Thing, awning, setting, shelf
from storage.demo.drawing.turned import Look

ARCH, WINDOW, SUN, FRONDS, HILLS = range(5)


@dataclass(frozen=True, slots=True)
class Scene:
    back: str
    motif: int
    things: tuple[Thing, ...]


def _look(body: str, accent: str, *others: str) -> Look:
    return Look(rgb(body), rgb(accent), "plain", tuple(rgb(code) for code in others))


CARTON = _look("CFA67E", "C85A3A")
CARTON_BLUE = _look("C39C76", "3F6F86")
GREEN = _look("4A9A7A", "2E5A4A")
CORAL = _look("DC7A5A", "7A3A2A")
GOLD = _look("E2B048", "7A5A2A")
BLUE = _look("4F83A8", "2E4A6A")
RED = _look("DB5148", "7A2A2A")

SCENES: dict[str, Scene] = {
    "tea": Scene(
        "C6DCC4",
        HILLS,
        (
            Thing("NB-102", 270, 585, 270),
            Thing("NB-105", 1060, 585, 290),
            Thing("NB-103", 660, 590, 350),
            Thing("NB-101", 440, 648, 310),
            Thing("NB-104", 890, 648, 330),
        ),
    ),
    "teaware": Scene(
        "E9CDB4",
        WINDOW,
        (
            Thing("NB-204", 300, 590, 270),
            Thing("NB-206", 1010, 610, 320),
            Thing("NB-201", 580, 630, 290),
            Thing("NB-203", 330, 668, 140),
            Thing("NB-202", 800, 672, 190),
        ),
    ),
    "living": Scene(
        "D9C6B8",
        ARCH,
        (
            Thing("SK-101", 250, 590, 410),
            Thing("SK-105", 1070, 590, 450),
            Thing("SK-103", 800, 600, 320),
            Thing("SK-104", 520, 645, 210),
            Thing("SK-102", 955, 662, 200),
        ),
    ),
    "tableware": Scene(
        "BFD3D6",
        SUN,
        (
            Thing("SK-205", 240, 590, 350),
            Thing("SK-203", 690, 575, 360),
            Thing("SK-201", 460, 645, 240),
            Thing("SK-202", 850, 660, 210),
            Thing("LT-204", 1090, 620, 220),
        ),
    ),
    "bags": Scene(
        "E8C79C",
        WINDOW,
        (
            Thing("LT-101", 260, 610, 430),
            Thing("LT-103", 1090, 590, 330),
            Thing("LT-102", 520, 650, 380),
            Thing("LT-104", 830, 655, 270),
        ),
    ),
    "outdoors": Scene(
        "B4CBD8",
        HILLS,
        (
            Thing("LT-202", 320, 620, 460),
            Thing("LT-203", 830, 600, 390),
            Thing("LT-201", 610, 650, 380),
            Thing("LT-204", 1050, 655, 210),
        ),
    ),
    "wear": Scene(
        "DDBFA8",
        ARCH,
        (
            Thing("LT-302", 270, 320, 420, hung=True, turn=-4),
            Thing("LT-303", 1080, 290, 380, hung=True, turn=6),
            Thing("LT-304", 590, 630, 310),
            Thing("LT-301", 900, 655, 240),
        ),
    ),
    "nine-bends": Scene(
        "7FA58A",
        HILLS,
        (
            Thing("NB-101", 260, 600, 300),
            Thing("NB-103", 1040, 600, 330),
            Thing("NB-201", 590, 640, 330),
            Thing("NB-202", 860, 665, 220),
        ),
    ),
    "slow-kiln": Scene(
        "D99C7E",
        ARCH,
        (
            Thing("SK-205", 280, 600, 370),
            Thing("SK-105", 1030, 600, 470),
            Thing("SK-106", 650, 600, 380),
            Thing("SK-201", 470, 660, 210),
            Thing("SK-202", 850, 665, 190),
        ),
    ),
    "last-tram": Scene(
        "6C82A6",
        FRONDS,
        (
            Thing("LT-101", 270, 615, 440),
            Thing("LT-201", 1080, 610, 360),
            Thing("LT-102", 850, 645, 370),
            Thing("LT-301", 560, 660, 220),
        ),
    ),
    "orders": Scene(
        "EBD2B2",
        WINDOW,
        (
            Thing("parcel", 420, 600, 300, CARTON_BLUE),
            Thing("parcel", 850, 600, 250, CARTON),
            Thing("parcel", 840, 408, 160, CARTON_BLUE),
            Thing("parcel", 630, 665, 240, CARTON),
            Thing("LT-102", 1090, 650, 340),
            Thing("LT-304", 200, 660, 200),
        ),
    ),
    "saved": Scene(
        "F0CFC8",
        SUN,
        (
            Thing("SK-205", 300, 600, 320),
            Thing("LT-203", 1010, 600, 340),
            Thing("SK-201", 450, 660, 190),
            Thing("heart", 660, 320, 290, RED, hung=True),
            Thing("SK-102", 870, 660, 230),
        ),
    ),
    "deals": Scene(
        "F2D08C",
        SUN,
        (
            Thing("LT-202", 270, 630, 440),
            Thing("SK-101", 1060, 615, 400),
            Thing("ticket", 700, 250, 200, BLUE, hung=True, turn=9),
            Thing("ticket", 600, 400, 230, RED, hung=True, turn=-10),
            Thing("LT-304", 840, 665, 220),
        ),
    ),
    "groups": Scene(
        "BFD8CC",
        ARCH,
        (
            Thing("bubble", 330, 270, 210, CORAL, hung=True),
            Thing("bubble", 960, 240, 190, BLUE, hung=True),
            Thing("bubble", 640, 180, 230, GREEN, hung=True),
            Thing("SK-201", 360, 640, 220),
            Thing("LT-204", 930, 640, 220),
            Thing("NB-201", 630, 660, 280),
        ),
    ),
    "settings": Scene(
        "C5D3DE",
        WINDOW,
        (
            Thing("SK-106", 250, 600, 360),
            Thing("SK-101", 1050, 605, 400),
            Thing("sliders", 640, 630, 350, _look("C85A3A", "E0A860", "3F8A74")),
        ),
    ),
    "help": Scene(
        "CFE0D6",
        FRONDS,
        (
            Thing("bubble", 800, 240, 230, CORAL, hung=True),
            Thing("bubble", 470, 330, 280, GREEN, hung=True),
            Thing("NB-203", 300, 655, 170),
            Thing("NB-201", 880, 645, 290),
        ),
    ),
    "search": Scene(
        "D8D2E4",
        SUN,
        (
            Thing("NB-101", 210, 590, 240),
            Thing("SK-105", 390, 600, 330),
            Thing("LT-102", 860, 600, 310),
            Thing("LT-203", 1080, 610, 300),
            Thing("lens", 640, 660, 470, BLUE),
        ),
    ),
    "generic": Scene(
        "E4D6C2",
        HILLS,
        (
            Thing("SK-106", 1030, 620, 370),
            Thing("LT-102", 640, 610, 300),
            Thing("NB-201", 300, 630, 260),
            Thing("SK-102", 500, 668, 180),
        ),
    ),
}


def _home() -> Image.Image:
    back: Color = (240, 214, 188)
    image = studio(WIDE, back, FRONDS, 0.76)
    awning(image, (216, 106, 82), back)
    for left, right, y in ((84, 566, 350), (716, 1196, 350)):
        shelf(image, left, right, y, back)
    shelved = (
        Thing("NB-102", 136, 346, 128),
        Thing("NB-201", 272, 346, 128),
        Thing("NB-104", 408, 346, 140),
        Thing("NB-202", 512, 346, 104),
        Thing("SK-201", 778, 346, 104),
        Thing("SK-205", 904, 346, 148),
        Thing("SK-203", 1030, 346, 132),
        Thing("SK-102", 1136, 346, 120),
    )
    setting(image, shelved, back, 0.22)
    floor = (
        Thing("SK-106", 1166, 610, 236),
        Thing("LT-202", 138, 640, 250),
        Thing("SK-103", 870, 628, 186),
        Thing("LT-101", 356, 646, 244),
        Thing("LT-203", 1020, 676, 190),
        Thing("LT-102", 548, 668, 214),
        Thing("LT-304", 700, 676, 128),
    )
    setting(image, floor, back)
    return image


def _desk() -> Image.Image:
    image = table(WIDE, mix(WOOD, (150, 110, 84), 0.3), 5)
    things = (
        Thing("LT-403", 610, 350, 470, hung=True, turn=9),
        Thing("LT-401", 320, 380, 490, hung=True, turn=-9),
        Thing("LT-402", 980, 370, 540, hung=True, turn=12),
    )
    setting(image, things, WOOD, 0.5)
    return image


def _scene(key: str) -> Image.Image:
    scene = SCENES[key]
    back = rgb(scene.back)
    image = studio(WIDE, back, scene.motif, 0.73)
    if key == "last-tram":
        _tram_on_wall(image, back)
    setting(image, scene.things, back)
    return image


def _tram_on_wall(image: Image.Image, back: Color) -> None:
    ink = Ink(image, Pose(0, 0))
    wall = ink.cut([(0, 0), (WIDE[0], 0), (WIDE[0], 520), (0, 520)])
    decorate(ink, "tram", Field(250, -90, 1030, 690), tint(back, 0.32), wall)


SPECIAL: dict[str, Callable[[], Image.Image]] = {"home": _home, "desk": _desk}


def banner(key: str) -> Image.Image:
    """KeyError for a key that has no banner."""
    special = SPECIAL.get(key)
    return special() if special else _scene(key)
