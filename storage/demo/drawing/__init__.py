"""Pictures of the demo shop, drawn by the program: the same bytes every time."""

from storage.demo.drawing.banners import SCENES, SPECIAL, banner
from storage.demo.drawing.light import finish
from storage.demo.drawing.views import photo
from storage.demo.goods import DemoProduct

BANNERS: tuple[str, ...] = (*SPECIAL, *SCENES)


def draw_product(product: DemoProduct, index: int) -> bytes:
    """A 1024 by 1024 JPEG; IndexError outside 0 to `product.photos` - 1."""
    if not 0 <= index < product.photos:
        raise IndexError(index)
    return finish(photo(product, index))


def draw_banner(key: str) -> bytes:
    """A 1280 by 720 JPEG; KeyError for a key not in BANNERS."""
    return finish(banner(key))


__all__ = ["BANNERS", "draw_banner", "draw_product"]
