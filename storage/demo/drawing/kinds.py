"""Every kind of object by name, with its size, so that scenes can place any of them."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.demo.drawing import bags, home, outdoors, paper, tableware, tea, teaware, wear
from storage.demo.drawing.canvas import Ink
from storage.demo.drawing.colors import rgb
from storage.demo.drawing.light import Draw
from storage.demo.drawing.turned import Look
from storage.demo.goods import DemoProduct


@dataclass(frozen=True, slots=True)
class Kind:
    """`tall` and `half` (half the width) in the object's units; `aside` is its middle's x.

    A flat object lies around its origin, an upright one stands on it. `ranged` ones show a
    palette's other colours as objects of their own; the rest use them within one object.
    A close-up looks `aim` of the height below the top.
    """

    draw: Callable[[Ink, Look], None]
    tall: float
    half: float
    aside: float = 0
    flat: bool = False
    ranged: bool = True
    aim: float = 0


KINDS: dict[str, Kind] = {
    "tin": Kind(tea.tin, 460, 158, aim=0.12),
    "teacake": Kind(tea.teacake, 535, 258),
    "pouch": Kind(tea.pouch, 490, 196),
    "giftbox": Kind(tea.giftbox, 590, 345, 10, flat=True, ranged=False),
    "teapot": Kind(teaware.teapot, 435, 330),
    "gaiwan": Kind(teaware.gaiwan, 450, 238),
    "cups": Kind(teaware.cups, 270, 290, ranged=False),
    "pitcher": Kind(teaware.pitcher, 405, 225, -70),
    "tray": Kind(teaware.tray, 440, 335, ranged=False),
    "travelset": Kind(teaware.travelset, 510, 335, 0, ranged=False, aim=0.1),
    "lamp": Kind(home.lamp, 555, 236),
    "candle": Kind(home.candle, 420, 150, aim=0.2),
    "cushion": Kind(home.cushion, 480, 268),
    "blanket": Kind(home.blanket, 330, 300),
    "vase": Kind(home.vase, 680, 195, -10, ranged=False, aim=0.42),
    "planter": Kind(home.planter, 560, 220),
    "mug": Kind(tableware.mug, 380, 235, 65),
    "enamel": Kind(tableware.enamel, 370, 230, 58),
    "bowl": Kind(tableware.bowl, 330, 320, 15),
    "plate": Kind(tableware.plate, 600, 300, flat=True),
    "plates": Kind(tableware.plates, 680, 340, flat=True, ranged=False),
    "jug": Kind(tableware.jug, 480, 235, 55),
    "chopsticks": Kind(tableware.chopsticks, 730, 260, flat=True, ranged=False),
    "backpack": Kind(bags.backpack, 595, 245),
    "tote": Kind(bags.tote, 600, 214, aim=0.22),
    "sling": Kind(bags.sling, 590, 262, aim=0.36),
    "duffel": Kind(bags.duffel, 430, 328),
    "zips": Kind(bags.zips, 680, 345, -20, flat=True, ranged=False),
    "flask": Kind(outdoors.flask, 630, 120, aim=0.3),
    "umbrella": Kind(outdoors.umbrella, 690, 350, 20),
    "lantern": Kind(outdoors.lantern, 620, 160, aim=0.24),
    "cap": Kind(wear.cap, 350, 290, -74),
    "tee": Kind(wear.tee, 690, 332, flat=True),
    "socks": Kind(wear.socks, 780, 350, 40, flat=True, ranged=False),
    "beanie": Kind(wear.beanie, 505, 252, aim=0.14),
    "notebook": Kind(paper.notebook, 650, 230, flat=True),
    "pen": Kind(paper.pen, 700, 260, flat=True, ranged=False),
    "parcel": Kind(home.parcel, 300, 200),
    "books": Kind(home.books, 162, 215),
    "podium": Kind(home.podium, 140, 220),
    "ticket": Kind(paper.ticket, 240, 220, flat=True),
    "bubble": Kind(paper.bubble, 300, 190),
    "lens": Kind(paper.lens, 560, 250),
    "sliders": Kind(paper.sliders, 360, 230),
    "heart": Kind(paper.heart, 300, 190),
}


def kind_of(product: DemoProduct) -> Kind:
    return KINDS[product.drawing.partition(":")[0]]


def look_of(product: DemoProduct) -> Look:
    body, accent, _, *others = (rgb(code) for code in product.palette)
    return Look(body, accent, product.drawing.partition(":")[2], tuple(others))


def drawer(kind: Kind, look: Look, *, upright: bool = False) -> Draw:
    """Draws the kind in that look; `upright` sets a flat object on its edge."""

    def draw(ink: Ink) -> None:
        kind.draw(ink.inner(0, -kind.tall / 2) if upright and kind.flat else ink, look)

    return draw
