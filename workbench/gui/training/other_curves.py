"""The curves of other runs as one item: a hundred items of their own would take a frame for their outlines alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen

from workbench.gui.screen_plot import strokes

Array = np.ndarray[Any, Any]

_MOST_STROKED = 60
"""Of more lines each is as thin as the screen can draw it: they lie on each other, and have to be moved in a frame."""


class OtherCurves(pg.GraphicsObject):
    """Lines in the plot's own coordinates, each with its pen."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[QPainterPath] = []
        self._pens: list[QPen] = []
        self._bounds: tuple[tuple[float, float], tuple[float, float]] | None = None

    def show_lines(self, lines: Sequence[tuple[Array, Array]], pens: Sequence[QPen]) -> None:
        """Draw these in place of what was drawn; what is not finite is left out."""
        self.prepareGeometryChange()
        self._paths = [pg.arrayToQPath(x, y, connect="finite") for x, y in lines]
        self._pens = list(pens)
        self._bounds = _bounds(lines)
        self.informViewBoundsChanged()
        self.update()

    def set_pens(self, pens: Sequence[QPen]) -> None:
        self._pens = list(pens)
        self.update()

    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: object = None) -> tuple[float | None, float | None]:
        """What the view asks for where it follows the data."""
        return self._bounds[axis] if self._bounds else (None, None)

    def boundingRect(self) -> QRectF:
        if self._bounds is None:
            return QRectF()
        (left, right), (low, high) = self._bounds
        return QRectF(left, low, max(right - left, 1e-9), max(high - low, 1e-9))

    def paint(self, painter: QPainter, *args: object) -> None:
        are_few = len(self._paths) <= _MOST_STROKED
        for path, pen in zip(self._paths, self._pens, strict=True):
            painter.setPen(pen)
            for _ in strokes(painter, pen) if are_few else range(1):
                painter.drawPath(path)


def _bounds(lines: Sequence[tuple[Array, Array]]) -> tuple[tuple[float, float], tuple[float, float]] | None:
    ends = [(x[0], x[-1], y[good].min(), y[good].max()) for x, y in lines if len(x) and (good := np.isfinite(y)).any()]
    if not ends:
        return None
    left, right, low, high = zip(*ends, strict=True)
    return (float(min(left)), float(max(right))), (float(min(low)), float(max(high)))
