"""A column of a training as a plot of all of it draws it, appended to as it grows.

Binning and smoothing all of it with every frame takes most of what a frame costs the training.
"""

from __future__ import annotations

import math

import numpy as np

from workbench.gui.training.series import smoothed
from workbench.gui.training.thinning import ends_of_bins

_MOST_BINS = 384
_FEW = 64


class Growing:
    """Of every bin of values the lowest and the highest, in order, as they are and smoothed.

    Bins become twice as wide when there are too many, so 384 to 768 points show a line of any length. Of the last one
    is shown what has come so far.
    """

    def __init__(self) -> None:
        self._points = np.empty((3, 2 * _MOST_BINS + 2))
        self._smoothing = 0.0
        self._begin()

    def _begin(self) -> None:
        self._width = 2
        self._read = 0  # values in whole bins
        self._whole = 0  # points of whole bins
        self._count = 0  # points with those of the last bin, to which more values may come
        self._sum = self._norm = 0.0  # of the average behind the whole bins

    @property
    def x(self) -> np.ndarray:
        """The points' steps ``(points,)``, as are the others; a view, which the next values change."""
        return self._points[0, : self._count]

    @property
    def y(self) -> np.ndarray:
        return self._points[1, : self._count]

    @property
    def smoothed(self) -> np.ndarray:
        return self._points[2 if self._smoothing else 1, : self._count]

    def take(self, steps: np.ndarray, values: np.ndarray, smoothing: float) -> int:
        """Take in what a column holds beyond the last time; gives the first point that is another one than it was.

        ``steps`` and ``values`` are ``(steps,)`` and begin with all that was given before; ``smoothing`` is a weight
        from 0 (none) to below 1.
        """
        count = min(len(steps), len(values))
        if count < self._read:
            self._begin()
        first = self._count = self._whole
        while count > _MOST_BINS * self._width:
            self._widen()
            first = 0
        if smoothing != self._smoothing:
            self._smoothing = smoothing
            self._smooth_all()
            first = 0
        bins = (count - self._read) // self._width
        if bins:
            end = self._read + bins * self._width
            places = ends_of_bins(values[self._read : end], self._width, self._read)
            self._append(steps[places], values[places])
            self._read = end
            self._whole = self._count
        last = values[self._read : count].tolist()
        if last:
            ends = sorted({last.index(min(last)), last.index(max(last))})
            kept = self._sum, self._norm
            self._append([float(steps[self._read + place]) for place in ends], [last[place] for place in ends])
            self._sum, self._norm = kept
        return first

    def _append(self, x: np.ndarray | list[float], y: np.ndarray | list[float]) -> None:
        begin, self._count = self._whole, self._whole + len(x)
        self._points[0, begin : self._count], self._points[1, begin : self._count] = x, y
        if not self._smoothing:
            return
        if len(x) > _FEW:
            self._smooth_all()
            return
        weight = self._smoothing
        for place in range(begin, self._count):
            value = float(self._points[1, place])
            if math.isfinite(value):
                self._sum = self._sum * weight + (1 - weight) * value
                self._norm = self._norm * weight + (1 - weight)
            self._points[2, place] = self._sum / self._norm if self._norm else math.nan

    def _widen(self) -> None:
        """Make of two bins one. One that is left over is read again, with what comes after it."""
        pairs = self._whole // 4
        places = ends_of_bins(self._points[1, : 4 * pairs], 4)
        self._points[:2, : 2 * pairs] = self._points[:2, places]
        self._width *= 2
        self._read, self._whole = pairs * self._width, 2 * pairs
        self._count = self._whole
        self._smooth_all()

    def _smooth_all(self) -> None:
        if not self._smoothing:
            return
        values = self._points[1, : self._count]
        self._points[2, : self._count] = smoothed(values, self._smoothing)
        self._norm = 1 - self._smoothing ** int(np.isfinite(values).sum())
        self._sum = float(self._points[2, self._count - 1]) * self._norm if self._norm else 0.0
