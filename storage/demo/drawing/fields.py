"""The part of an object that a pattern covers."""

from dataclasses import dataclass

from storage.demo.drawing.outlines import Point


@dataclass(frozen=True, slots=True)
class Field:
    """In the object's units."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def wide(self) -> float:
        return self.right - self.left

    @property
    def tall(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2
