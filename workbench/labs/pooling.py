"""Pooling by hand: maxima and means of windows, and what a convolution with a stride would make of the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from workbench.labs.convolution import figure

Array = np.ndarray[Any, Any]
Kind = Literal["max", "average"]


@dataclass(frozen=True, eq=False)
class Pooling:
    """A picture ``(H, W)`` and the windows that are pooled. It computes what torch's MaxPool2d and AvgPool2d do."""

    picture: Array
    kind: Kind = "max"
    window: int = 2
    stride: int = 2

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the map; not above 0 where no window fits."""
        rows, columns = ((side - self.window) // self.stride + 1 for side in self.picture.shape)
        return rows, columns

    @property
    def fits(self) -> bool:
        return min(self.size) > 0

    @property
    def overlaps(self) -> bool:
        """Whether neighbouring windows share values, as AlexNet's do."""
        return self.stride < self.window

    def map(self) -> Array:
        """``(rows, columns)``. Raises `ValueError` where no window fits."""
        if not self.fits:
            raise ValueError("the window is larger than the picture")
        windows = np.lib.stride_tricks.sliding_window_view(self.picture, (self.window, self.window))
        chosen = windows[:: self.stride, :: self.stride]
        return chosen.max((2, 3)) if self.kind == "max" else chosen.mean((2, 3))

    def cells(self, row: int, column: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Rows and columns of the picture that one value of the map is made of."""
        top, left = row * self.stride, column * self.stride
        return tuple(range(top, top + self.window)), tuple(range(left, left + self.window))

    def winner(self, row: int, column: int) -> tuple[int, int]:
        """The place in the picture of the window's largest value: the first one, as in torch."""
        rows, columns = self.cells(row, column)
        place = int(self._patch(row, column).argmax())
        return rows[place // self.window], columns[place % self.window]

    def in_words(self, row: int, column: int) -> str:
        """``max(1, 3, 5, 6) = 6`` or ``(1 + 3 + 5 + 6) / 4 = 3.75``."""
        values = self._patch(row, column).ravel()
        many = len(values) > 9
        if self.kind == "max":
            inside = f"{len(values)} values" if many else ", ".join(figure(v).strip("()") for v in values)
            return f"max({inside}) = {figure(values.max()).strip('()')}"
        inside = f"sum of {len(values)} values" if many else " + ".join(figure(v) for v in values)
        return f"({inside}) / {len(values)} = {figure(values.mean()).strip('()')}"

    def stays(self) -> tuple[int, int]:
        """How many of the map's values are the same when the picture is moved by one pixel, and of how many."""
        return alike(self.map(), replace(self, picture=moved(self.picture)).map())

    def _patch(self, row: int, column: int) -> Array:
        rows, columns = self.cells(row, column)
        return self.picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def moved(picture: Array) -> Array:
    """The picture one pixel further to the right; its first column stands there twice."""
    return np.concatenate((picture[:, :1], picture[:, :-1]), 1)


def alike(before: Array, after: Array) -> tuple[int, int]:
    """How many values are the same, and of how many: places where both are zero, a blank ground, do not count."""
    counted = (before != 0) | (after != 0)
    return int(np.isclose(before, after)[counted].sum()), int(counted.sum())
