"""Light on a whole picture: cast shadows, haze, grain, and the finished JPEG."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from storage.demo.drawing.canvas import Ink, Pose
from storage.demo.drawing.colors import Color
from storage.demo.drawing.outlines import Outline

Draw = Callable[[Ink], None]
COARSE = 4
LIMIT = 150_000
REACH, RISE = 0.62, 0.2


def silhouette(size: tuple[int, int], pose: Pose, draw: Draw) -> Image.Image:
    """The object's outline, white on black, at a quarter of the picture's size."""
    small = Image.new("L", (size[0] // COARSE, size[1] // COARSE))
    draw(Ink(small, pose.shrunk(COARSE)))
    return small


def stand(image: Image.Image, pose: Pose, draw: Draw, shadow: Color, strength: float = 0.4) -> None:
    """An upright object with its shadow on the floor, falling to the right and back."""
    shape = silhouette(image.size, pose, draw)
    base = pose.y / COARSE - 2 * pose.scale
    lean = REACH / RISE
    cast = shape.transform(
        shape.size,
        Image.Transform.AFFINE,
        (1, lean, -lean * base, 0, 1 / RISE, base * (1 - 1 / RISE)),
        Image.Resampling.BILINEAR,
    )
    _darken(image, cast.filter(ImageFilter.GaussianBlur(5 * pose.scale + 1)), shadow, strength)
    bottom = round(base) - round(14 * pose.scale)
    foot = shape.crop((0, min(bottom, shape.height), *shape.size)).getbbox()
    if foot is not None:
        middle, half = (foot[0] + foot[2]) * COARSE / 2, (foot[2] - foot[0]) * COARSE / 2
        floor = Ink(image, Pose(middle, pose.y))
        floor.glow((8, 8), half * 1.35, 46 * pose.scale, shadow, strength * 0.9)
        floor.glow((0, 8), half * 1.1, 26 * pose.scale, shadow, strength * 1.3)
    draw(Ink(image, pose))


def lie(image: Image.Image, pose: Pose, draw: Draw, shadow: Color, strength: float = 0.42) -> None:
    """An object lying on the surface, seen from above."""
    shape = silhouette(image.size, pose, draw)
    for reach, blur, share in ((9, 7, 0.75), (2.5, 2, 0.7)):
        drop = ImageChops.offset(shape, round(reach * 0.7), round(reach))
        _darken(image, drop.filter(ImageFilter.GaussianBlur(blur)), shadow, strength * share)
    draw(Ink(image, pose))


def haze(
    image: Image.Image, outlines: Sequence[Outline], blur: float, color: Color, alpha: float
) -> None:
    """Blurred shapes in picture pixels: window light, the shadow of a branch."""
    small = Image.new("L", (image.width // COARSE, image.height // COARSE))
    draw = ImageDraw.Draw(small)
    for outline in outlines:
        draw.polygon([(x / COARSE, y / COARSE) for x, y in outline], fill=255)
    _darken(image, small.filter(ImageFilter.GaussianBlur(blur / COARSE)), color, alpha)


def _darken(image: Image.Image, small: Image.Image, color: Color, alpha: float) -> None:
    faded = small.point([round(min(alpha, 1) * i) for i in range(256)])
    image.paste(color, (0, 0), faded.resize(image.size, Image.Resampling.BILINEAR))


@lru_cache(4)
def _grain(size: tuple[int, int]) -> Image.Image:
    noise = Random(7).randbytes(size[0] * size[1])
    return Image.frombytes("L", size, noise).point([i * 5 // 256 for i in range(256)])


def finish(image: Image.Image) -> bytes:
    """Grain against banding, then a JPEG of at most 150 KB."""
    grain = _grain(image.size)
    image = ImageChops.add(image, Image.merge("RGB", (grain,) * 3), offset=-2)
    for quality in (88, 82, 74, 64):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        if out.tell() <= LIMIT:
            break
    return out.getvalue()
