"""Many maps of one size side by side, as one image."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.gui.pixels import NOTHING


@dataclass(frozen=True, slots=True)
class Mosaic:
    """``count`` maps of ``height`` × ``width`` in rows of ``columns``, ``gap`` pixels between two."""

    count: int
    height: int
    width: int
    columns: int
    gap: int = 1

    @classmethod
    def fitting(cls, count: int, height: int, width: int, room: tuple[float, float]) -> Mosaic:
        """The arrangement that shows maps largest in a room of this width and height.

        Gaps are as wide as a pixel of the screen at least, or some would vanish where maps are shown smaller.
        """
        single = height == width == 1
        shrunk = math.sqrt(count * height * width / max(1.0, room[0] * room[1]))
        gap = 0 if single else max(1, math.ceil(shrunk))
        down, across = height + gap, width + gap
        wanted = math.sqrt(count * max(1.0, room[0]) / max(1.0, room[1]) * down / across)
        best = (0.0, 1)
        for columns in {max(1, min(count, number)) for number in (math.floor(wanted), math.ceil(wanted))}:
            rows = -(-count // columns)
            best = max(best, (min(room[0] / (columns * across), room[1] / (rows * down)), columns))
        return cls(count, height, width, best[1], gap)

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the image."""
        return self.columns * (self.width + self.gap), self.rows * (self.height + self.gap)

    def sheet(self, maps: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The image of uint8 maps ``(count, height, width)``, or with colours ``(..., 4)``; `NOTHING` between them."""
        rest = maps.shape[3:]
        down, across = self.height + self.gap, self.width + self.gap
        cells = np.full((self.rows * self.columns, down, across, *rest), 0 if rest else NOTHING, np.uint8)
        cells[: self.count, : self.height, : self.width] = maps
        grid = cells.reshape(self.rows, self.columns, down, across, *rest).swapaxes(1, 2)
        return grid.reshape(self.rows * down, self.columns * across, *rest)

    def corner(self, place: int) -> tuple[int, int]:
        """Left and top of the map at this place."""
        return place % self.columns * (self.width + self.gap), place // self.columns * (self.height + self.gap)

    def at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """The place of the map there, and the row and column in it; None between maps and outside."""
        down, across = self.height + self.gap, self.width + self.gap
        if x < 0 or y < 0:
            return None
        place_across, place_down = int(x // across), int(y // down)
        column, row = int(x) - place_across * across, int(y) - place_down * down
        place = place_down * self.columns + place_across
        if place_across >= self.columns or place >= self.count or row >= self.height or column >= self.width:
            return None
        return place, row, column
