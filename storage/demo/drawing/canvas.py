"""Ink: anti-aliased shapes with gradients, painted in an object's own coordinates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, floor, hypot, radians, sin

from PIL import Image, ImageChops, ImageDraw

from storage.demo.drawing.colors import Color, Stops, mix
from storage.demo.drawing.outlines import Outline, Point

FINE = 3
RAMP = 512
STRIP = 4096


@dataclass(frozen=True, slots=True)
class Pose:
    """Where an object stands: its origin in pixels, its scale, its turn in degrees."""

    x: float
    y: float
    scale: float = 1.0
    turn: float = 0.0

    def place(self, points: Iterable[Point]) -> Outline:
        c, s = cos(radians(self.turn)) * self.scale, sin(radians(self.turn)) * self.scale
        return [(self.x + x * c - y * s, self.y + x * s + y * c) for x, y in points]

    def inner(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> "Pose":
        ((px, py),) = self.place([(x, y)])
        return Pose(px, py, self.scale * scale, self.turn + turn)

    def shrunk(self, by: int) -> "Pose":
        return Pose(self.x / by, self.y / by, self.scale / by, self.turn)


@dataclass(frozen=True, slots=True)
class Stencil:
    left: int
    top: int
    mask: Image.Image

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.left + self.mask.width, self.top + self.mask.height


NOTHING = Stencil(0, 0, Image.new("L", (1, 1)))


@dataclass(frozen=True, slots=True)
class Linear:
    start: Point
    end: Point
    stops: Stops

    def render(self, stencil: Stencil, pose: Pose) -> Image.Image:
        (x0, y0), (x1, y1) = pose.place((self.start, self.end))
        dx, dy = x1 - x0, y1 - y0
        long = (dx * dx + dy * dy) or 1.0
        a, b = dx / long * RAMP, dy / long * RAMP
        c = (stencil.left - x0) * a + (stencil.top - y0) * b + (STRIP - RAMP) / 2
        return _strip(self.stops).transform(
            stencil.mask.size, Image.Transform.AFFINE, (a, b, c, 0, 0, 0.5)
        )


@dataclass(frozen=True, slots=True)
class Radial:
    center: Point
    rx: float
    ry: float
    stops: Stops

    def render(self, stencil: Stencil, pose: Pose) -> Image.Image:
        distance = _distance(stencil, pose, self.center, self.rx, self.ry)
        return Image.merge("RGB", (distance,) * 3).point(_table(self.stops))


Paint = Color | Linear | Radial


@lru_cache(128)
def _strip(stops: Stops) -> Image.Image:
    edge = (STRIP - RAMP) // 2
    colors = [color_at(stops, i / (RAMP - 1)) for i in range(RAMP)]
    row = bytes(v for color in colors for v in color)
    image = Image.frombytes("RGB", (RAMP, 1), row)
    strip = Image.new("RGB", (STRIP, 1), colors[-1])
    strip.paste(colors[0], (0, 0, edge, 1))
    strip.paste(image, (edge, 0))
    return strip


@lru_cache(128)
def _table(stops: Stops) -> list[int]:
    colors = [color_at(stops, i / 255) for i in range(256)]
    return [color[channel] for channel in range(3) for color in colors]


def color_at(stops: Stops, t: float) -> Color:
    for (low, one), (high, other) in pairwise(stops):
        if t <= high:
            return mix(one, other, min(max((t - low) / ((high - low) or 1), 0), 1))
    return stops[-1][1]


@lru_cache(1)
def _cone() -> Image.Image:
    """The library's radial gradient, stretched so that the middle of each edge is 255."""
    cone = Image.radial_gradient("L")
    rim = cone.getpixel((255, 128))
    assert isinstance(rim, (int, float))
    return cone.point([min(255, round(i * 255 / rim)) for i in range(256)])


def _distance(stencil: Stencil, pose: Pose, center: Point, rx: float, ry: float) -> Image.Image:
    """255 at the rim of the ellipse and beyond, 0 at its middle."""
    (cx, cy), (ux, uy), (vx, vy) = pose.place(
        (center, (center[0] + rx, center[1]), (center[0], center[1] + ry))
    )
    ux, uy, vx, vy = ux - cx, uy - cy, vx - cx, vy - cy
    u, v = hypot(ux, uy) ** 2 or 1.0, hypot(vx, vy) ** 2 or 1.0
    a, b = ux / u * 127, uy / u * 127
    d, e = vx / v * 127, vy / v * 127
    dx, dy = stencil.left - cx, stencil.top - cy
    data = (a, b, a * dx + b * dy + 128, d, e, d * dx + e * dy + 128)
    return _cone().transform(
        stencil.mask.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR, fillcolor=255
    )


@lru_cache(64)
def _falloff(alpha: float) -> list[int]:
    return [round(255 * alpha * (1 - (i / 255) ** 2) ** 2) for i in range(256)]


@lru_cache(64)
def _faded(alpha: float) -> list[int]:
    return [round(i * alpha) for i in range(256)]


@dataclass(frozen=True, slots=True)
class Ink:
    """Draws at one pose on one picture; on an "L" picture it leaves the silhouette alone."""

    image: Image.Image
    pose: Pose

    @property
    def silhouette(self) -> bool:
        return self.image.mode == "L"

    def inner(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0) -> "Ink":
        return Ink(self.image, self.pose.inner(x, y, scale, turn))

    def cut(
        self,
        *outlines: Sequence[Point],
        clip: Stencil | None = None,
        holes: Sequence[Sequence[Point]] = (),
    ) -> Stencil:
        placed = [self.pose.place(outline) for outline in outlines]
        box = self._bounds([p for outline in placed for p in outline], clip)
        if box is None:
            return NOTHING
        left, top, right, bottom = box
        mask = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
        draw = ImageDraw.Draw(mask)
        for value, group in ((255, placed), (0, [self.pose.place(hole) for hole in holes])):
            for outline in group:
                draw.polygon(
                    [((x - left) * FINE, (y - top) * FINE) for x, y in outline], fill=value
                )
        return _clipped(Stencil(left, top, mask.reduce(FINE)), clip)

    def fill(
        self,
        outline: Sequence[Point],
        paint: Paint,
        *,
        clip: Stencil | None = None,
        alpha: float = 1.0,
        holes: Sequence[Sequence[Point]] = (),
    ) -> Stencil:
        stencil = self.cut(outline, clip=clip, holes=holes)
        self.lay(stencil, paint, alpha)
        return stencil

    def lay(self, stencil: Stencil, paint: Paint, alpha: float = 1.0) -> None:
        mask = stencil.mask if alpha >= 1 else stencil.mask.point(_faded(alpha))
        if self.silhouette:
            self.image.paste(255, stencil.box, mask)
        elif isinstance(paint, tuple):
            self.image.paste(paint, stencil.box, mask)
        else:
            self.image.paste(paint.render(stencil, self.pose), stencil.box, mask)

    def line(
        self,
        points: Sequence[Point],
        width: float,
        paint: Paint,
        *,
        clip: Stencil | None = None,
        alpha: float = 1.0,
    ) -> Stencil:
        """A stroke with round ends and joints, `width` in the object's units."""
        placed = self.pose.place(points)
        half = width * self.pose.scale / 2
        around = [(x + s * half, y + s * half) for x, y in placed for s in (-1, 1)]
        box = self._bounds(around, clip)
        if box is None:
            return NOTHING
        left, top, right, bottom = box
        mask = Image.new("L", ((right - left) * FINE, (bottom - top) * FINE))
        draw = ImageDraw.Draw(mask)
        fine = [((x - left) * FINE, (y - top) * FINE) for x, y in placed]
        draw.line(fine, fill=255, width=max(1, round(half * 2 * FINE)), joint="curve")
        for x, y in (fine[0], fine[-1]):
            r = half * FINE - 0.5
            if r > 1:
                draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
        stencil = _clipped(Stencil(left, top, mask.reduce(FINE)), clip)
        self.lay(stencil, paint, alpha)
        return stencil

    def glow(
        self,
        center: Point,
        rx: float,
        ry: float,
        color: Color,
        alpha: float,
        *,
        clip: Stencil | None = None,
    ) -> None:
        """Soft light or shade that fades to nothing at the rim; never part of a silhouette."""
        if self.silhouette:
            return
        x, y = center
        corners = [(x - rx, y - ry), (x + rx, y - ry), (x + rx, y + ry), (x - rx, y + ry)]
        box = self._bounds(self.pose.place(corners), clip)
        if box is None:
            return
        left, top, right, bottom = box
        blank = Stencil(left, top, Image.new("L", (right - left, bottom - top)))
        soft = _distance(blank, self.pose, center, rx, ry).point(_falloff(alpha))
        stencil = _clipped(Stencil(left, top, soft), clip)
        self.image.paste(color, stencil.box, stencil.mask)

    def _bounds(
        self, points: Sequence[Point], clip: Stencil | None
    ) -> tuple[int, int, int, int] | None:
        low, high = (0, 0), self.image.size
        if clip is not None:
            low, high = (clip.box[0], clip.box[1]), (clip.box[2], clip.box[3])
        left = max(floor(min(x for x, _ in points)) - 1, low[0], 0)
        top = max(floor(min(y for _, y in points)) - 1, low[1], 0)
        right = min(ceil(max(x for x, _ in points)) + 1, high[0], self.image.width)
        bottom = min(ceil(max(y for _, y in points)) + 1, high[1], self.image.height)
        return (left, top, right, bottom) if right > left and bottom > top else None


def _clipped(stencil: Stencil, clip: Stencil | None) -> Stencil:
    if clip is None:
        return stencil
    left, top, right, bottom = stencil.box
    window = clip.mask.crop(
        (left - clip.left, top - clip.top, right - clip.left, bottom - clip.top)
    )
    return Stencil(left, top, ImageChops.multiply(stencil.mask, window))
