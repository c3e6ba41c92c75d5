"""Outlines as lists of points: ellipses, rounded boxes, smooth curves, turned profiles."""

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, radians, sin

Point = tuple[float, float]
Outline = list[Point]


def ellipse(
    x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360
) -> Outline:
    """Degrees run clockwise from the right, as y points down."""
    steps = max(8, round(abs(end - start) / 3))
    angles = (radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(x + rx * cos(a), y + ry * sin(a)) for a in angles]


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Outline:
    return [
        *ellipse(right - radius, top + radius, radius, radius, -90, 0),
        *ellipse(right - radius, bottom - radius, radius, radius, 0, 90),
        *ellipse(left + radius, bottom - radius, radius, radius, 90, 180),
        *ellipse(left + radius, top + radius, radius, radius, 180, 270),
    ]


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 10) -> Outline:
    """A Catmull-Rom curve through all the points."""
    count = len(points)
    out: Outline = []
    for i in range(count if closed else count - 1):
        if closed:
            near = [points[(i + k) % count] for k in (-1, 0, 1, 2)]
        else:
            near = [points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2)]
        out += [_spline(near, step / steps) for step in range(steps)]
    return out if closed else [*out, points[-1]]


def _spline(near: Sequence[Point], t: float) -> Point:
    a = ((-t + 2) * t - 1) * t / 2
    b = ((3 * t - 5) * t * t + 2) / 2
    c = ((-3 * t + 4) * t + 1) * t / 2
    d = (t - 1) * t * t / 2
    weights = (a, b, c, d)
    x = sum(w * p[0] for w, p in zip(weights, near, strict=True))
    y = sum(w * p[1] for w, p in zip(weights, near, strict=True))
    return x, y


def bezier(start: Point, pull: Point, push: Point, end: Point, steps: int = 24) -> Outline:
    out: Outline = []
    for i in range(steps + 1):
        t = i / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        out.append(
            (
                a * start[0] + b * pull[0] + c * push[0] + d * end[0],
                a * start[1] + b * pull[1] + c * push[1] + d * end[1],
            )
        )
    return out


def turned(profile: Sequence[Point], tilt: float) -> Outline:
    """What a potter's wheel makes of (radius, y) top to bottom, seen `tilt` from above."""
    top, foot = profile[0], profile[-1]
    return [
        *ellipse(0, top[1], top[0], top[0] * tilt, 180, 360),
        *profile,
        *ellipse(0, foot[1], foot[0], foot[0] * tilt, 0, 180),
        *((-r, y) for r, y in reversed(profile)),
    ]


def hoop(radius: float, top: float, bottom: float, tilt: float, foot: float = 0) -> Outline:
    """A band around a cylinder, the front half; `foot` is the lower radius if it differs."""
    low = foot or radius
    return [
        *ellipse(0, top, radius, radius * tilt, 180, 0),
        *ellipse(0, bottom, low, low * tilt, 0, 180),
    ]


def ribbon(points: Sequence[Point], start: float, end: float) -> Outline:
    """A strip along a path, `start` wide at its first point and `end` wide at its last."""
    left: Outline = []
    right: Outline = []
    last = len(points) - 1
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(i - 1, 0)], points[min(i + 1, last)]
        length = hypot(bx - ax, by - ay) or 1.0
        half = (start + (end - start) * i / last) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *reversed(right)]


def leaf(x: float, y: float, length: float, width: float, angle: float) -> Outline:
    """A leaf from its stem at (x, y), pointing to `angle` degrees."""
    right = bezier((0, 0), (length * 0.3, width * 0.75), (length * 0.75, width * 0.5), (length, 0))
    left = bezier((length, 0), (length * 0.75, -width * 0.5), (length * 0.3, -width * 0.75), (0, 0))
    return moved([*right, *left], x, y, angle)


def moved(points: Iterable[Point], dx: float, dy: float, turn: float = 0) -> Outline:
    c, s = cos(turn * pi / 180), sin(turn * pi / 180)
    return [(dx + x * c - y * s, dy + x * s + y * c) for x, y in points]


def wave(left: float, right: float, y: float, height: float, length: float) -> Outline:
    count = max(8, round((right - left) / 8))
    xs = [left + (right - left) * i / count for i in range(count + 1)]
    return [(x, y + height * sin(2 * pi * x / length)) for x in xs]
